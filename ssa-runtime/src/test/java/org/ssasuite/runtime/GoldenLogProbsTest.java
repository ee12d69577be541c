package org.ssasuite.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.attention.Full;
import org.ssasuite.core.testing.Golden;
import org.ssasuite.core.testing.GpuParameterizedTest;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.checkpoint.RopeScaling;
import org.ssasuite.runtime.engine.Device;
import org.ssasuite.runtime.engine.Isa;
import org.ssasuite.runtime.engine.Precision;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.random.RandomCheckpoint;
import org.ssasuite.runtime.random.RandomStreams;

/** Random two-layer checkpoints give what PyTorch's dense formulas in fp64 gave. */
class GoldenLogProbsTest {
  /** fp32 through two layers; PyTorch's own fp32 differs from its fp64 by up to 7e-6 here. */
  private static final double TOLERANCE = 1e-4;

  /** In sparse modes near ties of the selection may turn over, so a few tokens may differ more. */
  private static final double TURNED_SHARE = 0.01;

  private static final double MEAN_TOLERANCE = 5e-5;
  private static final double ARGMAX_SHARE = 0.995;

  static List<Vector> vectors() {
    return Golden.vectors("logprobs.jsonl.xz").stream().map(Vector::new).toList();
  }

  /** Named, so that a failure says which case it is. */
  record Vector(JsonNode json) {
    @Override
    public String toString() {
      return json.required("name").asText();
    }
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void agreesWithPyTorch(Vector vector, @TempDir Path folder) {
    requireAgreement(vector, folder, RuntimeOptions.cpu(2));
  }

  @GpuParameterizedTest
  @MethodSource("vectors")
  void agreesWithPyTorchOnCuda(Vector vector, @TempDir Path folder) {
    assumeThat(vector.json().required("config").path("head_dim").asInt())
        .as("head dimension of the CUDA kernels")
        .isIn(32, 64, 128);
    requireAgreement(vector, folder, new RuntimeOptions(2, Device.CUDA, Precision.FP32, Isa.AUTO));
  }

  static void requireAgreement(Vector vector, Path folder, RuntimeOptions options) {
    JsonNode json = vector.json();
    long seed = json.required("seed").longValue();
    RandomCheckpoint.write(json.required("config"), seed, folder.resolve("model"));
    requireAgreement(vector, Checkpoint.open(folder.resolve("model")), options);
  }

  static void requireAgreement(Vector vector, Checkpoint checkpoint, RuntimeOptions options) {
    JsonNode json = vector.json();
    long seed = json.required("seed").longValue();
    String rope = json.required("rope").asText();
    Optional<RopeScaling> scaling =
        rope.equals("config")
            ? Optional.empty()
            : Optional.of(RopeScaling.parse(rope, checkpoint.config().trainedTokens()));
    AttentionMode mode = AttentionMode.parse(json.required("mode").asText(), checkpoint.budget());
    int[] ids = ids(seed, json.required("tokens").intValue(), checkpoint.config().vocabulary());

    try (SsaModel model = SsaModel.load(checkpoint, options, scaling)) {
      TokenLogProbs rated = model.logProbabilities(ids, mode);
      requireAgreement(rated, json, mode);
    }
  }

  private static int[] ids(long seed, int tokens, int vocabulary) {
    RandomStreams.Stream stream = new RandomStreams(seed).named("tokens");
    int[] ids = new int[tokens];
    for (int i = 0; i < tokens; i++) {
      ids[i] = (int) Long.remainderUnsigned(stream.bits(i), vocabulary);
    }
    return ids;
  }

  private static void requireAgreement(TokenLogProbs rated, JsonNode json, AttentionMode mode) {
    JsonNode logprob = json.required("logprob");
    JsonNode argmax = json.required("argmax");
    int n = logprob.size();
    assertThat(rated.logProbability()).hasSize(n);
    if (n == 0) {
      return;
    }
    int beyond = 0;
    int sameArgmax = 0;
    double sum = 0;
    for (int i = 0; i < n; i++) {
      double difference = rated.logProbability()[i] - logprob.get(i).doubleValue();
      beyond += Math.abs(difference) <= TOLERANCE ? 0 : 1;
      sameArgmax += rated.argmax()[i] == argmax.get(i).intValue() ? 1 : 0;
      sum += difference;
    }
    assertThat(beyond)
        .as("tokens beyond %s", TOLERANCE)
        .isLessThanOrEqualTo(mode instanceof Full ? 0 : (int) (TURNED_SHARE * n));
    assertThat(sum / n).as("mean difference").isBetween(-MEAN_TOLERANCE, MEAN_TOLERANCE);
    assertThat((double) sameArgmax / n).as("same argmax").isGreaterThanOrEqualTo(ARGMAX_SHARE);
  }
}
