package org.ssasuite.leaderboards.fuzz;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;

/** What stands under the name of a file. All but the first two are what no reader may read. */
enum FileKind {
  REGULAR,
  LINK,
  FOLDER,
  LINK_TO_NOTHING,
  LINK_TO_ITSELF,
  SOCKET,
  NAMED_PIPE,
  DEVICE;

  private static final List<FileKind> OTHERS =
      List.of(LINK, FOLDER, LINK_TO_NOTHING, LINK_TO_ITSELF, SOCKET, NAMED_PIPE, DEVICE);

  /** Without those that a text of the command line may be: nobody writes into the pipe. */
  private static final List<FileKind> FOR_PASSAGES =
      List.of(LINK, FOLDER, LINK_TO_NOTHING, LINK_TO_ITSELF, SOCKET);

  static FileKind other(RandomGenerator random, boolean passage) {
    List<FileKind> kinds = passage ? FOR_PASSAGES : OTHERS;
    return kinds.get(random.nextInt(kinds.size()));
  }

  boolean isReadable() {
    return this == REGULAR || this == LINK;
  }

  String text() {
    return switch (this) {
      case REGULAR -> "a regular file";
      case LINK -> "a link to the file";
      case FOLDER -> "a folder";
      case LINK_TO_NOTHING -> "a link to nothing";
      case LINK_TO_ITSELF -> "a link to itself";
      case SOCKET -> "a socket";
      case NAMED_PIPE -> "a named pipe";
      case DEVICE -> "a link to a device";
    };
  }

  /** Puts it there; where the system has no such thing, a folder. */
  void put(Path file, byte[] content) throws IOException {
    Files.createDirectories(file.getParent());
    try {
      switch (this) {
        case REGULAR -> Files.write(file, content);
        case LINK -> Files.createSymbolicLink(file, Files.write(beside(file), content));
        case FOLDER -> Files.createDirectory(file);
        case LINK_TO_NOTHING -> Files.createSymbolicLink(file, Path.of("nothing"));
        case LINK_TO_ITSELF -> Files.createSymbolicLink(file, file);
        case SOCKET -> putSocket(file);
        case NAMED_PIPE -> putPipe(file);
        case DEVICE -> Files.createSymbolicLink(file, Path.of("/dev/zero"));
      }
    } catch (UnsupportedOperationException | IOException e) {
      if (isReadable() || Files.exists(file)) {
        throw new IOException("cannot make " + text() + " of " + file, e);
      }
      Files.createDirectory(file);
    }
  }

  private static Path beside(Path file) {
    return file.resolveSibling("linked-" + file.getFileName());
  }

  private static void putSocket(Path file) throws IOException {
    try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      socket.bind(UnixDomainSocketAddress.of(file));
    }
  }

  private static void putPipe(Path file) throws IOException {
    try {
      new ProcessBuilder("mkfifo", file.toString()).start().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    if (!Files.exists(file)) {
      throw new IOException("no pipe");
    }
  }

  /** Takes away what {@link #put} made. */
  static void remove(Path file) throws IOException {
    Files.deleteIfExists(file);
    Files.deleteIfExists(beside(file));
  }
}
