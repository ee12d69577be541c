package org.ssasuite.core.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.files.JsonLine;
import org.ssasuite.core.files.RegularFile;
import org.ssasuite.core.request.Work;

/**
 * {@code progress.jsonl} of a run that is not finished: a line that names the manifest by its
 * digest, then a line per batch that was answered and whose samples are on the disk. What a sample
 * log holds beyond the last such line belongs to a batch that was in flight. Each line carries the
 * digest of itself and all lines before it, so that none can be changed in silence. Mutable, one
 * owner.
 */
final class ProgressJournal implements AutoCloseable {
  private static final String MANIFEST = "manifest";
  private static final String CHAIN = "chain";
  private static final String ELSEWHERE = "elsewhere";

  private final Path file;
  private final FileChannel channel;
  private final List<Entry> entries;
  private String chain;

  /**
   * The state of one sample log after a batch.
   *
   * @param log the log's path within the run folder, with slashes
   * @param samples lines of the log
   * @param bytes length of the log
   * @param sha256 of the log up to there
   * @param work of all batches of the log so far
   * @param seconds that their answers took
   * @param elsewhere how many of them another device answered than the manifest's, by its name
   */
  record Entry(
      String log,
      int samples,
      long bytes,
      String sha256,
      Work work,
      double seconds,
      Map<String, Integer> elsewhere) {
    Entry {
      Objects.requireNonNull(work);
      elsewhere = Collections.unmodifiableSortedMap(new TreeMap<>(elsewhere));
      if (samples < 0 || bytes < 0 || !(seconds >= 0) || !LogSeal.isSha256(sha256)) {
        throw new IllegalArgumentException(
            log + ": " + samples + " samples, " + bytes + " bytes, " + seconds + " seconds");
      }
    }

    /** A log that holds nothing. */
    static Entry nothing(String log) {
      return new Entry(log, 0, 0, Digests.sha256(""), Work.NONE, 0, Map.of());
    }
  }

  private ProgressJournal(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
    this.entries = new ArrayList<>();
    this.chain = "";
  }

  /**
   * Makes the file, or takes what an interrupted run left; a torn last line is cut off.
   *
   * @param manifest the run's, which lies beside
   * @throws BadInputException if the file cannot be written, holds something else, or it or the
   *     manifest was changed since it was written
   */
  static ProgressJournal open(Path file, Path manifest) {
    RegularFile.requireIfThere(file);
    try {
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      try {
        channel.truncate(wholeLines(channel));
        channel.position(channel.size());
        ProgressJournal journal = new ProgressJournal(file, channel);
        DataFile.of(file).forEachOwnJsonLine(line -> journal.take(line, manifest));
        if (channel.size() == 0) {
          journal.write(RunJson.fields().put(MANIFEST, Digests.sha256(manifest)));
        }
        return journal;
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

  private void take(JsonLine line, Path manifest) {
    if (!line.object().has(CHAIN)) {
      throw line.bad("has no digest: an earlier version began this run; --fresh starts over");
    }
    ObjectNode fields = RunJson.fields().setAll((ObjectNode) line.object());
    String stated = line.text(CHAIN);
    fields.remove(CHAIN);
    String next = chained(fields);
    if (!next.equals(stated)) {
      throw line.bad("is not what was written there; --fresh starts over");
    }
    chain = next;
    if (line.number() > 1) {
      entries.add(entry(line));
    } else if (!line.text(MANIFEST).equals(Digests.sha256(manifest))) {
      throw new BadInputException(
          manifest, "was changed since the run began, by " + file + "; --fresh starts over");
    }
  }

  /** Of these fields behind all lines before. */
  private String chained(ObjectNode fields) {
    return Digests.sha256(chain + new String(RunJson.line(fields), StandardCharsets.US_ASCII));
  }

  /**
   * The states of a log on the way to its latest one that a file of this length can hold, shortest
   * first. A run that found less of a log than was committed went back to an earlier state; what
   * came behind that one does not count.
   */
  List<Entry> states(String log, long bytes) {
    Deque<Entry> states = new ArrayDeque<>();
    for (Entry entry : entries) {
      if (entry.log().equals(log)) {
        while (!states.isEmpty() && states.getLast().bytes() >= entry.bytes()) {
          states.removeLast();
        }
        states.addLast(entry);
      }
    }
    return states.stream().filter(entry -> entry.bytes() <= bytes).toList();
  }

  /** The state that was written last. */
  Optional<Entry> latest(String log) {
    return entries.stream().filter(entry -> entry.log().equals(log)).reduce((a, b) -> b);
  }

  /** Samples of all logs of samples. */
  int samples() {
    return entries.stream()
        .map(Entry::log)
        .distinct()
        .filter(log -> log.endsWith(RunFolder.SAMPLES))
        .mapToInt(log -> latest(log).orElseThrow().samples())
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
    fields.put("sha256", entry.sha256());
    fields.put("runs", entry.work().runs());
    fields.put("run_tokens", entry.work().tokens());
    fields.put("shared_tokens", entry.work().sharedTokens());
    fields.put("answer_seconds", entry.seconds());
    if (!entry.elsewhere().isEmpty()) {
      ObjectNode elsewhere = fields.putObject(ELSEWHERE);
      entry.elsewhere().forEach(elsewhere::put);
    }
    write(fields);
    entries.add(entry);
  }

  private void write(ObjectNode fields) {
    String next = chained(fields);
    ByteBuffer line = ByteBuffer.wrap(RunJson.line(fields.put(CHAIN, next)));
    try {
      while (line.hasRemaining()) {
        channel.write(line);
      }
    } catch (IOException e) {
      throw BadInputException.io(file, e);
    }
    chain = next;
  }

  private static Entry entry(JsonLine line) {
    JsonNode seconds = line.object().path("answer_seconds");
    if (!seconds.isNumber() || !(seconds.doubleValue() >= 0)) {
      throw line.bad("field 'answer_seconds' is no time");
    }
    if (!LogSeal.isSha256(line.text("sha256"))) {
      throw line.bad("field 'sha256' is no SHA-256");
    }
    return new Entry(
        line.text("log"),
        (int) Math.min(Integer.MAX_VALUE, count(line, "samples")),
        count(line, "bytes"),
        line.text("sha256"),
        new Work(count(line, "runs"), count(line, "run_tokens"), count(line, "shared_tokens")),
        seconds.doubleValue(),
        elsewhere(line));
  }

  private static Map<String, Integer> elsewhere(JsonLine line) {
    Map<String, Integer> elsewhere = new TreeMap<>();
    JsonNode stated = line.object().path(ELSEWHERE);
    for (Map.Entry<String, JsonNode> device : stated.properties()) {
      JsonNode samples = device.getValue();
      if (!samples.isIntegralNumber() || !samples.canConvertToInt() || samples.intValue() < 1) {
        throw line.bad("field '" + ELSEWHERE + "' has no number of samples");
      }
      elsewhere.put(device.getKey(), samples.intValue());
    }
    return elsewhere;
  }

  private static long count(JsonLine line, String field) {
    JsonNode value = line.object().path(field);
    if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
      throw line.bad("field '" + field + "' is not a whole number from 0 on");
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
