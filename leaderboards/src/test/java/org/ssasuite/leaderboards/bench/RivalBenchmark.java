package org.ssasuite.leaderboards.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.testing.SlowTest;
import org.ssasuite.leaderboards.Terminal;
import org.ssasuite.runtime.SpeedTrial;
import org.ssasuite.runtime.SsaModel;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.engine.Scheduling;

/**
 * The SSA miniature here and on libtorch, on the same tokens in one run, turn by turn: prints a
 * table and asserts nothing but that both compute the same. Runs with {@code OPENBLAS_NUM_THREADS=1
 * mvn -pl leaderboards -am verify -Dssa.slow=true -Dtest=RivalBenchmark
 * -Dsurefire.failIfNoSpecifiedTests=false}: libtorch brings an OpenBLAS whose threads would get in
 * the way of its own.
 */
class RivalBenchmark {
  private static final int THREADS = 2;
  private static final int WINDOW = 8_192;
  private static final int LONGEST = 32_768;
  // Every so many pages: enough for a ratio, and minutes less.
  private static final int PAGES_APART = 8;

  private static final Checkpoint CHECKPOINT =
      Checkpoint.open(Terminal.HOME.models().resolve("ssa-mini"));
  private static final AttentionMode FULL = AttentionMode.parse("full", CHECKPOINT.budget());
  private static final AttentionMode SPARSE =
      AttentionMode.parse("sparse:16x16", CHECKPOINT.budget());

  @SlowTest
  void printsATable() throws IOException {
    LibtorchModel rival = new LibtorchModel(CHECKPOINT, LONGEST, THREADS);
    System.out.println(
        "| what | libtorch, full | ours, full | ours, sparse:16x16 | full | sparse |");
    System.out.println("|---|---|---|---|---|---|");
    prefill(rival, 8_192, 3);
    prefill(rival, LONGEST, 1);
    pages(rival);
  }

  /** To the first new token, one prompt. */
  private static void prefill(LibtorchModel rival, int tokens, int repeats) {
    int[] ids = Prompts.of(CHECKPOINT, Terminal.HOME).take(1, tokens).get(0);
    List<List<Long>> nanos = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    try (SpeedTrial trial =
        SpeedTrial.open(
            CHECKPOINT, RuntimeOptions.cpu(THREADS), Scheduling.standard(), Optional.empty())) {
      int[] beginning = Arrays.copyOf(ids, 4_096);
      rival.next(beginning);
      trial.read(List.of(beginning), FULL, 1);
      for (int i = 0; i < repeats; i++) {
        long start = System.nanoTime();
        rival.next(ids);
        nanos.get(0).add(System.nanoTime() - start);
        nanos.get(1).add(trial.read(List.of(ids), FULL, 1).firstTokenNanos());
        nanos.get(2).add(trial.read(List.of(ids), SPARSE, 1).firstTokenNanos());
      }
    }
    row(tokens + " tokens to the first new one", nanos.stream().map(Timings::new).toList());
  }

  /** Every eighth page of WikiText-2, its tokens in windows of at most 8,192, every token rated. */
  private static void pages(LibtorchModel rival) throws IOException {
    List<Long> sums = new ArrayList<>(List.of(0L, 0L, 0L));
    int tokens = 0;
    try (SsaModel model =
        SsaModel.load(CHECKPOINT, RuntimeOptions.cpu(THREADS), Optional.empty())) {
      for (int[] window : windows(model)) {
        tokens += window.length - 1;
        long start = System.nanoTime();
        float[] theirs = rival.logProbabilities(window);
        long afterRival = System.nanoTime();
        float[] ours = model.logProbabilities(window, FULL).logProbability();
        long afterFull = System.nanoTime();
        model.logProbabilities(window, SPARSE);
        long afterSparse = System.nanoTime();
        sums.set(0, sums.get(0) + afterRival - start);
        sums.set(1, sums.get(1) + afterFull - afterRival);
        sums.set(2, sums.get(2) + afterSparse - afterFull);
        assertThat(theirs).hasSameSizeAs(ours);
        for (int i = 0; i < ours.length; i++) {
          assertThat(ours[i]).isCloseTo(theirs[i], within(1e-3f));
        }
      }
    }
    row(
        "WikiText-2, " + tokens + " tokens rated",
        sums.stream().map(sum -> new Timings(List.of(sum))).toList());
  }

  private static List<int[]> windows(SsaModel model) throws IOException {
    Path file = Terminal.HOME.data().resolve("wikitext2").resolve("wiki.test.raw");
    String[] pages = Pattern.compile("\n(?= = [^=\n]+ = \n)").split(Files.readString(file), -1);
    List<int[]> windows = new ArrayList<>();
    for (int page = 1; page < pages.length; page += PAGES_APART) {
      int[] ids = model.tokenize(pages[page]);
      for (int from = 0; from < ids.length - 1; from += WINDOW) {
        windows.add(Arrays.copyOfRange(ids, from, Math.min(ids.length, from + WINDOW + 1)));
      }
    }
    return windows;
  }

  private static void row(String what, List<Timings> timings) {
    double rival = timings.get(0).medianMillis();
    double full = timings.get(1).medianMillis();
    double sparse = timings.get(2).medianMillis();
    System.out.printf(
        Locale.ROOT,
        "| %s | %.0f ms | %.0f ms | %.0f ms | %.2f× | %.2f× |%n",
        what,
        rival,
        full,
        sparse,
        rival / full,
        rival / sparse);
  }
}
