package org.ssasuite.runtime.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ModelConfigTest {
  private static final Path FILE = Path.of("config.json");

  @Test
  void transformersFiveKeepsRopeInOneObject() {
    ObjectNode config = TinyCheckpoint.config();
    config.remove("rope_theta");
    config
        .putObject("rope_parameters")
        .put("rope_type", "llama3")
        .put("rope_theta", 500_000.0)
        .put("factor", 8.0)
        .put("low_freq_factor", 1.0)
        .put("high_freq_factor", 4.0)
        .put("original_max_position_embeddings", 128);
    ModelConfig read = ModelConfig.of(FILE, config);
    assertThat(read.ropeTheta()).isEqualTo(500_000.0);
    assertThat(read.ropeScaling()).isEqualTo(new RopeScaling.Llama3(8, 1, 4, 128));
  }

  @Test
  void transformersFourKeepsRopeApart() {
    ObjectNode config = TinyCheckpoint.config();
    config
        .putObject("rope_scaling")
        .put("type", "llama3")
        .put("factor", 32.0)
        .put("low_freq_factor", 1.0)
        .put("high_freq_factor", 4.0)
        .put("original_max_position_embeddings", 8192);
    ModelConfig read = ModelConfig.of(FILE, config);
    assertThat(read.ropeTheta()).isEqualTo(10_000.0);
    assertThat(read.ropeScaling()).isEqualTo(new RopeScaling.Llama3(32, 1, 4, 8192));
  }

  @Test
  void elementTypeIsReadUnderEitherName() {
    ObjectNode config = TinyCheckpoint.config();
    config.remove("torch_dtype");
    config.put("dtype", "bfloat16");
    assertThat(ModelConfig.of(FILE, config).elementType()).contains(ElementType.BF16);
  }

  @Test
  void headDimensionFollowsFromTheHiddenSizeWhereItIsNotStated() {
    ObjectNode config = TinyCheckpoint.config().put("hidden_size", 64);
    config.remove("head_dim");
    assertThat(ModelConfig.of(FILE, config).headDim()).isEqualTo(16);
  }

  @Test
  void severalEndTokensAreRead() {
    ObjectNode config = TinyCheckpoint.config();
    config.putArray("eos_token_id").add(3).add(5);
    assertThat(ModelConfig.of(FILE, config).endTokens()).containsExactly(3, 5);
  }
}
