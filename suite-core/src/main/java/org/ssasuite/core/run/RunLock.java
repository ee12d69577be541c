package org.ssasuite.core.run;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.RegularFile;

/**
 * Keeps two runs out of one folder: the operating system's lock on a file in it, which goes with
 * the process, however that ends. The file stays, empty: taking it away could not be told apart
 * from another run's making it. Mutable, one owner.
 */
public final class RunLock implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;

  private RunLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Takes the lock.
   *
   * @throws BadInputException if another run has it, or the folder cannot be written
   */
  public static RunLock take(Path folder) {
    Path file = folder.resolve(".lock");
    RegularFile.requireIfThere(file);
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!locked(channel)) {
        channel.close();
        throw new BadInputException(folder, "another run is writing into it");
      }
      return new RunLock(file, channel);
    } catch (IOException e) {
      throw BadInputException.io(file, e);
    }
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      // This process has it.
      return false;
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
