package org.ssasuite.trainer.attention;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.Availability;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.files.PackedLibrary;

/**
 * The shared library with the kernels of training, which the build puts on the class path; loaded.
 *
 * @param digest SHA-256 of the file
 * @param cudaAbsence why it has no kernels for CUDA, or the empty string if it has
 */
public record TrainerLibrary(String digest, String cudaAbsence) {
  private static final String NAME = "trainer library";
  private static final String REMEDY =
      "build it with 'mvn package -DskipTests' in the project's folder (needs cmake, g++ and a JDK)";
  private static final PackedLibrary PACKED = PackedLibrary.named("ssa_trainer");
  private static Availability<TrainerLibrary> found;

  public TrainerLibrary {
    Objects.requireNonNull(digest);
    Objects.requireNonNull(cudaAbsence);
  }

  /** Whether the class path has one: what only evaluates goes without. */
  public static boolean isBuilt() {
    return PACKED.isThere(TrainerLibrary.class);
  }

  /** Looks, and loads, once; a library in a jar is unpacked where the next process finds it. */
  public static synchronized Availability<TrainerLibrary> find() {
    if (found == null) {
      found = load(PACKED);
    }
    return found;
  }

  static Availability<TrainerLibrary> load(PackedLibrary packed) {
    try {
      Optional<Path> library = packed.unpack(TrainerLibrary.class);
      if (library.isEmpty()) {
        return new Availability.Absent<>(
            NAME, "no " + packed.resource() + " on the class path", REMEDY);
      }
      PackedLibrary.load(library.get());
      return new Availability.Present<>(
          new TrainerLibrary(Digests.sha256(library.get()), NativeCalls.cudaAbsence()));
    } catch (IOException e) {
      return new Availability.Absent<>(NAME, e.getMessage(), PackedLibrary.remedy());
    } catch (BadInputException e) {
      return new Availability.Absent<>(NAME, e.getMessage(), REMEDY);
    }
  }
}
