package org.ssasuite.leaderboards.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.statistics.PairedDocuments;
import org.ssasuite.core.statistics.PairedDocuments.Bounds;
import org.ssasuite.core.statistics.PairedDocuments.Pair;
import org.ssasuite.core.testing.SlowTest;
import org.ssasuite.leaderboards.Terminal;
import org.ssasuite.leaderboards.compare.RunRow;
import org.ssasuite.leaderboards.compare.SamplePairs;

/**
 * The planted regressions of {@code docs/gate.md}: noise is added to the weights of an embedded
 * model, and the documents that it was then rated on are drawn again and again. Their increase as a
 * whole is the truth of every draw.
 */
class GateStudyTest {
  /** Noise on each weight, relative to its tensor's root mean square. */
  private static final double[] NOISE = {0.002, 0.0135, 0.0195, 0.0275, 0.034};

  private static final int TRIALS = 2_000;
  private static final double ALPHA = 0.01;
  private static final double MARGIN = Math.log1p(0.01);
  private static final double POWER = 0.9;

  @TempDir static Path folder;
  private static final List<List<Pair>> POPULATIONS = new ArrayList<>();

  @BeforeAll
  static void rate() throws IOException {
    if (!Boolean.getBoolean("ssa.slow")) {
      return;
    }
    Path original = Terminal.HOME.models().resolve("ssa-mini");
    List<SamplePairs.Sample> before = samples(original, folder.resolve("original-run"));
    for (int i = 0; i < NOISE.length; i++) {
      Path noisy = NoisyModel.write(original, folder.resolve("noisy-" + i), NOISE[i], 100 + i);
      List<SamplePairs.Sample> after = samples(noisy, folder.resolve("noisy-run-" + i));
      POPULATIONS.add(SamplePairs.of(before, after, "study").pairs());
    }
  }

  private static List<SamplePairs.Sample> samples(Path model, Path run) {
    Terminal.Outcome outcome =
        Terminal.type(
            "run",
            "--model",
            model,
            "--modes",
            "sparse:16x16",
            "--tasks",
            "pg19",
            "--lengths",
            "2k",
            "--limit",
            60,
            "--out",
            run);
    assertThat(outcome.status()).as(outcome.err()).isZero();
    return SamplePairs.samples(RunRow.of(run).get(0), "word_perplexity");
  }

  @SlowTest
  void falseAlarmsAreWithinAlphaAndMissesWithinThePower() {
    for (List<Pair> population : POPULATIONS) {
      for (int documents : new int[] {10, 20, 60, 200}) {
        study(population, documents);
      }
    }
  }

  private static void study(List<Pair> population, int documents) {
    PairedDocuments whole = PairedDocuments.of(population);
    double truth = whole.difference();
    Random random = new Random(documents);
    int[] counts = new int[4];
    for (int trial = 0; trial < TRIALS; trial++) {
      Bounds bounds = drawn(population, documents, random).bounds(ALPHA, trial);
      // Exactly at the margin, the margin being the truth.
      counts[0] += bounds.lower() > truth ? 1 : 0;
      counts[1] += bounds.upper() < truth ? 1 : 0;
      counts[2] += bounds.lower() > MARGIN ? 1 : 0;
      counts[3] += bounds.upper() < MARGIN ? 1 : 0;
    }
    OptionalLong needed =
        RowJudgement.needed(
            whole, new GateTerms(Math.expm1(MARGIN), ALPHA, POWER, Set.of()), ALPHA);
    System.out.printf(
        Locale.ROOT,
        "| %.2f %% | %d | %.2f %% | %.2f %% | %.1f %% | %.1f %% | %.1f %% | %s |%n",
        100 * Math.expm1(truth),
        documents,
        percent(counts[0]),
        percent(counts[1]),
        percent(counts[2]),
        percent(counts[3]),
        100 - percent(counts[2]) - percent(counts[3]),
        needed.isPresent() ? String.valueOf(needed.getAsLong()) : "–");
    if (documents >= 20) {
      // Three standard errors of the number of trials beside alpha.
      double most = 100 * (ALPHA + 3 * Math.sqrt(ALPHA / TRIALS));
      assertThat(percent(counts[0])).isLessThanOrEqualTo(most);
      assertThat(percent(counts[1])).isLessThanOrEqualTo(most);
    }
    boolean enough = needed.isPresent() && documents >= Math.max(20, needed.getAsLong());
    if (enough) {
      assertThat(percent(truth > MARGIN ? counts[2] : counts[3])).isGreaterThan(100 * POWER - 3);
    }
  }

  private static PairedDocuments drawn(List<Pair> population, int documents, Random random) {
    return PairedDocuments.of(
        IntStream.range(0, documents)
            .mapToObj(
                i -> {
                  Pair pair = population.get(random.nextInt(population.size()));
                  return new Pair(
                      "d" + i, pair.valueA(), pair.weightA(), pair.valueB(), pair.weightB());
                })
            .toList());
  }

  private static double percent(int count) {
    return 100.0 * count / TRIALS;
  }
}
