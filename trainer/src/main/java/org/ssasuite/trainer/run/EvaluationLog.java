package org.ssasuite.trainer.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.AtomicFile;
import org.ssasuite.core.files.DataFile;

/** {@code evaluations.csv}: scores of checkpoints, all of one checkpoint at once. */
record EvaluationLog(Path file) {
  private static final String HEADER = "step,task,mode,metric,value\n";
  private static final Pattern SCORE =
      Pattern.compile("([0-9]{1,9}),[^,]+,[^,]+,[^,]+,-?[0-9.]+(?:e[-+]?[0-9]+)?");
  private static final long MAX_BYTES = 1L << 28;

  /** A score's step. */
  record Line(int step) {}

  /**
   * All of them.
   *
   * @throws BadInputException if one is none
   */
  List<Line> lines() {
    List<Line> lines = new ArrayList<>();
    String[] all = text().split("\n", -1);
    for (int i = 1; i < all.length - 1; i++) {
      Matcher line = SCORE.matcher(all[i]);
      if (!line.matches()) {
        throw new BadInputException(file, "line " + (i + 1) + " is no score: " + all[i]);
      }
      lines.add(new Line(Integer.parseInt(line.group(1))));
    }
    return lines;
  }

  boolean has(int step) {
    return text().lines().anyMatch(line -> line.startsWith(step + ","));
  }

  void add(int step, List<EvaluationScore> scores) {
    StringBuilder text = new StringBuilder(text());
    for (EvaluationScore score : scores) {
      text.append(
          String.format(
              Locale.ROOT,
              "%d,%s,%s,%s,%.9g\n",
              step,
              score.task(),
              score.mode(),
              score.metric(),
              score.value()));
    }
    AtomicFile.write(file, text.toString());
  }

  private String text() {
    if (!Files.exists(file)) {
      return HEADER;
    }
    String text = new DataFile(file, MAX_BYTES).text();
    if (!text.startsWith(HEADER)) {
      throw new BadInputException(file, "does not begin with " + HEADER.strip());
    }
    return text;
  }
}
