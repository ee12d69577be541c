package org.ssasuite.runtime.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
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
        "{'model_type': 'phi3'} | 0",
        "{'model_type': 'phi3', 'sliding_window': 2047} | 2047",
        "{'model_type': 'smollm3', 'sliding_window': 8} | 0",
        "{'model_type': 'smollm3', 'use_sliding_window': true} | 0",
        "{'model_type': 'smollm3', 'use_sliding_window': true, 'sliding_window': 8} | 0",
        "{'model_type': 'smollm3', 'use_sliding_window': true, 'sliding_window': 8, 'no_rope_layers': [1, 0]} | 8",
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
        "{'model_type': 'granite', 'sliding_window': 4096} | 'sliding_window' is 4096, which is not computed here",
        "{'model_type': 'granite', 'logits_scaling': 0} | 'logits_scaling' is 0.0; a positive number is needed",
        "{'model_type': 'qwen3', 'embedding_multiplier': 12} | 'embedding_multiplier' is 12, which is not computed here",
        "{'model_type': 'smollm3', 'no_rope_layers': [1]} | 'no_rope_layers' is [1]; 0 or 1 for each of 2 layers",
        "{'model_type': 'smollm3', 'no_rope_layers': [1, 2]} | 'no_rope_layers' has 2; 0 or 1 is needed",
        "{'model_type': 'minicpm', 'scale_emb': 12, 'scale_depth': 1.4} | 'dim_model_base' is missing",
        "{'model_type': 'minicpm', 'scale_emb': 1, 'scale_depth': 1, 'dim_model_base': 32, 'rope_scaling': {'type': 'longrope'}} | 'rope_type' is 'longrope'; known are default, linear, dynamic",
        "{'model_type': 'phi3', 'partial_rotary_factor': 0.1} | 'partial_rotary_factor' is 0.1 of 32; an even number of features is needed",
        "{'model_type': 'phi3', 'partial_rotary_factor': 2} | 'partial_rotary_factor' is 2.0 of 32; an even number of features is needed",
        "{'model_type': 'phi3', 'attention_bias': true} | 'attention_bias' is true, which is not known here",
        "{'model_type': 'phi3', 'rope_scaling': {'type': 'linear', 'factor': 2}} | 'rope_type' is 'linear'; known are default, longrope",
        "{'model_type': 'llama', 'partial_rotary_factor': 0.5} | 'partial_rotary_factor' is 0.5, which is not computed here",
        "{'model_type': 'llama', 'sliding_window': 4096} | 'sliding_window' is 4096, which is not computed here",
        "{'model_type': 'llama-nsa', 'attention_bias': true} | 'attention_bias' is true, which is not known here",
        "{'model_type': 'gpt2'} | 'model_type' is 'gpt2'; known are llama, llama-nsa, mistral, qwen2, qwen3, smollm3, granite, phi3, minicpm",
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

  @Test
  void graniteMultipliesAsItsConfigSays() {
    assertThat(
            read("{'model_type': 'granite', 'embedding_multiplier': 12.0, 'attention_multiplier':"
                    + " 0.5, 'residual_multiplier': 0.22, 'logits_scaling': 8.0}")
                .departures())
        .isEqualTo(new Departures(12, 0.5 * Math.sqrt(32), 0.22, 8, Set.of()));
    assertThat(read("{'model_type': 'granite'}").departures())
        .isEqualTo(new Departures(1, Math.sqrt(32), 1, 1, Set.of()));
  }

  @Test
  void miniCpmDividesByItsDepthAndItsBase() {
    assertThat(
            read("{'model_type': 'minicpm', 'scale_emb': 12, 'scale_depth': 1.4, 'dim_model_base':"
                    + " 8}")
                .departures())
        .isEqualTo(new Departures(12, 1, 1.4 / Math.sqrt(2), 4, Set.of()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{} | ",
        "{'no_rope_layer_interval': 2} | 1",
        "{'no_rope_layer_interval': 1} | 0 1",
        "{'no_rope_layers': [0, 1], 'no_rope_layer_interval': 2} | 0",
        "{'no_rope_layers': null} | ",
      })
  void smolLm3HasLayersWithoutPositions(String keys, String layers) {
    String all =
        keys.replaceFirst("[{]", "{'model_type': 'smollm3'" + (keys.length() > 2 ? ", " : ""));
    assertThat(read(all).departures().unturned().stream().sorted().map(String::valueOf))
        .isEqualTo(layers == null ? List.of() : List.of(layers.split(" ")));
  }

  @Test
  void silentConfigsHaveTheirFamilysValues() {
    ObjectNode config = with("{'model_type': 'smollm3'}");
    config.remove(List.of("tie_word_embeddings", "rope_theta", "max_position_embeddings"));
    ModelConfig smol = ModelConfig.of(FILE, config);
    assertThat(smol.tied()).isTrue();
    assertThat(smol.ropeTheta()).isEqualTo(2e6);
    assertThat(smol.trainedTokens()).isEqualTo(32_768);
    config.put("model_type", "phi3").remove("rms_norm_eps");
    assertThat(ModelConfig.of(FILE, config).normEpsilon()).isEqualTo(1e-5);
    assertThat(ModelConfig.of(FILE, config).tied()).isFalse();
  }

  @Test
  void phi3TurnsAPartOfEachHead() {
    assertThat(read("{'model_type': 'phi3', 'partial_rotary_factor': 0.75}").turnedDim())
        .isEqualTo(24);
    assertThat(layout("{'model_type': 'phi3'}").names())
        .filteredOn(name -> name.startsWith("model.layers.1."))
        .containsExactly(
            "model.layers.1.input_layernorm.weight",
            "model.layers.1.self_attn.qkv_proj.weight",
            "model.layers.1.self_attn.o_proj.weight",
            "model.layers.1.post_attention_layernorm.weight",
            "model.layers.1.mlp.gate_up_proj.weight",
            "model.layers.1.mlp.down_proj.weight");
  }

  @ParameterizedTest
  @ValueSource(strings = {"su", "yarn", "longrope"})
  void phi3CallsLongRopeByOlderNamesToo(String name) {
    String factors = IntStream.range(0, 16).mapToObj(i -> "2").collect(Collectors.joining(", "));
    ModelConfig config =
        read(
            "{'model_type': 'phi3', 'max_position_embeddings': 16384, 'rope_scaling': {'type': '"
                + name
                + "', 'short_factor': ["
                + factors
                + "], 'long_factor': ["
                + factors
                + "]}}");
    assertThat(config.ropeScaling())
        .isEqualTo(
            new RopeScaling.LongRope(
                Collections.nCopies(16, 2.0), 4_096, Math.sqrt(1 + Math.log(4) / Math.log(4_096))));
  }

  private static ModelLayout layout(String keys) {
    return ModelLayout.of(read(keys).sizes(), false);
  }
}
