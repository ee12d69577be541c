package org.ssasuite.core.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.ssasuite.core.BadInputException;

/**
 * The one place where files are opened for reading: a named pipe would keep a command waiting for
 * ever, a device has no end, and neither can be read twice. The build refuses Java's own ways of
 * opening files everywhere else.
 *
 * <p>A file is looked at before it is opened, since Java cannot open one without waiting for a
 * pipe's other end; who exchanges it in between can still make a command wait.
 */
public final class RegularFile {
  private static final int KIND_MASK = 0170000;

  private RegularFile() {}

  /**
   * Makes sure that there is a regular file, or a link to one.
   *
   * @throws BadInputException if there is none, naming what there is
   */
  public static void require(Path file) {
    try {
      BasicFileAttributes there = Files.readAttributes(file, BasicFileAttributes.class);
      if (!there.isRegularFile()) {
        throw new BadInputException(file, "is " + kind(file, there) + ", not a regular file");
      }
    } catch (AccessDeniedException e) {
      throw BadInputException.io(file, e);
    } catch (IOException e) {
      throw Files.isSymbolicLink(file)
          ? new BadInputException(file.toString(), "is a link that leads nowhere", e)
          : BadInputException.io(file, e);
    }
  }

  /** The same where a file may be absent. */
  public static void requireIfThere(Path file) {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      require(file);
    }
  }

  /**
   * Opens a regular file; the caller closes it.
   *
   * @throws BadInputException if it is none
   * @throws IOException if it cannot be opened
   */
  public static InputStream stream(Path file) throws IOException {
    require(file);
    return Files.newInputStream(file);
  }

  /** The same at any place in it. */
  public static FileChannel channel(Path file) throws IOException {
    require(file);
    return FileChannel.open(file, StandardOpenOption.READ);
  }

  /** Copies a regular file to a name that is free. */
  public static void copy(Path file, Path to) throws IOException {
    require(file);
    Files.copy(file, to);
  }

  /**
   * Opens what is read once from its beginning to its end and was named on the command line for
   * that: standard input, a pipe, a regular file.
   *
   * @throws BadInputException if it is a folder or is not there
   * @throws IOException if it cannot be opened
   */
  static InputStream passage(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new BadInputException(file, "is a folder, not a file");
    }
    if (Files.isRegularFile(file)) {
      return Files.newInputStream(file);
    }
    return Channels.newInputStream(new WithoutPlaces(Files.newByteChannel(file)));
  }

  private static String kind(Path file, BasicFileAttributes there) {
    if (there.isDirectory()) {
      return "a folder";
    }
    try {
      Object mode = Files.getAttribute(file, "unix:mode");
      return switch ((int) mode & KIND_MASK) {
        case 0010000 -> "a named pipe";
        case 0020000, 0060000 -> "a device";
        case 0140000 -> "a socket";
        default -> "something else";
      };
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      // Only the word is lost where the system has no such attribute.
      return "something else";
    }
  }

  /** Java's stream of a channel that has places asks a pipe for them, which is an error. */
  private record WithoutPlaces(ReadableByteChannel channel) implements ReadableByteChannel {
    @Override
    public int read(ByteBuffer target) throws IOException {
      return channel.read(target);
    }

    @Override
    public boolean isOpen() {
      return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
