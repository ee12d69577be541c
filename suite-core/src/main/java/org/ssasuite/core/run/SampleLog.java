package org.ssasuite.core.run;

import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.request.Work;
import org.ssasuite.core.run.items.ItemLog;

/**
 * The log of one task on one model in one mode: a JSON object a line, a line a sample. Mutable, one
 * owner. A line is handed to the operating system before the next sample is scored, and holds no
 * clock value: two runs of one spec write the same bytes. Samples are answered in batches; a batch
 * counts once it is committed, so that a run that was killed goes on behind the last one.
 */
public final class SampleLog implements AutoCloseable {
  private final JournaledLog log;
  private final List<SampleRecord> answered;
  private final Optional<ItemLog> items;

  /** Takes over a channel that stands at the end of an empty file; commits go nowhere. */
  SampleLog(Path file, FileChannel channel) {
    this(new JournaledLog(file, channel), List.of(), Optional.empty());
  }

  private SampleLog(JournaledLog log, List<SampleRecord> answered, Optional<ItemLog> items) {
    this.log = log;
    this.items = items;
    this.answered = List.copyOf(answered);
  }

  /** A log that no journal knows. */
  static SampleLog create(Path file) {
    return new SampleLog(JournaledLog.create(file, Optional.empty()), List.of(), Optional.empty());
  }

  /** A log that is not there yet. */
  static SampleLog create(Path file, JournaledLog.Commits commits) {
    return new SampleLog(
        JournaledLog.create(file, Optional.of(commits)), List.of(), Optional.empty());
  }

  /**
   * A log that an interrupted run may have left. What lies behind its last committed batch is cut
   * off.
   *
   * @param most samples that count: of those behind them something else was lost
   * @throws BadInputException if what was committed cannot be read back, or is not what was written
   */
  static SampleLog resume(Path file, JournaledLog.Commits commits, int most) {
    if (!Files.exists(file)) {
      return create(file, commits);
    }
    List<SampleRecord> answered = new ArrayList<>();
    JournaledLog log =
        JournaledLog.resume(
            file,
            commits,
            most,
            lines -> {
              answered.addAll(read(file));
              if (answered.size() != lines) {
                throw new BadInputException(
                    file,
                    "has "
                        + answered.size()
                        + " samples where the run's progress.jsonl says "
                        + lines
                        + "; --fresh starts over");
              }
            });
    return new SampleLog(log, answered, Optional.empty());
  }

  /**
   * All samples of a log.
   *
   * @throws BadInputException with file and line for anything that is no line of such a log
   */
  static List<SampleRecord> read(Path file) {
    List<SampleRecord> samples = new ArrayList<>();
    DataFile.of(file).forEachOwnJsonLine(line -> samples.add(SampleJson.read(line)));
    return samples;
  }

  /**
   * The same log, which keeps so much of single requests. The log that it came from is done with.
   */
  SampleLog keeping(Optional<ItemLog> detail) {
    return new SampleLog(log, answered, detail);
  }

  /** How much of single requests its lines keep. */
  Optional<ItemLog> items() {
    return items;
  }

  Path file() {
    return log.file();
  }

  /** The samples of earlier batches, which a run that was interrupted has answered. */
  List<SampleRecord> answered() {
    return answered;
  }

  /** The work of all committed batches. */
  Work work() {
    return log.work();
  }

  /** The time that the answers of all committed batches took. */
  double seconds() {
    return log.seconds();
  }

  /** How many committed samples another device answered than the manifest's, by its name. */
  Map<String, Integer> elsewhere() {
    return log.elsewhere();
  }

  /** What the log is now. */
  public LogSeal seal() {
    return log.seal();
  }

  /**
   * Appends one line.
   *
   * @throws BadInputException if it cannot be written; the log then ends with the line before
   */
  public void append(SampleRecord sample) {
    log.append(SampleJson.line(sample));
  }

  /**
   * A batch is through: all lines so far are on the disk when this returns, and count from now on.
   *
   * @param more what the model computed for it
   * @param moreSeconds that it took
   * @throws BadInputException if it cannot be written
   */
  public void commit(Work more, double moreSeconds) {
    log.commit(more, moreSeconds);
  }

  @Override
  public void close() {
    log.close();
  }
}
