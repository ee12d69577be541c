package org.ssasuite.core.files;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.ssasuite.core.BadInputException;

/**
 * Writes files as a whole or not at all: the content goes to a file beside the target and to the
 * disk, then takes the target's name. If anything fails, a file that was there stays as it was and
 * nothing else is left.
 */
public final class AtomicFile {
  private AtomicFile() {}

  /**
   * Replaces or makes a file; its folder must exist.
   *
   * @throws BadInputException if the disk is full, the folder cannot be written, …
   */
  public static void write(Path file, byte[] content) {
    place(file, beside -> writeThrough(beside, content));
  }

  /** What is written into a file while it is open. */
  public interface Content {
    /** Writes all of it. */
    void into(Writer text) throws IOException;
  }

  /**
   * The same for a text in UTF-8 that is too long to be held.
   *
   * @throws BadInputException as {@link #write(Path, byte[])}
   */
  public static void writing(Path file, Content content) {
    place(
        file,
        beside -> {
          try (FileChannel channel =
                  FileChannel.open(
                      beside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
              Writer text =
                  new BufferedWriter(Channels.newWriter(channel, StandardCharsets.UTF_8))) {
            content.into(text);
            text.flush();
            channel.force(true);
          }
        });
  }

  /** Makes the file beside. */
  private interface Making {
    void at(Path beside) throws IOException;
  }

  private static void place(Path file, Making making) {
    // A short name of its own: one made from the target's could be too long for the file system.
    Path beside = file.resolveSibling(".ssa-" + UUID.randomUUID() + ".part");
    try {
      try {
        making.at(beside);
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(beside);
      }
    } catch (IOException e) {
      throw BadInputException.io(file, e);
    }
  }

  /** The same for a text, in UTF-8. */
  public static void write(Path file, String text) {
    write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void writeThrough(Path file, byte[] content) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer rest = ByteBuffer.wrap(content);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      channel.force(true);
    }
  }
}
