package org.ssasuite.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class RoundingTest {
  private static List<JsonNode> roundings() throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    String file =
        new String(
            Objects.requireNonNull(RoundingTest.class.getResourceAsStream("/golden/rounding.jsonl"))
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
                assertThat(Precision.FP16.bits(float32(line))).isEqualTo(bits(line, "float16")));
  }

  @Test
  void roundsToBfloat16LikePyTorch() throws IOException {
    assertThat(roundings())
        .allSatisfy(
            line ->
                assertThat(Precision.BF16.bits(float32(line))).isEqualTo(bits(line, "bfloat16")));
  }

  @Test
  void notANumberStaysNotANumber() {
    assertThat(Precision.FP16.bits(Float.NaN)).isEqualTo(0x7E00);
    assertThat(Precision.BF16.bits(Float.NaN)).isEqualTo(0x7FC0);
  }

  private static float float32(JsonNode line) {
    return Float.intBitsToFloat(Integer.parseUnsignedInt(line.required("float32").textValue(), 16));
  }

  private static int bits(JsonNode line, String format) {
    return Integer.parseInt(line.required(format).textValue(), 16);
  }
}
