package org.ssasuite.core.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a run took place.
 *
 * @param operatingSystem its name and version
 * @param processor what the operating system calls it; the architecture where it has no name for it
 * @param processors how many of them this program may use
 * @param java version of the virtual machine
 */
public record Machine(
    String operatingSystem, String architecture, String processor, int processors, String java) {
  public Machine {
    Objects.requireNonNull(operatingSystem);
    Objects.requireNonNull(architecture);
    Objects.requireNonNull(processor);
    Objects.requireNonNull(java);
  }

  /** The machine that this program runs on. */
  public static Machine current() {
    String architecture = System.getProperty("os.arch");
    return new Machine(
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        architecture,
        processorName(Path.of("/proc/cpuinfo")).orElse(architecture),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("java.vm.name") + " " + System.getProperty("java.version"));
  }

  /** The first {@code model name} of a Linux processor list; other systems have no such file. */
  static Optional<String> processorName(Path list) {
    if (!Files.isReadable(list)) {
      return Optional.empty();
    }
    try (Stream<String> lines = Files.lines(list, StandardCharsets.ISO_8859_1)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst();
    } catch (IOException | UncheckedIOException e) {
      // A processor's name is worth recording, not worth failing for.
      return Optional.empty();
    }
  }
}
