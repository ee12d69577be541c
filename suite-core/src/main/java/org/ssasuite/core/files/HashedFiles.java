package org.ssasuite.core.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.ssasuite.core.BadInputException;

/**
 * Files with their SHA-256, for which each is read once. Later it can be seen without another
 * reading whether they are still what was read: whoever writes to a file, or puts another in its
 * place, changes what the file system notes of it. Immutable.
 */
public final class HashedFiles {
  private final List<Hashed> files;

  private HashedFiles(List<Hashed> files) {
    this.files = List.copyOf(files);
  }

  private record Hashed(Path file, String sha256, Mark mark) {}

  /**
   * What a file system notes of a file.
   *
   * @param changed when its content or what is noted of it changed last, which nobody can set; only
   *     where file systems note it
   */
  private record Mark(
      Optional<Object> key, long bytes, FileTime modified, Optional<Object> changed) {
    static Mark of(Path file) throws IOException {
      BasicFileAttributes noted = Files.readAttributes(file, BasicFileAttributes.class);
      boolean unix = file.getFileSystem().supportedFileAttributeViews().contains("unix");
      return new Mark(
          Optional.ofNullable(noted.fileKey()),
          noted.size(),
          noted.lastModifiedTime(),
          unix ? Optional.of(Files.getAttribute(file, "unix:ctime")) : Optional.empty());
    }
  }

  /**
   * Reads files.
   *
   * @throws BadInputException if one cannot be read
   */
  public static HashedFiles read(List<Path> files) {
    List<Hashed> hashed = new ArrayList<>();
    for (Path file : files) {
      // Before the reading: what is written meanwhile shows later.
      Mark mark = mark(file);
      hashed.add(new Hashed(file, Digests.sha256(file), mark));
    }
    return new HashedFiles(hashed);
  }

  private static Mark mark(Path file) {
    try {
      return Mark.of(file);
    } catch (IOException e) {
      throw BadInputException.io(file, e);
    }
  }

  /** SHA-256 of each file, by its name without the folder's. */
  public Map<String, String> digests() {
    Map<String, String> digests = new TreeMap<>();
    files.forEach(one -> digests.put(String.valueOf(one.file().getFileName()), one.sha256()));
    return Collections.unmodifiableMap(digests);
  }

  /**
   * Makes sure that no file has changed; one that the file system says something else of is read
   * again.
   *
   * @param since what messages name
   * @throws BadInputException naming the file
   */
  public void requireUnchanged(String since) {
    for (Hashed one : files) {
      if (!Files.exists(one.file())) {
        throw changed(one, since, "none");
      }
      if (!mark(one.file()).equals(one.mark())) {
        String now = Digests.sha256(one.file());
        if (!now.equals(one.sha256())) {
          throw changed(one, since, now);
        }
      }
    }
  }

  private static BadInputException changed(Hashed one, String since, String now) {
    return new BadInputException(
        one.file(),
        "has changed since " + since + ": its SHA-256 was " + one.sha256() + ", and is " + now);
  }
}
