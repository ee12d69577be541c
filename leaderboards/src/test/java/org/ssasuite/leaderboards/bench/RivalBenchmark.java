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
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.testing.Rounds;
import org.ssasuite.core.testing.SlowTest;
import org.ssasuite.leaderboards.Terminal;
import org.ssasuite.runtime.SpeedTrial;
import org.ssasuite.runtime.SsaModel;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.engine.Scheduling;

/**
 * The SSA miniature here and on libtorch, on the same tokens, turn by turn: prints a table and
 * asserts nothing but that both compute the same. Runs with {@code OPENBLAS_NUM_THREADS=1 mvn -pl
 * leaderboards -am verify -Dssa.slow=true -Dtest=RivalBenchmark
 * -Dsurefire.failIfNoSpecifiedTests=false}: libtorch brings an OpenBLAS whose threads would get in
 * the way of its own.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 1)
@Measurement(iterations = 1)
public class RivalBenchmark {
  private static final int THREADS = 2;
  private static final int WINDOW = 8_192;
  private static final int LONGEST = 32_768;
  // Every so many pages: enough for a ratio, and minutes less.
  private static final int PAGES_APART = 8;
  private static final String RIVAL = "libtorch";
  private static final String FULL = "full";
  private static final String SPARSE = "sparse:16x16";

  @SlowTest
  void printsATable() throws IOException {
    int rated = bothComputeTheSame();
    System.out.println(
        "| what | libtorch, full | ours, full | ours, sparse:16x16 | full | sparse |");
    System.out.println("|---|---|---|---|---|---|");
    row("8192 tokens to the first new one", "prefill", 3);
    row("32768 tokens to the first new one", "longPrefill", 1);
    row("WikiText-2, " + rated + " tokens rated", "pages", 1);
  }

  private static int bothComputeTheSame() throws IOException {
    Pages rival = new Pages();
    rival.side = RIVAL;
    Pages ours = new Pages();
    ours.side = FULL;
    rival.open();
    ours.open();
    int rated = 0;
    for (int[] window : ours.windows) {
      float[] expected = rival.rate(window);
      float[] found = ours.rate(window);
      rated += found.length;
      assertThat(found).hasSameSizeAs(expected);
      for (int i = 0; i < found.length; i++) {
        assertThat(found[i]).isCloseTo(expected[i], within(1e-3f));
      }
    }
    rival.close();
    ours.close();
    return rated;
  }

  private static void row(String what, String method, int rounds) {
    Rounds measured = Rounds.of(RivalBenchmark.class, method, rounds);
    System.out.printf(
        Locale.ROOT,
        "| %s | %.0f ms | %.0f ms | %.0f ms | %.2f× | %.2f× |%n",
        what,
        measured.medianMillis(RIVAL),
        measured.medianMillis(FULL),
        measured.medianMillis(SPARSE),
        measured.ratio(RIVAL, FULL),
        measured.ratio(RIVAL, SPARSE));
  }

  @Benchmark
  public long prefill(Prompt prompt) {
    return prompt.next(WINDOW);
  }

  /** Warmed up by the shorter one: once more would take as long as the measurement. */
  @Benchmark
  @Warmup(iterations = 0)
  public long longPrefill(Prompt prompt) {
    return prompt.next(LONGEST);
  }

  /** Every eighth page of WikiText-2, its tokens in windows of at most 8,192, every token rated. */
  @Benchmark
  @Warmup(iterations = 0)
  public float pages(Pages pages) {
    float sum = 0;
    for (int[] window : pages.windows) {
      sum += pages.rate(window)[0];
    }
    return sum;
  }

  private static Checkpoint checkpoint() {
    return Checkpoint.open(Terminal.HOME.models().resolve("ssa-mini"));
  }

  /** A prompt, and whoever reads it to the first new token. */
  @State(Scope.Benchmark)
  public static class Prompt {
    private static final int WARM = 4_096;

    @Param({RIVAL, FULL, SPARSE})
    public String side;

    private int[] ids;
    private Optional<LibtorchModel> rival;
    private Optional<SpeedTrial> trial;
    private AttentionMode mode;

    @Setup
    public void open() {
      Checkpoint checkpoint = checkpoint();
      ids = Prompts.of(checkpoint, Terminal.HOME).take(1, LONGEST).get(0);
      rival = Optional.empty();
      trial = Optional.empty();
      if (side.equals(RIVAL)) {
        rival = Optional.of(new LibtorchModel(checkpoint, LONGEST, THREADS));
      } else {
        mode = AttentionMode.parse(side, checkpoint.budget());
        trial =
            Optional.of(
                SpeedTrial.open(
                    checkpoint,
                    RuntimeOptions.cpu(THREADS),
                    Scheduling.standard(),
                    Optional.empty()));
      }
      next(WARM);
    }

    long next(int tokens) {
      int[] beginning = Arrays.copyOf(ids, tokens);
      if (rival.isPresent()) {
        return rival.get().next(beginning);
      }
      return trial.orElseThrow().read(List.of(beginning), mode, 1).firstTokenNanos();
    }

    @TearDown
    public void close() {
      trial.ifPresent(SpeedTrial::close);
    }
  }

  /** WikiText-2's pages, and whoever rates them. */
  @State(Scope.Benchmark)
  public static class Pages {
    @Param({RIVAL, FULL, SPARSE})
    public String side;

    private List<int[]> windows;
    private Optional<LibtorchModel> rival;
    private SsaModel model;
    private AttentionMode mode;

    @Setup
    public void open() throws IOException {
      Checkpoint checkpoint = checkpoint();
      model = SsaModel.load(checkpoint, RuntimeOptions.cpu(THREADS), Optional.empty());
      windows = windows();
      rival = Optional.empty();
      if (side.equals(RIVAL)) {
        rival = Optional.of(new LibtorchModel(checkpoint, LONGEST, THREADS));
      } else {
        mode = AttentionMode.parse(side, checkpoint.budget());
      }
      rate(windows.get(0));
    }

    private List<int[]> windows() throws IOException {
      Path file = Terminal.HOME.data().resolve("wikitext2").resolve("wiki.test.raw");
      String[] pages = Pattern.compile("\n(?= = [^=\n]+ = \n)").split(Files.readString(file), -1);
      List<int[]> made = new ArrayList<>();
      for (int page = 1; page < pages.length; page += PAGES_APART) {
        int[] ids = model.tokenize(pages[page]);
        for (int from = 0; from < ids.length - 1; from += WINDOW) {
          made.add(Arrays.copyOfRange(ids, from, Math.min(ids.length, from + WINDOW + 1)));
        }
      }
      return made;
    }

    /** Log-probability of each token but the first. */
    float[] rate(int[] window) {
      return rival.isPresent()
          ? rival.get().logProbabilities(window)
          : model.logProbabilities(window, mode).logProbability();
    }

    @TearDown
    public void close() {
      model.close();
    }
  }
}
