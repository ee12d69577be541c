package org.ssasuite.runtime.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ssasuite.core.BadInputException;
import org.ssasuite.runtime.checkpoint.ModelLayout;
import org.ssasuite.runtime.checkpoint.NewModelConfig;

class RandomCheckpointTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  static List<JsonNode> golden() throws IOException {
    String file =
        new String(
            Objects.requireNonNull(
                    RandomCheckpointTest.class.getResourceAsStream(
                        "/golden/random-checkpoint.jsonl"))
                .readAllBytes(),
            StandardCharsets.UTF_8);
    List<JsonNode> cases = new ArrayList<>();
    for (String line : file.lines().skip(1).toList()) {
      cases.add(JSON.readTree(line));
    }
    return cases;
  }

  @ParameterizedTest
  @MethodSource("golden")
  void writesTheReferencesTensors(JsonNode golden) throws IOException {
    Path out = folder.resolve("model");

    RandomCheckpoint.write(golden.required("config"), golden.required("seed").longValue(), out);

    assertThat(tensors(out)).isEqualTo(tensors(golden.required("tensors")));
  }

  @Test
  void keepsTheConfigAsGiven() throws IOException {
    ObjectNode config = tiny().put("some_other_key", "kept");

    RandomCheckpoint.write(config, 1, folder.resolve("model"));

    assertThat(JSON.readTree(folder.resolve("model/config.json").toFile())).isEqualTo(config);
  }

  @Test
  void dataIsContiguousAndStartsAtAMultipleOfEight() throws IOException {
    RandomCheckpoint.write(tiny(), 1, folder.resolve("model"));

    byte[] file = Files.readAllBytes(folder.resolve("model/model.safetensors"));
    JsonNode header = header(file);
    assertThat(dataStart(file) % 8).isZero();
    long end = 0;
    for (JsonNode entry : header) {
      if (entry.has("data_offsets")) {
        assertThat(entry.required("data_offsets").get(0).longValue()).isEqualTo(end);
        end = entry.required("data_offsets").get(1).longValue();
      }
    }
    assertThat(dataStart(file) + end).isEqualTo(file.length);
  }

  @Test
  void leavesNothingButTheModel() throws IOException {
    RandomCheckpoint.write(tiny(), 1, folder.resolve("new/model"));

    assertThat(folder.resolve("new")).isDirectoryContaining("glob:**/model");
    try (var content = Files.list(folder.resolve("new"))) {
      assertThat(content).hasSize(1);
    }
  }

  @Test
  void fillsAnEmptyFolder() throws IOException {
    Path out = Files.createDirectory(folder.resolve("model"));

    RandomCheckpoint.write(tiny(), 1, out);

    assertThat(out.resolve("model.safetensors")).exists();
  }

  @Test
  void refusesAFolderThatHoldsSomething() throws IOException {
    Files.writeString(folder.resolve("notes.txt"), "mine");

    assertThatThrownBy(() -> RandomCheckpoint.write(tiny(), 1, folder))
        .isInstanceOf(BadInputException.class)
        .hasMessage(folder + ": the folder is not empty");
  }

  @Test
  void refusesAFileAsFolder() throws IOException {
    Path file = Files.writeString(folder.resolve("model"), "mine");

    assertThatThrownBy(() -> RandomCheckpoint.write(tiny(), 1, file))
        .isInstanceOf(BadInputException.class)
        .hasMessage(file + ": not a folder");
  }

  @Test
  void leavesNothingBehindWhenItFails() throws IOException {
    // The renaming fails: what looks absent is a link to nowhere.
    Path link = Files.createSymbolicLink(folder.resolve("model"), folder.resolve("nowhere"));

    assertThatThrownBy(() -> RandomCheckpoint.write(tiny(), 1, link))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(link + ": ");
    try (var content = Files.list(folder)) {
      assertThat(content).containsExactly(link);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "hidden_size | 0 | 'hidden_size' is 0; it must be at least 1",
        "vocab_size | 3.5 | 'vocab_size' is 3.5; a whole number is needed",
        "vocab_size | 4294967296 | 'vocab_size' is 4294967296; a whole number is needed",
        "num_hidden_layers | null | 'num_hidden_layers' is missing",
        "num_hidden_layers | 5000 | 'num_hidden_layers' is 5000, more than 4096",
        "num_key_value_heads | 3 | 'num_key_value_heads' is 3 for 4 heads",
        "head_dim | 2147483647 | 'head_dim' is 2147483647; it must lie between 0 and 268435456",
        "model_type | \"gpt2\" | 'model_type' is 'gpt2'; known are llama, llama-nsa, mistral, qwen2, qwen3, smollm3, granite, phi3, minicpm",
        "attention_bias | true | 'attention_bias' is true: llama-nsa has no biases by that key",
        "tie_word_embeddings | 1 | 'tie_word_embeddings' is 1; true or false is needed",
        "torch_dtype | \"int8\" | 'torch_dtype' is 'int8', not bfloat16, float16 or float32",
        "dtype | \"float16\" | 'torch_dtype' and 'dtype' differ",
        "initializer_range | -1 | 'initializer_range' is -1, not a number from 0 to 1000"
      })
  void refusesASenselessConfig(String key, String value, String fact) throws IOException {
    ObjectNode config = tiny().set(key, JSON.readTree(value));

    assertThatThrownBy(() -> RandomCheckpoint.write(config, 1, folder.resolve("model")))
        .isInstanceOf(BadInputException.class)
        .hasMessage("model config: " + fact);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void refusesAHeadDimensionThatDoesNotDivide() {
    ObjectNode config = tiny().put("hidden_size", 18);
    config.remove("head_dim");

    assertThatThrownBy(() -> RandomCheckpoint.write(config, 1, folder.resolve("model")))
        .isInstanceOf(BadInputException.class)
        .hasMessage("model config: 'num_attention_heads' is 4 for hidden size 18");
  }

  @Test
  void refusesMoreBytesThanThereAreNumbers() {
    ObjectNode config =
        tiny()
            .put("num_hidden_layers", 4096)
            .put("intermediate_size", 1 << 28)
            .put("hidden_size", 1 << 28);

    assertThatThrownBy(() -> RandomCheckpoint.write(config, 1, folder.resolve("model")))
        .isInstanceOf(BadInputException.class)
        .hasMessage("model config: its weights pass 2^63 bytes");
  }

  @ParameterizedTest
  @CsvSource({
    // The miniatures' count is exact; the others are what the paper's shapes come to.
    "ssa-mini, 3867072, 0",
    "fullattn-mini, 3867072, 0",
    "moba-mini, 3867072, 0",
    "nsa-mini, 3867072, 0",
    "ssa-1b, 1214000000, 500000",
    "ssa-300m, 369000000, 500000"
  })
  void recipesHaveThePublishedSizes(String name, long parameters, long within) {
    NewModelConfig model = NewModelConfig.of(Path.of(name), RandomCheckpoint.recipe(name));
    long elements = ModelLayout.of(model.sizes(), true).parameters();

    assertThat(elements).isBetween(parameters - within, parameters + within);
  }

  @Test
  void everyRecipeIsThere() {
    assertThat(RandomCheckpoint.recipes())
        .containsExactlyInAnyOrder(
            "ssa-mini", "fullattn-mini", "moba-mini", "nsa-mini", "ssa-1b", "ssa-300m")
        .allSatisfy(name -> assertThat(RandomCheckpoint.recipe(name).isObject()).isTrue());
  }

  @Test
  void recipeMayBeAFile() throws IOException {
    Path file = Files.writeString(folder.resolve("my.json"), "{\"hidden_size\": 8}");

    assertThat(RandomCheckpoint.recipe(file.toString()).get("hidden_size").intValue()).isEqualTo(8);
  }

  @Test
  void unknownRecipeNamesTheKnownOnes() {
    assertThatThrownBy(() -> RandomCheckpoint.recipe("ssa-9b"))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith("ssa-9b: no such file, and the recipes are fullattn-mini, ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{", "{} {}", "{\"a\": 1, \"a\": 2}", "\u0000"})
  void refusesARecipeFileThatIsNoObject(String content) throws IOException {
    Path file = Files.writeString(folder.resolve("my.json"), content);

    assertThatThrownBy(() -> RandomCheckpoint.recipe(file.toString()))
        .isInstanceOf(BadInputException.class)
        .message()
        .startsWith(file + ": ")
        .containsAnyOf("is no JSON object", "not a JSON object", "not JSON: ");
  }

  @Test
  void aRecipeOfMegabytesIsRefusedUnread() throws IOException {
    Path file = Files.writeString(folder.resolve("my.json"), " ".repeat((4 << 20) + 1));

    assertThatThrownBy(() -> RandomCheckpoint.recipe(file.toString()))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(file + ": more than the limit of 4194304 bytes");
  }

  private static ObjectNode tiny() {
    return JSON.createObjectNode()
        .put("model_type", "llama-nsa")
        .put("vocab_size", 11)
        .put("hidden_size", 8)
        .put("num_hidden_layers", 1)
        .put("num_attention_heads", 4)
        .put("num_key_value_heads", 2)
        .put("head_dim", 4)
        .put("intermediate_size", 6)
        .put("torch_dtype", "bfloat16");
  }

  /** dtype, shape and SHA-256 of every tensor in the file, by name. */
  private static Map<String, String> tensors(Path model) throws IOException {
    byte[] file = Files.readAllBytes(model.resolve("model.safetensors"));
    Map<String, String> tensors = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : header(file).properties()) {
      JsonNode offsets = entry.getValue().path("data_offsets");
      if (!offsets.isMissingNode()) {
        byte[] data =
            Arrays.copyOfRange(
                file,
                dataStart(file) + offsets.get(0).intValue(),
                dataStart(file) + offsets.get(1).intValue());
        tensors.put(
            entry.getKey(),
            entry.getValue().get("dtype").textValue()
                + entry.getValue().get("shape")
                + sha256(data));
      }
    }
    return tensors;
  }

  private static Map<String, String> tensors(JsonNode golden) {
    Map<String, String> tensors = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : golden.properties()) {
      tensors.put(
          entry.getKey(),
          entry.getValue().get("dtype").textValue()
              + entry.getValue().get("shape")
              + entry.getValue().get("sha256").textValue());
    }
    return tensors;
  }

  private static int dataStart(byte[] file) {
    return 8 + (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  private static JsonNode header(byte[] file) throws IOException {
    return JSON.readTree(file, 8, dataStart(file) - 8);
  }

  private static String sha256(byte[] data) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(data));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
