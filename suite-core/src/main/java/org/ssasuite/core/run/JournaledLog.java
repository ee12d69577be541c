package org.ssasuite.core.run;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.RegularFile;
import org.ssasuite.core.files.RunningDigest;
import org.ssasuite.core.request.Work;

/**
 * The lines of a log, whose batches a run's journal may count. Mutable, one owner. A line is handed
 * to the operating system at once; a batch is on the disk before it counts.
 */
final class JournaledLog implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;

  private final Path file;
  private final FileChannel channel;
  private final Optional<Commits> commits;
  private final RunningDigest digest;
  private int lines;
  private Work work = Work.NONE;
  private double seconds;
  private final Map<String, Integer> elsewhere = new TreeMap<>();

  /** Where a log's commits go, and under which name. */
  record Commits(ProgressJournal journal, String log) {
    /** The states that a file of this length can hold, of up to so many lines. */
    private List<ProgressJournal.Entry> states(long bytes, int most) {
      return journal.states(log, bytes).stream().filter(state -> state.samples() <= most).toList();
    }

    /** The last of some states. */
    private ProgressJournal.Entry last(List<ProgressJournal.Entry> states) {
      return states.isEmpty() ? ProgressJournal.Entry.nothing(log) : states.get(states.size() - 1);
    }

    /** The state that the journal has for the log. */
    private ProgressJournal.Entry latest() {
      return journal.latest(log).orElse(ProgressJournal.Entry.nothing(log));
    }
  }

  /** Takes over a channel that stands at the end of an empty file; commits go nowhere. */
  JournaledLog(Path file, FileChannel channel) {
    this(file, channel, Optional.empty(), new RunningDigest());
  }

  private JournaledLog(
      Path file, FileChannel channel, Optional<Commits> commits, RunningDigest digest) {
    this.file = file;
    this.channel = channel;
    this.commits = commits;
    this.digest = digest;
  }

  /** A log that is not there yet; without commits, one that no journal knows. */
  static JournaledLog create(Path file, Optional<Commits> commits) {
    return new JournaledLog(file, created(file), commits, new RunningDigest());
  }

  /** Makes the file and the folders above it; a log that is there is not touched. */
  private static FileChannel created(Path file) {
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
   * How many lines of a log were committed and can be read back.
   *
   * @param most lines that count
   */
  static int restorable(Path file, Commits commits, int most) {
    RegularFile.require(file);
    try {
      return commits.last(commits.states(Files.size(file), most)).samples();
    } catch (IOException e) {
      throw BadInputException.io(file, e);
    }
  }

  /**
   * A log that an interrupted run has left. What lies behind its last committed batch is cut off.
   *
   * @param most lines that count: of those behind them something else was lost
   * @param reading is told how many lines there are, and reads them back or throws
   * @throws BadInputException if what was committed is not what was written
   */
  static JournaledLog resume(Path file, Commits commits, int most, IntConsumer reading) {
    try {
      RegularFile.require(file);
      FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
      try {
        List<ProgressJournal.Entry> states = commits.states(channel.size(), most);
        ProgressJournal.Entry last = commits.last(states);
        RunningDigest digest = digest(file, states);
        channel.truncate(last.bytes());
        channel.position(last.bytes());
        reading.accept(last.samples());
        if (!commits.latest().equals(last)) {
          // Some of what was committed is gone: from now on this is the state.
          commits.journal().append(last);
        }
        JournaledLog log = new JournaledLog(file, channel, Optional.of(commits), digest);
        log.lines = last.samples();
        log.work = last.work();
        log.seconds = last.seconds();
        log.elsewhere.putAll(last.elsewhere());
        return log;
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
  private static RunningDigest digest(Path file, List<ProgressJournal.Entry> states)
      throws IOException {
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
   * Holds a log against the digests of its states.
   *
   * @param states that it went through, shortest first
   * @throws BadInputException if a stretch between two of them is not what was written there
   */
  static void requireWritten(Path file, List<ProgressJournal.Entry> states) throws IOException {
    digest(file, states);
  }

  Path file() {
    return file;
  }

  /** The work of all committed batches. */
  Work work() {
    return work;
  }

  /** The time that the answers of all committed batches took. */
  double seconds() {
    return seconds;
  }

  /** How many committed samples another device answered than the manifest's, by its name. */
  Map<String, Integer> elsewhere() {
    return Map.copyOf(elsewhere);
  }

  /** What the log is now. */
  LogSeal seal() {
    try {
      return new LogSeal(digest.hex(), channel.position(), lines);
    } catch (IOException e) {
      throw BadInputException.io(file, e);
    }
  }

  /**
   * Appends one line.
   *
   * @param line with its line feed
   * @throws BadInputException if it cannot be written; the log then ends with the line before
   */
  void append(byte[] line) {
    try {
      long end = channel.position();
      try {
        ByteBuffer rest = ByteBuffer.wrap(line);
        while (rest.hasRemaining()) {
          channel.write(rest);
        }
        digest.add(line, 0, line.length);
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
   * A batch is through: all lines so far are on the disk when this returns, and count from now on.
   *
   * @param more what the model computed for it
   * @param moreSeconds that it took
   * @throws BadInputException if it cannot be written
   */
  void commit(Work more, double moreSeconds) {
    commit(more, moreSeconds, Map.of());
  }

  /**
   * The same of samples that were answered in several places.
   *
   * @param moreElsewhere how many of them another device answered, by its name
   */
  void commit(Work more, double moreSeconds, Map<String, Integer> moreElsewhere) {
    work = work.plus(more);
    seconds += moreSeconds;
    moreElsewhere.forEach((device, samples) -> elsewhere.merge(device, samples, Integer::sum));
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
                  commits.get().log(),
                  lines,
                  channel.position(),
                  digest.hex(),
                  work,
                  seconds,
                  elsewhere));
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
