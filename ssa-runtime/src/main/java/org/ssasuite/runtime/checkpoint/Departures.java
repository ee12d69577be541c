package org.ssasuite.runtime.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Where a family's formulas depart from Llama's with the same tensors. 1 changes nothing.
 *
 * <p>Sources: transformers 5.24, {@code GraniteModel}, {@code SmolLM3Config}; MiniCPM's published
 * {@code modeling_minicpm.py}.
 *
 * @param embedding what the rows of the embedding are multiplied by
 * @param scores what a query's scores are multiplied by, beside 1/√D
 * @param residual what attention and the feed-forward part are multiplied by before they are added
 * @param logits what logits are divided by
 * @param unturned layers without rotary positions
 */
public record Departures(
    double embedding, double scores, double residual, double logits, Set<Integer> unturned) {
  /** Llama's. */
  public static final Departures NONE = new Departures(1, 1, 1, 1, Set.of());

  private static final String NO_ROPE = "no_rope_layers";

  /** Of transformers' SmolLM3, for a config that does not say. */
  private static final int DEFAULT_INTERVAL = 4;

  public Departures {
    unturned = Set.copyOf(unturned);
  }

  static Departures of(ConfigFields fields, ModelSizes sizes) {
    return switch (sizes.family()) {
      case LLAMA, SSA, MISTRAL, QWEN2, QWEN3, PHI3 -> NONE;
      case SMOLLM3 -> new Departures(1, 1, 1, 1, unturned(fields, sizes.layers()));
      case GRANITE ->
          new Departures(
              fields.positive("embedding_multiplier", 1),
              fields.positive("attention_multiplier", 1) * Math.sqrt(sizes.headDim()),
              fields.positive("residual_multiplier", 1),
              fields.positive("logits_scaling", 1),
              Set.of());
      case MINICPM ->
          new Departures(
              fields.positive("scale_emb"),
              1,
              fields.positive("scale_depth") / Math.sqrt(sizes.layers()),
              sizes.hidden() / fields.positive("dim_model_base"),
              Set.of());
    };
  }

  /** A list with 0 for a layer without positions, or each so many-th layer. */
  private static Set<Integer> unturned(ConfigFields fields, int layers) {
    Set<Integer> unturned = new TreeSet<>();
    if (fields.find(NO_ROPE).isPresent()) {
      JsonNode turned = fields.find(NO_ROPE).orElseThrow();
      if (!turned.isArray() || turned.size() < layers) {
        throw fields.bad(NO_ROPE, "is " + turned + "; 0 or 1 for each of " + layers + " layers");
      }
      for (int layer = 0; layer < layers; layer++) {
        JsonNode one = turned.get(layer);
        if (!one.isInt() || one.intValue() < 0 || one.intValue() > 1) {
          throw fields.bad(NO_ROPE, "has " + one + "; 0 or 1 is needed");
        }
        if (one.intValue() == 0) {
          unturned.add(layer);
        }
      }
      return unturned;
    }
    int interval = fields.findSize("no_rope_layer_interval").orElse(DEFAULT_INTERVAL);
    for (int layer = interval - 1; layer < layers; layer += interval) {
      unturned.add(layer);
    }
    return unturned;
  }

  /** Whether a layer turns its queries and keys by their positions. */
  public boolean turns(int layer) {
    return !unturned.contains(layer);
  }

  /** In words, for the line that says what a model is; empty for Llama's. */
  public String text() {
    String layers =
        unturned.stream().sorted().map(String::valueOf).collect(Collectors.joining(" "));
    return (embedding == 1 ? "" : ", embedding times " + embedding)
        + (scores == 1 ? "" : ", scores times " + scores)
        + (residual == 1 ? "" : ", residual times " + residual)
        + (logits == 1 ? "" : ", logits by " + logits)
        + (layers.isEmpty() ? "" : ", no positions in layers " + layers);
  }
}
