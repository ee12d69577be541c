package org.ssasuite.tasks.pg19;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.metrics.TextSize;
import org.ssasuite.core.testing.Golden;

class WikiFileTest {
  private static final Path EMBEDDED = EmbeddedData.folder().resolve("wikitext2/wiki.test.raw");

  @TempDir Path folder;

  static List<JsonNode> files() {
    return Golden.vectors("wikitext2-split.jsonl");
  }

  private static List<JsonNode> goldenPages() {
    return Golden.vectors("wikitext2-pages.jsonl");
  }

  @ParameterizedTest
  @MethodSource("files")
  void splitsLikeTheReference(JsonNode golden) {
    List<String> pages = new ArrayList<>();
    golden.get("pages").forEach(page -> pages.add(page.textValue()));

    assertThat(WikiFile.split(golden.get("file").textValue())).isEqualTo(pages);
  }

  @Test
  void embeddedPagesAreTheReferences() {
    assertThat(WikiFile.split(DataFile.of(EMBEDDED).text()))
        .extracting(Digests::sha256)
        .isEqualTo(goldenPages().stream().map(p -> p.get("page_sha256").textValue()).toList());
  }

  @Test
  void embeddedTextsAreDetokenisedLikeTheReferences() {
    assertThat(WikiFile.read(EMBEDDED, Integer.MAX_VALUE).pages())
        .extracting(page -> Digests.sha256(page.text()))
        .isEqualTo(goldenPages().stream().map(p -> p.get("text_sha256").textValue()).toList());
  }

  @Test
  void embeddedPagesHaveTheReferencesWordsAndBytes() {
    assertThat(WikiFile.read(EMBEDDED, Integer.MAX_VALUE).pages())
        .extracting(WikiPage::size)
        .isEqualTo(
            goldenPages().stream()
                .map(p -> new TextSize(p.get("words").intValue(), p.get("bytes").intValue()))
                .toList());
  }

  @Test
  void embeddedWordsSumToThePublishedDenominator() {
    assertThat(
            WikiFile.read(EMBEDDED, Integer.MAX_VALUE).pages().stream()
                .mapToInt(page -> page.size().words())
                .sum())
        .isEqualTo(241_335);
  }

  @Test
  void embeddedBytesSumToThePublishedDenominator() {
    assertThat(
            WikiFile.read(EMBEDDED, Integer.MAX_VALUE).pages().stream()
                .mapToInt(page -> page.size().bytes())
                .sum())
        .isEqualTo(1_290_527);
  }

  @Test
  void embeddedFileIsTheOfficialOne() {
    assertThat(WikiFile.read(EMBEDDED, 1).digest())
        .isEqualTo("173c87a53759e0201f33e0ccf978e510c2042d7f2cb78229d9a50d79b9e7dd08");
  }

  @Test
  void limitKeepsTheFirstPages() {
    List<WikiPage> all = WikiFile.read(EMBEDDED, Integer.MAX_VALUE).pages();

    assertThat(WikiFile.read(EMBEDDED, 3).pages()).isEqualTo(all.subList(0, 3));
  }

  @Test
  void packedFileHasThePlainFilesDigest() throws IOException {
    Path packed = folder.resolve("wiki.test.raw.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      Files.copy(EMBEDDED, out);
    }

    assertThat(WikiFile.read(packed, 1)).isEqualTo(WikiFile.read(EMBEDDED, 1));
  }

  @Test
  void blankFileIsBadInput() throws IOException {
    Path blank = Files.writeString(folder.resolve("wiki.test.raw"), " \n \n");

    assertThatThrownBy(() -> WikiFile.read(blank, 1))
        .isInstanceOf(BadInputException.class)
        .hasMessage(blank + ": no page in it");
  }

  @Test
  void brokenUtf8IsBadInput() throws IOException {
    Path broken = folder.resolve("wiki.test.raw");
    Files.write(broken, " = A\u00e9 = \n".getBytes(StandardCharsets.ISO_8859_1));

    assertThatThrownBy(() -> WikiFile.read(broken, 1))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(broken + ": not UTF-8");
  }
}
