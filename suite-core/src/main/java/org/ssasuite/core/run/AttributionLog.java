package org.ssasuite.core.run;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attribution.AttributionRecord;
import org.ssasuite.core.attribution.AttributionTally;
import org.ssasuite.core.attribution.NeedleNote;
import org.ssasuite.core.files.JsonLine;

/**
 * Where the needles of one task's samples went: a line a sample, beside their own log and in its
 * order. Mutable, one owner.
 */
public final class AttributionLog implements AutoCloseable {
  /** Its lines. */
  static final SideLog.Form<AttributionRecord> FORM =
      new SideLog.Form<>() {
        @Override
        public byte[] line(AttributionRecord record) {
          return AttributionJson.line(record);
        }

        @Override
        public AttributionRecord read(JsonLine line) {
          return AttributionJson.read(line);
        }

        @Override
        public String sample(AttributionRecord record) {
          return record.sample();
        }

        @Override
        public String document(AttributionRecord record) {
          return record.document();
        }

        @Override
        public Optional<?> shape(AttributionRecord record) {
          return record.needles().stream().map(AttributionLog::shapeOf).findFirst();
        }
      };

  private final SideLog<AttributionRecord> log;
  private final AttributionTally tally;

  private AttributionLog(SideLog<AttributionRecord> log, AttributionTally tally) {
    this.log = log;
    this.tally = tally;
  }

  private static List<Object> shapeOf(NeedleNote note) {
    return List.of(
        note.largest().layers().size(),
        note.largest().layers().get(0).size(),
        note.attended().isPresent());
  }

  /** A log that is not there yet. */
  static AttributionLog create(Path file, Optional<JournaledLog.Commits> commits) {
    AttributionTally tally = new AttributionTally();
    return new AttributionLog(SideLog.create(FORM, file, commits, tally::add), tally);
  }

  /**
   * A log that an interrupted run has left, up to the samples that it has answered.
   *
   * @throws BadInputException if it has not a line for each of them, or they are not what was
   *     written
   */
  static AttributionLog resume(
      Path file, JournaledLog.Commits commits, List<SampleRecord> answered) {
    AttributionTally tally = new AttributionTally();
    return new AttributionLog(SideLog.resume(FORM, file, commits, answered, tally::add), tally);
  }

  /**
   * Every line of a log.
   *
   * @throws BadInputException with file and line for anything that is no line of such a log
   */
  public static void forEach(Path file, Consumer<AttributionRecord> use) {
    SideLog.forEach(FORM, file, use);
  }

  /**
   * Appends one line.
   *
   * @throws BadInputException if it cannot be written; the log then ends with the line before
   */
  public void append(AttributionRecord record) {
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
  public AttributionResult result() {
    return new AttributionResult(log.seal(), tally.result());
  }

  @Override
  public void close() {
    log.close();
  }
}
