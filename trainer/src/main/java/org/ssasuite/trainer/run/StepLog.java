package org.ssasuite.trainer.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.AtomicFile;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.RunningDigest;

/** {@code train.csv}: a line a step, flushed. Mutable, one owner. */
final class StepLog implements AutoCloseable {
  static final String HEADER =
      "step,tokens,mode,loss,align,lr,gradnorm,"
          + "coverage_16,coverage_64,coverage_256,coverage_1024,coverage_rest,"
          + "tokens_per_second,mfu,seconds";

  /** Some six million steps. */
  private static final long MAX_BYTES = 1L << 30;

  private final Path file;
  private final FileChannel channel;
  private final RunningDigest digest;

  private StepLog(Path file, FileChannel channel, RunningDigest digest) {
    this.file = file;
    this.channel = channel;
    this.digest = digest;
  }

  /**
   * Opens the log of a run that goes on behind a step; later lines are taken out.
   *
   * @param step of the last line that stays, 0 for a new run
   * @throws BadInputException if it has not a line for each step
   */
  static StepLog behind(int step, Path file) {
    String kept = upTo(step, file);
    try {
      AtomicFile.write(file, kept);
      return new StepLog(file, FileChannel.open(file, StandardOpenOption.APPEND), digest(kept));
    } catch (IOException e) {
      throw BadInputException.io(file, e);
    }
  }

  /**
   * The digest of a log up to a step.
   *
   * @throws BadInputException if it has not a line for each step
   */
  static String digestUpTo(int step, Path file) {
    return digest(upTo(step, file)).hex();
  }

  private static RunningDigest digest(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    RunningDigest digest = new RunningDigest();
    digest.add(bytes, 0, bytes.length);
    return digest;
  }

  private static String upTo(int step, Path file) {
    List<String> lines =
        step == 0 ? List.of(HEADER) : lines(new DataFile(file, MAX_BYTES).text(), step + 1);
    if (lines.isEmpty() || !lines.get(0).equals(HEADER)) {
      throw new BadInputException(file, "does not begin with " + HEADER);
    }
    for (int i = 1; i < lines.size(); i++) {
      if (!lines.get(i).startsWith(i + ",")) {
        throw new BadInputException(file, "line " + (i + 1) + " is not of step " + i);
      }
    }
    if (lines.size() <= step) {
      throw new BadInputException(
          file, "has " + (lines.size() - 1) + " steps, its newest checkpoint " + step);
    }
    return String.join("\n", lines) + "\n";
  }

  /**
   * All lines of a log, the header first.
   *
   * @throws BadInputException if it cannot be read, or is empty
   */
  static List<String> lines(Path file) {
    List<String> lines = lines(new DataFile(file, MAX_BYTES).text(), Integer.MAX_VALUE);
    if (lines.isEmpty()) {
      throw new BadInputException(file, "does not begin with " + HEADER);
    }
    return lines;
  }

  /** By line feeds alone: any other character of a line is part of what the digest is of. */
  private static List<String> lines(String text, int most) {
    List<String> lines = new ArrayList<>();
    int from = 0;
    for (int end = text.indexOf('\n'); end >= 0 && lines.size() < most; ) {
      lines.add(text.substring(from, end));
      from = end + 1;
      end = text.indexOf('\n', from);
    }
    return lines;
  }

  void add(StepRecord record) {
    byte[] line = line(record).getBytes(StandardCharsets.UTF_8);
    try {
      ByteBuffer rest = ByteBuffer.wrap(line);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
    } catch (IOException e) {
      throw BadInputException.io(file, e);
    }
    digest.add(line, 0, line.length);
  }

  /** The digest of all lines so far, which are on the disk when this returns. */
  String seal() {
    try {
      channel.force(false);
    } catch (IOException e) {
      throw BadInputException.io(file, e);
    }
    return digest.hex();
  }

  private static String line(StepRecord record) {
    String coverage =
        record
            .coverage()
            .map(c -> c.shares().stream().map(StepLog::share).collect(Collectors.joining(",")))
            .orElse(",".repeat(Coverage.RANKS.size() - 1));
    return String.format(
        Locale.ROOT,
        "%d,%d,%s,%.9f,%.10f,%.10f,%.8f,%s,%.1f,%s,%.3f\n",
        record.step(),
        record.tokens(),
        record.mode(),
        record.losses().nextToken(),
        record.losses().alignment(),
        record.learningRate(),
        record.losses().gradientNorm(),
        coverage,
        record.tokensPerSecond(),
        share(record.flopsShare()),
        record.seconds());
  }

  private static String share(OptionalDouble value) {
    return value.isPresent() ? String.format(Locale.ROOT, "%.5f", value.getAsDouble()) : "";
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
