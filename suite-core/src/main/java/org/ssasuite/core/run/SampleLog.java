package org.ssasuite.core.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.ssasuite.core.BadInputException;

/**
 * The log of one task on one model in one mode: a JSON object a line, a line a sample. Mutable, one
 * owner. A line is handed to the operating system before the next sample is scored, and holds no
 * clock value: two runs of one spec write the same bytes.
 */
public final class SampleLog implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;

  /** Takes over a channel that stands at the end of the file. */
  SampleLog(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /** Makes the file and the folders above it; a log that is there is not touched. */
  static SampleLog create(Path file) {
    try {
      Files.createDirectories(file.getParent());
      return new SampleLog(
          file, FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    } catch (FileAlreadyExistsException e) {
      throw new BadInputException(
          e.getFile(), "exists already: another run, or the same model, mode and task twice", e);
    } catch (IOException e) {
      throw BadInputException.io(file, e);
    }
  }

  /**
   * Appends one line.
   *
   * @throws BadInputException if it cannot be written; the log then ends with the line before
   */
  public void append(SampleRecord sample) {
    try {
      long end = channel.position();
      try {
        ByteBuffer line = ByteBuffer.wrap(RunJson.line(sample));
        while (line.hasRemaining()) {
          channel.write(line);
        }
      } catch (IOException e) {
        channel.truncate(end);
        throw e;
      }
    } catch (IOException e) {
      throw BadInputException.io(file, e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw BadInputException.io(file, e);
    }
  }
}
