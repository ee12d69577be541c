package org.ssasuite.trainer.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.AtomicFile;
import org.ssasuite.core.files.DataFile;

/** {@code train.csv}: a line a step, flushed. Mutable, one owner. */
final class StepLog implements AutoCloseable {
  private static final String HEADER =
      "step,tokens,mode,loss,align,lr,gradnorm,"
          + "coverage_16,coverage_64,coverage_256,coverage_1024,coverage_rest,"
          + "tokens_per_second,mfu,seconds";

  private static final long MAX_BYTES = 1L << 30;

  private final Path file;
  private final Writer writer;

  private StepLog(Path file, Writer writer) {
    this.file = file;
    this.writer = writer;
  }

  /**
   * Opens the log of a run that goes on behind a step; later lines are taken out.
   *
   * @param step of the last line that stays, 0 for a new run
   */
  static StepLog behind(int step, Path file) {
    try {
      Stream<String> lines =
          Files.exists(file) ? new DataFile(file, MAX_BYTES).text().lines() : Stream.empty();
      String kept =
          lines.skip(1).limit(step).map(line -> line + "\n").collect(Collectors.joining());
      AtomicFile.write(file, HEADER + "\n" + kept);
      return new StepLog(
          file, Files.newBufferedWriter(file, StandardCharsets.UTF_8, StandardOpenOption.APPEND));
    } catch (IOException e) {
      throw BadInputException.io(file, e);
    }
  }

  void add(StepRecord record) {
    try {
      writer.write(line(record));
      writer.flush();
    } catch (IOException e) {
      throw BadInputException.io(file, e);
    }
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
      writer.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
