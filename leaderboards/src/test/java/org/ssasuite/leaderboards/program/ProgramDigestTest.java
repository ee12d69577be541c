package org.ssasuite.leaderboards.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramDigestTest {
  @TempDir Path folder;

  @Test
  void whereJarsLieAndInWhichOrderDoesNotCount() throws IOException {
    Path one = jar("a/one.jar", "org/ssasuite/One.class", "1", 0);
    Path two = jar("a/two.jar", "other/Two.class", "2", 0);
    Path elsewhere = jar("b/one.jar", "org/ssasuite/One.class", "1", 0);

    assertThat(ProgramDigest.of(List.of(two, elsewhere)))
        .isEqualTo(ProgramDigest.of(List.of(one, two)));
  }

  @Test
  void howAJarIsPackedDoesNotCount() throws IOException {
    assertThat(ProgramDigest.of(List.of(jar("b/one.jar", "org/ssasuite/One.class", "1", 9))))
        .isEqualTo(ProgramDigest.of(List.of(jar("a/one.jar", "org/ssasuite/One.class", "1", 0))));
  }

  @Test
  void aByteOfAClassCounts() throws IOException {
    assertThat(ProgramDigest.of(List.of(jar("b/one.jar", "org/ssasuite/One.class", "2", 0))))
        .isNotEqualTo(
            ProgramDigest.of(List.of(jar("a/one.jar", "org/ssasuite/One.class", "1", 0))));
  }

  @Test
  void aByteOfALibraryOfOthersCounts() throws IOException {
    assertThat(ProgramDigest.of(List.of(jar("b/one.jar", "native/libone.so", "2", 0))))
        .isNotEqualTo(ProgramDigest.of(List.of(jar("a/one.jar", "native/libone.so", "1", 0))));
  }

  @Test
  void aByteOfAClassInAFolderCounts() throws IOException {
    Path classes = Files.createDirectories(folder.resolve("classes/org"));
    Files.writeString(classes.resolve("One.class"), "1");
    String before = ProgramDigest.of(List.of(folder.resolve("classes")));
    Files.writeString(classes.resolve("One.class"), "2");

    assertThat(ProgramDigest.of(List.of(folder.resolve("classes")))).isNotEqualTo(before);
  }

  private Path jar(String name, String entry, String content, int level) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    try (ZipOutputStream jar = new ZipOutputStream(Files.newOutputStream(file))) {
      jar.setLevel(level);
      jar.putNextEntry(new ZipEntry(entry));
      jar.write(content.getBytes(StandardCharsets.UTF_8));
    }
    return file;
  }
}
