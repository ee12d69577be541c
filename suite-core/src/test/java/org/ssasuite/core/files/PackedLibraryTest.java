package org.ssasuite.core.files;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.util.ZstdVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackedLibraryTest {
  private static final String BESIDE_JARS = "ssa.natives";

  /** Any file in a jar will do. */
  private static final PackedLibrary LIBRARY =
      new PackedLibrary("/com/github/luben/zstd/util/ZstdVersion.class");

  @TempDir Path folder;

  @BeforeEach
  void nameTheFolder() {
    System.setProperty(BESIDE_JARS, folder.toString());
  }

  @AfterEach
  void forgetTheFolder() {
    System.clearProperty(BESIDE_JARS);
  }

  @Test
  void aLibraryIsUnpackedOnce() throws IOException {
    Path first = unpacked();
    Object made = Files.getLastModifiedTime(first);
    Object file = Files.getAttribute(first, "unix:ino");

    assertThat(unpacked()).isEqualTo(first).startsWith(folder);
    assertThat(Files.getLastModifiedTime(first)).isEqualTo(made);
    assertThat(Files.getAttribute(first, "unix:ino")).isEqualTo(file);
  }

  @Test
  void whatIsNotTheJarsIsUnpackedAgain() throws IOException {
    Path file = unpacked();
    byte[] right = Files.readAllBytes(file);
    byte[] wrong = right.clone();
    wrong[100] ^= 1;
    Files.write(file, wrong);

    assertThat(unpacked()).hasBinaryContent(right);
  }

  @Test
  void nothingElseIsLeftBesideIt() throws IOException {
    Path file = unpacked();

    assertThat(file.getParent().toFile().list())
        .containsExactly(String.valueOf(file.getFileName()));
  }

  @Test
  void whereTheFolderCannotBeWrittenTheTemporaryOneIsTaken() throws IOException {
    System.setProperty(BESIDE_JARS, Files.writeString(folder.resolve("a-file"), "").toString());

    assertThat(unpacked()).startsWith(OwnTemporaryFolder.find());
  }

  @Test
  void librariesThatAreNotAllThereAreAbsent() throws IOException {
    PackedLibrary none = new PackedLibrary("/natives/none/libnone.so");

    assertThat(PackedLibrary.unpack(ZstdVersion.class, List.of(LIBRARY, none))).isEmpty();
  }

  private static Path unpacked() throws IOException {
    return LIBRARY.unpack(ZstdVersion.class).orElseThrow();
  }
}
