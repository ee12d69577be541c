package org.ssasuite.runtime.onnx;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.files.PackedLibrary;

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

  /** Looks once; a library in a jar is unpacked where the next process finds it again. */
  public static synchronized Availability find() {
    if (found == null) {
      found = look(PackedLibrary.named("ssa_operators"));
    }
    return found;
  }

  private static Availability look(PackedLibrary packed) {
    try {
      Optional<Path> library = packed.unpack(OperatorLibrary.class);
      return library.isPresent()
          ? new Present(library.get(), Digests.sha256(library.get()))
          : new Absent("no " + packed.resource() + " on the class path", REMEDY);
    } catch (IOException e) {
      return new Absent(e.getMessage(), PackedLibrary.remedy());
    }
  }
}
