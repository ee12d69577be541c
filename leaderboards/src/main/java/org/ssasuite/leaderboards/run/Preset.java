package org.ssasuite.leaderboards.run;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Which tasks a run has where the user names none. */
enum Preset {
  /** Minutes on a laptop. */
  QUICK,
  /** The tasks at their own sizes: an hour or more on a laptop. */
  FULL;

  /** In table order. */
  List<TaskChoice> tasks() {
    return switch (this) {
      case QUICK ->
          List.of(
              TaskChoice.whole("pg19").withWindow(8192).withLimit(20),
              TaskChoice.whole("wikitext2-head").withWindow(2048));
      case FULL ->
          List.of(
              TaskChoice.whole("pg19").withWindow(8192).withLimit(60),
              TaskChoice.whole("pg19-long").withWindow(32_768).withLimit(8),
              TaskChoice.whole("wikitext2").withWindow(8192));
    };
  }

  /** The preset of this text; absent for {@code custom}. */
  static Optional<Preset> of(String text) {
    return Arrays.stream(values()).filter(preset -> preset.text().equals(text)).findFirst();
  }

  /** As on the command line and in {@code manifest.json}. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
