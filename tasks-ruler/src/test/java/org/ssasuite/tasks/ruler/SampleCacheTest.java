package org.ssasuite.tasks.ruler;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.files.Digests;

class SampleCacheTest {
  @TempDir Path folder;
  private Bench bench;
  private List<String> made;

  @BeforeEach
  void makeFive() throws IOException {
    bench = new Bench(folder);
    made = lines(5);
  }

  private List<String> lines(int count) {
    return bench.lines("vt", Bench.order("nvidia-2025", 1024, 42, count));
  }

  private Path file() throws IOException {
    try (Stream<Path> files = Files.list(bench.cache().resolve("ruler"))) {
      List<Path> all = files.toList();
      assertThat(all).hasSize(1);
      return all.get(0);
    }
  }

  @Test
  void setThatIsThereIsReadAndNotMade() throws IOException {
    byte[] before = Files.readAllBytes(file());

    assertThat(lines(5)).isEqualTo(made);
    assertThat(lines(2)).isEqualTo(made.subList(0, 2));
    assertThat(Files.readAllBytes(file())).isEqualTo(before);
  }

  @Test
  void moreSamplesBeginWithThoseThatAreThere() {
    assertThat(lines(8).subList(0, 5)).isEqualTo(made);
  }

  @Test
  void fileWithAChangedByteIsMadeAgain() throws IOException {
    byte[] whole = Files.readAllBytes(file());
    byte[] changed = whole.clone();
    changed[changed.length / 2] ^= 1;
    Files.write(file(), changed);

    assertThat(lines(5)).isEqualTo(made);
    assertThat(Files.readAllBytes(file())).isEqualTo(whole);
  }

  @Test
  void truncatedFileIsMadeAgain() throws IOException {
    byte[] whole = Files.readAllBytes(file());
    Files.write(file(), Arrays.copyOf(whole, whole.length / 3));

    assertThat(lines(5)).isEqualTo(made);
    assertThat(Files.readAllBytes(file())).isEqualTo(whole);
  }

  @Test
  void emptyFileIsMadeAgain() throws IOException {
    Files.write(file(), new byte[0]);

    assertThat(lines(5)).isEqualTo(made);
  }

  @Test
  void digestIsThatOfTheLines() {
    String text = String.join("\n", made) + "\n";

    assertThat(bench.task("vt", Bench.order("nvidia-2025", 1024, 42, 5)).dataDigest())
        .isEqualTo(Digests.sha256(text));
  }
}
