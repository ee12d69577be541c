package org.ssasuite.leaderboards.report;

import com.fasterxml.jackson.core.io.NumberOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import org.ssasuite.core.files.AtomicFile;
import org.ssasuite.core.request.AttentionStatistics.Positions;
import org.ssasuite.core.request.AttentionStatistics.Statistic;
import org.ssasuite.core.run.RunResult;
import org.ssasuite.core.run.StatisticsLog;
import org.ssasuite.core.run.StatisticsRecord;
import org.ssasuite.core.run.TaskResult;

/**
 * {@code attention.csv}: each statistic of each sample, layer and head on a line of its own.
 * Written as it is read, since it is as large as the logs.
 */
public final class AttentionCsv {
  static final String NAME = "attention.csv";

  private AttentionCsv() {}

  /** Writes the file beside a run's results, if they have statistics. */
  public static void write(Path folder, RunResult result) {
    write(folder, List.of(new FinishedRun(folder.toString(), result)), false);
  }

  /**
   * Writes one file of several runs, if any has statistics; the last column says which run, counted
   * from 1.
   *
   * @param folder one that exists
   * @throws org.ssasuite.core.BadInputException if a log is not any more what the results say
   */
  static void write(Path folder, List<FinishedRun> runs) {
    write(folder, runs, true);
  }

  private static void write(Path folder, List<FinishedRun> runs, boolean numbered) {
    boolean any =
        runs.stream()
            .flatMap(run -> run.result().results().stream())
            .anyMatch(row -> row.attention().isPresent());
    if (any) {
      AtomicFile.writing(
          folder.resolve(NAME),
          text -> {
            text.write("model,mode,document,layer,head,bucket,statistic,value,queries,sample,task");
            text.write(numbered ? ",run\n" : "\n");
            for (int i = 0; i < runs.size(); i++) {
              write(runs.get(i), numbered ? "," + (i + 1) + "\n" : "\n", text);
            }
          });
    }
  }

  private static void write(FinishedRun run, String end, Writer text) throws IOException {
    try {
      for (TaskResult row : run.result().results()) {
        if (row.attention().isPresent()) {
          StatisticsLog.forEach(
              Path.of(run.folder()),
              row,
              record -> {
                try {
                  write(row, record, end, text);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
        }
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static void write(TaskResult row, StatisticsRecord record, String end, Writer text)
      throws IOException {
    String before =
        String.join(
            ",",
            field(row.model().name()),
            field(row.model().mode()),
            field(record.document()),
            "");
    String behind = "," + field(record.sample()) + "," + field(row.task().name()) + end;
    for (Statistic each : record.statistics().statistics()) {
      String bucket = each.positions().map(Positions::text).orElse("all");
      for (int layer = 0; layer < each.layers().size(); layer++) {
        List<Double> heads = each.layers().get(layer);
        for (int head = 0; head < heads.size(); head++) {
          text.write(before);
          text.write(layer + "," + head + "," + bucket + "," + each.name() + ",");
          // The digits of an fp32 number as the log has them; Java's own differ between versions.
          text.write(
              NumberOutput.toString(heads.get(head).floatValue(), true) + "," + each.queries());
          text.write(behind);
        }
      }
    }
  }

  /** Quoted where a comma or a quotation mark would end it. */
  private static String field(String text) {
    String plain = SpreadsheetText.of(text);
    return plain.matches("[^,\"\\r\\n]*") ? plain : '"' + plain.replace("\"", "\"\"") + '"';
  }
}
