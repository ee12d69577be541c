package org.ssasuite.runtime.onnx;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.ssasuite.core.files.Availability;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.files.PackedLibrary;

/**
 * The shared library with our operators, which the build puts on the class path.
 *
 * @param digest SHA-256 of the file
 */
public record OperatorLibrary(Path file, String digest) {
  private static final String NAME = "operator library";
  private static final String REMEDY =
      "build it with 'mvn package -DskipTests' in the project's folder (needs cmake and g++)";
  private static Availability<OperatorLibrary> found;

  public OperatorLibrary {
    Objects.requireNonNull(file);
    Objects.requireNonNull(digest);
  }

  /** Looks once; a library in a jar is unpacked where the next process finds it again. */
  public static synchronized Availability<OperatorLibrary> find() {
    if (found == null) {
      found = look(PackedLibrary.named("ssa_operators"));
    }
    return found;
  }

  private static Availability<OperatorLibrary> look(PackedLibrary packed) {
    try {
      Optional<Path> library = packed.unpack(OperatorLibrary.class);
      if (library.isEmpty()) {
        return new Availability.Absent<>(
            NAME, "no " + packed.resource() + " on the class path", REMEDY);
      }
      return new Availability.Present<>(
          new OperatorLibrary(library.get(), Digests.sha256(library.get())));
    } catch (IOException e) {
      return new Availability.Absent<>(NAME, e.getMessage(), PackedLibrary.remedy());
    }
  }
}
