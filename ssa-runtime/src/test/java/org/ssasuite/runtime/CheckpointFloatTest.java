package org.ssasuite.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.BadInputException;

class CheckpointFloatTest {
  private static List<JsonNode> roundings() throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    String file =
        new String(
            Objects.requireNonNull(
                    CheckpointFloatTest.class.getResourceAsStream("/golden/rounding.jsonl"))
                .readAllBytes(),
            StandardCharsets.UTF_8);
    List<JsonNode> lines = new ArrayList<>();
    for (String line : file.lines().skip(1).toList()) {
      lines.add(mapper.readTree(line));
    }
    return lines;
  }

  @Test
  void roundsToFloat16LikePyTorch() throws IOException {
    assertThat(roundings())
        .allSatisfy(
            line ->
                assertThat(CheckpointFloat.half(float32(line))).isEqualTo(bits(line, "float16")));
  }

  @Test
  void roundsToBfloat16LikePyTorch() throws IOException {
    assertThat(roundings())
        .allSatisfy(
            line ->
                assertThat(CheckpointFloat.brain(float32(line))).isEqualTo(bits(line, "bfloat16")));
  }

  @Test
  void notANumberStaysNotANumber() {
    assertThat(CheckpointFloat.half(Float.NaN)).isEqualTo((short) 0x7E00);
    assertThat(CheckpointFloat.brain(Float.NaN)).isEqualTo((short) 0x7FC0);
  }

  @Test
  void refusesFormatsOfOtherSizes() {
    JsonNode config = JsonNodeFactory.instance.objectNode().put("torch_dtype", "int8");

    assertThatThrownBy(() -> CheckpointFloat.of(config))
        .isInstanceOf(BadInputException.class)
        .hasMessage("model config: torch_dtype is 'int8', not bfloat16, float16 or float32");
  }

  @Test
  void refusesTwoFormatsAtOnce() {
    JsonNode config =
        JsonNodeFactory.instance
            .objectNode()
            .put("torch_dtype", "float16")
            .put("dtype", "bfloat16");

    assertThatThrownBy(() -> CheckpointFloat.of(config)).isInstanceOf(BadInputException.class);
  }

  private static float float32(JsonNode line) {
    return Float.intBitsToFloat(Integer.parseUnsignedInt(line.required("float32").textValue(), 16));
  }

  private static short bits(JsonNode line, String format) {
    return (short) Integer.parseInt(line.required(format).textValue(), 16);
  }
}
