package org.ssasuite.core.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ssasuite.core.BadInputException;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** Packed files are the texts in them, within bounds, or bad input. */
class PackedDataFileTest extends WrittenFiles {
  private static final String TEXT = "Grüße, 世界 😀\r\nsecond line, second line, second line\n";

  /** Extra field, name, comment and check sum of the head; Python's gzip reads "hello". */
  private static final String GZIP_WITH_EVERY_FIELD =
      "1f8b081e0000000000ff03006162636e616d6500636f6d6d656e74007818cb48"
          + "cdc9c9070086a6103605000000";

  @ParameterizedTest
  @ValueSource(strings = {"a.txt", "a.txt.gz", "a.txt.xz", "a.txt.zst", "A.TXT.GZ"})
  void textIsUnpackedByTheNamesEnding(String name) throws IOException {
    assertThat(DataFile.of(file(name, packed(name, TEXT))).text()).isEqualTo(TEXT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.gz", "a.xz", "a.zst"})
  void severalPackedPiecesAreOneText(String name) throws IOException {
    byte[] piece = packed(name, TEXT);
    assertThat(DataFile.of(file(name, concat(piece, piece))).text()).isEqualTo(TEXT + TEXT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.gz", "a.xz", "a.zst"})
  void everyTruncationOfAPackedFileIsBadInput(String name) throws IOException {
    byte[] whole = packed(name, TEXT);
    for (int length = 0; length < whole.length; length++) {
      Path file = file(name, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> DataFile.of(file).text())
          .as("%s of %s bytes", length, whole.length)
          .isInstanceOf(BadInputException.class)
          .hasMessageStartingWith(file + ": truncated");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.gz", "a.xz", "a.zst"})
  void everyTruncationOfASecondPieceIsBadInput(String name) throws IOException {
    byte[] piece = packed(name, TEXT);
    byte[] whole = concat(piece, piece);
    for (int length = piece.length + 1; length < whole.length; length++) {
      if (name.endsWith(".xz") && length < piece.length + 12 && length % 4 == 0) {
        continue; // padding by whole words is part of the format, and these heads are short
      }
      Path file = file(name, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> DataFile.of(file).text())
          .as("%s of %s bytes", length, whole.length)
          .isInstanceOf(BadInputException.class)
          .hasMessageStartingWith(file.toString());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.gz", "a.xz", "a.zst"})
  void aFlippedBitIsBadInputOrHarmless(String name) throws IOException {
    byte[] whole = packed(name, TEXT);
    for (int at = 0; at < whole.length; at++) {
      byte[] flipped = whole.clone();
      flipped[at] ^= (byte) (1 << (at % 8));
      Path file = file(name, flipped);
      try {
        assertThat(DataFile.of(file).text()).isEqualTo(TEXT);
      } catch (BadInputException e) {
        assertThat(e).hasMessageStartingWith(file.toString());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a.gz", "a.xz", "a.zst"})
  void theLimitCountsUnpackedBytes(String name) throws IOException {
    Path file = file(name, packed(name, "0".repeat(100_000)));
    assertThat(new DataFile(file, 100_000).text()).hasSize(100_000);
    assertThatThrownBy(() -> new DataFile(file, 99_999).text())
        .isInstanceOf(BadInputException.class)
        .hasMessage(file + ": more than the limit of 99999 bytes, unpacked");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.gz", "a.xz", "a.zst"})
  void aSmallFileThatUnpacksToMuchIsRefused(String name) throws IOException {
    byte[] packed = packed(name, " ".repeat(5 << 20));
    Path file = file(name, packed);
    assertThat(DataFile.mostUnpackedBytes(packed.length)).isEqualTo(4 << 20);
    assertThatThrownBy(() -> DataFile.of(file).text())
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(file + ": more than 4194304 bytes in a packed file of ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.gz", "a.xz", "a.zst"})
  void aSmallFileMayUnpackToAFewMebibytes(String name) throws IOException {
    Path file = file(name, packed(name, " ".repeat(4 << 20)));
    assertThat(DataFile.of(file).text()).hasSize(4 << 20);
  }

  @Test
  void oneDictionaryServesAllBlocksOfAnXzFile() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    LZMA2Options options = new LZMA2Options(0);
    options.setDictSize(8 << 20);
    try (XZOutputStream out = new XZOutputStream(bytes, options)) {
      for (int i = 0; i < 12; i++) {
        out.write('x');
        out.endBlock();
      }
    }
    Path file = file("a.xz", bytes.toByteArray());
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    long before = threads.getThreadAllocatedBytes(thread);

    assertThat(DataFile.of(file).text()).hasSize(12);

    assertThat(threads.getThreadAllocatedBytes(thread) - before).isLessThan(32 << 20);
  }

  @Test
  void anXzFileThatWantsMuchMemoryIsRefused() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    LZMA2Options options = new LZMA2Options(0);
    options.setDictSize(256 << 20);
    try (OutputStream out = new XZOutputStream(bytes, options)) {
      out.write('x');
    }
    Path file = file("a.xz", bytes.toByteArray());
    assertThatThrownBy(() -> DataFile.of(file).text())
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("memory");
  }

  @Test
  void aGzipFileMayHaveThousandsOfEmptyMembers() throws IOException {
    byte[] empty = packed("a.gz", "");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < 50_000; i++) {
      bytes.write(empty);
    }
    bytes.write(packed("a.gz", TEXT));
    assertThat(DataFile.of(file("a.gz", bytes.toByteArray())).text()).isEqualTo(TEXT);
  }

  @Test
  void aGzipHeadMayHaveEveryField() throws IOException {
    byte[] packed = HexFormat.of().parseHex(GZIP_WITH_EVERY_FIELD);
    assertThat(DataFile.of(file("a.gz", packed)).text()).isEqualTo("hello");
  }

  @Test
  void packedFileIsFoundUnderThePlainName() throws IOException {
    Path packed = file("a.jsonl.xz", packed("a.jsonl.xz", TEXT));

    assertThat(DataFile.in(folder, "a.jsonl").path()).isEqualTo(packed);
  }

  @Test
  void plainFileIsPreferredToAPackedOne() throws IOException {
    file("a.jsonl.gz", packed("a.jsonl.gz", TEXT));
    Path plain = file("a.jsonl", utf8(TEXT));

    assertThat(DataFile.in(folder, "a.jsonl").path()).isEqualTo(plain);
  }

  @Test
  void fileThatIsNeitherPlainNorPackedIsBadInput() {
    assertThatThrownBy(() -> DataFile.in(folder, "d/a.jsonl"))
        .isInstanceOf(BadInputException.class)
        .hasMessage(folder.resolve("d/a.jsonl") + ": no such file, packed or not");
  }

  private static byte[] packed(String name, String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = packing(name, bytes)) {
      out.write(utf8(text));
    }
    return bytes.toByteArray();
  }

  private static OutputStream packing(String name, OutputStream out) throws IOException {
    String ending = name.substring(name.lastIndexOf('.') + 1);
    return switch (ending) {
      case "gz", "GZ" -> new GZIPOutputStream(out);
      case "xz" -> new XZOutputStream(out, new LZMA2Options(0));
      case "zst" -> new ZstdOutputStream(out).setChecksum(true);
      default -> out;
    };
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
