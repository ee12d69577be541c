package org.ssasuite.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.testing.SlowParameterizedTest;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.checkpoint.RopeScaling;
import org.ssasuite.runtime.engine.RuntimeOptions;

/**
 * The trained miniatures lose, per document, length, mode and rope scaling, what PyTorch's dense
 * formulas in fp32 lost ({@code reference.json} in their folders).
 */
class MiniatureFidelityTest {
  /** Two fp32 computations over 8,192 tokens; a turned-over selection moves a loss by 1e-4. */
  private static final double TOLERANCE = 0.002;

  private static final double LONG_TOLERANCE = 0.005;
  private static final int TRAINED = 8_192;
  private static final int LONGEST = 32_768;

  @ParameterizedTest
  @ValueSource(strings = {"fullattn-mini", "moba-mini", "nsa-mini", "ssa-mini"})
  void losesWhatPyTorchLostUpToTheTrainedLength(String name) throws IOException {
    assertThat(differences(name, List.of(0, 1), List.of(""), TRAINED)).allMatch(Row::within);
  }

  @SlowParameterizedTest
  @ValueSource(strings = {"fullattn-mini", "moba-mini", "nsa-mini", "ssa-mini"})
  void losesWhatPyTorchLostInAllDocumentsAndScalings(String name) throws IOException {
    List<Row> rows = differences(name, List.of(0, 1), List.of("", " llama3:4"), LONGEST);
    rows.addAll(differences(name, List.of(2, 3, 4, 5, 6, 7), List.of("", " llama3:4"), TRAINED));
    rows.forEach(row -> System.out.println(row.markdown()));
    assertThat(rows).allMatch(Row::within);
  }

  /** One figure of the reference, and ours. */
  record Row(String model, int document, String mode, int length, double reference, double ours) {
    boolean within() {
      double tolerance = length <= TRAINED ? TOLERANCE : LONG_TOLERANCE;
      return Math.abs(ours - reference) <= tolerance;
    }

    String markdown() {
      return String.format(
          Locale.ROOT,
          "| %s | %d | %s | %d | %.6f | %.6f | %+.6f |",
          model,
          document,
          mode,
          length,
          reference,
          ours,
          ours - reference);
    }
  }

  private static List<Row> differences(
      String name, List<Integer> documents, List<String> ropes, int longest) throws IOException {
    Path folder = Path.of(System.getProperty("ssa.root"), "models", name);
    JsonNode reference = new ObjectMapper().readTree(folder.resolve("reference.json").toFile());
    Checkpoint checkpoint = Checkpoint.open(folder);
    List<Row> rows = new ArrayList<>();
    for (String rope : ropes) {
      Optional<RopeScaling> scaling =
          rope.isEmpty() ? Optional.empty() : Optional.of(RopeScaling.parse("llama3:4", TRAINED));
      try (SsaModel model = SsaModel.load(checkpoint, RuntimeOptions.cpu(2), scaling)) {
        for (AttentionMode mode : checkpoint.modes()) {
          String key = mode.text().replaceAll(":.*", "") + rope;
          for (int document : documents) {
            float[] rated =
                model.logProbabilities(heldTokens(document, longest), mode).logProbability();
            rows.addAll(rows(name, document, key, reference, rated));
          }
        }
      }
    }
    assertThat(rows).isNotEmpty();
    return rows;
  }

  private static List<Row> rows(
      String name, int document, String key, JsonNode reference, float[] rated) {
    JsonNode prefix =
        reference.required("documents").required(document).required(key).required("prefix");
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < prefix.size(); i++) {
      int length = reference.required("lengths").required(i).intValue();
      if (length - 1 <= rated.length) {
        double sum = 0;
        for (int t = 0; t < length - 1; t++) {
          sum -= rated[t];
        }
        rows.add(
            new Row(name, document, key, length, prefix.get(i).doubleValue(), sum / (length - 1)));
      }
    }
    return rows;
  }

  /** Row d of held_tokens.bin, uint16 [8, 32768]. */
  private static int[] heldTokens(int document, int count) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            MiniatureFidelityTest.class.getResourceAsStream("/golden/held_tokens.bin"))) {
      byte[] bytes = in.readAllBytes();
      int from = document * LONGEST;
      int[] ids = new int[count];
      Arrays.setAll(
          ids, i -> (bytes[2 * (from + i)] & 0xff) | ((bytes[2 * (from + i) + 1] & 0xff) << 8));
      return ids;
    }
  }
}
