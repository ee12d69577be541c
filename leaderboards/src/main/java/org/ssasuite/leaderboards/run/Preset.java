package org.ssasuite.leaderboards.run;

import java.util.List;
import java.util.Locale;
import org.ssasuite.core.catalogue.TaskOrder;

/** Which tasks a run has where the user names none. */
enum Preset {
  /** Minutes on a laptop. */
  QUICK,
  /** The tasks at their own sizes: an hour or more on a laptop. */
  FULL;

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
    };
  }

  /** As on the command line and in {@code manifest.json}. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
