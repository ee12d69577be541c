package org.ssasuite.runtime.onnx;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Objects;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.Digests;

/** The shared library with our operators, which the build puts on the class path. */
public final class OperatorLibrary {
  private static final String REMEDY =
      "build it with 'mvn package -DskipTests' in the project's folder (needs cmake and g++)";
  private static Availability found;

  private OperatorLibrary() {}

  /** Whether the library is there. */
  public sealed interface Availability permits Present, Absent {
    /**
     * The library's file.
     *
     * @throws BadInputException with cause and remedy if there is none
     */
    Path require();
  }

  /**
   * The library is there.
   *
   * @param digest SHA-256 of the file
   */
  public record Present(Path library, String digest) implements Availability {
    public Present {
      Objects.requireNonNull(library);
      Objects.requireNonNull(digest);
    }

    @Override
    public Path require() {
      return library;
    }
  }

  /** The library is not there, why, and what to do about it. */
  public record Absent(String cause, String remedy) implements Availability {
    public Absent {
      Objects.requireNonNull(cause);
      Objects.requireNonNull(remedy);
    }

    @Override
    public Path require() {
      throw new BadInputException("operator library", cause + "; " + remedy);
    }
  }

  /** Looks once; a library in a jar is unpacked to a temporary folder. */
  public static synchronized Availability find() {
    if (found == null) {
      found = look(resourceName());
    }
    return found;
  }

  /** Where the build puts the library for this machine: {@code natives/<os>-<arch>/…}. */
  private static String resourceName() {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT).replace(" ", "");
    String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    if (arch.equals("amd64")) {
      arch = "x86_64";
    }
    return "/natives/" + os + "-" + arch + "/" + System.mapLibraryName("ssa_operators");
  }

  private static Availability look(String resource) {
    try (InputStream in = OperatorLibrary.class.getResourceAsStream(resource)) {
      if (in == null) {
        return new Absent("no " + resource + " on the class path", REMEDY);
      }
      Path folder = Files.createTempDirectory("ssa-operators");
      Path library = folder.resolve(System.mapLibraryName("ssa_operators"));
      Files.copy(in, library, StandardCopyOption.REPLACE_EXISTING);
      library.toFile().deleteOnExit();
      folder.toFile().deleteOnExit();
      return new Present(library, Digests.sha256(library));
    } catch (IOException e) {
      return new Absent(
          "cannot be unpacked: " + e.getMessage(), "free space in the temporary folder");
    }
  }
}
