package org.ssasuite.core.run.attention;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.run.RunFolder;
import org.ssasuite.core.run.SampleFigures;
import org.ssasuite.core.run.SampleRecord;
import org.ssasuite.core.run.StatisticsLog;
import org.ssasuite.core.run.TaskResult;

/**
 * One model in one mode on one task, with what was seen of its attention.
 *
 * @param samples in the order of the log
 * @param heads layer by head, of the statistics that {@link HeadMeans} keeps
 */
public record WatchedRow(List<WatchedSample> samples, List<HeadMeans> heads) {
  public WatchedRow {
    samples = List.copyOf(samples);
    heads = List.copyOf(heads);
  }

  /**
   * What one sample asked and what was seen.
   *
   * @param requests one digest over all that it asked
   */
  public record WatchedSample(String requests, String document, SampleFigures figures) {
    public WatchedSample {
      Objects.requireNonNull(requests);
      Objects.requireNonNull(document);
      Objects.requireNonNull(figures);
    }
  }

  /**
   * Reads the two logs of a row.
   *
   * @param folder of a finished run
   * @param row one with statistics
   * @throws BadInputException if they are not any more what the results say
   */
  public static WatchedRow read(Path folder, TaskResult row) {
    Path log = folder.resolve(RunFolder.logName(row.model(), row.task()));
    row.log()
        .filter(seal -> !Digests.sha256(log).equals(seal.sha256()))
        .ifPresent(
            seal -> {
              throw new BadInputException(log, "was changed while it was read");
            });
    List<SampleRecord> asked = RunFolder.readSamples(folder, row.model(), row.task());
    List<WatchedSample> samples = new ArrayList<>();
    HeadMeans.Tally heads = new HeadMeans.Tally();
    StatisticsLog.forEach(
        folder,
        row,
        record -> {
          int at = samples.size();
          if (at == asked.size() || !asked.get(at).sample().equals(record.sample())) {
            throw new BadInputException(log, "has other samples than the statistics beside it");
          }
          samples.add(
              new WatchedSample(
                  Digests.sha256(String.join("\n", asked.get(at).requests())),
                  record.document(),
                  SampleFigures.of(record.statistics())));
          heads.add(record);
        });
    return new WatchedRow(samples, heads.means());
  }
}
