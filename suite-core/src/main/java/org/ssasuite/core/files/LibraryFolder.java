package org.ssasuite.core.files;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.jar.JarEntry;
import java.util.zip.CRC32;

/**
 * Where libraries out of jars lie as files. The system loads files only; a copy of each process's
 * own costs every start a second and stays behind when the process is killed. So they lie in
 * folders named by what is in them, made once: beside the jars, in the folder that the launcher
 * names ({@code ssa.natives}), or where that cannot be written, in this user's own part of the
 * temporary folder.
 *
 * <p>Whoever can write beside the jars can change the jars, and nobody else can write into {@link
 * OwnTemporaryFolder}. What is checked before a library is used is that it is whole: its length and
 * CRC-32 are those that the jar states.
 */
final class LibraryFolder {
  private static final String BESIDE_JARS = "ssa.natives";

  private static final int KEY_DIGITS = 16;
  private static final int BUFFER_BYTES = 1 << 16;

  private LibraryFolder() {}

  /** A library in a jar, and what the jar says of it. */
  private record Entry(String fileName, URL url, long bytes, long crc) {
    boolean isAt(Path file) throws IOException {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) != bytes) {
        return false;
      }
      CRC32 sum = new CRC32();
      byte[] buffer = new byte[BUFFER_BYTES];
      try (InputStream in = RegularFile.stream(file)) {
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          sum.update(buffer, 0, n);
        }
      }
      return sum.getValue() == crc;
    }

    /** In one step: others may be loading it, or unpacking it as well. */
    void unpackTo(Path file) throws IOException {
      Path beside = file.resolveSibling("." + UUID.randomUUID() + ".part");
      try (InputStream in = url.openStream()) {
        Files.copy(in, beside);
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(beside);
      }
    }
  }

  /** The folder that holds all of some libraries; empty if the class path has not all of them. */
  static Optional<Path> holding(Class<?> beside, List<PackedLibrary> libraries) throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (PackedLibrary library : libraries) {
      URL url = beside.getResource(library.resource());
      if (url == null) {
        return Optional.empty();
      }
      URLConnection connection = url.openConnection();
      if (connection instanceof JarURLConnection jar) {
        JarEntry entry = jar.getJarEntry();
        entries.add(new Entry(library.fileName(), url, entry.getSize(), entry.getCrc()));
      } else if (url.getProtocol().equals("file")) {
        return Optional.of(folderOf(url));
      } else {
        throw new IOException(url + " is neither a file nor in a jar");
      }
    }
    return Optional.of(unpacked(entries));
  }

  /** Classes in a folder have their libraries beside them. */
  private static Path folderOf(URL file) throws IOException {
    try {
      return Path.of(file.toURI()).getParent();
    } catch (URISyntaxException e) {
      throw new IOException(file + " is no file name", e);
    }
  }

  private static Path unpacked(List<Entry> entries) throws IOException {
    String key = key(entries);
    String named = System.getProperty(BESIDE_JARS, "");
    if (!named.isEmpty()) {
      try {
        return filled(Path.of(named).resolve(key), entries);
      } catch (IOException e) {
        // Read-only or full; the temporary folder is next, and says so itself if it is too.
        return filled(OwnTemporaryFolder.find().resolve(key), entries);
      }
    }
    return filled(OwnTemporaryFolder.find().resolve(key), entries);
  }

  private static Path filled(Path folder, List<Entry> entries) throws IOException {
    try {
      for (Entry entry : entries) {
        Path file = folder.resolve(entry.fileName());
        if (!entry.isAt(file)) {
          Files.createDirectories(folder);
          entry.unpackTo(file);
        }
      }
      return folder.toAbsolutePath();
    } catch (IOException e) {
      throw new IOException("libraries cannot be put into " + folder + ": " + e.getMessage(), e);
    }
  }

  private static String key(List<Entry> entries) {
    return Digests.sha256(
            entries.stream().map(e -> e.fileName() + " " + e.bytes() + " " + e.crc() + "\n"))
        .substring(0, KEY_DIGITS);
  }
}
