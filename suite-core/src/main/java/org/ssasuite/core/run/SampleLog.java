package org.ssasuite.core.run;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.RegularFile;
import org.ssasuite.core.files.RunningDigest;
import org.ssasuite.core.request.Work;

/**
 * The log of one task on one model in one mode: a JSON object a line, a line a sample. Mutable, one
 * owner. A line is handed to the operating system before the next sample is scored, and holds no
 * clock value: two runs of one spec write the same bytes. Samples are answered in batches; a batch
 * counts once it is committed, so that a run that was killed goes on behind the last one.
 */
public final class SampleLog implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;

  private final Path file;
  private final FileChannel channel;
  private final Optional<Commits> commits;
  private final RunningDigest digest;
  private final List<SampleRecord> answered;
  private Work work;
  private double seconds;
  private int samples;

  /** Where a log's commits go, and under which name. */
  record Commits(ProgressJournal journal, String log) {}

  /** Takes over a channel that stands at the end of an empty file; commits go nowhere. */
  SampleLog(Path file, FileChannel channel) {
    this(file, channel, Optional.empty(), Earlier.nothing());
  }

  private SampleLog(Path file, FileChannel channel, Optional<Commits> commits, Earlier earlier) {
    this.file = file;
    this.channel = channel;
    this.commits = commits;
    this.digest = earlier.digest();
    this.answered = earlier.answered();
    this.work = earlier.work();
    this.seconds = earlier.seconds();
    this.samples = answered.size();
  }

  /**
   * What a log holds when it is opened.
   *
   * @param digest of its bytes
   */
  private record Earlier(
      RunningDigest digest, List<SampleRecord> answered, Work work, double seconds) {
    Earlier {
      answered = List.copyOf(answered);
    }

    static Earlier nothing() {
      return new Earlier(new RunningDigest(), List.of(), Work.NONE, 0);
    }
  }

  /** A log that no journal knows. */
  static SampleLog create(Path file) {
    return new SampleLog(file, created(file));
  }

  /** A log that is not there yet. */
  static SampleLog create(Path file, Commits commits) {
    return new SampleLog(file, created(file), Optional.of(commits), Earlier.nothing());
  }

  /** Makes the file and the folders above it; a log that is there is not touched. */
  static FileChannel created(Path file) {
    try {
      Files.createDirectories(file.getParent());
      return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (FileAlreadyExistsException e) {
      throw new BadInputException(
          e.getFile(), "exists already: another run, or the same model, mode and task twice", e);
    } catch (IOException e) {
      throw BadInputException.io(file, e);
    }
  }

  /**
   * A log that an interrupted run may have left. What lies behind its last committed batch is cut
   * off.
   *
   * @param most samples that count: of those behind them something else was lost
   * @throws BadInputException if what was committed cannot be read back, or is not what was written
   */
  static SampleLog resume(Path file, Commits commits, int most) {
    if (!Files.exists(file)) {
      return create(file, commits);
    }
    try {
      RegularFile.require(file);
      FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
      try {
        List<ProgressJournal.Entry> states =
            commits.journal().states(commits.log(), channel.size()).stream()
                .filter(state -> state.samples() <= most)
                .toList();
        ProgressJournal.Entry nothing = ProgressJournal.Entry.nothing(commits.log());
        ProgressJournal.Entry last = states.isEmpty() ? nothing : states.get(states.size() - 1);
        RunningDigest digest = digest(file, states);
        channel.truncate(last.bytes());
        channel.position(last.bytes());
        List<SampleRecord> answered = read(file);
        if (answered.size() != last.samples()) {
          throw new BadInputException(
              file,
              "has "
                  + answered.size()
                  + " samples where the run's progress.jsonl says "
                  + last.samples()
                  + "; --fresh starts over");
        }
        if (!commits.journal().latest(commits.log()).orElse(nothing).equals(last)) {
          // Some of what was committed is gone: from now on this is the state.
          commits.journal().append(last);
        }
        return new SampleLog(
            file,
            channel,
            Optional.of(commits),
            new Earlier(digest, answered, last.work(), last.seconds()));
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw BadInputException.io(file, e);
    }
  }

  /**
   * The digest of a log up to its last state.
   *
   * @param states that the log went through, shortest first
   * @throws BadInputException if a stretch between two of them is not what was written there
   */
  static RunningDigest digest(Path file, List<ProgressJournal.Entry> states) throws IOException {
    RunningDigest digest = new RunningDigest();
    byte[] buffer = new byte[BUFFER_BYTES];
    long at = 0;
    int lines = 0;
    try (InputStream in = RegularFile.stream(file)) {
      for (ProgressJournal.Entry state : states) {
        while (at < state.bytes()) {
          int read = in.read(buffer, 0, (int) Math.min(buffer.length, state.bytes() - at));
          if (read < 0) {
            throw new BadInputException(file, "ends at byte " + at + " while it is read");
          }
          digest.add(buffer, 0, read);
          at += read;
        }
        if (!digest.hex().equals(state.sha256())) {
          throw new BadInputException(
              file,
              "lines %d to %d are not what was written there, by the digests in progress.jsonl;"
                      .formatted(lines + 1, state.samples())
                  + " --fresh starts over");
        }
        lines = state.samples();
      }
    }
    return digest;
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

  Path file() {
    return file;
  }

  /** The samples of earlier batches, which a run that was interrupted has answered. */
  List<SampleRecord> answered() {
    return answered;
  }

  /** The work of all committed batches. */
  Work work() {
    return work;
  }

  /** The time that the answers of all committed batches took. */
  double seconds() {
    return seconds;
  }

  /** What the log is now. */
  public LogSeal seal() {
    try {
      return new LogSeal(digest.hex(), channel.position(), samples);
    } catch (IOException e) {
      throw BadInputException.io(file, e);
    }
  }

  /**
   * Appends one line.
   *
   * @throws BadInputException if it cannot be written; the log then ends with the line before
   */
  public void append(SampleRecord sample) {
    try {
      long end = channel.position();
      try {
        byte[] bytes = SampleJson.line(sample);
        ByteBuffer line = ByteBuffer.wrap(bytes);
        while (line.hasRemaining()) {
          channel.write(line);
        }
        digest.add(bytes, 0, bytes.length);
        samples++;
      } catch (IOException e) {
        channel.truncate(end);
        throw e;
      }
    } catch (IOException e) {
      throw BadInputException.io(file, e);
    }
  }

  /**
   * A batch is through: all lines so far are on the disk when this returns, and count from now on.
   *
   * @param more what the model computed for it
   * @param moreSeconds that it took
   * @throws BadInputException if it cannot be written
   */
  public void commit(Work more, double moreSeconds) {
    work = work.plus(more);
    seconds += moreSeconds;
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
                  commits.get().log(), samples, channel.position(), digest.hex(), work, seconds));
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
