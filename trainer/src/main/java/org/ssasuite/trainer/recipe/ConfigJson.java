package org.ssasuite.trainer.recipe;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The {@code config.json} of the model that a specification trains, as the runtime reads it. */
public final class ConfigJson {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private ConfigJson() {}

  /** All keys, in the released checkpoints' names. */
  public static ObjectNode of(TrainSpec spec) {
    ModelShape model = spec.model();
    ObjectNode config = MAPPER.createObjectNode();
    config.put("model_type", "llama-nsa");
    config.putArray("architectures").add("LlamaNSAForCausalLM");
    config.put("vocab_size", model.vocabSize());
    config.put("hidden_size", model.hiddenSize());
    config.put("num_hidden_layers", model.numHiddenLayers());
    config.put("num_attention_heads", model.numAttentionHeads());
    config.put("num_key_value_heads", model.numKeyValueHeads());
    config.put("head_dim", model.headDim());
    config.put("intermediate_size", model.intermediateSize());
    config.put("max_position_embeddings", model.maxPositionEmbeddings());
    config.put("rope_theta", model.ropeTheta());
    putScaling(config, model);
    config.put("rms_norm_eps", model.rmsNormEps());
    config.put("tie_word_embeddings", model.tieWordEmbeddings());
    config.put("hidden_act", "silu");
    config.put("attention_bias", false);
    config.put("mlp_bias", false);
    config.put("initializer_range", model.initializerRange());
    config.put("block_size", spec.attention().blockSize());
    config.put("block_counts", spec.attention().blockCount());
    config.put("window_size", spec.attention().window().orElse(0));
    config.put("inference_mode", spec.variant() == Variant.FULL ? "full" : "sparse");
    config.put("torch_dtype", spec.precision() == Precision.BF16 ? "bfloat16" : "float32");
    config.put("bos_token_id", model.bosTokenId());
    config.put("eos_token_id", model.eosTokenId());
    return config;
  }

  private static void putScaling(ObjectNode config, ModelShape model) {
    if (model.ropeScaling().isEmpty()) {
      config.putNull("rope_scaling");
      return;
    }
    ModelShape.RopeScaling scaling = model.ropeScaling().orElseThrow();
    ObjectNode rope = config.putObject("rope_scaling");
    rope.put("rope_type", "llama3");
    rope.put("factor", scaling.factor());
    rope.put("low_freq_factor", scaling.lowFreqFactor());
    rope.put("high_freq_factor", scaling.highFreqFactor());
    rope.put("original_max_position_embeddings", scaling.originalMaxPositionEmbeddings());
  }
}
