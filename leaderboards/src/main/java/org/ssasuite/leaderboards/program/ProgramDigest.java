package org.ssasuite.leaderboards.program;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.Digests;

/**
 * What the program is made of, as one number: SHA-256 over what is on its class path, jars and
 * folders in the order of their names. Two builds of the same sources have the same; a note beside
 * the sources changes nothing.
 *
 * <p>Of our own jars every file's bytes count; of the others, which are 250 MB, the names, lengths
 * and CRC-32 that a jar states of its files: what they would have to change in to be another
 * release.
 */
public final class ProgramDigest {
  private static final String OURS = "org/ssasuite/";

  private static final int BUFFER_BYTES = 1 << 16;

  private final MessageDigest digest;
  private final byte[] buffer = new byte[BUFFER_BYTES];

  private ProgramDigest(MessageDigest digest) {
    this.digest = digest;
  }

  /**
   * Of the program that runs: 64 hex digits.
   *
   * @throws BadInputException if a part of it cannot be read
   */
  public static String current() {
    return of(
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(Path::of)
            .toList());
  }

  static String of(List<Path> classPath) {
    try {
      ProgramDigest program = new ProgramDigest(MessageDigest.getInstance("SHA-256"));
      List<Path> parts = new ArrayList<>(classPath);
      parts.removeIf(part -> !Files.exists(part));
      parts.sort(Comparator.comparing(part -> String.valueOf(part.getFileName())));
      for (Path part : parts) {
        program.add(part);
      }
      return HexFormat.of().formatHex(program.digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  private void add(Path part) {
    try {
      if (Files.isDirectory(part)) {
        addFolder(part);
      } else {
        addJar(part);
      }
    } catch (IOException e) {
      throw BadInputException.io(part, e);
    }
  }

  private void addFolder(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files = all.filter(Files::isRegularFile).sorted().toList();
    }
    for (Path file : files) {
      line(folder.relativize(file) + " " + Digests.sha256(file));
    }
  }

  private void addJar(Path file) throws IOException {
    try (ZipFile jar = new ZipFile(file.toFile())) {
      List<? extends ZipEntry> entries =
          jar.stream()
              .filter(entry -> !entry.isDirectory())
              .sorted(Comparator.comparing(ZipEntry::getName))
              .toList();
      boolean ours = entries.stream().anyMatch(entry -> entry.getName().startsWith(OURS));
      line(String.valueOf(file.getFileName()));
      for (ZipEntry entry : entries) {
        line(entry.getName() + " " + entry.getSize() + " " + Long.toHexString(entry.getCrc()));
        if (ours) {
          content(jar.getInputStream(entry));
        }
      }
    }
  }

  private void line(String text) {
    digest.update((text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private void content(InputStream stream) throws IOException {
    try (InputStream in = stream) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    }
  }
}
