package org.ssasuite.core.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.RegularFile;
import org.ssasuite.core.files.RunningDigest;
import org.ssasuite.core.request.Work;

/**
 * Where the attention of one task's samples went: a line a sample, beside their own log and in its
 * order. Mutable, one owner. A batch is committed here before it is there, so that a run that was
 * killed between the two finds a line for each sample that counts.
 */
public final class StatisticsLog implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;
  private final Optional<SampleLog.Commits> commits;
  private final RunningDigest digest;
  private final AttentionTally tally = new AttentionTally();
  private int lines;

  private StatisticsLog(
      Path file, FileChannel channel, Optional<SampleLog.Commits> commits, RunningDigest digest) {
    this.file = file;
    this.channel = channel;
    this.commits = commits;
    this.digest = digest;
  }

  /** A log that is not there yet. */
  static StatisticsLog create(Path file, Optional<SampleLog.Commits> commits) {
    return new StatisticsLog(file, SampleLog.created(file), commits, new RunningDigest());
  }

  /** How many lines an interrupted run's log has that were committed. */
  static int restorable(Path file, SampleLog.Commits commits) {
    if (!Files.exists(file)) {
      return 0;
    }
    RegularFile.require(file);
    try {
      return commits.journal().states(commits.log(), Files.size(file)).stream()
          .mapToInt(ProgressJournal.Entry::samples)
          .max()
          .orElse(0);
    } catch (IOException e) {
      throw BadInputException.io(file, e);
    }
  }

  /**
   * A log that an interrupted run has left, up to the samples that it has answered.
   *
   * @throws BadInputException if it has not a line for each of them, or they are not what was
   *     written
   */
  static StatisticsLog resume(Path file, SampleLog.Commits commits, List<SampleRecord> answered) {
    if (!Files.exists(file) && answered.isEmpty()) {
      return create(file, Optional.of(commits));
    }
    try {
      RegularFile.require(file);
      FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
      try {
        List<ProgressJournal.Entry> states = states(file, channel.size(), commits, answered);
        ProgressJournal.Entry last =
            states.isEmpty()
                ? ProgressJournal.Entry.nothing(commits.log())
                : states.get(states.size() - 1);
        RunningDigest digest = SampleLog.digest(file, states);
        channel.truncate(last.bytes());
        channel.position(last.bytes());
        StatisticsLog log = new StatisticsLog(file, channel, Optional.of(commits), digest);
        log.recount(answered);
        ProgressJournal.Entry nothing = ProgressJournal.Entry.nothing(commits.log());
        if (!commits.journal().latest(commits.log()).orElse(nothing).equals(last)) {
          commits.journal().append(last);
        }
        return log;
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw BadInputException.io(file, e);
    }
  }

  /** The states up to the one with a line for each answered sample. */
  private static List<ProgressJournal.Entry> states(
      Path file, long bytes, SampleLog.Commits commits, List<SampleRecord> answered) {
    List<ProgressJournal.Entry> states =
        commits.journal().states(commits.log(), bytes).stream()
            .filter(state -> state.samples() <= answered.size())
            .toList();
    int lines = states.isEmpty() ? 0 : states.get(states.size() - 1).samples();
    if (lines != answered.size()) {
      throw new BadInputException(
          file,
          "has %d lines that were committed, for %d answered samples; --fresh starts over"
              .formatted(lines, answered.size()));
    }
    return states;
  }

  private void recount(List<SampleRecord> answered) {
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
    lines = ids.size();
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
   * Appends one line.
   *
   * @throws BadInputException if it cannot be written; the log then ends with the line before
   */
  public void append(StatisticsRecord record) {
    try {
      long end = channel.position();
      try {
        byte[] bytes = StatisticsJson.line(record);
        ByteBuffer line = ByteBuffer.wrap(bytes);
        while (line.hasRemaining()) {
          channel.write(line);
        }
        digest.add(bytes, 0, bytes.length);
        tally.add(record);
        lines++;
      } catch (IOException e) {
        channel.truncate(end);
        throw e;
      }
    } catch (IOException e) {
      throw BadInputException.io(file, e);
    }
  }

  /**
   * A batch is through: all lines so far are on the disk when this returns.
   *
   * @throws BadInputException if it cannot be written
   */
  public void commit() {
    if (commits.isEmpty()) {
      return;
    }
    try {
      channel.force(false);
      commits
          .get()
          .journal()
          .append(
              new ProgressJournal.Entry(
                  commits.get().log(), lines, channel.position(), digest.hex(), Work.NONE, 0));
    } catch (IOException e) {
      throw BadInputException.io(file, e);
    }
  }

  /** What all samples so far come to. */
  public AttentionResult result() {
    try {
      return new AttentionResult(
          new LogSeal(digest.hex(), channel.position(), lines), tally.rows());
    } catch (IOException e) {
      throw BadInputException.io(file, e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw BadInputException.io(file, e);
    }
  }
}
