package org.ssasuite.runtime.checkpoint;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** The kinds of models that are computed, as {@code config.json} names them. */
public enum ModelFamily {
  /** Llama and what has its formulas. */
  LLAMA("llama", false),
  /** The released SSA models, and those of the trainer here. */
  SSA("llama-nsa", true);

  /** What {@code architectures} may hold, of whatever family: folders mix them. */
  static final Set<String> ARCHITECTURES =
      Set.of("LlamaForCausalLM", "LLaMAForCausalLM", "LlamaNSAForCausalLM");

  private final String modelType;
  private final boolean gateable;

  ModelFamily(String modelType, boolean gateable) {
    this.modelType = modelType;
    this.gateable = gateable;
  }

  /** Whether layers may have gates. */
  public boolean gateable() {
    return gateable;
  }

  static ModelFamily of(ConfigFields fields) {
    String type = fields.findText("model_type").orElse("");
    return Arrays.stream(values())
        .filter(family -> family.modelType.equals(type))
        .findFirst()
        .orElseThrow(
            () ->
                fields.bad(
                    "model_type",
                    Arrays.stream(values())
                        .map(family -> family.modelType)
                        .collect(
                            Collectors.joining(" and ", "is '" + type + "'; known are ", ""))));
  }
}
