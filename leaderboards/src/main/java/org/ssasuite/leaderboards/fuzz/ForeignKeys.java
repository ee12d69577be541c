package org.ssasuite.leaderboards.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * A model's config with keys of other families' models, of which most make it another model, and
 * with keys that change nothing.
 */
@SuppressWarnings("ArrayRecordComponent") // never changed
record ForeignKeys(byte[] content) implements Seed {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Values that no Llama has, by key. */
  private static final Map<String, List<String>> CHANGING =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("attention_bias", List.of("true")),
              Map.entry("mlp_bias", List.of("true")),
              Map.entry("hidden_act", List.of("\"gelu\"", "\"relu2\"", "\"gelu_pytorch_tanh\"")),
              Map.entry("embedding_multiplier", List.of("12.0", "0.5")),
              Map.entry("attention_multiplier", List.of("0.0078125", "1.0")),
              Map.entry("residual_multiplier", List.of("0.22")),
              Map.entry("logits_scaling", List.of("8.0")),
              Map.entry("logit_scale", List.of("0.0625")),
              Map.entry("scale_emb", List.of("12")),
              Map.entry("scale_depth", List.of("1.4")),
              Map.entry("dim_model_base", List.of("256")),
              Map.entry("partial_rotary_factor", List.of("0.5", "0.25")),
              Map.entry("rope_interleaved", List.of("true")),
              Map.entry("sliding_window", List.of("4096", "8")),
              Map.entry("use_sliding_window", List.of("true")),
              Map.entry(
                  "layer_types", List.of("[\"sliding_attention\"]", "[\"chunked_attention\"]")),
              Map.entry("no_rope_layers", List.of("[0]", "[1, 0]")),
              Map.entry("no_rope_layer_interval", List.of("4")),
              Map.entry("qk_norm", List.of("true")),
              Map.entry("use_qk_norm", List.of("true")),
              Map.entry("final_logit_softcapping", List.of("30.0")),
              Map.entry("attn_logit_softcapping", List.of("50.0")),
              Map.entry("query_pre_attn_scalar", List.of("256", "224")),
              Map.entry("num_experts", List.of("8")),
              Map.entry("num_local_experts", List.of("8")),
              Map.entry("clip_qkv", List.of("8.0")),
              Map.entry(
                  "quantization_config", List.of("{\"bits\": 4, \"quant_method\": \"gptq\"}")),
              Map.entry("add_cross_attention", List.of("true")),
              Map.entry("is_causal", List.of("false")),
              Map.entry("architectures", List.of("[\"MistralForCausalLM\"]", "[\"Qwen2Model\"]")),
              Map.entry(
                  "rope_parameters",
                  List.of(
                      "{\"rope_type\": \"default\"}",
                      "{\"rope_type\": \"linear\", \"factor\": 4.0}",
                      "{\"rope_type\": \"llama3\", \"factor\": 2.0}",
                      "{\"full_attention\": {\"rope_type\": \"default\"}}"))));

  private static final Map<String, List<String>> HARMLESS =
      new TreeMap<>(
          Map.of(
              "attention_dropout", List.of("0.0", "0.1"),
              "use_cache", List.of("true", "false"),
              "transformers_version", List.of("\"4.40.0\""),
              "pretraining_tp", List.of("1", "2"),
              "pad_token_id", List.of("0", "-1"),
              "rope_interleaved", List.of("false"),
              "sliding_window", List.of("null"),
              "architectures", List.of("[\"LlamaForCausalLM\"]"),
              "_name_or_path", List.of("\"x/y\"")));

  @Override
  public Mutant mutant(RandomGenerator random) {
    if (random.nextInt(50) == 0) {
      return ByteMutations.gitPointer(random);
    }
    try {
      ObjectNode config = (ObjectNode) MAPPER.readTree(content);
      StringBuilder what = new StringBuilder();
      for (int i = 1 + random.nextInt(3); i > 0; i--) {
        put(random, random.nextInt(3) > 0 ? CHANGING : HARMLESS, config, what);
      }
      return new Mutant(what.toString(), "", MAPPER.writeValueAsBytes(config));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void put(
      RandomGenerator random, Map<String, List<String>> from, ObjectNode config, StringBuilder what)
      throws IOException {
    List<String> keys = List.copyOf(from.keySet());
    String key = keys.get(random.nextInt(keys.size()));
    List<String> values = from.get(key);
    String value = values.get(random.nextInt(values.size()));
    config.set(key, MAPPER.readTree(value));
    what.append(what.isEmpty() ? "" : ", ").append(key).append(" = ").append(value);
  }

  /** A key that makes the config that of another model than ours, with its value. */
  static Optional<String> changing(byte[] file) {
    try {
      JsonNode config = MAPPER.readTree(file);
      for (Map.Entry<String, List<String>> entry : CHANGING.entrySet()) {
        for (String value : entry.getValue()) {
          if (MAPPER.readTree(value).equals(config.get(entry.getKey()))) {
            return Optional.of(entry.getKey() + " = " + value);
          }
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
