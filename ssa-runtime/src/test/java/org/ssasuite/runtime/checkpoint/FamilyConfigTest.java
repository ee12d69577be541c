package org.ssasuite.runtime.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ssasuite.core.BadInputException;
import org.ssasuite.runtime.checkpoint.ModelLayout.Role;

/** Configs of two layers, of families beside Llama: transformers 5.24's meaning of their keys. */
class FamilyConfigTest {
  private static final Path FILE = Path.of("config.json");

  private static ObjectNode with(String keys) {
    try {
      ObjectNode config = TinyCheckpoint.config();
      config.setAll((ObjectNode) new ObjectMapper().readTree(keys.replace('\'', '"')));
      return config;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(keys, e);
    }
  }

  private static ModelConfig read(String keys) {
    return ModelConfig.of(FILE, with(keys));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'model_type': 'mistral'} | 4096",
        "{'model_type': 'mistral', 'sliding_window': 512} | 512",
        "{'model_type': 'mistral', 'sliding_window': null} | 0",
        "{'model_type': 'qwen2', 'sliding_window': 512} | 0",
        "{'model_type': 'qwen2', 'sliding_window': 512, 'use_sliding_window': false} | 0",
        "{'model_type': 'qwen2', 'use_sliding_window': true, 'sliding_window': null} | 0",
        "{'model_type': 'qwen2', 'use_sliding_window': true, 'max_window_layers': 1} | 4096",
        "{'model_type': 'qwen2', 'use_sliding_window': true, 'max_window_layers': 2} | 0",
        "{'model_type': 'qwen2', 'use_sliding_window': true, 'sliding_window': 9} | 0",
        "{'model_type': 'qwen3', 'use_sliding_window': true, 'sliding_window': 9, 'layer_types': ['full_attention', 'sliding_attention']} | 9",
        "{'model_type': 'qwen3', 'use_sliding_window': true, 'max_window_layers': 0, 'layer_types': ['full_attention', 'full_attention']} | 0",
      })
  void aWindowCountsWhereALayerHasOne(String keys, int window) {
    assertThat(read(keys).window().orElse(0)).isEqualTo(window);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'model_type': 'mistral', 'sliding_window': 0} | 'sliding_window' is 0; it must be at least 1",
        "{'model_type': 'mistral', 'sliding_window': null, 'layer_types': ['sliding_attention', 'full_attention']} | 'layer_types' is [\"sliding_attention\",\"full_attention\"], which is not computed here",
        "{'model_type': 'mistral', 'attention_bias': true} | 'attention_bias' is true, which is not known here",
        "{'model_type': 'mistral', 'architectures': ['LlamaForCausalLM']} | 'architectures' is [\"LlamaForCausalLM\"], which is not computed here",
        "{'model_type': 'qwen2', 'attention_bias': true} | 'attention_bias' is true, which is not known here",
        "{'model_type': 'qwen2', 'layer_types': ['full_attention', 'sliding_attention']} | 'layer_types' has sliding_attention without a window that is used",
        "{'model_type': 'qwen2', 'layer_types': ['full_attention']} | 'layer_types' is [\"full_attention\"]; a type for each of 2 layers",
        "{'model_type': 'qwen2', 'use_sliding_window': true, 'layer_types': ['full_attention', 'chunked_attention']} | 'layer_types' has \"chunked_attention\", which is not computed here",
        "{'model_type': 'qwen3', 'mlp_bias': true} | 'mlp_bias' is true, which is not known here",
        "{'model_type': 'llama', 'sliding_window': 4096} | 'sliding_window' is 4096, which is not computed here",
        "{'model_type': 'llama-nsa', 'attention_bias': true} | 'attention_bias' is true, which is not known here",
        "{'model_type': 'gpt2'} | 'model_type' is 'gpt2'; known are llama, llama-nsa, mistral, qwen2, qwen3",
      })
  void whatAFamilyDoesNotComputeIsRefusedByName(String keys, String fact) {
    assertThatThrownBy(() -> read(keys))
        .isInstanceOf(BadInputException.class)
        .hasMessage("config.json: " + fact);
  }

  @Test
  void aQwen3SaysItsHeadsOrHasThoseOf128() {
    ObjectNode config = with("{'model_type': 'qwen3'}");
    assertThat(ModelConfig.of(FILE, config).headDim()).isEqualTo(32);
    config.remove("head_dim");
    assertThat(ModelConfig.of(FILE, config).headDim()).isEqualTo(128);
  }

  @Test
  void aSilentMistralHasEightKeyHeadsAndOneOfNullHasAll() {
    ObjectNode config = with("{'model_type': 'mistral', 'num_attention_heads': 16}");
    config.remove("num_key_value_heads");
    assertThat(ModelConfig.of(FILE, config).kvHeads()).isEqualTo(8);
    config.putNull("num_key_value_heads");
    assertThat(ModelConfig.of(FILE, config).kvHeads()).isEqualTo(16);
  }

  @Test
  void biasesAndNormsStandBehindTheirMatrices() {
    ModelLayout qwen2 = layout("{'model_type': 'qwen2'}");
    assertThat(qwen2.names())
        .filteredOn(name -> name.startsWith("model.layers.1.self_attn"))
        .containsExactly(
            "model.layers.1.self_attn.q_proj.weight",
            "model.layers.1.self_attn.q_proj.bias",
            "model.layers.1.self_attn.k_proj.weight",
            "model.layers.1.self_attn.k_proj.bias",
            "model.layers.1.self_attn.v_proj.weight",
            "model.layers.1.self_attn.v_proj.bias",
            "model.layers.1.self_attn.o_proj.weight");
    assertThat(qwen2.bias(qwen2.get(1, Role.KEY))).contains(qwen2.get(1, Role.KEY_BIAS));
    assertThat(qwen2.bias(qwen2.get(1, Role.OUTPUT))).isEmpty();
    assertThat(layout("{'model_type': 'qwen3'}").get(1, Role.KEY_NORM).shape())
        .isEqualTo(List.of(32L));
  }

  private static ModelLayout layout(String keys) {
    return ModelLayout.of(read(keys).sizes(), false);
  }
}
