package org.ssasuite.runtime.onnx;

import ai.onnxruntime.OrtEnvironment;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.PackedLibrary;

/**
 * ONNX Runtime's own shared libraries. Left to itself it copies them (30 MB, with CUDA 400) into a
 * new temporary folder at every start; told where they lie it loads them from there.
 */
final class OnnxNatives {
  /** Where ONNX Runtime looks for its libraries, if told so. */
  static final String PATH = "onnxruntime.native.path";

  private static final List<String> NEEDED = List.of("onnxruntime", "onnxruntime4j_jni");

  /** Providers, which the build for the CPU has not; they must lie beside the others. */
  private static final List<String> POSSIBLE =
      List.of("onnxruntime_providers_shared", "onnxruntime_providers_cuda");

  private static boolean ours;

  private OnnxNatives() {}

  /**
   * Before it is loaded. A user's own folder stays; where the jar has none for this machine, ONNX
   * Runtime says so.
   *
   * @throws BadInputException if they cannot be unpacked
   */
  static synchronized void locate() {
    if (System.getProperty(PATH) != null) {
      return;
    }
    String folder = "/ai/onnxruntime/native/" + machine() + "/";
    List<PackedLibrary> libraries = new ArrayList<>();
    NEEDED.forEach(name -> libraries.add(packed(folder, name)));
    POSSIBLE.stream()
        .map(name -> packed(folder, name))
        .filter(library -> library.isThere(OrtEnvironment.class))
        .forEach(libraries::add);
    try {
      Optional<Path> found = PackedLibrary.unpack(OrtEnvironment.class, libraries);
      found.ifPresent(place -> System.setProperty(PATH, place.toString()));
      ours = found.isPresent();
    } catch (IOException e) {
      throw new BadInputException(
          "ONNX Runtime", e.getMessage() + "; " + PackedLibrary.remedy(), e);
    }
  }

  /**
   * After it was loaded from the folder that {@link #locate} found: ONNX Runtime has made a
   * temporary folder all the same, empty, which it would leave to the end of the process, and a
   * process that is killed to everybody. Its name is in a private field only; where that is not,
   * the folder stays.
   */
  static synchronized void removeTemporaryFolder() {
    if (!ours) {
      return;
    }
    try {
      Field field = Class.forName("ai.onnxruntime.OnnxRuntime").getDeclaredField("tempDirectory");
      field.setAccessible(true);
      if (field.get(null) instanceof Path folder) {
        Files.deleteIfExists(folder);
      }
    } catch (ReflectiveOperationException | InaccessibleObjectException | IOException e) {
      return;
    }
  }

  /** Whether a user named another folder than the jar's own libraries. */
  static synchronized boolean areUsers() {
    return !ours && System.getProperty(PATH) != null;
  }

  private static PackedLibrary packed(String folder, String name) {
    return new PackedLibrary(folder + System.mapLibraryName(name));
  }

  /** As ONNX Runtime names it; its jar has libraries for Linux, macOS and Windows. */
  private static String machine() {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch");
    String processor = arch.equals("amd64") || arch.equals("x86_64") ? "x64" : arch;
    if (os.startsWith("mac")) {
      return "osx-" + processor;
    }
    return (os.startsWith("windows") ? "win-" : "linux-") + processor;
  }
}
