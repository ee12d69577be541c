package org.ssasuite.tasks.pg19;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.hub.RecordFiles;

class BookFileTest {
  @TempDir Path folder;

  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("beginnings.jsonl");
  }

  private BookFile read(String content) throws IOException {
    return BookFile.read(RecordFiles.of(DataFile.of(Files.writeString(file, content))));
  }

  @Test
  void booksKeepTheirOrder() throws IOException {
    assertThat(read("{\"id\":\"b\",\"text\":\"one\"}\n{\"id\":\"a\",\"text\":\"two\"}\n").books())
        .containsExactly(new Book("b", "one"), new Book("a", "two"));
  }

  @Test
  void numberIsAnId() throws IOException {
    assertThat(read("{\"id\":860,\"text\":\"one\"}\n").books())
        .containsExactly(new Book("860", "one"));
  }

  @Test
  void digestIsTheFiles() throws IOException {
    assertThat(read("{\"id\":\"b\",\"text\":\"one\"}\n").digest()).isEqualTo(Digests.sha256(file));
  }

  @Test
  void emptyBookIsBadInput() {
    refused(
        "{\"id\":\"a\",\"text\":\"x\"}\n{\"id\":\"b\",\"text\":\" \\n \"}\n",
        "line 2: book 'b' is empty");
  }

  @Test
  void bookWithoutTextIsBadInput() {
    refused("{\"id\":\"a\"}\n", "line 1: field 'text' is missing");
  }

  @Test
  void bookWithoutIdIsBadInput() {
    refused("{\"text\":\"a\"}\n", "line 1: field 'id' is missing");
  }

  @Test
  void secondBookOfOneIdIsBadInput() {
    refused(
        "{\"id\":\"1\",\"text\":\"x\"}\n{\"id\":1,\"text\":\"y\"}\n",
        "line 2: a second book with id '1'");
  }

  @Test
  void fileWithoutABookIsBadInput() {
    refused("", "no book in it");
  }

  @Test
  void truncatedFileIsBadInput() {
    assertThatThrownBy(() -> read("{\"id\":\"1\",\"text\":\"x\"}\n{\"id\":\"2\",\"te"))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(file + ": line 2");
  }

  private void refused(String text, String fact) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(BadInputException.class)
        .hasMessage(file + ": " + fact);
  }
}
