package org.ssasuite.core.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.BadInputException;

@Timeout(20)
@EnabledOnOs({OS.LINUX, OS.MAC})
class RegularFileTest {
  @TempDir Path folder;

  @Test
  void aNamedPipeIsRefusedWithoutWaiting() throws IOException, InterruptedException {
    Path pipe = pipe();
    assertRefused(pipe, "is a named pipe, not a regular file");
  }

  @Test
  void aLinkToANamedPipeIsRefused() throws IOException, InterruptedException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), pipe());
    assertRefused(link, "is a named pipe, not a regular file");
  }

  @Test
  void aDeviceIsRefused() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("zero"), Path.of("/dev/zero"));
    assertRefused(link, "is a device, not a regular file");
  }

  @Test
  void aSocketIsRefused() throws IOException {
    Path socket = folder.resolve("s");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      assertRefused(socket, "is a socket, not a regular file");
    }
  }

  @Test
  void aFolderIsRefused() {
    assertRefused(folder, "is a folder, not a regular file");
  }

  @Test
  void aLinkToNothingIsNamedAsSuch() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("missing"));
    assertRefused(link, "is a link that leads nowhere");
  }

  @Test
  void aLoopOfLinksIsRefused() throws IOException {
    Path link = folder.resolve("link");
    Files.createSymbolicLink(link, link);
    assertRefused(link, "is a link that leads nowhere");
  }

  @Test
  void aLinkToARegularFileIsRead() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "text");
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);
    assertThat(DataFile.of(link).text()).isEqualTo("text");
  }

  @Test
  void aPassageMayBeANamedPipe() throws IOException, InterruptedException {
    Path pipe = pipe();
    Thread writer = new Thread(() -> write(pipe, "1 2 3"));
    writer.start();
    assertThat(DataFile.passage(pipe).text()).isEqualTo("1 2 3");
    writer.join();
  }

  @Test
  void aPassageMayBeARegularFile() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "text");
    assertThat(DataFile.passage(file).text()).isEqualTo("text");
  }

  @Test
  void aPassageIsNoFolder() {
    assertThatThrownBy(() -> DataFile.passage(folder).text())
        .isInstanceOf(BadInputException.class)
        .hasMessage(folder + ": is a folder, not a file");
  }

  private void assertRefused(Path file, String fact) {
    assertThatThrownBy(() -> DataFile.of(file).text())
        .isInstanceOf(BadInputException.class)
        .hasMessage(file + ": " + fact);
    assertThatThrownBy(() -> Digests.sha256(file)).isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> RegularFile.channel(file)).isInstanceOf(BadInputException.class);
  }

  private Path pipe() throws IOException, InterruptedException {
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    return pipe;
  }

  private static void write(Path pipe, String text) {
    try {
      Files.writeString(pipe, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
