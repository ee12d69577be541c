package org.ssasuite.trainer.attention;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Objects;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.Digests;

/** The shared library with the kernels of training, which the build puts on the class path. */
public final class TrainerLibrary {
  private static final String REMEDY =
      "build it with 'mvn package -DskipTests' in the project's folder (needs cmake, g++ and a JDK)";
  private static Availability found;

  private TrainerLibrary() {}

  /** Whether the library is there. */
  public sealed interface Availability permits Present, Absent {
    /**
     * SHA-256 of the library's file.
     *
     * @throws BadInputException with cause and remedy if there is none
     */
    String require();
  }

  /**
   * The library is loaded.
   *
   * @param digest SHA-256 of the file
   */
  public record Present(String digest) implements Availability {
    public Present {
      Objects.requireNonNull(digest);
    }

    @Override
    public String require() {
      return digest;
    }
  }

  /** The library is not there, why, and what to do about it. */
  public record Absent(String cause, String remedy) implements Availability {
    public Absent {
      Objects.requireNonNull(cause);
      Objects.requireNonNull(remedy);
    }

    @Override
    public String require() {
      throw new BadInputException("trainer library", cause + "; " + remedy);
    }
  }

  /** Looks, and loads, once; a library in a jar is unpacked to a temporary folder. */
  public static synchronized Availability find() {
    if (found == null) {
      found = load(resourceName());
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
    return "/natives/" + os + "-" + arch + "/" + System.mapLibraryName("ssa_trainer");
  }

  static Availability load(String resource) {
    try (InputStream in = TrainerLibrary.class.getResourceAsStream(resource)) {
      if (in == null) {
        return new Absent("no " + resource + " on the class path", REMEDY);
      }
      Path folder = Files.createTempDirectory("ssa-trainer");
      Path library = folder.resolve(System.mapLibraryName("ssa_trainer"));
      Files.copy(in, library, StandardCopyOption.REPLACE_EXISTING);
      library.toFile().deleteOnExit();
      folder.toFile().deleteOnExit();
      System.load(library.toString());
      return new Present(Digests.sha256(library));
    } catch (IOException e) {
      return new Absent(
          "cannot be unpacked: " + e.getMessage(), "free space in the temporary folder");
    } catch (UnsatisfiedLinkError e) {
      return new Absent("cannot be loaded: " + e.getMessage(), REMEDY);
    }
  }
}
