package org.ssasuite.runtime;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
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
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.testing.Rounds;
import org.ssasuite.core.testing.SlowTest;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.engine.Scheduling;

/**
 * What the cache, sharing and batching save, each against doing without it. Prints a table and
 * asserts nothing. Runs with {@code mvn -pl ssa-runtime -am verify -Dssa.slow=true
 * -Dtest=CacheBenchmark -Dsurefire.failIfNoSpecifiedTests=false}.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 1)
@Measurement(iterations = 1)
public class CacheBenchmark {
  private static final int ROUNDS = 5;
  private static final int SHOTS_TOKENS = 1_200;
  private static final int LONG_TOKENS = 32_768;
  private static final String WITHOUT = "without";
  private static final String WITH = "with";
  private static final String NOTHING = "nothing";

  @SlowTest
  void printsATable() {
    System.out.println("| what | without | with | ratio | its rounds |");
    System.out.println("|---|---|---|---|---|");
    row("ten-shot items, four endings each, own shots", "tenShotItems");
    row("60 items behind one ten-shot prefix", "fixedPrefix");
    row("64 requests of 8 tokens in one batch", "shortRequests");
    row("decoding 64 sequences together", "decodingTogether");
    Rounds step = row("decoding at 32,768, sparse:16x16 against full", "step");
    System.out.printf(
        Locale.ROOT,
        "| of which attention | %.2f ms | %.2f ms | %.2f | |%n",
        step.median(round -> round.get(WITHOUT) - round.get(NOTHING)),
        step.median(round -> round.get(WITH) - round.get(NOTHING)),
        step.median(
            round ->
                (round.get(WITHOUT) - round.get(NOTHING))
                    / (round.get(WITH) - round.get(NOTHING))));
  }

  private static Rounds row(String what, String method) {
    Rounds rounds = Rounds.of(CacheBenchmark.class, method, ROUNDS);
    System.out.printf(
        Locale.ROOT,
        "| %s | %.2f ms | %.2f ms | %.2f | %s |%n",
        what,
        rounds.medianMillis(WITHOUT),
        rounds.medianMillis(WITH),
        rounds.ratio(WITHOUT, WITH),
        rounds.spread(WITHOUT, WITH));
    return rounds;
  }

  @Benchmark
  public Object tenShotItems(Sharing sharing) {
    return sharing.model.run(sharing.tenShotItems(), sharing.full);
  }

  @Benchmark
  public Object fixedPrefix(Sharing sharing) {
    return sharing.model.run(sharing.fixedPrefix(), sharing.full);
  }

  @Benchmark
  public Object shortRequests(Batching batching) {
    List<Object> answers = new ArrayList<>();
    for (List<Pass> batch : batching.of(batching.passes())) {
      answers.add(batching.model.run(batch, batching.full));
    }
    return answers;
  }

  @Benchmark
  public Object decodingTogether(Batching batching) {
    List<Object> answers = new ArrayList<>();
    GreedyDecoder decoder = batching.model.decoder(batching.full);
    for (List<GreedyDecoder.Job> batch : batching.of(batching.jobs())) {
      answers.add(decoder.run(batch));
    }
    return answers;
  }

  /** One token behind the context. */
  @Benchmark
  @Warmup(iterations = 10)
  @Measurement(iterations = 60)
  public Object step(LongContext context) {
    return context.runner.step(List.of(context.state), context.mode);
  }

  /** A model, and a book's tokens. */
  public abstract static class Opened {
    SsaModel model;
    AttentionMode full;
    AttentionMode sparse;
    int[] book;

    final void open(boolean sharing) throws IOException {
      Path root = Path.of(System.getProperty("ssa.root"));
      Checkpoint checkpoint = Checkpoint.open(root.resolve("models").resolve("ssa-mini"));
      model =
          SsaModel.load(
              checkpoint, RuntimeOptions.cpu(2), Optional.empty(), new Scheduling(4096, sharing));
      full = AttentionMode.parse("full", checkpoint.budget());
      sparse = AttentionMode.parse("sparse:16x16", checkpoint.budget());
      Path books = root.resolve("data").resolve("pg19");
      book = model.tokenize(DataFile.in(books, "long.jsonl").text().substring(0, 400_000));
    }

    @TearDown
    public void close() {
      model.close();
    }
  }

  /** Requests that begin alike. */
  @State(Scope.Benchmark)
  public static class Sharing extends Opened {
    @Param({WITHOUT, WITH})
    public String side;

    @Setup
    public void open() throws IOException {
      open(side.equals(WITH));
    }

    /** Ten-shot contexts of their own for each of 16 items, four endings of about 25 tokens. */
    List<Pass> tenShotItems() {
      List<Pass> passes = new ArrayList<>();
      for (int item = 0; item < 16; item++) {
        for (int ending = 0; ending < 4; ending++) {
          passes.add(rating(item * 1_700, 40_000 + 97 * (4 * item + ending), 25));
        }
      }
      return passes;
    }

    /** The same ten shots before 60 questions of 80 tokens. */
    List<Pass> fixedPrefix() {
      List<Pass> passes = new ArrayList<>();
      for (int item = 0; item < 60; item++) {
        passes.add(rating(0, 40_000 + 97 * item, 80));
      }
      return passes;
    }

    private Pass rating(int from, int tailFrom, int tail) {
      int[] tokens = Arrays.copyOfRange(book, from, from + SHOTS_TOKENS + tail);
      System.arraycopy(book, tailFrom, tokens, SHOTS_TOKENS, tail);
      return Pass.ratingLast(tokens, Arrays.copyOf(tokens, 20));
    }
  }

  /** Requests that have nothing in common, one at a time or all together. */
  @State(Scope.Benchmark)
  public static class Batching extends Opened {
    @Param({WITHOUT, WITH})
    public String side;

    @Setup
    public void open() throws IOException {
      open(false);
    }

    <T> List<List<T>> of(List<T> requests) {
      return side.equals(WITH) ? List.of(requests) : requests.stream().map(List::of).toList();
    }

    List<Pass> passes() {
      List<Pass> passes = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        int[] tokens = Arrays.copyOfRange(book, 100 * i, 100 * i + 8);
        passes.add(Pass.ratingLast(tokens, Arrays.copyOf(tokens, 7)));
      }
      return passes;
    }

    List<GreedyDecoder.Job> jobs() {
      List<GreedyDecoder.Job> jobs = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        jobs.add(
            new GreedyDecoder.Job(Arrays.copyOfRange(book, 300 * i, 300 * i + 64), 32, List.of()));
      }
      return jobs;
    }
  }

  /** A context that was read; full attention, sparse attention, and one token in place of it. */
  @State(Scope.Benchmark)
  public static class LongContext extends Opened {
    @Param({WITHOUT, WITH, NOTHING})
    public String side;

    AttentionMode mode;
    CachedRunner runner;
    CachedRunner.Continued state;

    @Setup
    public void open() throws IOException {
      open(true);
      mode = side.equals(WITH) ? sparse : full;
      runner = model.runner();
      int[] context = Arrays.copyOf(book, side.equals(NOTHING) ? 1 : LONG_TOKENS);
      Pass pass = Pass.ratingLast(context, new int[] {0});
      state = runner.begin(List.of(pass), mode).get(0);
    }

    @Override
    public void close() {
      runner.close(state.sequence());
      super.close();
    }
  }
}
