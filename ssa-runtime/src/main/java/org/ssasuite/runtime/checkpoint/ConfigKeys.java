package org.ssasuite.runtime.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What the keys of a {@code config.json} mean for answers. A model of another family can be given
 * Llama's {@code model_type}, and its weights' names are often Llama's; what makes it another then
 * stands in the config alone. So each key is one that the answers are computed from, one that must
 * have the value that is computed, or one that no answer depends on. Any other that says something
 * is refused by name.
 *
 * <p>Sources: the configurations of transformers 4.57 and 5.24, published Llama folders.
 */
final class ConfigKeys {
  private static final String ARCHITECTURES_KEY = "architectures";

  /**
   * Read of every family by {@link ModelSizes}, {@link ModelConfig} and {@link RotaryFields}, or
   * below; what a family reads besides stands in {@link ModelFamily}.
   */
  private static final Set<String> COMPUTED =
      Set.of(
          "model_type",
          ARCHITECTURES_KEY,
          "vocab_size",
          "hidden_size",
          "intermediate_size",
          "num_hidden_layers",
          "num_attention_heads",
          "num_key_value_heads",
          "head_dim",
          "max_position_embeddings",
          "rms_norm_eps",
          "tie_word_embeddings",
          "rope_theta",
          "rope_scaling",
          "rope_parameters",
          "original_max_position_embeddings",
          "bos_token_id",
          "eos_token_id",
          "block_size",
          "block_counts",
          "window_size",
          "inference_mode");

  /** A schedule that {@code train --parity} reads from the config of an SSA model. */
  private static final Set<String> SCHEDULE =
      Set.of(
          "steps",
          "rows_per_step",
          "peak_lr",
          "warmup_steps",
          "betas",
          "eps",
          "weight_decay",
          "clip",
          "alpha");

  private static final Set<String> ACTIVATIONS = Set.of("silu", "swish");

  /** Names, formats, lengths that are not computed with, tokens, training, speed, generation. */
  private static final Set<String> HARMLESS =
      Set.of(
          // what a folder is called and by whom it was made
          "transformers_version",
          "dtype",
          "torch_dtype",
          "name_or_path",
          "model_name",
          "auto_map",
          "custom_pipelines",
          "tokenizer_class",
          "transformers.js_config",
          "is_llama_config",
          "license",
          "language",
          // lengths beside the one that the model was trained on
          "max_sequence_length",
          "max_seq_length",
          "max_seq_len",
          "model_max_length",
          "tokenizer_model_max_length",
          "seq_length",
          "max_window_layers",
          // tokens that play no part in rating or greedy writing
          "bos_token",
          "eos_token",
          "pad_token",
          "unk_token",
          // training
          "initializer_range",
          "z_loss_weight",
          "gradient_checkpointing",
          "use_gradient_checkpointing",
          "loss_type",
          // cutting the products in pieces changes rounding only; transformers 5 does not
          "pretraining_tp",
          "chunk_size_feed_forward",
          // speed
          "use_cache",
          "attn_implementation",
          "attention_implementation",
          "use_flash_attn",
          "use_flash_attention",
          "use_flash_attention_2",
          "flash_attn",
          "use_xformers",
          "use_memory_efficient_attention",
          "softmax_in_fp32",
          "attention_softmax_in_fp32",
          "fp16",
          "bf16",
          "fp32",
          "use_bfloat16",
          "cache_implementation",
          "cache_config",
          "torchscript",
          // what calls return
          "output_attentions",
          "output_hidden_states",
          "output_scores",
          "return_dict",
          "return_dict_in_generate",
          "use_return_dict",
          "is_decoder",
          // other tasks
          "id2label",
          "label2id",
          "num_labels",
          "problem_type",
          "finetuning_task",
          "task_specific_params",
          "tf_legacy_loss",
          "prefix",
          // generation, which is greedy here whatever they say
          "do_sample",
          "temperature",
          "top_k",
          "top_p",
          "min_p",
          "typical_p",
          "max_length",
          "max_new_tokens",
          "min_length",
          "num_beams",
          "num_beam_groups",
          "num_return_sequences",
          "early_stopping",
          "length_penalty",
          "diversity_penalty",
          "repetition_penalty",
          "no_repeat_ngram_size",
          "encoder_no_repeat_ngram_size",
          "exponential_decay_length_penalty",
          "remove_invalid_values",
          "bad_words_ids",
          "suppress_tokens",
          "begin_suppress_tokens");

  /**
   * What transformers keeps for itself, dropout and losses of training, tokens, one trainer's
   * marks.
   */
  private static final Pattern HARMLESS_FORMS =
      Pattern.compile("_.*|.*_pdrop|(?:.*_)?dropout(?:_prob)?|.*_loss_coef|.*_token_id|unsloth_.*");

