package org.ssasuite.trainer.model;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ssasuite.core.BadInputException;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.random.RandomCheckpoint;

class TrainableModelTest {
  @TempDir Path folder;

  private Checkpoint checkpoint(String family, boolean biases) {
    ObjectNode config = new ObjectMapper().createObjectNode().put("model_type", family);
    config.put("vocab_size", 32).put("hidden_size", 32).put("num_hidden_layers", 1);
    config.put("num_attention_heads", 2).put("num_key_value_heads", 1).put("head_dim", 16);
    config.put("intermediate_size", 32).put("attention_bias", biases);
    RandomCheckpoint.write(config, 1, folder.resolve(family));
    return Checkpoint.open(folder.resolve(family));
  }

  @Test
  void llamasAndSsaModelsAreTrained() {
    assertThatCode(() -> TrainableModel.require(checkpoint("llama", false)))
        .doesNotThrowAnyException();
    assertThatCode(() -> TrainableModel.require(checkpoint("llama-nsa", false)))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"mistral", "qwen2", "qwen3", "smollm3", "granite", "phi3"})
  void anotherFamilyIsRefusedByName(String family) {
    assertThatThrownBy(() -> TrainableModel.require(checkpoint(family, false)))
        .isInstanceOf(BadInputException.class)
        .hasMessageEndingWith(
            "config.json: 'model_type' is '" + family + "', which is not trained here");
  }

  @Test
  void biasesAreRefusedByTheirName() {
    assertThatThrownBy(() -> ParameterLayout.of(checkpoint("llama", true).layout()))
        .isInstanceOf(BadInputException.class)
        .hasMessage("tensor 'model.layers.0.self_attn.q_proj.bias': is not trained here");
  }
}
