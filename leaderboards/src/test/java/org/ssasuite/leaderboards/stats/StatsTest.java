package org.ssasuite.leaderboards.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ssasuite.core.testing.Golden;
import org.ssasuite.leaderboards.Terminal;
import org.ssasuite.leaderboards.Terminal.Outcome;
import org.ssasuite.runtime.random.RandomCheckpoint;
import org.ssasuite.runtime.random.RandomStreams;

/** {@code ssa stats} against what others made of the same checkpoints. */
class StatsTest {
  /** fp32 through two layers, of figures that are mostly below 1. */
  private static final double TOLERANCE = 3e-5;

  /** The reference's numbers are fp32's, rounded to six decimals. */
  private static final double MINIATURE_TOLERANCE = 2e-5;

  @TempDir Path folder;

  static List<Vector> vectors() {
    return Golden.vectors("statistics.jsonl.xz").stream().map(Vector::new).toList();
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
  void agreesWithDenseFormulas(Vector vector) throws IOException {
    JsonNode json = vector.json();
    long seed = json.required("seed").longValue();
    Path model = folder.resolve("model");
    RandomCheckpoint.write(json.required("config"), seed, model);
    RandomStreams.Stream stream = new RandomStreams(seed).named("tokens");
    int vocabulary = json.required("config").required("vocab_size").intValue();
    int[] ids =
        IntStream.range(0, json.required("tokens").intValue())
            .map(i -> (int) Long.remainderUnsigned(stream.bits(i), vocabulary))
            .toArray();
    List<Object> words =
        new ArrayList<>(List.of("--model", model, "--mode", json.required("mode").asText()));
    words.addAll(List.of("--queries", text(json.required("queries"), ":")));
    if (!json.required("budgets").isEmpty()) {
      words.addAll(List.of("--budgets", text(json.required("budgets"), ",")));
    }

    JsonNode statistics = stats(ids, words.toArray());

    assertAgrees("layers", statistics.required("layers"), json.required("layers"));
  }

  private static String text(JsonNode array, String between) {
    return StreamSupport.stream(array.spliterator(), false)
        .map(JsonNode::asText)
        .collect(Collectors.joining(between));
  }

  private static void assertAgrees(String path, JsonNode actual, JsonNode expected) {
    if (expected.isObject()) {
      List<String> names = new ArrayList<>();
      actual.fieldNames().forEachRemaining(names::add);
      List<String> wanted = new ArrayList<>();
      expected.fieldNames().forEachRemaining(wanted::add);
      assertThat(names).as(path).containsExactlyInAnyOrderElementsOf(wanted);
      for (Map.Entry<String, JsonNode> field : expected.properties()) {
        assertAgrees(path + "." + field.getKey(), actual.get(field.getKey()), field.getValue());
      }
    } else if (expected.isArray()) {
      assertThat(actual.size()).as(path).isEqualTo(expected.size());
      for (int i = 0; i < expected.size(); i++) {
        assertAgrees(path + "[" + i + "]", actual.get(i), expected.get(i));
      }
    } else if (expected.isNull()) {
      assertThat(actual.isNull()).as(path).isTrue();
    } else {
      double wanted = expected.doubleValue();
      assertThat(actual.doubleValue())
          .as(path)
          .isCloseTo(wanted, within(TOLERANCE * Math.max(1, Math.abs(wanted))));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"fullattn-mini", "moba-mini", "ssa-mini"})
  void agreesWithTheMiniaturesReference(String name) throws IOException {
    JsonNode reference =
        new ObjectMapper()
            .readTree(Terminal.HOME.models().resolve(name).resolve("reference.json").toFile())
            .required("statistics")
            .required("documents")
            .required(0);

    JsonNode layers =
        stats(heldTokens(8_192), "--model", name, "--queries", "4096:8192").required("layers");

    assertThat(layers.size()).isEqualTo(reference.size());
    for (int layer = 0; layer < reference.size(); layer++) {
      JsonNode ours = layers.get(layer);
      JsonNode theirs = reference.get(layer);
      assertNear(ours.required("captured").required("16x16"), theirs.required("captured"));
      for (String figure : List.of("entropy_bits", "first_1", "first_4", "first_64")) {
        assertNear(ours.required(figure), theirs.required(figure));
      }
    }
  }

  private static void assertNear(JsonNode ours, JsonNode theirs) {
    assertThat(ours.size()).isEqualTo(theirs.size());
    for (int head = 0; head < theirs.size(); head++) {
      assertThat(ours.get(head).doubleValue())
          .isCloseTo(theirs.get(head).doubleValue(), within(MINIATURE_TOLERANCE));
    }
  }

  /** The first tokens of a book, as the reference took them. */
  private static int[] heldTokens(int count) throws IOException {
    Path file =
        Path.of(System.getProperty("ssa.root"))
            .resolve("ssa-runtime/src/test/resources/golden/held_tokens.bin");
    byte[] bytes = Files.readAllBytes(file);
    return IntStream.range(0, count)
        .map(i -> (bytes[2 * i] & 0xFF) | (bytes[2 * i + 1] & 0xFF) << 8)
        .toArray();
  }

  @Test
  void bucketsHaveTheFormOfTheWhole() throws IOException {
    int[] ids = IntStream.range(0, 1_100).map(i -> i % 50).toArray();

    JsonNode statistics = stats(ids, "--model", "ssa-mini", "--queries", "1000:1100");

    assertThat(statistics.required("schema").asText()).isEqualTo("ssasuite/stats/1");
    assertThat(statistics.required("buckets").size()).isEqualTo(2);
    JsonNode second = statistics.required("buckets").get(1);
    assertThat(second.required("queries").toString()).isEqualTo("[1024,1100]");
    assertThat(second.required("layers").get(0).fieldNames())
        .toIterable()
        .containsExactlyElementsOf(() -> statistics.required("layers").get(0).fieldNames());
  }

  @Test
  void onlyWhatIsObservedIsThere() throws IOException {
    JsonNode statistics = stats(new int[] {1, 2, 3}, "--model", "ssa-mini", "--observe", "capture");

    assertThat(statistics.required("layers").get(0).fieldNames())
        .toIterable()
        .containsExactly(
            "captured", "captured_best", "gates", "activation_max", "activation_median");
  }

  @Test
  void theModelsOwnBudgetIsTheDefault() throws IOException {
    JsonNode statistics = stats(new int[] {1, 2, 3}, "--model", "ssa-mini");

    assertThat(statistics.required("budgets").toString()).isEqualTo("[\"16x16\"]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--queries 3        | is no range A:B of positions",
        "--queries 2:2      | needs A below B",
        "--queries 0:4      | at most the text's 3 tokens",
        "--queries -1:2     | is no range",
        "--budgets 16       | budget '16': not block size x block count",
        "--budgets 10x4     | block size must be 8, 16, 32, 64 or 128 tokens, not 10",
        "--budgets 16x0     | block count must be at least 1, not 0",
        "--budgets 16x4,16x4 | has 16x4 twice",
        "--observe all      | is none of sinks, capture, error",
        "--mode nsa         | no NSA model",
        "--mode sparse --budgets 16x16 | full mode only, not in sparse:16x16",
      })
  void whatCannotBeAskedForIsOneLine(String words, String fact) throws IOException {
    Outcome outcome =
        type(new int[] {1, 2, 3}, (Object[]) ("--model ssa-mini " + words).split(" "));

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err().strip().lines()).hasSize(1);
    assertThat(outcome.err()).contains(fact);
  }

  @Test
  void anNsaModelHasNoFullMode() throws IOException {
    Outcome outcome = type(new int[] {1, 2, 3}, "--model", "nsa-mini");

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err()).contains("an NSA model has no full mode");
  }

  private JsonNode stats(int[] ids, Object... words) throws IOException {
    Outcome outcome = type(ids, words);
    assertThat(outcome.status()).as(outcome.err()).isZero();
    return new ObjectMapper().readTree(outcome.out());
  }

  private Outcome type(int[] ids, Object... words) throws IOException {
    Path file = folder.resolve("ids.txt");
    Files.writeString(
        file, Arrays.stream(ids).mapToObj(Integer::toString).collect(Collectors.joining(" ")));
    List<Object> all = new ArrayList<>(List.of("stats", "--ids", file, "--threads", "2"));
    all.addAll(Arrays.asList(words));
    return Terminal.type(all.toArray());
  }
}
