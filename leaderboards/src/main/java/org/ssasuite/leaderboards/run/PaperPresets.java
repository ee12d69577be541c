package org.ssasuite.leaderboards.run;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.ssasuite.core.catalogue.Takes;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.hub.HubData;
import org.ssasuite.core.hub.PublishedSet;
import org.ssasuite.core.hub.Split;
import org.ssasuite.core.request.StatisticsObservation;
import org.ssasuite.tasks.ruler.RulerTasks;

/**
 * The evaluations of the SSA paper (arXiv 2511.20102 v4) as far as it and its scripts (zhenyi4/ssa
 * 53034194) state them; {@code docs/reproducing.md} names what they leave open and what differs.
 */
final class PaperPresets {
  /** Which draw the shots of the choice tasks. */
  static final List<Long> SEEDS = List.of(1L, 12L, 123L, 1_234L, 12_345L);

  /** Its four choice tasks, in the order of its table 1. */
  static final List<String> CHOICES = List.of("piqa", "hellaswag", "arc_easy", "arc_challenge");

  /** Where the data hold no training split to draw HellaSwag's shots from. */
  static final String HELLASWAG_STAND_IN = "hellaswag-valshots";

  /** Full attention, and the receptive fields of 256 and 1,024 tokens as its kernels choose. */
  private static final List<String> MODES =
      List.of("full", "released:16x16", "released:32x32", "nsa:16x16", "nsa:32x32");

  private static final List<String> FULL_AND_256 = List.of("full", "released:16x16", "nsa:16x16");

  private static final int WINDOW = 8_192;
  private static final List<Integer> LENGTHS = List.of(4_096, 8_192, 16_384, 32_768);
  private static final int LONGEST = 32_768;
  private static final String LMEVAL = "lmeval-0.4.9";

  /** As LongBench's tasks are called in the form that the paper's scripts give them. */
  private static final String LONGBENCH_FORM = "@lmeval-0.4.9-ssa";

  private PaperPresets() {}

  /** Tables 1, A10 and their data: WikiText-2, and the choice tasks once with each seed. */
  static List<TaskOrder> table1() {
    Stream<TaskOrder> choices =
        CHOICES.stream()
            .flatMap(task -> SEEDS.stream().map(seed -> TaskOrder.of(task).withSeed(seed)));
    return Stream.concat(Stream.of(TaskOrder.of("wikitext2").withLength(WINDOW)), choices).toList();
  }

  /**
   * HellaSwag's stand-in where a data folder has no training split of it; any other order is it.
   */
  static TaskOrder given(TaskOrder order, Path data) {
    boolean trained =
        HubData.findSplit(
                data, "hellaswag/hellaswag_train.jsonl", PublishedSet.HELLASWAG, Split.TRAIN)
            .isPresent();
    return trained || !order.task().equals("hellaswag")
        ? order
        : TaskOrder.of(HELLASWAG_STAND_IN).withSeed(order.seed().orElseThrow());
  }

  /** Table 2: one needle among essays, at four lengths. */
  static List<TaskOrder> niah() {
    return LENGTHS.stream()
        .map(
            length ->
                TaskOrder.of("niah_single_2")
                    .withLength(length)
                    .withOwn(Map.of(RulerTasks.GENERATORS, List.of(LMEVAL))))
        .toList();
  }

  /** Tables 2 and A12: the sets that are in English, prompts and answers within 32k. */
  static List<TaskOrder> longbench() {
    return Preset.LONGBENCH_OF_PAPER.stream()
        .map(set -> TaskOrder.of(set + LONGBENCH_FORM).withLength(LONGEST))
        .toList();
  }

  /** Table A8: the same tokens of books behind contexts up to 32k. */
  static List<TaskOrder> pg19() {
    return List.of(
        TaskOrder.of("extrapolation")
            .withOwn(Map.of(Takes.LENGTHS, LENGTHS.stream().map(String::valueOf).toList())));
  }

  /** Table A15: the same books read to four lengths. */
  static List<TaskOrder> sparsity() {
    return LENGTHS.stream().map(TaskOrder.of("pg19-long")::withLength).toList();
  }

  /** The modes of all models of the paper; each runs in those that it has. */
  static Optional<List<String>> modes(Preset preset) {
    return switch (preset) {
      case SSA_TABLE1, SSA_NIAH, SSA_LONGBENCH16 -> Optional.of(MODES);
      case SSA_PG19 -> Optional.of(List.of("released:16x16", "nsa:16x16"));
      case SSA_EXTRAPOLATION -> Optional.of(FULL_AND_256);
      case SSA_SPARSITY -> Optional.of(List.of("full"));
      default -> Optional.empty();
    };
  }

  /** Whether a run's modes are those of its preset, of which a model may lack some. */
  static boolean hasModes(String preset, List<String> modes) {
    return Stream.of(Preset.values())
        .filter(each -> each.text().equals(preset))
        .anyMatch(each -> modes(each).equals(Optional.of(modes)));
  }

  /** Captured mass and entropy, beside the scores of table A15's preset. */
  static Optional<StatisticsObservation> observe(Preset preset) {
    return preset == Preset.SSA_SPARSITY
        ? Optional.of(
            new StatisticsObservation(List.of("sinks", "capture"), List.of("16x16"), false))
        : Optional.empty();
  }
}
