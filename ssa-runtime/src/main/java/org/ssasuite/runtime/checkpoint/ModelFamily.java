package org.ssasuite.runtime.checkpoint;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The kinds of models that are computed, as {@code config.json} names them. */
public enum ModelFamily {
  /** Llama and what has its formulas. */
  LLAMA(
      "llama",
      Set.of("LlamaForCausalLM", "LLaMAForCausalLM", "LlamaNSAForCausalLM"),
      FamilyDefaults.LLAMA,
      Set.of("attention_bias", "mlp_bias")),
  /** The released SSA models, and those of the trainer here. */
  SSA("llama-nsa", LLAMA.architectures, FamilyDefaults.LLAMA, Set.of()),
  /** Llama with a window. */
  MISTRAL(
      "mistral", Set.of("MistralForCausalLM"), FamilyDefaults.MISTRAL, Set.of("sliding_window")),
  /** Llama with biases on queries, keys and values. */
  QWEN2("qwen2", Set.of("Qwen2ForCausalLM"), FamilyDefaults.QWEN2, FamilyKeys.WINDOWED_LAYERS),
  /** Llama with norms of each head's queries and keys. */
  QWEN3(
      "qwen3",
      Set.of("Qwen3ForCausalLM"),
      FamilyDefaults.QWEN3,
      FamilyKeys.with(FamilyKeys.WINDOWED_LAYERS, "attention_bias")),
  /** Llama with layers that do not turn queries and keys. */
  SMOLLM3(
      "smollm3",
      Set.of("SmolLM3ForCausalLM"),
      FamilyDefaults.SMOLLM3,
      FamilyKeys.with(
          FamilyKeys.WINDOWED_LAYERS,
          "attention_bias",
          "mlp_bias",
          "no_rope_layers",
          "no_rope_layer_interval")),
  /** Llama with multipliers. */
  GRANITE(
      "granite",
      Set.of("GraniteForCausalLM"),
      FamilyDefaults.LLAMA,
      Set.of(
          "attention_bias",
          "mlp_bias",
          "embedding_multiplier",
          "attention_multiplier",
          "residual_multiplier",
          "logits_scaling")),
  /** Llama with joined matrices and a part of each head turned. */
  PHI3(
      "phi3",
      Set.of("Phi3ForCausalLM"),
      FamilyDefaults.PHI3,
      Set.of("sliding_window", RotaryFields.PARTIAL)),
  /** Llama with multipliers of its own. */
  MINICPM(
      "minicpm",
      Set.of("MiniCPMForCausalLM"),
      FamilyDefaults.MINICPM,
      Set.of("attention_bias", "scale_emb", "scale_depth", "dim_model_base"));

  private final String modelType;

  @SuppressWarnings("ImmutableEnumChecker") // a set that cannot be changed
  private final Set<String> architectures;

  @SuppressWarnings("ImmutableEnumChecker") // a record of numbers
  private final FamilyDefaults defaults;

  @SuppressWarnings("ImmutableEnumChecker") // a set that cannot be changed
  private final Set<String> keys;

  ModelFamily(
      String modelType, Set<String> architectures, FamilyDefaults defaults, Set<String> keys) {
    this.modelType = modelType;
    this.architectures = architectures;
    this.defaults = defaults;
    this.keys = keys;
  }

  /** What {@code config.json} calls it. */
  public String modelType() {
    return modelType;
  }

  /** Whether layers may have gates. */
  public boolean gateable() {
    return this == SSA;
  }

  /** What {@code architectures} may hold: folders mix the names of Llama and its kin. */
  Set<String> architectures() {
    return architectures;
  }

  /** What a config means that is silent. */
  FamilyDefaults defaults() {
    return defaults;
  }

  /** Keys that it is computed from, beside those of all families. */
  Set<String> keys() {
    return keys;
  }

  static ModelFamily of(ConfigFields fields) {
    String type = fields.findText("model_type").orElse("");
    return named(type)
        .orElseThrow(() -> fields.bad("model_type", "is '" + type + "'; known are " + names()));
  }

  /** The family of a {@code model_type}; absent for one that is not known. */
  static Optional<ModelFamily> named(String type) {
    return Arrays.stream(values()).filter(family -> family.modelType.equals(type)).findFirst();
  }

  private static String names() {
    return Arrays.stream(values()).map(ModelFamily::modelType).collect(Collectors.joining(", "));
  }
}
