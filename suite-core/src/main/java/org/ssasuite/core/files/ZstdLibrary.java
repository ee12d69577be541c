package org.ssasuite.core.files;

import com.github.luben.zstd.util.ZstdVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Zstandard's native part. Left to itself it is copied into the temporary folder by each process,
 * and stays there when the process is killed.
 */
public final class ZstdLibrary {
  /** Where zstd-jni loads it from, if told so. */
  private static final String PATH = "ZstdNativePath";

  private ZstdLibrary() {}

  /**
   * Before the first use; where there is none for this machine, zstd-jni says so.
   *
   * @throws IOException if it cannot be unpacked; the message names the folder
   */
  public static synchronized void locate() throws IOException {
    if (System.getProperty(PATH) != null) {
      return;
    }
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch");
    Optional<Path> library =
        new PackedLibrary("/" + os + "/" + arch + "/libzstd-jni-" + ZstdVersion.VERSION + ".so")
            .unpack(ZstdVersion.class);
    library.ifPresent(file -> System.setProperty(PATH, file.toString()));
  }
}
