package org.ssasuite.core.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnTemporaryFolderTest {
  @TempDir Path temporary;

  @Test
  void allProcessesOfAUserHaveTheSame() throws IOException {
    Path first = OwnTemporaryFolder.find(temporary);

    assertThat(OwnTemporaryFolder.find(temporary)).isEqualTo(first);
    assertThat(files()).containsExactly(first);
  }

  @Test
  void nobodyElseCanLookIntoIt() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder())))
        .isEqualTo("rwx------");
  }

  @Test
  void aFolderThatOthersCanWriteIntoIsNotTaken() throws IOException {
    Path open = folder();
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));

    assertThat(OwnTemporaryFolder.find(temporary)).isNotEqualTo(open);
  }

  @Test
  void aLinkToSomewhereElseIsNotTaken() throws IOException {
    Path name = folder();
    Files.delete(name);
    Files.createSymbolicLink(name, Files.createDirectory(temporary.resolve("elsewhere")));

    assertThat(OwnTemporaryFolder.find(temporary)).isNotEqualTo(name);
  }

  @Test
  void aTemporaryFolderThatIsNotThereIsNamed() {
    Path missing = temporary.resolve("missing");

    assertThatThrownBy(() -> OwnTemporaryFolder.find(missing))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the temporary folder " + missing + " cannot be written");
  }

  private Path folder() throws IOException {
    return OwnTemporaryFolder.find(temporary);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(temporary)) {
      return files.toList();
    }
  }
}
