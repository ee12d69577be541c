package org.ssasuite.core.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.BadInputException;

/** Texts, documents and lines as they lie on the disk. */
class DataFileTest extends WrittenFiles {
  @Test
  void aLineOfMoreThan64MebibytesIsRefused() throws IOException {
    Path file = file("a.jsonl", ("{}\n" + " ".repeat((64 << 20) + 1)).getBytes(UTF_8));
    assertThatThrownBy(() -> DataFile.of(file).forEachJsonLine(line -> {}))
        .isInstanceOf(BadInputException.class)
        .hasMessage(file + ": line 2 has more than the limit of 67108864 bytes");
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
}
