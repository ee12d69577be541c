package org.ssasuite.core.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.JsonLine;
import org.ssasuite.core.files.RegularFile;
import org.ssasuite.core.request.Work;

/**
 * {@code progress.jsonl} of a run that is not finished: a line per batch that was answered and
 * whose samples are on the disk. What a sample log holds beyond the last such line belongs to a
 * batch that was in flight. Mutable, one owner.
 */
final class ProgressJournal implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;
  private final List<Entry> earlier;

  /**
   * The state of one sample log after a batch.
   *
   * @param log the log's path within the run folder, with slashes
   * @param samples lines of the log
   * @param bytes length of the log
   * @param work of all batches of the log so far
   * @param seconds that their answers took
   */
  record Entry(String log, int samples, long bytes, Work work, double seconds) {
    Entry {
      Objects.requireNonNull(work);
      if (samples < 1 || bytes < 1 || !(seconds >= 0)) {
        throw new IllegalArgumentException(
            log + ": " + samples + " samples, " + bytes + " bytes, " + seconds + " seconds");
      }
    }
  }

  private ProgressJournal(Path file, FileChannel channel, List<Entry> earlier) {
    this.file = file;
    this.channel = channel;
    this.earlier = List.copyOf(earlier);
  }

  /**
   * Makes the file, or takes what an interrupted run left; a torn last line is cut off.
   *
   * @throws BadInputException if the file cannot be written, or holds something else
   */
  static ProgressJournal open(Path file) {
    RegularFile.requireIfThere(file);
    try {
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      try {
        channel.truncate(wholeLines(channel));
        channel.position(channel.size());
        List<Entry> earlier = new ArrayList<>();
        DataFile.of(file).forEachOwnJsonLine(line -> earlier.add(entry(line)));
        return new ProgressJournal(file, channel, earlier);
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw BadInputException.io(file, e);
    }
  }

  /** The length of a file up to its last line feed. */
  private static long wholeLines(FileChannel channel) throws IOException {
    ByteBuffer one = ByteBuffer.allocate(1);
    for (long end = channel.size(); end > 0; end--) {
      one.clear();
      if (channel.read(one, end - 1) == 1 && one.get(0) == '\n') {
        return end;
      }
    }
    return 0;
  }

  /** The latest entry of a log that a file of this length can hold. */
  Optional<Entry> latest(String log, long bytes) {
    return earlier.stream()
        .filter(entry -> entry.log().equals(log) && entry.bytes() <= bytes)
        .reduce((first, second) -> second);
  }

  /** Samples that were answered before this run was taken up again, over all logs. */
  int earlierSamples() {
    return earlier.stream()
        .map(Entry::log)
        .distinct()
        .mapToInt(log -> latest(log, Long.MAX_VALUE).orElseThrow().samples())
        .sum();
  }

  /**
   * Appends an entry.
   *
   * @throws BadInputException if it cannot be written
   */
  void append(Entry entry) {
    ObjectNode fields = RunJson.fields();
    fields.put("log", entry.log());
    fields.put("samples", entry.samples());
    fields.put("bytes", entry.bytes());
    fields.put("runs", entry.work().runs());
    fields.put("run_tokens", entry.work().tokens());
    fields.put("shared_tokens", entry.work().sharedTokens());
    fields.put("answer_seconds", entry.seconds());
    ByteBuffer line = ByteBuffer.wrap(RunJson.line(fields));
    try {
      while (line.hasRemaining()) {
        channel.write(line);
      }
    } catch (IOException e) {
      throw BadInputException.io(file, e);
    }
  }

  private static Entry entry(JsonLine line) {
    JsonNode seconds = line.object().path("answer_seconds");
    if (!seconds.isNumber() || !(seconds.doubleValue() >= 0)) {
      throw line.bad("field 'answer_seconds' is no time");
    }
    return new Entry(
        line.text("log"),
        (int) Math.min(Integer.MAX_VALUE, atLeast(1, line, "samples")),
        atLeast(1, line, "bytes"),
        new Work(
            atLeast(0, line, "runs"),
            atLeast(0, line, "run_tokens"),
            atLeast(0, line, "shared_tokens")),
        seconds.doubleValue());
  }

  private static long atLeast(long least, JsonLine line, String field) {
    JsonNode value = line.object().path(field);
    if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < least) {
      throw line.bad("field '" + field + "' is not a whole number from " + least + " on");
    }
    return value.longValue();
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
