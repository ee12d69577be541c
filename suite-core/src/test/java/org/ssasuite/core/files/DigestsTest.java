package org.ssasuite.core.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.BadInputException;

class DigestsTest {
  /** From FIPS 180-2, appendix B. */
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  /** From FIPS 180-2, appendix B: a million times the letter a. */
  private static final String MILLION =
      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

  @TempDir Path folder;

  @Test
  void digestOfBytesIsThatOfTheStandard() {
    assertThat(Digests.sha256("abc".getBytes(StandardCharsets.US_ASCII))).isEqualTo(ABC);
  }

  @Test
  void digestOfATextIsThatOfTheStandard() {
    assertThat(Digests.sha256("abc")).isEqualTo(ABC);
  }

  @Test
  void digestOfSeveralTextsIsThatOfOneBehindTheOther() {
    assertThat(Digests.sha256(Stream.of("a", "", "bc"))).isEqualTo(ABC);
  }

  @Test
  void digestOfAFileIsThatOfTheStandard() throws IOException {
    Path file = Files.writeString(folder.resolve("million"), "a".repeat(1_000_000));
    assertThat(Digests.sha256(file)).isEqualTo(MILLION);
  }

  @Test
  void aMissingFileIsNamed() {
    Path file = folder.resolve("missing");
    assertThatThrownBy(() -> Digests.sha256(file))
        .isInstanceOf(BadInputException.class)
        .hasMessage(file + ": no such file or folder");
  }
}
