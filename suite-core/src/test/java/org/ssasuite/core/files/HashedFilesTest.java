package org.ssasuite.core.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.BadInputException;

/** Digests of the texts by {@code sha256sum}. */
class HashedFilesTest {
  private static final String OF_ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  private static final String OF_ABD =
      "a52d159f262b2c6ddb724a61840befc36eb30c88877a4030b65cbe86298449c9";

  @TempDir Path folder;
  private Path file;
  private HashedFiles hashed;

  @BeforeEach
  void read() throws IOException {
    file = Files.writeString(folder.resolve("weights"), "abc");
    hashed = HashedFiles.read(List.of(file));
  }

  @Test
  void digestsAreByFileName() {
    assertThat(hashed.digests()).isEqualTo(Map.of("weights", OF_ABC));
  }

  @Test
  void whatNobodyTouchedIsUnchanged() {
    assertThatCode(() -> hashed.requireUnchanged("then")).doesNotThrowAnyException();
  }

  @Test
  void anotherTimeAloneIsNoChange() throws IOException {
    Files.setLastModifiedTime(file, FileTime.fromMillis(1));
    assertThatCode(() -> hashed.requireUnchanged("then")).doesNotThrowAnyException();
  }

  @Test
  void aCopyInItsPlaceIsNoChange() throws IOException {
    Path copy = Files.writeString(folder.resolve("copy"), "abc");
    Files.move(copy, file, StandardCopyOption.REPLACE_EXISTING);
    assertThatCode(() -> hashed.requireUnchanged("then")).doesNotThrowAnyException();
  }

  @Test
  void anotherContentOfTheSameLengthAndTimeIsNamed() throws IOException {
    FileTime before = Files.getLastModifiedTime(file);
    Path other = Files.writeString(folder.resolve("other"), "abd");
    Files.setLastModifiedTime(other, before);
    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
    assertThatThrownBy(() -> hashed.requireUnchanged("the run began"))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            file
                + ": has changed since the run began: its SHA-256 was "
                + OF_ABC
                + ", and is "
                + OF_ABD);
  }

  @Test
  void aFileThatIsGoneIsNamed() throws IOException {
    Files.delete(file);
    assertThatThrownBy(() -> hashed.requireUnchanged("then"))
        .isInstanceOf(BadInputException.class)
        .hasMessage(file + ": has changed since then: its SHA-256 was " + OF_ABC + ", and is none");
  }
}
