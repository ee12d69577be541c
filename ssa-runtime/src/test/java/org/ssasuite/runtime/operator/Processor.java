package org.ssasuite.runtime.operator;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.ssasuite.runtime.engine.Isa;

/** What the machine's processor says it has: Linux's list, not the operators' own question. */
final class Processor {
  private static final Path LIST = Path.of("/proc/cpuinfo");
  private static final Set<String> FLAGS = flags();

  private Processor() {}

  /** Skips the test, with a reason, on a processor without the instruction set. */
  static void assumeHas(Isa isa) {
    assumeThat(FLAGS)
        .describedAs("this processor has %s", isa.text().toUpperCase(Locale.ROOT))
        .containsAll(needs(isa));
  }

  private static List<String> needs(Isa isa) {
    if (isa == Isa.AVX512) {
      return List.of("avx512f", "avx512dq", "avx512vl", "avx512bw");
    }
    return isa == Isa.AVX2 ? List.of("avx2", "fma") : List.of();
  }

  private static Set<String> flags() {
    try {
      return Files.readAllLines(LIST, StandardCharsets.UTF_8).stream()
          .filter(line -> line.startsWith("flags"))
          .findFirst()
          .map(line -> Set.copyOf(Arrays.asList(line.split("\\s+"))))
          .orElse(Set.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
