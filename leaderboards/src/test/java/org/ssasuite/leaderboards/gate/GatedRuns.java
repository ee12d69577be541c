package org.ssasuite.leaderboards.gate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.leaderboards.Terminal;
import org.ssasuite.leaderboards.Terminal.Outcome;
import org.ssasuite.leaderboards.compare.PlantedRun;

/** Runs of forty documents, and the baseline that they are gated by. */
abstract class GatedRuns {
  static final int DOCUMENTS = 40;
  private static final double SPREAD = 0.01;

  @TempDir Path folder;
  Path baseline;

  @BeforeEach
  void writeBaseline() {
    baseline = folder.resolve("baseline.json");
    Path good = model().losses("books", losses(0, 0)).write(folder.resolve("good"));
    Outcome outcome = Terminal.type("gate", "--write", "--baseline", baseline, "--run", good);
    assertThat(outcome.status()).as(outcome.err()).isZero();
    assertThat(outcome.out()).isEqualTo("m full books: 40 samples\n");
  }

  Path path(String name) {
    return folder.resolve(name);
  }

  static PlantedRun model() {
    return new PlantedRun("m", "full");
  }

  Path run(String name, double increase) {
    return model().losses("books", losses(increase, 1)).write(folder.resolve(name));
  }

  /** Losses whose mean differs from the baseline's by exactly the logarithm of 1 + increase. */
  static double[] losses(double increase, long seed) {
    Random documents = new Random(11);
    double[] losses = new double[DOCUMENTS];
    Arrays.setAll(losses, i -> 3 + documents.nextGaussian());
    Random noise = new Random(seed);
    double[] shifts = new double[DOCUMENTS];
    Arrays.setAll(shifts, i -> seed == 0 ? 0 : SPREAD * noise.nextGaussian());
    double mean = Arrays.stream(shifts).average().orElseThrow();
    Arrays.setAll(losses, i -> losses[i] + shifts[i] - mean + Math.log1p(increase));
    return losses;
  }

  Outcome gate(Path run, Object... more) {
    Object[] words = new Object[5 + more.length];
    System.arraycopy(new Object[] {"gate", "--baseline", baseline, "--run", run}, 0, words, 0, 5);
    System.arraycopy(more, 0, words, 5, more.length);
    return Terminal.type(words);
  }

  static JsonNode json(Outcome outcome) throws IOException {
    return new ObjectMapper().readTree(outcome.out());
  }
}
