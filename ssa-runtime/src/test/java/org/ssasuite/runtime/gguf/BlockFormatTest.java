package org.ssasuite.runtime.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ssasuite.core.testing.Golden;

/** Every bit as llama.cpp's own package has it. */
class BlockFormatTest {
  static List<JsonNode> vectors() {
    return Golden.vectors("gguf-blocks.jsonl.xz");
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void numbersAreThoseOfThePackage(JsonNode vector) {
    BlockFormat format = BlockFormat.valueOf(vector.required("format").asText());
    byte[] blocks = HexFormat.of().parseHex(vector.required("blocks").asText());
    JsonNode bits = vector.required("bits");
    assertThat(format.bytes(bits.size())).isEqualTo(blocks.length);
    float[] numbers = new float[bits.size()];
    format.decode(ByteBuffer.wrap(blocks).order(ByteOrder.LITTLE_ENDIAN), numbers, numbers.length);
    assertThat(IntStream.range(0, numbers.length).map(i -> Float.floatToRawIntBits(numbers[i])))
        .containsExactlyElementsOf(
            () ->
                IntStream.range(0, bits.size()).map(i -> (int) bits.get(i).longValue()).iterator());
  }
}
