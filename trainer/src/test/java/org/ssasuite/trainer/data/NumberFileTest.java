package org.ssasuite.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.BadInputException;

class NumberFileTest {
  private static final int COUNT = 20_000;

  @TempDir Path folder;
  private Path file;
  private byte[] bytes;

  @BeforeEach
  void write() throws IOException {
    bytes = new byte[2 * COUNT];
    for (int i = 0; i < COUNT; i++) {
      bytes[2 * i] = (byte) i;
      bytes[2 * i + 1] = (byte) (i >> 8);
    }
    file = Files.write(folder.resolve("tokens.bin"), bytes);
  }

  @Test
  void numbersAreReadOneByOneAndInStretches() {
    NumberFile numbers = open();
    int[] stretch = new int[3];
    numbers.read(COUNT - 2, stretch, 1, 2);

    assertThat(stretch).containsExactly(0, COUNT - 2, COUNT - 1);
    assertThat(new int[] {numbers.at(COUNT - 1), numbers.at(0), numbers.at(9_000)})
        .containsExactly(COUNT - 1, 0, 9_000);
  }

  @Test
  void aFileThatIsCutIsNamed() throws IOException {
    NumberFile numbers = open();
    Files.write(file, Arrays.copyOf(bytes, 100));

    assertThatThrownBy(() -> numbers.read(10_000, new int[64], 0, 64))
        .isInstanceOf(BadInputException.class)
        .hasMessage(file + ": has become shorter since it was opened: it had 20000 numbers");
  }

  @Test
  void aFileThatIsWrittenToIsNamed() throws IOException {
    NumberFile numbers = open();
    bytes[5] ^= 1;
    rewrite();

    assertThatThrownBy(() -> numbers.read(10_000, new int[64], 0, 64))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(file + ": has changed since it was opened: SHA-256 ");
  }

  @Test
  void aFileThatWasOnlyTouchedGoesOn() throws IOException {
    NumberFile numbers = open();
    rewrite();

    assertThat(numbers.at(7)).isEqualTo(7);
  }

  private void rewrite() throws IOException {
    Files.write(file, bytes);
    Files.setLastModifiedTime(file, FileTime.fromMillis(1));
  }

  private NumberFile open() {
    return NumberFile.open(file, TokenWidth.UINT16);
  }
}
