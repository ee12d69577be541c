package org.ssasuite.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import org.ssasuite.core.testing.Property;

/** An interrupted run whose files end anywhere. */
final class CutFiles {
  private static final int CUTS = 60;

  private CutFiles() {}

  /**
   * Goes on with a run whose files were cut at random, again and again: its logs are those of a
   * whole run.
   *
   * @param cut holds an interrupted run
   * @param row the folder of its logs, as in {@code whole}
   * @param logs their names
   * @param goOn runs what is left in a folder
   */
  static void areRecoveredFrom(
      Path cut, Path whole, String row, List<String> logs, Consumer<Path> goOn) throws IOException {
    List<Path> files = new ArrayList<>();
    logs.forEach(log -> files.add(cut.resolve(row + log)));
    files.add(cut.resolve("progress.jsonl"));
    byte[][] bytes = new byte[files.size()][];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = Files.readAllBytes(files.get(i));
    }
    Function<Random, int[]> cuts =
        random -> Arrays.stream(bytes).mapToInt(all -> random.nextInt(all.length + 1)).toArray();
    Property.forAll(
        cuts,
        CUTS,
        ends -> {
          for (int i = 0; i < bytes.length; i++) {
            Files.write(files.get(i), Arrays.copyOf(bytes[i], ends[i]));
          }
          goOn.accept(cut);
          for (String log : logs) {
            assertThat(cut.resolve(row + log)).hasSameBinaryContentAs(whole.resolve(row + log));
          }
          Files.delete(cut.resolve("results.json"));
        });
  }
}
