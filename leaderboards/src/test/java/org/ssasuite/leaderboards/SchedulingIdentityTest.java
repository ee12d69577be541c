package org.ssasuite.leaderboards;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ssasuite.core.request.Work;
import org.ssasuite.core.run.RunFolder;
import org.ssasuite.core.run.TaskResult;
import org.ssasuite.leaderboards.Terminal.Outcome;

/**
 * How work is cut, put together and shared changes no byte of what a run says about its samples.
 */
class SchedulingIdentityTest {
  private static final int LONG_CHUNK = 4096;

  @TempDir static Path folder;
  private static Path model;
  private static Path alone;

  /** Samples at a time, threads, tokens at a time, sharing. */
  record Schedule(int batch, int threads, int chunk, boolean sharing) {
    Path folderIn(Path parent) {
      return parent.resolve(batch + "-" + threads + "-" + chunk + "-" + sharing);
    }
  }

  @BeforeAll
  static void runOneByOne() throws IOException {
    model = TinyModel.write(folder);
    alone = run(new Schedule(1, 1, LONG_CHUNK, false));
  }

  /** Questions have 40 to 300 tokens with their shots, so chunks of 33 cut all of them. */
  static Stream<Schedule> schedules() {
    List<Schedule> schedules = new ArrayList<>();
    for (int batch : new int[] {1, 3, 8}) {
      for (int threads : new int[] {1, 2}) {
        for (int chunk : new int[] {33, 512, LONG_CHUNK}) {
          schedules.add(new Schedule(batch, threads, chunk, true));
          schedules.add(new Schedule(batch, threads, chunk, false));
        }
      }
    }
    return schedules.stream();
  }

  /** The folder of a run, made once. */
  private static Path run(Schedule schedule) {
    Path out = schedule.folderIn(folder);
    if (Files.exists(out)) {
      return out;
    }
    List<Object> words = new ArrayList<>(List.of("run", "--model", model, "--out", out));
    words.addAll(List.of("--tasks", "arc_easy,winogrande", "--shots", 2, "--limit", 6));
    words.addAll(List.of("--batch", schedule.batch(), "--threads", schedule.threads()));
    words.addAll(List.of("--chunk", schedule.chunk()));
    if (!schedule.sharing()) {
      words.add("--no-sharing");
    }
    Outcome outcome = Terminal.type(words.toArray());
    assertThat(outcome.status()).as(outcome.err()).isZero();
    return out;
  }

  /** Of the first row: full attention on ARC. */
  private static Work work(Schedule schedule) {
    TaskResult first = RunFolder.readResults(run(schedule)).results().get(0);
    return first.work().orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void samplesAreTheSameBytes(Schedule schedule) {
    Path other = run(schedule);

    for (String mode : List.of("full", "sparse-8x2")) {
      for (String task : List.of("arc_easy@2-shot", "winogrande@2-shot")) {
        Path samples = Path.of("tiny", mode, task, "samples.jsonl");
        assertThat(other.resolve(samples)).hasSameBinaryContentAs(alone.resolve(samples));
      }
    }
  }

  @Test
  void everySampleHasALine() throws IOException {
    Path samples = alone.resolve("tiny/full/arc_easy@2-shot/samples.jsonl");

    assertThat(Files.readAllLines(samples)).hasSize(6);
  }

  @Test
  void samplesTogetherTakeFewerRuns() {
    Work together = work(new Schedule(3, 1, LONG_CHUNK, false));

    assertThat(work(new Schedule(1, 1, LONG_CHUNK, false)).runs()).isEqualTo(6);
    assertThat(together.runs()).isEqualTo(2);
  }

  @Test
  void whatTheChoicesShareGoesThroughOnce() {
    Work anew = work(new Schedule(8, 2, LONG_CHUNK, false));
    Work shared = work(new Schedule(8, 2, LONG_CHUNK, true));

    assertThat(anew.sharedTokens()).isZero();
    assertThat(shared.tokens() + shared.sharedTokens()).isEqualTo(anew.tokens());
    assertThat(shared.tokens()).isLessThan(anew.tokens() / 2);
  }

  @Test
  void shortChunksTakeMoreRunsAndAsManyTokens() {
    Work whole = work(new Schedule(8, 2, LONG_CHUNK, false));
    Work cut = work(new Schedule(8, 2, 33, false));

    assertThat(cut.runs()).isGreaterThan(whole.runs());
    assertThat(cut.tokens()).isEqualTo(whole.tokens());
  }
}
