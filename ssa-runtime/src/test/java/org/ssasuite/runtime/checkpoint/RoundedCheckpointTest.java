package org.ssasuite.runtime.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.BadInputException;
import org.ssasuite.runtime.engine.Precision;
import org.ssasuite.runtime.random.RandomCheckpoint;

class RoundedCheckpointTest {
  private static final String NORM = "model.norm.weight";

  @TempDir Path folder;
  private Path model;
  private Path out;

  @BeforeEach
  void writeModel() throws IOException {
    ObjectNode config = (ObjectNode) RandomCheckpoint.recipe("ssa-mini");
    config.put("hidden_size", 32).put("num_hidden_layers", 1).put("intermediate_size", 16);
    config.put("vocab_size", 64).put("torch_dtype", "float32");
    model = folder.resolve("model");
    out = folder.resolve("out");
    RandomCheckpoint.write(config, 7, model);
    Files.writeString(model.resolve("tokenizer.json"), "{}");
    Files.writeString(model.resolve("checkpoint.json"), "{}");
  }

  /** Puts numbers in place of a norm's first ones. */
  private void put(float... values) throws IOException {
    StoredTensor norm = Safetensors.read(model.resolve("model.safetensors")).get(NORM);
    byte[] bytes = Files.readAllBytes(model.resolve("model.safetensors"));
    ByteBuffer data = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < values.length; i++) {
      data.putFloat((int) norm.offset() + 4 * i, values[i]);
    }
    Files.write(model.resolve("model.safetensors"), bytes);
  }

  private FloatBuffer norm() {
    return Safetensors.read(out.resolve("model.safetensors")).get(NORM).floats();
  }

  /** Values as {@code torch.tensor(x).to(torch.bfloat16)} gives them. */
  @Test
  void numbersAreRoundedToNearestTiesToEven() throws IOException {
    put(0x1.01p0f, 0x1.03p0f, 3.1415927f, -0.1f);

    RoundedCheckpoint.write(model, Precision.BF16, out);

    FloatBuffer norm = norm();
    assertThat(new float[] {norm.get(0), norm.get(1), norm.get(2), norm.get(3)})
        .containsExactly(1, 0x1.04p0f, 3.140625f, -0x1.9ap-4f);
  }

  @Test
  void configStatesTheFormatAndTextsAreCopied() throws IOException {
    RoundedCheckpoint.write(model, Precision.FP16, out);

    assertThat(out.resolve("config.json")).content().contains("\"torch_dtype\" : \"float16\"");
    assertThat(out.resolve("tokenizer.json")).hasContent("{}");
    assertThat(out.resolve("checkpoint.json")).doesNotExist();
    assertThat(Checkpoint.open(out).layout()).isEqualTo(Checkpoint.open(model).layout());
  }

  @Test
  void numbersThatTheFormatHasNotAreRefused() throws IOException {
    put(70_000f);

    assertThatThrownBy(() -> RoundedCheckpoint.write(model, Precision.FP16, out))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("'" + NORM + "' holds 70000.0, which is too large for fp16");
    assertThat(out).doesNotExist();
  }

  @Test
  void fp32OfFp32IsTheSameNumbers() throws IOException {
    RoundedCheckpoint.write(model, Precision.FP32, out);

    Safetensors.read(model.resolve("model.safetensors"))
        .forEach(
            (name, tensor) ->
                assertThat(
                        tensor.equalsIn(
                            Safetensors.read(out.resolve("model.safetensors")).get(name)))
                    .as(name)
                    .isTrue());
  }
}
