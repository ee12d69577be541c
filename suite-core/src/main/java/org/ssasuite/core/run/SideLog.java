package org.ssasuite.core.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.files.JsonLine;
import org.ssasuite.core.request.Work;

/**
 * What is noted of one task's samples beside their own log and in its order, a line a sample.
 * Mutable, one owner. A batch is committed here before it is there, so that a run that was killed
 * between the two finds a line for each sample that counts.
 */
final class SideLog<R> implements AutoCloseable {
  private final Form<R> form;
  private final JournaledLog log;
  private final Consumer<R> tally;

  /** How a record is written and read. */
  interface Form<R> {
    /** One line, the line feed included. */
    byte[] line(R record);

    /**
     * Reads one line.
     *
     * @throws BadInputException with file and line if it is not what {@link #line} writes
     */
    R read(JsonLine line);

    String sample(R record);

    String document(R record);

    /** What all records of a log have to share; absent of one that shows nothing of it. */
    default Optional<?> shape(R record) {
      return Optional.empty();
    }
  }

  private SideLog(Form<R> form, JournaledLog log, Consumer<R> tally) {
    this.form = form;
    this.log = log;
    this.tally = tally;
  }

  /** A log that is not there yet. */
  static <R> SideLog<R> create(
      Form<R> form, Path file, Optional<JournaledLog.Commits> commits, Consumer<R> tally) {
    return new SideLog<>(form, JournaledLog.create(file, commits), tally);
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
  static <R> SideLog<R> resume(
      Form<R> form,
      Path file,
      JournaledLog.Commits commits,
      List<SampleRecord> answered,
      Consumer<R> tally) {
    if (!Files.exists(file) && answered.isEmpty()) {
      return create(form, file, Optional.of(commits), tally);
    }
    int restorable = JournaledLog.restorable(file, commits, answered.size());
    if (restorable != answered.size()) {
      throw new BadInputException(
          file,
          "has %d lines that were committed, for %d answered samples; --fresh starts over"
              .formatted(restorable, answered.size()));
    }
    JournaledLog log =
        JournaledLog.resume(
            file, commits, answered.size(), lines -> recount(form, file, answered, tally));
    return new SideLog<>(form, log, tally);
  }

  private static <R> void recount(
      Form<R> form, Path file, List<SampleRecord> answered, Consumer<R> tally) {
    List<String> ids = new ArrayList<>();
    forEach(
        form,
        file,
        record -> {
          ids.add(form.sample(record));
          tally.accept(record);
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
  static <R> void forEach(Form<R> form, Path file, Consumer<R> use) {
    Set<Object> shapes = new HashSet<>();
    DataFile.of(file)
        .forEachOwnJsonLine(
            line -> {
              R record = form.read(line);
              form.shape(record).ifPresent(shapes::add);
              if (shapes.size() > 1) {
                throw line.bad("has other layers or heads than the lines before");
              }
              use.accept(record);
            });
  }

  /**
   * Counts a log of a finished run again.
   *
   * @param samples of the row
   * @param claimed what the results say of the log
   * @return in what it differs from them
   * @throws BadInputException if the log cannot be read
   */
  static <R> List<String> differences(
      Form<R> form, Path file, LogSeal claimed, List<SampleRecord> samples, Consumer<R> tally) {
    List<String> differences = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    forEach(
        form,
        file,
        record -> {
          ids.add(form.sample(record) + "\n" + form.document(record));
          tally.accept(record);
        });
    LogSeal now = seal(file, ids.size());
    if (!now.equals(claimed)) {
      differences.add("has " + now.text() + "; the results say " + claimed.text());
    }
    List<String> asked =
        samples.stream().map(sample -> sample.sample() + "\n" + sample.document()).toList();
    if (!ids.equals(asked)) {
      differences.add("has other samples than the samples.jsonl beside it");
    }
    return differences;
  }

  private static LogSeal seal(Path log, int lines) {
    try {
      return new LogSeal(Digests.sha256(log), Files.size(log), lines);
    } catch (IOException e) {
      throw BadInputException.io(log, e);
    }
  }

  /**
   * Appends one line.
   *
   * @throws BadInputException if it cannot be written; the log then ends with the line before
   */
  void append(R record) {
    log.append(form.line(record));
    tally.accept(record);
  }

  /**
   * A batch is through: all lines so far are on the disk when this returns.
   *
   * @throws BadInputException if it cannot be written
   */
  void commit() {
    log.commit(Work.NONE, 0);
  }

  /** What the log is now. */
  LogSeal seal() {
    return log.seal();
  }

  @Override
  public void close() {
    log.close();
  }
}
