package org.ssasuite.leaderboards.run;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.ssasuite.core.catalogue.Takes;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.python.PythonText;
import org.ssasuite.core.run.RunPart;

/** Which tasks a run has where the user names none, which modes, and how it reads positions. */
enum Preset {
  /** What there is to see, in two minutes. */
  TOUR,
  /** The losses of the embedded models, in ten minutes. */
  STANDARD,
  /** The tasks at their own sizes: an hour or more on a laptop. */
  FULL,
  /** Lengths up to 32k, as the paper has them, with positions as in training. */
  EXTRAPOLATION_32K,
  /** The same with the paper's rope scaling, by 4. */
  EXTRAPOLATION_32K_ROPE4,
  /** What a budget buys, against controls. */
  BUDGET,
  /** The budgets and tasks of the paper's tables 1 and A10 to A12. */
  SSA_BUDGET,
  /** The paper's table 1. */
  SSA_TABLE1,
  /** Needles of its table 2. */
  SSA_NIAH,
  /** LongBench of its tables 2 and A12. */
  SSA_LONGBENCH16,
  /** Its table A8. */
  SSA_PG19,
  /** Its curves of the loss on books, beyond the trained length. */
  SSA_EXTRAPOLATION,
  /** Its table A15. */
  SSA_SPARSITY;

  /** Of LongBench what the paper averages, in its order. */
  static final List<String> LONGBENCH_OF_PAPER =
      List.of(
          "narrativeqa",
          "qasper",
          "multifieldqa_en",
          "hotpotqa",
          "2wikimqa",
          "musique",
          "gov_report",
          "qmsum",
          "multi_news",
          "trec",
          "triviaqa",
          "samsum",
          "passage_count",
          "passage_retrieval_en",
          "lcc",
          "repobench-p");

  /** In table order. */
  List<TaskOrder> tasks() {
    return switch (this) {
      case TOUR -> Tour.orders();
      case STANDARD ->
          List.of(
              TaskOrder.of("pg19").withLength(8192).withLimit(20),
              TaskOrder.of("wikitext2-head").withLength(2048));
      case FULL ->
          List.of(
              TaskOrder.of("pg19").withLength(8192).withLimit(60),
              TaskOrder.of("pg19-long").withLength(32_768).withLimit(8),
              TaskOrder.of("wikitext2").withLength(8192));
      case EXTRAPOLATION_32K, EXTRAPOLATION_32K_ROPE4, SSA_EXTRAPOLATION ->
          List.of(to32k("extrapolation"), to32k("extrapolation-pass"));
      case BUDGET ->
          List.of(
              TaskOrder.of("pg19").withLength(4096).withLimit(20),
              TaskOrder.of("piqa"),
              TaskOrder.of("arc_easy"),
              TaskOrder.of("niah_single_1").withLength(2048).withLimit(20));
      case SSA_BUDGET -> ofPaper();
      case SSA_TABLE1 -> PaperPresets.table1();
      case SSA_NIAH -> PaperPresets.niah();
      case SSA_LONGBENCH16 -> PaperPresets.longbench();
      case SSA_PG19 -> PaperPresets.pg19();
      case SSA_SPARSITY -> PaperPresets.sparsity();
    };
  }

  private static TaskOrder to32k(String task) {
    return TaskOrder.of(task).withOwn(Map.of(Takes.LENGTHS, List.of("32768")));
  }

  /** Rope scaling where the user says none; absent: what each model's config states. */
  Optional<String> rope() {
    return switch (this) {
      case TOUR, STANDARD, FULL, BUDGET, SSA_BUDGET, SSA_TABLE1 -> Optional.empty();
      case EXTRAPOLATION_32K -> Optional.of("default");
      case EXTRAPOLATION_32K_ROPE4,
          SSA_NIAH,
          SSA_LONGBENCH16,
          SSA_PG19,
          SSA_EXTRAPOLATION,
          SSA_SPARSITY ->
          Optional.of("llama3:4");
    };
  }

  /** The choice tasks once with each of the paper's seeds. */
  private static List<TaskOrder> ofPaper() {
    return Stream.concat(
            PaperPresets.table1().stream(), LONGBENCH_OF_PAPER.stream().map(TaskOrder::of))
        .toList();
  }

  /** The modes of a preset that has some of its own, unless the user names budgets. */
  Optional<BudgetGrid> grid() {
    return switch (this) {
      case BUDGET -> Optional.of(new BudgetGrid(BudgetGrid.STANDARD, BudgetGrid.WITH_CONTROLS));
      case SSA_BUDGET -> Optional.of(new BudgetGrid(BudgetGrid.OF_PAPER, BudgetGrid.SELECTION));
      default -> Optional.empty();
    };
  }

  /** Which models and modes each of its tasks has; none: all of them. */
  List<RunPart> parts() {
    return this == TOUR ? Tour.parts() : List.of();
  }

  /** As on the command line and in {@code manifest.json}. */
  String text() {
    return PythonText.lower(name()).replace('_', '-');
  }

  /** By which the command line knows it. */
  @Override
  public String toString() {
    return text();
  }
}