  /** Keys of other families, and the values with which they are Llama. */
  private static final Map<String, Predicate<JsonNode>> FIXED =
      Map.ofEntries(
          Map.entry("hidden_act", text(ACTIVATIONS)),
          Map.entry("hidden_activation", text(ACTIVATIONS)),
          Map.entry("activation_function", text(ACTIVATIONS)),
          // Granite, Cohere, MiniCPM
          Map.entry("embedding_multiplier", number(1)),
          Map.entry("residual_multiplier", number(1)),
          Map.entry("logits_scaling", number(1)),
          Map.entry("logit_scale", number(1)),
          Map.entry("scale_emb", number(1)),
          // Phi, GPT-NeoX, GLM
          Map.entry("partial_rotary_factor", number(1)),
          Map.entry("rotary_pct", number(1)),
          Map.entry("rope_ratio", number(1)),
          // Qwen, Gemma; SmolLM3: 1 where a layer turns its queries and keys
          Map.entry("layer_types", each(text(Set.of("full_attention")))),
          Map.entry("no_rope_layers", each(number(1))),
          // mixtures of experts
          Map.entry("num_experts", number(0)),
          Map.entry("num_local_experts", number(0)),
          Map.entry("n_routed_experts", number(0)),
          Map.entry("n_shared_experts", number(0)),
          Map.entry("num_nextn_predict_layers", number(0)),
          // flags whose absence means true
          Map.entry("is_causal", ConfigKeys::isTrue),
          Map.entry("causal", ConfigKeys::isTrue),
          Map.entry("use_rope", ConfigKeys::isTrue),
          Map.entry("use_rotary_emb", ConfigKeys::isTrue),
          Map.entry("use_rms_norm", ConfigKeys::isTrue),
          Map.entry("use_gated_mlp", ConfigKeys::isTrue),
          Map.entry("scale_attn_weights", ConfigKeys::isTrue),
          Map.entry("no_bias", ConfigKeys::isTrue));

  private static final double ROUNDING = 1e-9;

  private ConfigKeys() {}

  /**
   * Refuses what is not computed.
   *
   * @throws org.ssasuite.core.BadInputException naming the key and its value
   */
  static void require(ConfigFields fields, ModelSizes sizes) {
    Map<String, Predicate<JsonNode>> fixed = fixed(fields, sizes);
    Set<String> free = new HashSet<>(COMPUTED);
    free.addAll(sizes.family().keys());
    if (sizes.family() == ModelFamily.SSA) {
      free.addAll(SCHEDULE);
    }
    fields
        .object()
        .properties()
        .forEach(
            entry -> {
              String key = entry.getKey();
              if (!free.contains(key)) {
                require(fields, key, entry.getValue(), Optional.ofNullable(fixed.get(key)));
              }
            });
    // Last, since it names no difference where another key does.
    JsonNode architectures = fields.find(ARCHITECTURES_KEY).orElse(NullNode.getInstance());
    require(
        fields,
        ARCHITECTURES_KEY,
        architectures,
        Optional.of(each(text(sizes.family().architectures()))));
  }

  private static void require(
      ConfigFields fields, String key, JsonNode value, Optional<Predicate<JsonNode>> fixed) {
    if (value.isNull()) {
      return;
    }
    if (fixed.isPresent() && !fixed.orElseThrow().test(value)) {
      throw fields.bad(key, "is " + value + ", which is not computed here");
    }
    if (fixed.isEmpty() && saysSomething(value) && !isHarmless(key)) {
      throw fields.bad(key, "is " + value + ", which is not known here");
    }
  }

  private static boolean isHarmless(String key) {
    return HARMLESS.contains(key) || HARMLESS_FORMS.matcher(key).matches();
  }

  /** Null, false, and what is empty say that something is not there. */
  static boolean saysSomething(JsonNode value) {
    if (value.isNull() || isFalse(value)) {
      return false;
    }
    return value.isContainerNode() ? !value.isEmpty() : !value.asText().isEmpty();
  }

  /** Keys of other families that are Llama at a value which depends on the sizes, or on a key. */
  private static Map<String, Predicate<JsonNode>> fixed(ConfigFields fields, ModelSizes sizes) {
    Map<String, Predicate<JsonNode>> fixed = new HashMap<>(FIXED);
    // Granite
    fixed.put("attention_multiplier", number(1 / Math.sqrt(sizes.headDim())));
    // Gemma
    fixed.put("query_pre_attn_scalar", number(sizes.headDim()));
    // MiniCPM
    fixed.put("scale_depth", number(Math.sqrt(sizes.layers())));
    fixed.put("dim_model_base", number(sizes.hidden()));
    fixed.put("kv_channels", number(sizes.headDim()));
    // Mistral, Qwen: any length can be asked for, so no window is large enough to be none
    fixed.put(
        "sliding_window",
        any -> fields.find("use_sliding_window").filter(ConfigKeys::isFalse).isPresent());
    // SmolLM3: made into a list when the config was made, and not read where that is there
    fixed.put(
        "no_rope_layer_interval",
        any -> fields.find("no_rope_layers").filter(layers -> !layers.isEmpty()).isPresent());
    return fixed;
  }

  private static boolean isTrue(JsonNode value) {
    return value.isBoolean() && value.booleanValue();
  }

  private static boolean isFalse(JsonNode value) {
    return value.isBoolean() && !value.booleanValue();
  }

  /** A product that was written down may differ in its last digits. */
  private static Predicate<JsonNode> number(double wanted) {
    return value ->
        value.isNumber() && Math.abs(value.doubleValue() - wanted) <= ROUNDING * Math.abs(wanted);
  }

  private static Predicate<JsonNode> text(Set<String> wanted) {
    return value -> value.isTextual() && wanted.contains(value.textValue());
  }

  private static Predicate<JsonNode> each(Predicate<JsonNode> one) {
    return values -> {
      boolean all = values.isArray();
      for (JsonNode value : values) {
        all &= one.test(value);
      }
      return all;
    };
  }

  /** The lists of keys, no key on two of them. */
  static List<Set<String>> lists() {
    return List.of(COMPUTED, SCHEDULE, HARMLESS, FIXED.keySet());
  }
}
