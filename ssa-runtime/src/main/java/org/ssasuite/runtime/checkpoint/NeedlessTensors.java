package org.ssasuite.runtime.checkpoint;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * Tensors that published folders carry along and that no answer depends on: what a program once
 * kept beside its weights and makes anew when it loads them. transformers passes over the first two
 * itself ({@code PreTrainedModel._adjust_missing_and_unexpected_keys}).
 */
final class NeedlessTensors {
  /** Rotary tables (Llama 1 and 2, TinyLlama, …), positions from 0 on, masks of later tokens. */
  private static final Pattern BUFFERS =
      Pattern.compile(
          "(?:[^\\n]*\\.)?(?:rotary_emb\\.(?:inv_freq|cos_cached|sin_cached)"
              + "|position_ids|masked_bias|causal_mask)");

  /** A mask where its elements are truth values; else it would be an attention bias. */
  private static final Pattern MASK = Pattern.compile("(?:[^\\n]*\\.)?(?:self_attn|attn)\\.bias");

  private static final Set<String> TRUTH_VALUES = Set.of("BOOL", "U8");

  private NeedlessTensors() {}

  static boolean contain(String name) {
    return BUFFERS.matcher(name).matches();
  }

  static boolean contain(StoredTensor tensor) {
    return contain(tensor.name())
        || (MASK.matcher(tensor.name()).matches() && TRUTH_VALUES.contains(tensor.storedType()));
  }
}
