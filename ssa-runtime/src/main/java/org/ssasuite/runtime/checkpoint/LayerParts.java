package org.ssasuite.runtime.checkpoint;

/**
 * Which tensors each layer has that a plain Llama's has not.
 *
 * @param inputBias biases of the projections to queries, keys and values
 * @param outputBias a bias of the projection behind attention
 * @param feedBias biases of the three products of the feed-forward part
 * @param headNorms norms of each head's queries and keys
 * @param joined one matrix for queries, keys and values, and one for the gate and what it lets
 *     through
 */
public record LayerParts(
    boolean inputBias, boolean outputBias, boolean feedBias, boolean headNorms, boolean joined) {

  private static final String ATTENTION_BIAS = "attention_bias";
  private static final String FEED_BIAS = "mlp_bias";

  static LayerParts of(ModelFamily family, ConfigFields fields) {
    boolean attention = flag(family, fields, ATTENTION_BIAS);
    boolean feed = flag(family, fields, FEED_BIAS);
    return switch (family) {
      case QWEN2 -> new LayerParts(true, false, false, false, false);
      case QWEN3 -> new LayerParts(attention, attention, false, true, false);
      case PHI3 -> new LayerParts(false, false, false, false, true);
      default -> new LayerParts(attention, attention, feed, false, false);
    };
  }

  /** A flag that the family reads; of another family it means nothing here. */
  private static boolean flag(ModelFamily family, ConfigFields fields, String key) {
    return family.keys().contains(key) && fields.flag(key, false);
  }

  /** In words, for the line that says what a model is; empty for a plain one. */
  String text() {
    StringBuilder text = new StringBuilder();
    text.append(inputBias ? ", biases on queries, keys and values" : "");
    text.append(outputBias ? ", bias behind attention" : "");
    text.append(feedBias ? ", biases in the feed-forward part" : "");
    text.append(headNorms ? ", norms of queries and keys" : "");
    text.append(joined ? ", joined matrices" : "");
    return text.toString();
  }
}
