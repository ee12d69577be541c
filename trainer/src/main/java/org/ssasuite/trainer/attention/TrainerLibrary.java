package org.ssasuite.trainer.attention;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.files.PackedLibrary;

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
   * @param cudaAbsence why it has no kernels for CUDA, or the empty string if it has
   */
  public record Present(String digest, String cudaAbsence) implements Availability {
    public Present {
      Objects.requireNonNull(digest);
      Objects.requireNonNull(cudaAbsence);
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

  /** Looks, and loads, once; a library in a jar is unpacked where the next process finds it. */
  public static synchronized Availability find() {
    if (found == null) {
      found = load(PackedLibrary.named("ssa_trainer"));
    }
    return found;
  }

  static Availability load(PackedLibrary packed) {
    try {
      Optional<Path> library = packed.unpack(TrainerLibrary.class);
      if (library.isEmpty()) {
        return new Absent("no " + packed.resource() + " on the class path", REMEDY);
      }
      PackedLibrary.load(library.get());
      return new Present(Digests.sha256(library.get()), NativeCalls.cudaAbsence());
    } catch (IOException e) {
      return new Absent(e.getMessage(), PackedLibrary.remedy());
    } catch (BadInputException e) {
      return new Absent(e.getMessage(), REMEDY);
    }
  }
}
