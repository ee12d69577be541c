package org.ssasuite.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.testing.SlowTest;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.engine.Scheduling;

/**
 * What the cache, sharing and batching save, each against doing without it, in one run on one
 * machine: medians of alternating repeats. Prints a table and asserts nothing. Runs with {@code mvn
 * -pl ssa-runtime -am verify -Dssa.slow=true -Dtest=CacheBenchmark
 * -Dsurefire.failIfNoSpecifiedTests=false}.
 */
class CacheBenchmark {
  private static final int REPEATS = 5;
  private static final int SHOTS_TOKENS = 1_200;
  private static final int LONG_TOKENS = 32_768;

  private static final Checkpoint CHECKPOINT =
      Checkpoint.open(Path.of(System.getProperty("ssa.root"), "models", "ssa-mini"));

  @SlowTest
  void printsATable() throws IOException {
    int[] book = tokens();
    System.out.println("| what | without | with | ratio |");
    System.out.println("|---|---|---|---|");
    hellaswagTenShot(book);
    oneFixedPrefix(book);
    shortRequests(book);
    decodingTogether(book);
    sparseDecoding(book);
  }

  private static int[] tokens() throws IOException {
    Path file = Path.of(System.getProperty("ssa.root"), "data", "pg19", "long.jsonl");
    String text = Files.readString(file);
    try (SsaModel model = load(new Scheduling(4096, true))) {
      return model.tokenize(text.substring(0, 400_000));
    }
  }

  private static SsaModel load(Scheduling scheduling) {
    return SsaModel.load(CHECKPOINT, RuntimeOptions.cpu(2), Optional.empty(), scheduling);
  }

  private static AttentionMode mode(String text) {
    return AttentionMode.parse(text, CHECKPOINT.budget());
  }

  /** Ten-shot contexts of their own for each of 16 items, four endings of about 25 tokens each. */
  private static void hellaswagTenShot(int[] book) {
    List<Pass> passes = new ArrayList<>();
    for (int item = 0; item < 16; item++) {
      for (int ending = 0; ending < 4; ending++) {
        passes.add(rating(book, item * 1_700, SHOTS_TOKENS, 40_000 + 97 * (4 * item + ending), 25));
      }
    }
    compareSharing("ten-shot items, four endings each, own shots", passes);
  }

  /** The same ten shots before 60 questions of 80 tokens. */
  private static void oneFixedPrefix(int[] book) {
    List<Pass> passes = new ArrayList<>();
    for (int item = 0; item < 60; item++) {
      passes.add(rating(book, 0, SHOTS_TOKENS, 40_000 + 97 * item, 80));
    }
    compareSharing("60 items behind one ten-shot prefix", passes);
  }

  private static Pass rating(int[] book, int from, int shared, int tailFrom, int tail) {
    int[] tokens = Arrays.copyOfRange(book, from, from + shared + tail);
    System.arraycopy(book, tailFrom, tokens, shared, tail);
    return Pass.ratingLast(tokens, Arrays.copyOf(tokens, 20));
  }

  private static void compareSharing(String what, List<Pass> passes) {
    try (SsaModel without = load(new Scheduling(4096, false));
        SsaModel with = load(new Scheduling(4096, true))) {
      AttentionMode mode = mode("full");
      compare(
          what,
          () -> nanos(() -> without.run(passes, mode)),
          () -> nanos(() -> with.run(passes, mode)));
    }
  }

  private static void shortRequests(int[] book) {
    List<Pass> passes = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      int[] tokens = Arrays.copyOfRange(book, 100 * i, 100 * i + 8);
      passes.add(Pass.ratingLast(tokens, Arrays.copyOf(tokens, 7)));
    }
    try (SsaModel model = load(new Scheduling(4096, false))) {
      AttentionMode mode = mode("full");
      compare(
          "64 requests of 8 tokens in one batch",
          () -> nanos(() -> passes.forEach(pass -> model.run(List.of(pass), mode))),
          () -> nanos(() -> model.run(passes, mode)));
    }
  }

  private static void decodingTogether(int[] book) {
    List<GreedyDecoder.Job> jobs = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      jobs.add(
          new GreedyDecoder.Job(Arrays.copyOfRange(book, 300 * i, 300 * i + 64), 32, List.of()));
    }
    try (SsaModel model = load(new Scheduling(4096, false))) {
      GreedyDecoder decoder = model.decoder(mode("full"));
      compare(
          "decoding 64 sequences together",
          () -> nanos(() -> jobs.forEach(job -> decoder.run(List.of(job)))),
          () -> nanos(() -> decoder.run(jobs)));
    }
  }

  /** Time per token behind 32,768 tokens; the attention's share is what a short context lacks. */
  private static void sparseDecoding(int[] book) {
    try (SsaModel model = load(new Scheduling(4096, true))) {
      int[] context = Arrays.copyOf(book, LONG_TOKENS);
      long[] full = stepNanos(model, context, mode("full"));
      long[] sparse = stepNanos(model, context, mode("sparse:16x16"));
      long[] nothing = stepNanos(model, Arrays.copyOf(book, 1), mode("full"));
      row("decoding at 32,768, sparse:16x16 against full", median(full), median(sparse));
      row("of which attention", median(full) - median(nothing), median(sparse) - median(nothing));
    }
  }

  private static long[] stepNanos(SsaModel model, int[] context, AttentionMode mode) {
    CachedRunner runner = model.runner();
    Pass pass = Pass.ratingLast(context, new int[] {0});
    CachedRunner.Continued state = runner.begin(List.of(pass), mode).get(0);
    long[] nanos = new long[60];
    for (int i = 0; i < nanos.length; i++) {
      CachedRunner.Continued now = state;
      nanos[i] = nanos(() -> runner.step(List.of(now), mode));
    }
    runner.close(state.sequence());
    return nanos;
  }

  private static void compare(String what, LongSupplier without, LongSupplier with) {
    long[] a = new long[REPEATS];
    long[] b = new long[REPEATS];
    // The first round warms up and is overwritten by the last one.
    for (int i = 0; i <= REPEATS; i++) {
      a[i % REPEATS] = without.getAsLong();
      b[i % REPEATS] = with.getAsLong();
    }
    row(what, median(a), median(b));
  }

  private static void row(String what, double without, double with) {
    System.out.printf(
        Locale.ROOT,
        "| %s | %.2f ms | %.2f ms | %.2f |%n",
        what,
        without / 1e6,
        with / 1e6,
        without / with);
  }

  private static long nanos(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return System.nanoTime() - start;
  }

  private static double median(long[] values) {
    long[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
