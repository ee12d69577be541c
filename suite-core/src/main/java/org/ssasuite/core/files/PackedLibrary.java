package org.ssasuite.core.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * A shared library that a build puts on the class path, for one operating system and processor.
 *
 * @param resource {@code /natives/<os>-<arch>/<file name>}
 */
public record PackedLibrary(String resource) {
  public PackedLibrary {
    Objects.requireNonNull(resource);
  }

  /**
   * The one for this machine.
   *
   * @param name without what the operating system puts around it, as {@code ssa_operators}
   */
  public static PackedLibrary named(String name) {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT).replace(" ", "");
    String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    if (arch.equals("amd64")) {
      arch = "x86_64";
    }
    return new PackedLibrary("/natives/" + os + "-" + arch + "/" + System.mapLibraryName(name));
  }

  /**
   * Copies the library to a temporary folder, which goes when the program ends.
   *
   * @param beside a class whose class path is searched
   * @return the copy; empty if there is no such library
   */
  public Optional<Path> unpack(Class<?> beside) throws IOException {
    try (InputStream in = beside.getResourceAsStream(resource)) {
      if (in == null) {
        return Optional.empty();
      }
      Path folder = Files.createTempDirectory("ssa-natives");
      Path library = folder.resolve(resource.substring(resource.lastIndexOf('/') + 1));
      // In this order: they go in the reverse one.
      folder.toFile().deleteOnExit();
      library.toFile().deleteOnExit();
      Files.copy(in, library, StandardCopyOption.REPLACE_EXISTING);
      return Optional.of(library);
    }
  }
}
