package org.ssasuite.leaderboards.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** A copy of a bfloat16 model with noise on its weights. */
final class NoisyModel {
  private NoisyModel() {}

  /**
   * Writes the copy.
   *
   * @param noise standard deviation, relative to the root mean square of a weight's tensor
   */
  static Path write(Path original, Path copy, double noise, long seed) throws IOException {
    Files.createDirectories(copy);
    for (String file : new String[] {"config.json", "tokenizer.json"}) {
      Files.copy(original.resolve(file), copy.resolve(file));
    }
    byte[] bytes = Files.readAllBytes(original.resolve("model.safetensors"));
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int header = Math.toIntExact(buffer.getLong(0));
    JsonNode tensors = new ObjectMapper().readTree(bytes, Long.BYTES, header);
    Random random = new Random(seed);
    for (var tensor : tensors.properties()) {
      JsonNode offsets = tensor.getValue().path("data_offsets");
      if (offsets.isArray()) {
        int from = Long.BYTES + header + offsets.get(0).intValue();
        int to = Long.BYTES + header + offsets.get(1).intValue();
        disturb(buffer, from, to, noise, random);
      }
    }
    Files.write(copy.resolve("model.safetensors"), bytes);
    return copy;
  }

  private static void disturb(ByteBuffer buffer, int from, int to, double noise, Random random) {
    double squares = 0;
    for (int at = from; at < to; at += Short.BYTES) {
      double value = Float.intBitsToFloat(buffer.getShort(at) << 16);
      squares += value * value;
    }
    double scale = noise * Math.sqrt(squares * Short.BYTES / (to - from));
    for (int at = from; at < to; at += Short.BYTES) {
      float value = Float.intBitsToFloat(buffer.getShort(at) << 16);
      int bits = Float.floatToIntBits((float) (value + scale * random.nextGaussian()));
      // To the nearest bfloat16, ties to even.
      int rounded = bits + 0x7FFF + ((bits >> 16) & 1);
      buffer.putShort(at, (short) (rounded >> 16));
    }
  }
}
