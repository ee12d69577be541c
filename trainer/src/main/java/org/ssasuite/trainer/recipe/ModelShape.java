package org.ssasuite.trainer.recipe;

import java.util.Objects;
import java.util.Optional;

/**
 * The shape of the model and how its weights start; components are {@code config.json}'s keys.
 * Every model has three sigmoid gates per query head ({@code g_proj}), of which full and
 * block-sparse attention use one.
 *
 * @param maxPositionEmbeddings what the trained model states as its length, tokens
 * @param tieWordEmbeddings whether the vocabulary head is the embedding
 * @param initializerRange standard deviation of every matrix at the start; norms start at 1
 * @param eosTokenId the end token, also the filling of rows
 */
public record ModelShape(
    int vocabSize,
    int hiddenSize,
    int numHiddenLayers,
    int numAttentionHeads,
    int numKeyValueHeads,
    int headDim,
    int intermediateSize,
    int maxPositionEmbeddings,
    double ropeTheta,
    Optional<RopeScaling> ropeScaling,
    double rmsNormEps,
    boolean tieWordEmbeddings,
    double initializerRange,
    int bosTokenId,
    int eosTokenId) {
  private static final int MAX_SIZE = 1 << 28;
  private static final int MAX_LAYERS = 4096;

  /**
   * Stretched rotary waves, Llama 3's way ({@code rope_type: llama3}).
   *
   * @param originalMaxPositionEmbeddings the length before stretching, tokens
   */
  public record RopeScaling(
      double factor,
      double lowFreqFactor,
      double highFreqFactor,
      int originalMaxPositionEmbeddings) {
    public RopeScaling {
      if (!(factor >= 1) || Double.isInfinite(factor)) {
        throw new IllegalArgumentException("factor is " + factor + "; it must be at least 1");
      }
      Limits.positive("low_freq_factor", lowFreqFactor);
      if (!(highFreqFactor > lowFreqFactor) || Double.isInfinite(highFreqFactor)) {
        throw new IllegalArgumentException(
            "high_freq_factor is "
                + highFreqFactor
                + "; it must be above low_freq_factor, "
                + lowFreqFactor);
      }
      Limits.between(
          "original_max_position_embeddings", originalMaxPositionEmbeddings, 1, MAX_SIZE);
    }
  }

  public ModelShape {
    Limits.between("vocab_size", vocabSize, 2, MAX_SIZE);
    Limits.between("hidden_size", hiddenSize, 1, MAX_SIZE);
    Limits.between("num_hidden_layers", numHiddenLayers, 1, MAX_LAYERS);
    Limits.between("num_attention_heads", numAttentionHeads, 1, MAX_SIZE);
    Limits.between("num_key_value_heads", numKeyValueHeads, 1, MAX_SIZE);
    if (numAttentionHeads % numKeyValueHeads != 0) {
      throw new IllegalArgumentException(
          "num_key_value_heads is "
              + numKeyValueHeads
              + "; it must divide num_attention_heads, "
              + numAttentionHeads);
    }
    if (headDim < 16 || headDim > 256 || headDim % 16 != 0) {
      throw new IllegalArgumentException(
          "head_dim is " + headDim + "; it must be a multiple of 16 from 16 to 256");
    }
    Limits.between("intermediate_size", intermediateSize, 1, MAX_SIZE);
    Limits.between("max_position_embeddings", maxPositionEmbeddings, 1, MAX_SIZE);
    Limits.positive("rope_theta", ropeTheta);
    Objects.requireNonNull(ropeScaling, "rope_scaling");
    Limits.positive("rms_norm_eps", rmsNormEps);
    Limits.notNegative("initializer_range", initializerRange);
    Limits.between("bos_token_id", bosTokenId, 0, vocabSize - 1L);
    Limits.between("eos_token_id", eosTokenId, 0, vocabSize - 1L);
  }

  /** All weights, gates included; a tied embedding counts once. */
  public long parameters() {
    long hidden = hiddenSize;
    long queries = (long) numAttentionHeads * headDim;
    long keys = (long) numKeyValueHeads * headDim;
    long attention = hidden * (2 * queries + 2 * keys + 3L * numAttentionHeads);
    long layer = attention + 3 * hidden * intermediateSize + 2 * hidden;
    long embeddings = vocabSize * hidden * (tieWordEmbeddings ? 1 : 2);
    return embeddings + numHiddenLayers * layer + hidden;
  }
}
