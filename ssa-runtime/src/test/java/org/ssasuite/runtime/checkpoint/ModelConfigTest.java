package org.ssasuite.runtime.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ssasuite.core.BadInputException;

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

  @Test
  void rotaryBaseWithinTheScalingIsRead() {
    ObjectNode config = TinyCheckpoint.config();
    config.remove("rope_theta");
    config.putObject("rope_scaling").put("rope_type", "default").put("rope_theta", 777.0);
    assertThat(ModelConfig.of(FILE, config).ropeTheta()).isEqualTo(777.0);
  }

  @Test
  void bothRotaryFormsMaySayTheSame() {
    ObjectNode config = TinyCheckpoint.config();
    for (String field : List.of("rope_scaling", "rope_parameters")) {
      config.putObject(field).put("rope_type", "llama3").put("factor", 8.0).put("rope_theta", 1e4);
    }
    assertThat(ModelConfig.of(FILE, config).ropeScaling())
        .isEqualTo(new RopeScaling.Llama3(8, 1, 4, 256));
  }

  @Test
  void emptyScalingSaysNothing() {
    ObjectNode config = TinyCheckpoint.config();
    config.putObject("rope_scaling");
    config.putObject("rope_parameters").put("rope_type", "llama3").put("factor", 8.0);
    assertThat(ModelConfig.of(FILE, config).ropeScaling())
        .isEqualTo(new RopeScaling.Llama3(8, 1, 4, 256));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'rope_scaling': {'type': 'linear', 'factor': 4.0}, 'rope_parameters': {'rope_type': 'default'}}",
        "{'rope_scaling': {'type': 'default'}, 'rope_parameters': {'rope_type': 'llama3', 'factor': 2}}",
        "{'rope_parameters': {'rope_type': 'default', 'rope_theta': 777.0}}",
        "{'rope_scaling': {'rope_type': 'default', 'type': 'linear', 'factor': 4.0}}",
        "{'rope_scaling': {'factor': 4.0}}",
        "{'rope_scaling': {'rope_type': 'llama3', 'factor': 4.0, 'attention_factor': 1.2}}",
        "{'rope_scaling': {'rope_type': 'llama3', 'factor': 4.0, 'beta_fast': 32}}",
        "{'rope_scaling': {'rope_type': 'default', 'partial_rotary_factor': 0.5}}",
        "{'rope_parameters': {'full_attention': {'rope_type': 'default'}}}",
        "{'original_max_position_embeddings': 64, 'rope_scaling': {'rope_type': 'llama3', 'factor': 4}}",
      })
  void rotaryPositionsThatContradictThemselvesOrAreNotKnownAreRefused(String keys) {
    requireRefused(keys);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'attention_bias': true}",
        "{'mlp_bias': true}",
        "{'hidden_act': 'gelu_pytorch_tanh'}",
        "{'embedding_multiplier': 12.0}",
        "{'attention_multiplier': 0.0078125}",
        "{'residual_multiplier': 0.22}",
        "{'logits_scaling': 8.0}",
        "{'scale_emb': 12, 'scale_depth': 1.4, 'dim_model_base': 256}",
        "{'partial_rotary_factor': 0.5}",
        "{'rope_interleaved': true}",
        "{'sliding_window': 4096}",
        "{'use_sliding_window': true, 'max_window_layers': 28}",
        "{'layer_types': ['full_attention', 'sliding_attention']}",
        "{'no_rope_layers': [1, 0]}",
        "{'no_rope_layer_interval': 4}",
        "{'qk_norm': true}",
        "{'final_logit_softcapping': 30.0}",
        "{'query_pre_attn_scalar': 256}",
        "{'num_experts': 8}",
        "{'quantization_config': {'quant_method': 'gptq'}}",
        "{'add_cross_attention': true}",
        "{'clip_qkv': 8.0}",
        "{'is_causal': false}",
        "{'architectures': ['MistralForCausalLM']}",
        "{'a_key_of_tomorrow': 2}",
      })
  void keysThatMakeItAnotherModelAreRefusedByName(String keys) {
    requireRefused(keys);
  }

  /** Published configs: Llama 2 and 3, SmolLM2, Yi, Vicuna, and what their tools add. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'attention_bias': false, 'attention_dropout': 0.0, 'mlp_bias': false, 'pretraining_tp': 1}",
        "{'pretraining_tp': 2, 'max_length': 4096, 'temperature': 0.9, 'top_p': 0.6}",
        "{'is_llama_config': true, 'rope_interleaved': false, 'transformers.js_config': {'dtype': 'q4'}}",
        "{'sliding_window': null, 'use_sliding_window': false, 'max_window_layers': 28}",
        "{'sliding_window': 4096, 'use_sliding_window': false}",
        "{'layer_types': ['full_attention', 'full_attention'], 'no_rope_layers': [1, 1]}",
        "{'no_rope_layers': [1, 1], 'no_rope_layer_interval': 4}",
        "{'embedding_multiplier': 1.0, 'residual_multiplier': 1, 'query_pre_attn_scalar': 32}",
        "{'_name_or_path': 'x/y', '_attn_implementation_autoset': true, 'unsloth_fixed': true}",
        "{'use_flash_attn': true, 'max_sequence_length': 2048, 'pad_token_id': -1}",
        "{'id2label': {'0': 'LABEL_0'}, 'is_decoder': false, 'tie_encoder_decoder': false}",
        "{'quantization_config': null, 'auto_map': {'AutoModelForCausalLM': 'm.Model'}}",
        "{'architectures': ['LlamaForCausalLM'], 'eos_token_id': 70000, 'torch_dtype': 'float64'}",
      })
  void keysThatChangeNothingAreRead(String keys) {
    ModelConfig plain = ModelConfig.of(FILE, TinyCheckpoint.config());
    ModelConfig with = ModelConfig.of(FILE, with(keys));
    assertThat(with.ropeScaling()).isEqualTo(plain.ropeScaling());
    assertThat(with.headDim()).isEqualTo(plain.headDim());
  }

  @Test
  void endTokensThatTheVocabularyLacksEndNothing() {
    ObjectNode config = TinyCheckpoint.config();
    config.putArray("eos_token_id").add(3).add(64).add(-1);
    assertThat(ModelConfig.of(FILE, config).endTokens()).containsExactly(3);
  }

  @Test
  void noKeyHasTwoMeanings() {
    List<String> all = ConfigKeys.lists().stream().flatMap(Set::stream).toList();
    assertThat(all).doesNotHaveDuplicates();
  }

  private static ObjectNode with(String keys) {
    try {
      ObjectNode config = TinyCheckpoint.config();
      config.setAll((ObjectNode) new ObjectMapper().readTree(keys.replace('\'', '"')));
      return config;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(keys, e);
    }
  }

  private static void requireRefused(String keys) {
    ObjectNode config = with(keys);
    assertThatThrownBy(() -> ModelConfig.of(FILE, config))
        .isInstanceOf(BadInputException.class)
        .hasMessageMatching("config.json: '[a-z_]+' .*");
  }
}
