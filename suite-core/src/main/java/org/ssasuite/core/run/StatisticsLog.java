package org.ssasuite.core.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.request.Work;

/**
 * Where the attention of one task's samples went: a line a sample, beside their own log and in its
 * order. Mutable, one owner. A batch is committed here before it is there, so that a run that was
 * killed between the two finds a line for each sample that counts.
 */
public final class StatisticsLog implements AutoCloseable {
  private final JournaledLog log;
  private final AttentionTally tally;

  private StatisticsLog(JournaledLog log, AttentionTally tally) {
    this.log = log;
    this.tally = tally;
  }

  /** A log that is not there yet. */
  static StatisticsLog create(Path file, Optional<JournaledLog.Commits> commits) {
    return new StatisticsLog(JournaledLog.create(file, commits), new AttentionTally());
  }

  /** How many lines an interrupted run's log has that were committed. */
  static int restorable(Path file, JournaledLog.Commits commits) {
    return Files.exists(file) ? JournaledLog.restorable(file, commits, Integer.MAX_VALUE) : 0;
  }

  /**
   * A log that an interrupted run has left, up to the samples that it has answered.
   *
   * @throws BadInputException if it has not a line for each of them, or they are not what was
   *     written
   */
  static StatisticsLog resume(
      Path file, JournaledLog.Commits commits, List<SampleRecord> answered) {
    if (!Files.exists(file) && answered.isEmpty()) {
      return create(file, Optional.of(commits));
    }
    int restorable = JournaledLog.restorable(file, commits, answered.size());
    if (restorable != answered.size()) {
      throw new BadInputException(
          file,
          "has %d lines that were committed, for %d answered samples; --fresh starts over"
              .formatted(restorable, answered.size()));
    }
    AttentionTally tally = new AttentionTally();
    JournaledLog log =
        JournaledLog.resume(
            file, commits, answered.size(), lines -> recount(file, answered, tally));
    return new StatisticsLog(log, tally);
  }

  private static void recount(Path file, List<SampleRecord> answered, AttentionTally tally) {
    List<String> ids = new ArrayList<>();
    forEach(
        file,
        record -> {
          ids.add(record.sample());
          tally.add(record);
        });
    if (!ids.equals(answered.stream().map(SampleRecord::sample).toList())) {
      throw new BadInputException(
          file, "has other samples than the samples.jsonl beside it; --fresh starts over");
    }
  }

  /**
   * Every line of a log.
   *
   * @throws BadInputException with file and line for anything that is no line of such a log
   */
  public static void forEach(Path file, Consumer<StatisticsRecord> use) {
    DataFile.of(file).forEachOwnJsonLine(line -> use.accept(StatisticsJson.read(line)));
  }

  /**
   * Every line of a finished row's log.
   *
   * @param folder of the run
   * @throws BadInputException if the row has none, or it is not any more what the results say
   */
  public static void forEach(Path folder, TaskResult row, Consumer<StatisticsRecord> use) {
    Path file = folder.resolve(RunFolder.statisticsName(row.model(), row.task()));
    AttentionResult seen =
        row.attention().orElseThrow(() -> new BadInputException(file, "belongs to no row"));
    if (!Digests.sha256(file).equals(seen.log().sha256())) {
      throw new BadInputException(file, "was changed while it was read");
    }
    forEach(file, use);
  }

  /**
   * Appends one line.
   *
   * @throws BadInputException if it cannot be written; the log then ends with the line before
   */
  public void append(StatisticsRecord record) {
    log.append(StatisticsJson.line(record));
    tally.add(record);
  }

  /**
   * A batch is through: all lines so far are on the disk when this returns.
   *
   * @throws BadInputException if it cannot be written
   */
  public void commit() {
    log.commit(Work.NONE, 0);
  }

  /** What all samples so far come to. */
  public AttentionResult result() {
    return new AttentionResult(log.seal(), tally.rows());
  }

  @Override
  public void close() {
    log.close();
  }
}
