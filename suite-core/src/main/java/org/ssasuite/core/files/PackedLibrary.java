package org.ssasuite.core.files;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.ssasuite.core.BadInputException;

/**
 * A shared library on the class path, of ours or of a dependency.
 *
 * @param resource its name there; ours are {@code /natives/<os>-<arch>/<file name>}
 */
public record PackedLibrary(String resource) {
  public PackedLibrary {
    Objects.requireNonNull(resource);
  }

  /**
   * The one of ours for this machine.
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
   * The library as a file that can be loaded: where it lies, or unpacked where every process of
   * this user finds it again ({@link LibraryFolder}).
   *
   * @param beside a class whose class path is searched
   * @return the file; empty if there is no such library
   * @throws IOException if it cannot be unpacked; the message names the folder
   */
  public Optional<Path> unpack(Class<?> beside) throws IOException {
    return unpack(beside, List.of(this)).map(folder -> folder.resolve(fileName()));
  }

  /**
   * Libraries that look for each other beside themselves, in one folder.
   *
   * @return the folder with all of them; empty if one is missing
   * @throws IOException if they cannot be unpacked; the message names the folder
   */
  public static Optional<Path> unpack(Class<?> beside, List<PackedLibrary> libraries)
      throws IOException {
    return LibraryFolder.holding(beside, libraries);
  }

  /** Whether there is such a library. */
  public boolean isThere(Class<?> beside) {
    return beside.getResource(resource) != null;
  }

  /**
   * Loads a library into this process.
   *
   * @throws BadInputException if the system refuses; says what may help
   */
  public static void load(Path library) {
    try {
      System.load(library.toString());
    } catch (UnsatisfiedLinkError e) {
      throw new BadInputException(
          library.toString(), "cannot be loaded: " + reason(library, e) + "; " + remedy(), e);
    }
  }

  /** The loader's words without the file's name, which is said before them. */
  private static String reason(Path library, UnsatisfiedLinkError failure) {
    String said = String.valueOf(failure.getMessage());
    return said.replace(library + ": ", "");
  }

  /** What helps where libraries can neither be unpacked nor loaded. */
  public static String remedy() {
    return "where the folder of the build cannot be written, libraries go to the temporary folder"
        + ", which then must be writable and not mounted noexec: name another one with TMPDIR, or"
        + " with JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=DIR";
  }

  String fileName() {
    return resource.substring(resource.lastIndexOf('/') + 1);
  }
}
