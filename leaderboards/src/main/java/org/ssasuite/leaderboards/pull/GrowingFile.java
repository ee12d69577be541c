package org.ssasuite.leaderboards.pull;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.LongConsumer;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.RegularFile;

/**
 * A file that is being brought. What is there of it stays when the program ends, and is gone on
 * with. Mutable; one owner.
 */
final class GrowingFile implements HubClient.Sink {
  private static final int BUFFER_BYTES = 1 << 16;

  private final Path path;
  private final HubFile file;
  private final LongConsumer progress;

  /**
   * Goes on with what is there.
   *
   * @param progress is told how many bytes are there
   */
  GrowingFile(Path path, HubFile file, LongConsumer progress) {
    this.path = path;
    this.file = file;
    this.progress = progress;
    RegularFile.requireIfThere(path);
    if (bytes() > file.bytes()) {
      empty();
    }
  }

  @Override
  public long bytes() {
    try {
      return Files.exists(path) ? Files.size(path) : 0;
    } catch (IOException e) {
      throw BadInputException.io(path, e);
    }
  }

  @Override
  public boolean whole() {
    return Files.exists(path) && bytes() == file.bytes();
  }

  @Override
  public void restart() {
    empty();
  }

  private void empty() {
    try {
      Files.write(path, new byte[0]);
    } catch (IOException e) {
      throw BadInputException.io(path, e);
    }
  }

  /** More than was said does not come to an end by itself. */
  @Override
  public void take(InputStream content) throws IOException {
    long there = bytes();
    byte[] buffer = new byte[BUFFER_BYTES];
    try (OutputStream out = opened()) {
      for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
        there += n;
        if (there > file.bytes()) {
          throw new BadInputException(
              file.path(), "more comes than the " + file.bytes() + " bytes that its tree states");
        }
        write(out, buffer, n);
        progress.accept(there);
      }
    }
  }

  /** A disk's fault is not the network's: it would be tried again in vain. */
  private OutputStream opened() {
    try {
      return Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw BadInputException.io(path, e);
    }
  }

  private void write(OutputStream out, byte[] bytes, int length) {
    try {
      out.write(bytes, 0, length);
    } catch (IOException e) {
      throw BadInputException.io(path, e);
    }
  }

  /**
   * Holds it against the digest that its tree states: SHA-256 of what lies behind a pointer, Git's
   * SHA-1 of what does not.
   *
   * @throws BadInputException if it has another, and then nothing of it is left
   */
  void requireDigest() {
    String found = file.sha256().isPresent() ? digest("SHA-256", "") : digest("SHA-1", header());
    if (!found.equals(file.digest())) {
      try {
        Files.deleteIfExists(path);
      } catch (IOException e) {
        throw BadInputException.io(path, e);
      }
      throw new BadInputException(
          file.path(),
          "what came has the digest %s, not %s as its tree states; it was thrown away"
              .formatted(found, file.digest()));
    }
  }

  /** What Git hashes before a file's bytes. */
  private String header() {
    return "blob " + file.bytes() + "\0";
  }

  private String digest(String algorithm, String before) {
    try (InputStream in = RegularFile.stream(path)) {
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      digest.update(before.getBytes(StandardCharsets.US_ASCII));
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has " + algorithm, e);
    } catch (IOException e) {
      throw BadInputException.io(path, e);
    }
  }
}
