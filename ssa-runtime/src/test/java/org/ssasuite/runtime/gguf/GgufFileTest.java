package org.ssasuite.runtime.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ssasuite.core.BadInputException;

class GgufFileTest {
  /** Behind magic, version and two counts: the first key's length. */
  private static final int FIRST_KEY = 24;

  @TempDir Path folder;

  private static GgufWriter writer() {
    return new GgufWriter()
        .text("general.architecture", "llama")
        .whole("a.whole", 4_000_000_000L)
        .real("a.real", 1e-5)
        .flag("a.flag", true)
        .texts("a.texts", List.of("x", "\u00e9", ""))
        .reals("a.reals", List.of(0.5, -2.0))
        .tensor("first", new long[] {2, 3}, new float[] {1, 2, 3, 4, 5, 6})
        .tensor("second", new long[] {5}, new float[] {7, 8, 9, 10, 11});
  }

  private GgufFile read(byte[] bytes) {
    try {
      return GgufFile.read(Files.write(folder.resolve("model.gguf"), bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void requireRefused(byte[] bytes, String fact) {
    assertThatThrownBy(() -> read(bytes))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("model.gguf: ")
        .hasMessageContaining(fact)
        .hasMessageNotContaining("\n");
  }

  private static byte[] with(byte[] file, int at, long value, int bytes) {
    byte[] other = file.clone();
    ByteBuffer buffer = ByteBuffer.wrap(other).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes == Integer.BYTES) {
      buffer.putInt(at, (int) value);
    } else {
      buffer.putLong(at, value);
    }
    return other;
  }

  /** Where the description of a tensor begins. */
  private static int tensor(byte[] file, String name) {
    return new String(file, StandardCharsets.ISO_8859_1).indexOf(name) - 8;
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void bothVersionsAreRead(int version) {
    assertThat(read(with(writer().bytes(), 4, version, 4)).tensors()).hasSize(2);
  }

  @Test
  void valuesAreThoseThatWereWritten() {
    GgufFile file = read(writer().bytes());
    assertThat(file.findText("general.architecture")).contains("llama");
    assertThat(file.findWhole("a.whole")).contains(4_000_000_000L);
    assertThat(file.findFlag("a.flag")).contains(true);
    assertThat(file.texts("a.texts")).containsExactly("x", "\u00e9", "");
    assertThat(file.numbers("a.reals")).containsExactly(0.5, -2.0);
    assertThat(file.find("a.other")).isEmpty();
  }

  @Test
  void aNumberOf32BitsIsTheDecimalThatItWas() {
    assertThat(read(writer().bytes()).findNumber("a.real")).contains(1e-5);
  }

  @Test
  void axesComeSlowestFirst() {
    GgufTensor first = read(writer().bytes()).tensors().get("first");
    assertThat(first.shape()).containsExactly(2, 3);
    assertThat(first.rowElements()).isEqualTo(3);
  }

  @Test
  void valuesOfAnotherTypeAreNamed() {
    GgufFile file = read(writer().bytes());
    assertThatThrownBy(() -> file.findText("a.whole"))
        .hasMessageContaining("'a.whole' is 4000000000; a text is needed");
    assertThatThrownBy(() -> file.findWhole("a.real"))
        .hasMessageContaining("'a.real' is 1.0E-5; a whole number is needed");
    assertThatThrownBy(() -> file.texts("a.reals")).hasMessageContaining("'a.reals' is 2 values");
  }

  @Test
  void everyBeginningOfAFileIsRefusedInALine() {
    byte[] file = writer().bytes();
    int end = file.length - 12;
    for (int bytes = 0; bytes < end; bytes++) {
      requireRefused(Arrays.copyOf(file, bytes), "");
    }
  }

  @Test
  void otherFilesAreNamed() {
    requireRefused("{\"a\": 1}".getBytes(StandardCharsets.UTF_8), "not a GGUF");
  }

  @Test
  void otherVersionsAreNamed() {
    requireRefused(with(writer().bytes(), 4, 1, 4), "is GGUF of version 1, not 2 or 3");
    requireRefused(with(writer().bytes(), 4, 4, 4), "is GGUF of version 4, not 2 or 3");
  }

  @Test
  void bigEndianFilesAreNamed() {
    requireRefused(with(writer().bytes(), 4, 3 << 24, 4), "is in big-endian order");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 40, (1L << 17) + 1})
  void impossibleCountsAreNamed(long count) {
    requireRefused(with(writer().bytes(), 8, count, 8), "tensors; at most 131072 can be");
    requireRefused(with(writer().bytes(), 16, count, 8), "keys; at most 65536 can be");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 32, 100_000})
  void textsBeyondTheFileAreNamed(long length) {
    requireRefused(with(writer().bytes(), FIRST_KEY, length, 8), "has a text of ");
  }

  @Test
  void aKeyTwiceIsNamed() {
    requireRefused(writer().flag("a.flag", false).bytes(), "has the key 'a.flag' twice");
  }

  @Test
  void aTensorTwiceIsNamed() {
    requireRefused(
        writer().tensor("first", new long[] {1}, new float[] {1}).bytes(),
        "tensor 'first' is there twice");
  }

  @Test
  void typesThatGgufHasNotAreNamed() {
    byte[] file = writer().bytes();
    int type = FIRST_KEY + 8 + "general.architecture".length();
    requireRefused(with(file, type, 13, 4), "'general.architecture' is of type 13");
  }

  @Test
  void formatsThatAreNotReadAreNamed() {
    byte[] file = writer().bytes();
    int format = tensor(file, "first") + 8 + 5 + 4 + 16;
    requireRefused(
        with(file, format, 11, 4), "tensor 'first' is of Q3_K, which is not read here; known are");
    requireRefused(with(file, format, 99, 4), "tensor 'first' is of format 99");
    requireRefused(
        with(file, format, 12, 4),
        "tensor 'first' has rows of 3, no multiple of the 256 of a block of Q4_K");
  }

  @Test
  void axesThatCannotBeAreNamed() {
    byte[] file = writer().bytes();
    int axes = tensor(file, "first") + 8 + 5;
    requireRefused(with(file, axes, 5, 4), "tensor 'first' has 5 axes");
    requireRefused(with(file, axes + 4, 0, 8), "tensor 'first' has an axis of 0");
    requireRefused(
        with(file, axes + 4, -1, 8), "tensor 'first' has an axis of 18446744073709551615");
    requireRefused(with(file, axes + 4, 1L << 39, 8), "tensor 'first' ");
  }

  @Test
  void tensorsThatOverlapOrLeaveAGapAreNamed() {
    byte[] file = writer().bytes();
    int offset = tensor(file, "second") + 8 + 6 + 4 + 8 + 4;
    requireRefused(
        with(file, offset, 0, 8), "lies at byte 0 of the data; another reaches to byte 20");
    requireRefused(
        with(file, offset, 64, 8), "lies at byte 64 of the data; the one before ends at byte 24");
    requireRefused(
        with(file, offset, 33, 8), "lies at byte 33 of the data; places are multiples of 32");
  }

  @Test
  void alignmentsThatAreNoneAreNamed() {
    requireRefused(
        writer().whole("general.alignment", 24).bytes(),
        "'general.alignment' is 24; a power of two");
  }

  @Test
  void whatLiesBehindTheTensorsIsNamed() {
    byte[] file = writer().bytes();
    requireRefused(Arrays.copyOf(file, file.length + 1), "bytes behind the last tensor");
  }

  @Test
  void textsThatAreNoUtf8AreNamed() {
    byte[] file = writer().bytes();
    file[FIRST_KEY + 8] = (byte) 0xff;
    requireRefused(file, "has a text at byte 32 that is no UTF-8");
  }
}
