package org.ssasuite.leaderboards.run;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ssasuite.core.catalogue.Takes;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.python.PythonText;

/** Which tasks a run has where the user names none, and how it reads positions. */
enum Preset {
  /** Minutes on a laptop. */
  QUICK,
  /** The tasks at their own sizes: an hour or more on a laptop. */
  FULL,
  /** Lengths up to 32k, as the paper has them, with positions as in training. */
  EXTRAPOLATION_32K,
  /** The same with the paper's rope scaling, by 4. */
  EXTRAPOLATION_32K_ROPE4;

  /** In table order. */
  List<TaskOrder> tasks() {
    return switch (this) {
      case QUICK ->
          List.of(
              TaskOrder.of("pg19").withLength(8192).withLimit(20),
              TaskOrder.of("wikitext2-head").withLength(2048));
      case FULL ->
          List.of(
              TaskOrder.of("pg19").withLength(8192).withLimit(60),
              TaskOrder.of("pg19-long").withLength(32_768).withLimit(8),
              TaskOrder.of("wikitext2").withLength(8192));
      case EXTRAPOLATION_32K, EXTRAPOLATION_32K_ROPE4 ->
          List.of(to32k("extrapolation"), to32k("extrapolation-pass"));
    };
  }

  private static TaskOrder to32k(String task) {
    return TaskOrder.of(task).withOwn(Map.of(Takes.LENGTHS, List.of("32768")));
  }

  /** Rope scaling where the user says none; absent: what each model's config states. */
  Optional<String> rope() {
    return switch (this) {
      case QUICK, FULL -> Optional.empty();
      case EXTRAPOLATION_32K -> Optional.of("default");
      case EXTRAPOLATION_32K_ROPE4 -> Optional.of("llama3:4");
    };
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
