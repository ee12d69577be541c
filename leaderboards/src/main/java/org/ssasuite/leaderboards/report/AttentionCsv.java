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
import org.ssasuite.core.run.RunFolder;
import org.ssasuite.core.run.RunResult;
import org.ssasuite.core.run.StatisticsLog;
import org.ssasuite.core.run.StatisticsRecord;
import org.ssasuite.core.run.TaskResult;

/**
 * {@code attention.csv}: each statistic of each sample, layer and head on a line of its own.
 * Written as it is read, since it is as large as the logs.
 */
public final class AttentionCsv {
  private static final String NAME = "attention.csv";

  private AttentionCsv() {}

  /** Writes the file beside a run's results, if they have statistics. */
  public static void write(Path folder, RunResult result) {
    List<TaskResult> rows =
        result.results().stream().filter(row -> row.attention().isPresent()).toList();
    if (!rows.isEmpty()) {
      AtomicFile.writing(
          folder.resolve(NAME),
          text -> {
            text.write(
                "model,mode,document,layer,head,bucket,statistic,value,queries,sample,task\n");
            for (TaskResult row : rows) {
              write(row, folder.resolve(RunFolder.statisticsName(row.model(), row.task())), text);
            }
          });
    }
  }

  private static void write(TaskResult row, Path log, Writer text) throws IOException {
    try {
      StatisticsLog.forEach(
          log,
          record -> {
            try {
              write(row, record, text);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static void write(TaskResult row, StatisticsRecord record, Writer text)
      throws IOException {
    String before =
        String.join(
            ",",
            field(row.model().name()),
            field(row.model().mode()),
            field(record.document()),
            "");
    String behind = "," + field(record.sample()) + "," + field(row.task().name()) + "\n";
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
