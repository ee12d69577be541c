package org.ssasuite.core.run;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.files.JsonLine;

/**
 * Where the attention of one task's samples went: a line a sample, beside their own log and in its
 * order. Mutable, one owner.
 */
public final class StatisticsLog implements AutoCloseable {
  /** Its lines. */
  static final SideLog.Form<StatisticsRecord> FORM =
      new SideLog.Form<>() {
        @Override
        public byte[] line(StatisticsRecord record) {
          return StatisticsJson.line(record);
        }

        @Override
        public StatisticsRecord read(JsonLine line) {
          return StatisticsJson.read(line);
        }

        @Override
        public String sample(StatisticsRecord record) {
          return record.sample();
        }

        @Override
        public String document(StatisticsRecord record) {
          return record.document();
        }
      };

  private final SideLog<StatisticsRecord> log;
  private final AttentionTally tally;

  private StatisticsLog(SideLog<StatisticsRecord> log, AttentionTally tally) {
    this.log = log;
    this.tally = tally;
  }

  /** A log that is not there yet. */
  static StatisticsLog create(Path file, Optional<JournaledLog.Commits> commits) {
    AttentionTally tally = new AttentionTally();
    return new StatisticsLog(SideLog.create(FORM, file, commits, tally::add), tally);
  }

  /**
   * A log that an interrupted run has left, up to the samples that it has answered.
   *
   * @throws BadInputException if it has not a line for each of them, or they are not what was
   *     written
   */
  static StatisticsLog resume(
      Path file, JournaledLog.Commits commits, List<SampleRecord> answered) {
    AttentionTally tally = new AttentionTally();
    return new StatisticsLog(SideLog.resume(FORM, file, commits, answered, tally::add), tally);
  }

  /**
   * Every line of a log.
   *
   * @throws BadInputException with file and line for anything that is no line of such a log
   */
  public static void forEach(Path file, Consumer<StatisticsRecord> use) {
    SideLog.forEach(FORM, file, use);
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
    log.append(record);
  }

  /**
   * A batch is through: all lines so far are on the disk when this returns.
   *
   * @throws BadInputException if it cannot be written
   */
  public void commit() {
    log.commit();
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
