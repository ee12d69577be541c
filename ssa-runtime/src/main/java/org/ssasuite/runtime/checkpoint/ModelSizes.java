package org.ssasuite.runtime.checkpoint;

import java.util.Objects;
import java.util.OptionalInt;

/**
 * What decides which tensors a model has, and of what shape.
 *
 * @param queryHeads a multiple of kvHeads
 * @param tied whether the vocabulary head is the embedding
 * @param parts what layers have beside a plain Llama's tensors
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
    boolean tied,
    LayerParts parts) {
  private static final String KV_HEADS = "num_key_value_heads";
  private static final String HEAD_DIM = "head_dim";

  public ModelSizes {
    Objects.requireNonNull(family);
    Objects.requireNonNull(parts);
  }

  static ModelSizes of(ConfigFields fields) {
    ModelFamily family = ModelFamily.of(fields);
    int hidden = fields.size("hidden_size");
    int queryHeads = fields.size("num_attention_heads");
    int kvHeads = stated(fields, KV_HEADS, family.defaults().kvHeads()).orElse(queryHeads);
    if (queryHeads % kvHeads != 0) {
      throw fields.bad(KV_HEADS, "is " + kvHeads + " for " + queryHeads + " heads");
    }
    return new ModelSizes(
        family,
        fields.size("vocab_size"),
        hidden,
        fields.size("num_hidden_layers"),
        queryHeads,
        kvHeads,
        headDim(fields, family, hidden, queryHeads),
        fields.size("intermediate_size"),
        fields.flag("tie_word_embeddings", family.defaults().tied()),
        LayerParts.of(family, fields));
  }

  /** What a key says; a family's own value where the key is absent, none where it is null. */
  private static OptionalInt stated(ConfigFields fields, String key, OptionalInt absent) {
    if (!fields.object().has(key)) {
      return absent;
    }
    return fields.findSize(key).map(OptionalInt::of).orElse(OptionalInt.empty());
  }

  private static int headDim(ConfigFields fields, ModelFamily family, int hidden, int queryHeads) {
    OptionalInt stated = stated(fields, HEAD_DIM, family.defaults().headDim());
    if (stated.isEmpty() && hidden % queryHeads != 0) {
      throw fields.bad("num_attention_heads", "is " + queryHeads + " for hidden size " + hidden);
    }
    return stated.orElseGet(() -> hidden / queryHeads);
  }

  /** The same model with a vocabulary head of its own. */
  ModelSizes untied() {
    return new ModelSizes(
        family,
        vocabulary,
        hidden,
        layers,
        queryHeads,
        kvHeads,
        headDim,
        feedForward,
        false,
        parts);
  }
}
