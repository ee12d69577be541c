package org.ssasuite.leaderboards.program;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The most memory that this process had at once, as Linux counts it. Says something about native
 * libraries only where the Java heap is in memory from the start ({@code -XX:+AlwaysPreTouch}).
 */
public final class ProcessMemory {
  private static final Path RESET = Path.of("/proc/self/clear_refs");
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String PEAK = "VmHWM:";

  private ProcessMemory() {}

  /** Absent where the system does not count, or does not let its count be reset. */
  public static Optional<ProcessMemory> find() {
    return Files.isWritable(RESET) && Files.isReadable(STATUS)
        ? Optional.of(new ProcessMemory())
        : Optional.empty();
  }

  /** From now on the peak is what the process has now, or a later one; gives it in bytes. */
  public long reset() throws IOException {
    Files.write(RESET, "5".getBytes(StandardCharsets.US_ASCII));
    return peak();
  }

  /** In bytes. */
  public long peak() throws IOException {
    for (String line : Files.readAllLines(STATUS, StandardCharsets.ISO_8859_1)) {
      if (line.startsWith(PEAK)) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
      }
    }
    throw new IOException(STATUS + " has no " + PEAK);
  }
}
