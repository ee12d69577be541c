package org.ssasuite.tasks.longbench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.catalogue.Supplies;
import org.ssasuite.core.catalogue.TaskModule;
import org.ssasuite.core.catalogue.TaskOffer;
import org.ssasuite.core.catalogue.Wishes;
import org.ssasuite.core.hub.HubData;
import org.ssasuite.core.report.ReportedResult;
import org.ssasuite.core.report.Reporter;
import org.ssasuite.core.report.Section;
import org.ssasuite.tasks.longbench.v2.V2Form;

/**
 * LongBench v1 by its own names, its even-length part E as {@code qasper_e}; both also as
 * lm-evaluation-harness 0.4.9 asks them ({@code qasper@lmeval-0.4.9}) and as SSA's paper had that
 * fixed ({@code qasper@lmeval-0.4.9-ssa}); v2 in its forms ({@code longbench_v2…}); and items of
 * our own in the form of two data sets of v1 ({@code pd_…}).
 */
public final class LongBenchTasks implements TaskModule, Reporter {
  /** The suite of v1. */
  static final String SUITE = "longbench";

  static final String V2 = SUITE + "-v2";
  static final String OWN_ITEMS = SUITE + "-pd";

  private static final List<LongBenchOffer> OFFERS =
      Stream.of(
              TaskForm.all().stream().<LongBenchOffer>map(FormOffer::new),
              Arrays.stream(V2Form.values()).<LongBenchOffer>map(V2Offer::new),
              Arrays.stream(PublicDomainItems.values()).<LongBenchOffer>map(OwnItemsOffer::new))
          .flatMap(offers -> offers)
          .toList();

  @Override
  public List<TaskOffer> offers() {
    return List.copyOf(OFFERS);
  }

  /** The tasks that there is a file for, and our own items: LongBench's data is not embedded. */
  @Override
  public List<TaskOffer> listed(Supplies supplies) {
    return there(OFFERS, supplies);
  }

  private static List<TaskOffer> there(List<LongBenchOffer> offers, Supplies supplies) {
    HubData hub = HubData.in(supplies.data());
    return offers.stream()
        .filter(offer -> offer.isThere(supplies.data(), hub))
        .<TaskOffer>map(offer -> offer)
        .toList();
  }

  /** v1, E, those of the peers, v2, and our own items. */
  @Override
  public List<String> suites() {
    return OFFERS.stream().map(TaskOffer::suite).distinct().toList();
  }

  /** The tasks whose data is there. If nothing of v1 is, our own items stand in for it. */
  @Override
  public List<TaskOffer> suite(String name, Wishes wishes, Supplies supplies) {
    List<LongBenchOffer> all = of(name);
    if (name.equals(OWN_ITEMS)) {
      return List.copyOf(all);
    }
    if (name.equals(V2)) {
      // Few records carry what was retrieved for them; that form is asked for by its name.
      return all.stream()
          .filter(offer -> !offer.name().equals(V2Form.RAG.text()))
          .<TaskOffer>map(offer -> offer)
          .toList();
    }
    List<TaskOffer> there = there(all, supplies);
    if (there.isEmpty() && name.equals(SUITE)) {
      return List.copyOf(of(OWN_ITEMS));
    }
    if (there.isEmpty()) {
      throw new BadInputException(
          supplies.data().resolve(SUITE),
          "holds no file of suite " + name + ", as qasper_e.jsonl of LongBench-E");
    }
    return there;
  }

  private static List<LongBenchOffer> of(String suite) {
    return OFFERS.stream().filter(offer -> offer.suite().equals(suite)).toList();
  }

  @Override
  public List<Section> sections(List<ReportedResult> results) {
    return LongBenchSections.of(results);
  }

  /** By whose rule a task's prompts are limited, by its name; absent for a name of before. */
  static Optional<Protocol> protocol(String task) {
    return OFFERS.stream()
        .filter(offer -> offer.name().equals(task))
        .map(LongBenchOffer::protocol)
        .findFirst();
  }

  /** How the code of two data sets is compared. */
  public enum CodeSim {
    /** As in published scores: Python's difflib. */
    DIFFLIB,
    /** As where the package python-Levenshtein was installed beside fuzzywuzzy. */
    INDEL
  }

  /**
   * The score of one file of predictions.
   *
   * @param dataSet upstream's name
   * @param metric what it is scored by
   * @param predictions how many lines
   * @param score over all of them, 0 to 100, to two decimals
   * @param buckets of LongBench-E, by upstream's keys; a bucket without a prediction has no score
   */
  public record DataSetScore(
      String dataSet,
      String category,
      String metric,
      int predictions,
      double score,
      Optional<Map<String, OptionalDouble>> buckets) {
    public DataSetScore {
      Objects.requireNonNull(dataSet);
      Objects.requireNonNull(category);
      Objects.requireNonNull(metric);
      buckets = buckets.map(all -> Collections.unmodifiableMap(new LinkedHashMap<>(all)));
    }
  }

  /**
   * Scores prediction files that someone made with upstream's program: one {@code <data set>.jsonl}
   * each, with {@code pred}, {@code answers}, {@code all_classes} and {@code length} in every line.
   *
   * @param extended whether to score by LongBench-E's buckets, as upstream does with {@code --e}
   * @return in the order in which the file system lists the files, which is upstream's
   * @throws BadInputException for a folder without such files, a name that is no data set's, and a
   *     line that is torn or lacks a field
   */
  public static List<DataSetScore> rescore(Path folder, boolean extended, CodeSim codeSim) {
    return new Rescoring(folder, extended, codeSim).scores();
  }
}
