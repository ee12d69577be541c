package org.ssasuite.leaderboards.program;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.ssasuite.core.BadInputException;

/** What goes wrong with the machine, not with the program: memory, threads, files at its limits. */
public final class MachineFault {
  private static final int MAX_CAUSES = 20;

  /** How ONNX Runtime, libtorch and the C++ library begin to say it. */
  private static final Pattern NATIVE_MEMORY =
      Pattern.compile("(?i)bad_alloc|(failed to|can't|cannot) allocate memory");

  private static final String FEWER = "; a smaller --chunk, --batch or --lengths needs less";

  private MachineFault() {}

  /** One line for it; empty for anything else. */
  public static Optional<String> line(Throwable failure) {
    Throwable each = failure;
    for (int i = 0; i < MAX_CAUSES && each != null; i++) {
      Optional<String> line = own(each);
      if (line.isPresent()) {
        return line;
      }
      each = each.getCause();
    }
    return Optional.empty();
  }

  private static Optional<String> own(Throwable failure) {
    String said = String.valueOf(failure.getMessage());
    if (failure instanceof BadInputException) { // of a thread or a stream that wraps it, too
      return Optional.of(said);
    }
    if (failure instanceof OutOfMemoryError) {
      return Optional.of(said.contains("native thread") ? threads() : memory(said));
    }
    if (failure instanceof InternalError && said.contains("unsafe memory access")) {
      return Optional.of("a file became shorter while it was read through the memory map");
    }
    if (failure instanceof NoClassDefFoundError
        && failure.getCause() instanceof ClassNotFoundException) {
      return Optional.of(
          "part of the program cannot be loaded: "
              + said
              + "; more files may have to be open at once than 'ulimit -n' allows, or the build is"
              + " not whole: 'mvn clean package -DskipTests'");
    }
    if (failure instanceof UncheckedIOException) {
      return Optional.of(file((IOException) failure.getCause()));
    }
    if (NATIVE_MEMORY.matcher(said).find()) {
      return Optional.of("out of memory: " + said + FEWER);
    }
    return Optional.empty();
  }

  private static String file(IOException cause) {
    boolean named = cause instanceof FileSystemException system && system.getFile() != null;
    return named
        ? BadInputException.io(Path.of(((FileSystemException) cause).getFile()), cause).getMessage()
        : "a file cannot be read or written: " + cause.getMessage();
  }

  private static String memory(String said) {
    return String.format(
        Locale.ROOT,
        "out of memory: %s; Java may take %,d MiB here, more with JAVA_TOOL_OPTIONS=-Xmx<size> where"
            + " the machine has it"
            + FEWER,
        said,
        Runtime.getRuntime().maxMemory() >> 20);
  }

  private static String threads() {
    return "no more threads can be started: 'ulimit -u', a container's limit on processes or memory;"
        + " fewer --threads need fewer";
  }
}
