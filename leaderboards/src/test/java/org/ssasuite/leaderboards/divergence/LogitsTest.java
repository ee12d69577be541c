package org.ssasuite.leaderboards.divergence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.ssasuite.core.testing.Golden;
import org.ssasuite.leaderboards.Terminal;
import org.ssasuite.leaderboards.Terminal.Outcome;
import org.ssasuite.runtime.random.RandomCheckpoint;
import org.ssasuite.runtime.random.RandomStreams;

/** {@code ssa divergence --logits}: what another program predicts, in each of the forms. */
class LogitsTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** fp32 through two layers against fp64. */
  private static final double TOLERANCE = 1e-4;

  @TempDir Path folder;
  private Path model;
  private Path ids;
  private Path out;

  static List<Vector> vectors() {
    return Golden.vectors("logits.jsonl.xz").stream().map(Vector::new).toList();
  }

  /** Named, so that a failure says which case it is. */
  record Vector(JsonNode json) {
    @Override
    public String toString() {
      return json.required("name").asText();
    }

    byte[] data() {
      return Base64.getDecoder().decode(json.required("data").asText());
    }
  }

  private static Vector vector(String name) {
    return vectors().stream().filter(v -> v.toString().equals(name)).findFirst().orElseThrow();
  }

  /** All vectors are of one model and one text. */
  @BeforeEach
  void writeModel() throws IOException {
    JsonNode json = vectors().get(0).json();
    model = folder.resolve("model");
    ids = folder.resolve("ids.txt");
    out = folder.resolve("out.jsonl");
    long seed = json.required("seed").longValue();
    RandomCheckpoint.write(json.required("config"), seed, model);
    RandomStreams.Stream stream = new RandomStreams(seed).named("tokens");
    Files.writeString(
        ids,
        IntStream.range(0, json.required("tokens").intValue())
            .mapToObj(i -> Long.toString(Long.remainderUnsigned(stream.bits(i), 128)))
            .collect(Collectors.joining(" ")));
  }

  private Outcome type(Path logits, Object... more) {
    List<Object> words =
        new ArrayList<>(List.of("divergence", "--model", model, "--modes", "full", "--ids", ids));
    words.addAll(List.of("--logits", logits, "--out", out, "--chunk", 17));
    words.addAll(List.of(more));
    return Terminal.type(words.toArray());
  }

  private Path written(Vector vector) throws IOException {
    return Files.write(folder.resolve(vector.json().required("file").asText()), vector.data());
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void agreesWithNumpy(Vector vector) throws IOException {
    Outcome outcome = type(written(vector));

    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.status()).isZero();
    List<String> lines = Files.readAllLines(out);
    JsonNode rows = vector.json().required("rows");
    boolean listed = vector.json().required("file").asText().endsWith(".jsonl");
    String bound = listed ? "_lower_bound" : "";
    String[] names = {
      "kl" + bound, "kl_reverse" + bound, "same_top", "top10", "logprob_a", "logprob_b"
    };
    assertThat(lines).hasSize(rows.size());
    for (int i = 0; i < lines.size(); i++) {
      JsonNode line = MAPPER.readTree(lines.get(i));
      assertThat(line.get("position").intValue()).isEqualTo(i);
      for (int column = 0; column < names.length; column++) {
        JsonNode expected = rows.get(i).get(column);
        assertThat(line.has(names[column])).as(names[column]).isEqualTo(!expected.isNull());
        if (column == 2) {
          assertThat(line.get("same_top").booleanValue()).isEqualTo(expected.intValue() == 1);
        } else if (!expected.isNull()) {
          assertThat(line.get(names[column]).doubleValue())
              .as("position %d, %s", i, names[column])
              .isCloseTo(expected.doubleValue(), within(TOLERANCE));
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "npy-float32, --max-kl, 10, 0",
    "npy-float32, --max-kl, 0.1, 1",
    "npy-float32, --max-loss, 100, 0",
    "list-20, --max-kl, 0.1, 1",
    "list-20, --max-kl, 10, 3",
    "list-20, --max-loss, 100, 3",
    "server-20-and-the-token, --max-loss, 100, 0",
    "list-20, --min-same-top, 0.4, 0",
  })
  void whatIsKnownFromBelowIsNeverSmallEnough(String name, String margin, String value, int status)
      throws IOException {
    assertThat(type(written(vector(name)), margin, value).status()).isEqualTo(status);
  }

  @Test
  void theTableSaysThatKlIsKnownFromBelow() throws IOException {
    assertThat(type(written(vector("list-20"))).out()).contains("KL(A, B) at least, nats");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{\"position\": 1, \"top\": []}; line 1: is of position 1 where 0 is due",
        "{\"position\": 0, \"top\": []}; line 1: lists 0 ids",
        "{\"position\": 0, \"top\": [{\"id\": 128, \"logprob\": -1}]}; line 1: field 'top[0].id'",
        "{\"position\": 0, \"top\": [{\"id\": 1}]}; line 1: field 'top[0].logprob' is missing",
        "{\"position\": 0, \"top\": [{\"id\": 1, \"logprob\": 0.5}]}; 'top[0].logprob' is no logarithm",
        "{\"position\": 0, \"top\": [{\"id\": 1, \"logprob\": -1, \"x\": 0}]}; field 'top[0].x' is none",
        "{\"position\": 0, \"top\": [{\"id\": 1, \"logprob\": -1}], \"y\": 0}; field 'y' is none",
        "{\"5\": {\"logprob\": -0.1}, \"6\": {\"logprob\": -0.1}}; line 1: its probabilities come to 1.8",
        "{\"x\": {\"logprob\": -0.1}}; line 1: field 'x' is no id from 0 to 127",
        "{\"5\": {\"rank\": 1}}; line 1: field '5.logprob' is missing",
        "{\"5\": {\"logprob\": -1}}; has 1 lines for 39 positions of the text",
        "[]; line 1",
      })
  void aListThatIsNoneIsRefusedInOneLine(String line, String fact) throws IOException {
    Path file = Files.writeString(folder.resolve("b.jsonl"), line + "\n");

    refused(type(file), fact);
  }

  @Test
  void twoLinesTooManyAreRefused() throws IOException {
    String lines = new String(vector("list-20").data(), StandardCharsets.UTF_8);
    Path file = folder.resolve("b.jsonl");
    Files.writeString(
        file, lines + "{\"position\": 40, \"top\": [{\"id\": 1, \"logprob\": -1}]}\n");

    refused(type(file), "line 41: is one too many: the text has 39 positions");
  }

  @Test
  void anotherVocabularyIsRefused() throws IOException {
    Path file = folder.resolve("b.npy");
    byte[] data = vector("npy-float32").data();
    String header = new String(data, 0, 128, StandardCharsets.ISO_8859_1);
    byte[] other = header.replace("(40, 128)", "(80, 64) ").getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(other, 0, data, 0, 128);
    Files.write(file, data);

    refused(type(file), "has logits of 64 ids; the model has 128");
  }

  @Test
  void anotherNumberOfRowsIsRefused() throws IOException {
    Files.writeString(ids, "1 2 3 4");

    refused(type(written(vector("npy-float32"))), "has 40 rows for 4 tokens");
  }

  @Test
  void aLogitThatIsNoNumberIsNamed() throws IOException {
    byte[] data = vector("npy-float32").data();
    int at = 128 + 4 * (2 * 128 + 5);
    data[at] = 0;
    data[at + 1] = 0;
    data[at + 2] = (byte) 0x80;
    data[at + 3] = (byte) 0x7f;
    Path file = Files.write(folder.resolve("b.npy"), data);

    refused(type(file), "the logit of id 5 at position 2 is Infinity");
  }

  @Test
  void aFileThatIsCutShortIsRefused() throws IOException {
    byte[] data = vector("npy-float32").data();
    Path file = Files.write(folder.resolve("b.npy"), Arrays.copyOf(data, data.length - 4));

    refused(type(file), "bytes where its header");
  }

  @Test
  void aSecondSideBesideTheFileIsRefused() throws IOException {
    Path file = written(vector("npy-float32"));

    refused(type(file, "--hidden"), "is side B itself");
  }

  private void refused(Outcome outcome, String fact) {
    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err().lines()).hasSize(1);
    assertThat(outcome.err()).contains(fact);
    assertThat(out).doesNotExist();
  }
}
