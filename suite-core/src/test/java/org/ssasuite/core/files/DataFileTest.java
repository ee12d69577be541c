package org.ssasuite.core.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ssasuite.core.BadInputException;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class DataFileTest {
  private static final String TEXT = "Grüße, 世界 😀\r\nsecond line, second line, second line\n";

  /** Extra field, name, comment and check sum of the head; Python's gzip reads "hello". */
  private static final String GZIP_WITH_EVERY_FIELD =
      "1f8b081e0000000000ff03006162636e616d6500636f6d6d656e74007818cb48"
          + "cdc9c9070086a6103605000000";

  @TempDir Path folder;

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
  void aLineOfMoreThan64MebibytesIsRefused() throws IOException {
    Path file = file("a.jsonl", ("{}\n" + " ".repeat((64 << 20) + 1)).getBytes(UTF_8));
    assertThatThrownBy(() -> DataFile.of(file).forEachJsonLine(line -> {}))
        .isInstanceOf(BadInputException.class)
        .hasMessage(file + ": line 2 has more than the limit of 67108864 bytes");
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
  void aMissingFileIsNamed() {
    Path file = folder.resolve("missing.txt");
    assertThatThrownBy(() -> DataFile.of(file).text())
        .isInstanceOf(BadInputException.class)
        .hasMessage(file + ": no such file or folder");
  }

  @Test
  void aFolderIsNoFile() {
    assertThatThrownBy(() -> DataFile.of(folder).text())
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(folder + ": ");
  }

  @Test
  void textThatIsNotUtf8IsBadInputWithItsPlace() throws IOException {
    Path file = file("a.txt", new byte[] {'a', (byte) 0xc3, (byte) 0xa4, (byte) 0xff, 'b'});
    assertThatThrownBy(() -> DataFile.of(file).text())
        .isInstanceOf(BadInputException.class)
        .hasMessage(file + ": not UTF-8 at byte 3");
  }

  @Test
  void textThatEndsInsideACharacterIsBadInput() throws IOException {
    Path file = file("a.txt", new byte[] {'a', (byte) 0xe4, (byte) 0xb8});
    assertThatThrownBy(() -> DataFile.of(file).text())
        .isInstanceOf(BadInputException.class)
        .hasMessage(file + ": not UTF-8 at byte 1");
  }

  @Test
  void jsonLinesEndAtLineFeedsOnly() throws IOException {
    assertThat(texts("{\"t\": \"a\u2028b\u0085c\"}\r\n{\"t\": \"d\"}\n"))
        .containsExactly("a\u2028b\u0085c", "d");
  }

  @Test
  void theLastLineNeedsNoLineFeed() throws IOException {
    assertThat(texts("{\"t\": \"a\"}\n{\"t\": \"b\"}")).containsExactly("a", "b");
  }

  @Test
  void anEmptyFileHasNoLines() throws IOException {
    assertThat(texts("")).isEmpty();
  }

  @Test
  void linesLongerThanTheBufferAreWhole() throws IOException {
    String wide = "é".repeat(300_000);
    assertThat(texts("{\"t\": \"" + wide + "\"}\n{\"t\": \"b\"}\n")).containsExactly(wide, "b");
  }

  @Test
  void linesAreNumberedFromOne() throws IOException {
    List<Long> numbers = new ArrayList<>();
    DataFile.of(file("a.jsonl", utf8("{}\n{}\n"))).forEachJsonLine(l -> numbers.add(l.number()));
    assertThat(numbers).containsExactly(1L, 2L);
  }

  @Test
  void aTruncatedLastLineIsNamedAsSuch() {
    assertBad("{\"t\": \"a\"}\n{\"t\": \"b", "line 2, offset", "truncated last line");
  }

  @Test
  void aLineThatIsNoJsonIsNamed() {
    assertBad("{\"t\": \"a\"}\nhello\n{}\n", "line 2, offset 0: not JSON: an unexpected character");
  }

  @Test
  void aLineThatIsNoObjectIsNamed() {
    assertBad("[1]\n", "line 1, offset 0: not a JSON object");
  }

  @Test
  void linesOfNothingButWhiteSpaceAreNoRecords() throws IOException {
    assertThat(texts("{\"t\": \"a\"}\n\n \t\r\n{\"t\": \"b\"}\n\n  ")).containsExactly("a", "b");
  }

  @Test
  void linesThatAreSkippedCount() {
    assertBad("\n\n{\"u\": 1}\n", "line 3: field 't' is missing");
  }

  @Test
  void anEmptyLineOfOurOwnFilesIsNamed() throws IOException {
    Path file = file("a.jsonl", utf8("{}\n\n{}\n"));
    assertThatThrownBy(() -> DataFile.of(file).forEachOwnJsonLine(line -> {}))
        .isInstanceOf(BadInputException.class)
        .hasMessage(file + ": line 2 is empty");
  }

  @Test
  void aByteOrderMarkBeforeTheFirstLineIsSkipped() throws IOException {
    assertThat(texts("\uFEFF{\"t\": \"\uFEFFa\"}\n")).containsExactly("\uFEFFa");
  }

  @Test
  void aByteOrderMarkBeforeAnotherLineIsNoJson() {
    assertBad("{\"t\": \"a\"}\n\uFEFF{\"t\": \"a\"}\n", "line 2, offset 0: not JSON");
  }

  @Test
  void aByteOrderMarkBeforeAJsonDocumentIsSkipped() throws IOException {
    assertThat(DataFile.of(file("a.json", utf8("\uFEFF{}"))).json()).isEqualTo("{}");
  }

  @Test
  void aByteOrderMarkBeforeATextIsRefusedByName() throws IOException {
    Path file = file("a.txt", utf8("\uFEFFtext"));
    assertThatThrownBy(() -> DataFile.of(file).text())
        .isInstanceOf(BadInputException.class)
        .hasMessage(file + ": begins with a byte order mark");
  }

  @Test
  void numbersThatAreNoneAreReadAsPythonReadsThem() throws IOException {
    assertThat(texts("{\"t\": \"a\", \"x\": NaN, \"y\": [Infinity, -Infinity]}\n"))
        .containsExactly("a");
  }

  @Test
  void aLineOfManyTinyValuesIsRefused() throws IOException {
    Path file = file("a.jsonl", utf8("{\"z\": [" + "{},".repeat(5_000_000) + "{}]}\n"));
    assertThatThrownBy(() -> DataFile.of(file).forEachJsonLine(line -> {}))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            file + ": line 1, offset 0: not JSON: more than 8000000 keys, values and brackets");
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
  void twoObjectsOnALineAreNamed() {
    assertBad("{} {}\n", "line 1", "something stands behind its end");
  }

  @Test
  void aKeyThatIsThereTwiceIsNamed() {
    assertBad("{\"t\": 1, \"t\": 2}\n", "line 1", "key 't' is there twice");
  }

  @Test
  void deepNestingIsBadInput() {
    assertBad("{\"t\": " + "[".repeat(100_000) + "\n", "line 1", "nested deeper than is read");
  }

  @Test
  void aLineThatIsNotUtf8IsNamed() throws IOException {
    Path file = file("a.jsonl", new byte[] {'{', '}', '\n', '"', (byte) 0x80, '"', '\n'});
    assertThatThrownBy(() -> DataFile.of(file).forEachJsonLine(line -> {}))
        .isInstanceOf(BadInputException.class)
        .hasMessage(file + ": line 2, offset 1: not UTF-8");
  }

  @Test
  void aMissingFieldIsNamed() {
    assertBad("{\"u\": \"a\"}\n", "line 1: field 't' is missing");
  }

  @Test
  void aFieldOfAnotherTypeIsNamed() {
    assertBad("{\"t\": 5}\n", "line 1: field 't' is not a string");
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

  private void assertBad(String content, String... facts) {
    assertThatThrownBy(() -> texts(content))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(folder.resolve("a.jsonl") + ": ")
        .message()
        .contains(facts)
        .doesNotContain("\n");
  }

  private List<String> texts(String content) throws IOException {
    List<String> texts = new ArrayList<>();
    DataFile.of(file("a.jsonl", utf8(content))).forEachJsonLine(l -> texts.add(l.text("t")));
    return texts;
  }

  private Path file(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
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

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
