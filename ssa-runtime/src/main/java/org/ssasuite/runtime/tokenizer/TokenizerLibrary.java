package org.ssasuite.runtime.tokenizer;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.PackedLibrary;

/**
 * The tokenizer library's native half. It is unpacked from its jar for each process, like the
 * operators, and loaded by path: DJL's own way leaves a copy in the user's home that it never looks
 * at again, and one that was cut short there ends every process that loads it.
 */
final class TokenizerLibrary {
  private static boolean loaded;

  private TokenizerLibrary() {}

  /**
   * The library, loaded.
   *
   * @throws BadInputException naming the library and the folder if it cannot be
   */
  static synchronized TokenizersLibrary get() {
    if (!loaded) {
      load(
          new PackedLibrary(
              resource(System.getProperty("os.name"), System.getProperty("os.arch"))));
      loaded = true;
    }
    return TokenizersLibrary.LIB;
  }

  /** Where the jar has the build for a machine. */
  static String resource(String os, String arch) {
    String system = os.toLowerCase(Locale.ROOT);
    String platform = system.startsWith("mac") ? "osx" : system.startsWith("win") ? "win" : "linux";
    String processor = arch.equals("amd64") ? "x86_64" : arch;
    return "/native/lib/"
        + platform
        + "-"
        + processor
        + "/cpu/"
        + System.mapLibraryName("tokenizers");
  }

  private static void load(PackedLibrary packed) {
    try {
      Path library =
          packed
              .unpack(TokenizersLibrary.class)
              .orElseThrow(() -> cannot("no " + packed.resource() + " on the class path", null));
      System.load(library.toString());
    } catch (IOException e) {
      String folder = System.getProperty("java.io.tmpdir");
      throw cannot(
          "cannot be unpacked to "
              + folder
              + ": "
              + e.getMessage()
              + "; free space there, or name another folder by TMPDIR",
          e);
    } catch (UnsatisfiedLinkError e) {
      throw cannot(
          e.getMessage() + "; TMPDIR must name a folder that programs may be loaded from", e);
    }
  }

  private static BadInputException cannot(String fact, Throwable cause) {
    return new BadInputException("tokenizer library", fact, cause);
  }
}
