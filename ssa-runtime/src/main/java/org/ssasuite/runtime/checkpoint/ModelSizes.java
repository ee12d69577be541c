package org.ssasuite.runtime.checkpoint;

import java.util.Objects;
import java.util.Optional;

/**
 * What decides which tensors a model has, and of what shape.
 *
 * @param queryHeads a multiple of kvHeads
 * @param tied whether the vocabulary head is the embedding
 */
public record ModelSizes(
    ModelFamily family,
    int vocabulary,
    int hidden,
    int layers,
    int queryHeads,
    int kvHeads,
    int headDim,
    int feedForward,
    boolean tied) {
  public ModelSizes {
    Objects.requireNonNull(family);
  }

  static ModelSizes of(ConfigFields fields) {
    ModelFamily family = ModelFamily.of(fields);
    int hidden = fields.size("hidden_size");
    int queryHeads = fields.size("num_attention_heads");
    int kvHeads = fields.findSize("num_key_value_heads").orElse(queryHeads);
    if (queryHeads % kvHeads != 0) {
      throw fields.bad("num_key_value_heads", "is " + kvHeads + " for " + queryHeads + " heads");
    }
    return new ModelSizes(
        family,
        fields.size("vocab_size"),
        hidden,
        fields.size("num_hidden_layers"),
        queryHeads,
        kvHeads,
        headDim(fields, hidden, queryHeads),
        fields.size("intermediate_size"),
        fields.flag("tie_word_embeddings", false));
  }

  private static int headDim(ConfigFields fields, int hidden, int queryHeads) {
    Optional<Integer> stated = fields.findSize("head_dim");
    if (stated.isEmpty() && hidden % queryHeads != 0) {
      throw fields.bad("num_attention_heads", "is " + queryHeads + " for hidden size " + hidden);
    }
    return stated.orElseGet(() -> hidden / queryHeads);
  }

  /** The same model with a vocabulary head of its own. */
  ModelSizes untied() {
    return new ModelSizes(
        family, vocabulary, hidden, layers, queryHeads, kvHeads, headDim, feedForward, false);
  }
}
