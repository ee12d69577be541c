package org.ssasuite.core.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.BadInputException;

class AtomicFileTest {
  @TempDir Path folder;

  @Test
  void makesAFileAndNothingElse() {
    AtomicFile.write(folder.resolve("a.txt"), "Grüße\n");
    assertThat(folder.resolve("a.txt")).hasContent("Grüße\n");
    assertThat(folder).isDirectoryNotContaining("glob:**.part");
  }

  @Test
  void replacesAFile() throws IOException {
    Path file = Files.writeString(folder.resolve("a.txt"), "old");
    AtomicFile.write(file, "new");
    assertThat(file).hasContent("new");
  }

  @Test
  void whatCannotBeReplacedStaysAndNoLitterRemains() throws IOException {
    Path inTheWay = Files.createDirectory(folder.resolve("a.txt"));
    Files.writeString(inTheWay.resolve("inside"), "kept");
    assertThatThrownBy(() -> AtomicFile.write(inTheWay, "new"))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(inTheWay + ": ");
    assertThat(inTheWay.resolve("inside")).hasContent("kept");
    assertThat(folder.toFile().list()).containsExactly("a.txt");
  }

  @Test
  void aMissingFolderIsBadInput() {
    Path file = folder.resolve("missing").resolve("a.txt");
    assertThatThrownBy(() -> AtomicFile.write(file, "new"))
        .isInstanceOf(BadInputException.class)
        .hasMessage(file + ": no such file or folder");
  }

  @Test
  void aFileInPlaceOfTheFolderIsBadInput() throws IOException {
    Path file = Files.writeString(folder.resolve("plain"), "x").resolve("a.txt");
    assertThatThrownBy(() -> AtomicFile.write(file, "new"))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(file + ": ");
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "uses Linux's /sys")
  void aFolderThatNobodyMayWriteIsBadInput() {
    Path file = Path.of("/sys/a.txt");
    assertThatThrownBy(() -> AtomicFile.write(file, "new"))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith("/sys/a.txt: ");
  }
}
