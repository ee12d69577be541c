package org.ssasuite.leaderboards;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.testing.SlowTest;

/**
 * Ten minutes of one kind of task, with the launcher's options: resident memory, descriptors and
 * temporary files stay what they are once everything has been used. Prints what it measured.
 */
class SoakTest {
  private static final long SECONDS = 600;
  private static final long INTERVAL_SECONDS = 20;

  /** Until then code is compiled, and the heap grows to the size that it keeps. */
  private static final long SETTLED_SECONDS = 200;

  private static final String SEEDS =
      LongStream.rangeClosed(1, 200).mapToObj(Long::toString).collect(Collectors.joining(","));

  @TempDir Path folder;

  private record Reading(long seconds, long residentKib, long descriptors, long temporaryFiles) {}

  @SlowTest
  void choiceTasksKeepTheirSize() throws Exception {
    assertThatNothingGrows(
        readings("--tasks", "hellaswag-valshots,piqa,arc_easy", "--shots", "10", "--seeds", SEEDS));
  }

  @SlowTest
  void generationsKeepTheirSize() throws Exception {
    assertThatNothingGrows(
        readings("--tasks", "niah_single_1,vt,cwe,fwe", "--lengths", "1k,2k", "--limit", "500"));
  }

  private static void assertThatNothingGrows(List<Reading> readings) {
    List<Reading> settled =
        readings.stream().filter(reading -> reading.seconds >= SETTLED_SECONDS).toList();
    assertThat(settled).hasSizeGreaterThan(10);
    int half = settled.size() / 2;
    long before = most(settled.subList(0, half));
    long after = most(settled.subList(half, settled.size()));
    assertThat(after).isLessThan(before + before / 10);
    assertThat(settled.get(settled.size() - 1).descriptors)
        .isLessThanOrEqualTo(settled.get(0).descriptors + 2);
    assertThat(settled).allMatch(reading -> reading.temporaryFiles == 0);
  }

  private static long most(List<Reading> readings) {
    return readings.stream().mapToLong(Reading::residentKib).max().orElseThrow();
  }

  private List<Reading> readings(String... tasks) throws Exception {
    Path temporary = Files.createDirectory(folder.resolve("temporary"));
    List<String> words = new ArrayList<>(List.of("run", "--model", "ssa-mini"));
    words.addAll(List.of("--modes", "full,sparse", "--out", folder.resolve("run").toString()));
    words.addAll(List.of(tasks));
    Process process =
        ChildProcess.start(
            folder.resolve("output.txt"),
            List.of(
                "-XX:+UseParallelGC",
                "-XX:MaxNewSize=256m",
                "-XX:-UsePerfData",
                "-Dssa.natives=" + folder.resolve("natives"),
                "-Djava.io.tmpdir=" + temporary),
            words.toArray(String[]::new));
    List<Reading> readings = new ArrayList<>();
    try {
      while (readings.size() * INTERVAL_SECONDS < SECONDS) {
        assertThat(process.waitFor(INTERVAL_SECONDS, TimeUnit.SECONDS))
            .as(Files.readString(folder.resolve("output.txt")))
            .isFalse();
        Reading reading = read(process, (readings.size() + 1) * INTERVAL_SECONDS, temporary);
        System.out.println(reading);
        readings.add(reading);
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
    return readings;
  }

  private static Reading read(Process process, long seconds, Path temporary) throws IOException {
    Path self = Path.of("/proc", Long.toString(process.pid()));
    long resident =
        Files.readAllLines(self.resolve("status"), StandardCharsets.ISO_8859_1).stream()
            .filter(line -> line.startsWith("VmRSS:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
            .findFirst()
            .orElseThrow();
    return new Reading(seconds, resident, count(self.resolve("fd")), count(temporary));
  }

  private static long count(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.count();
    }
  }
}
