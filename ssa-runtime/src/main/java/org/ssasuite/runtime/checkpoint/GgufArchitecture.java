package org.ssasuite.runtime.checkpoint;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.ssasuite.core.BadInputException;
import org.ssasuite.runtime.checkpoint.ModelLayout.Role;
import org.ssasuite.runtime.gguf.GgufFile;

/**
 * The architectures of GGUF files that are computed, as llama.cpp writes them.
 *
 * <p>Source: {@code convert_hf_to_gguf.py} and {@code src/models} of llama.cpp in 2025.
 */
enum GgufArchitecture {
  /** Llama and Mistral, which share it: what a Mistral's window was is not told. */
  LLAMA(ModelFamily.LLAMA, true, Set.of()),
  QWEN2(ModelFamily.QWEN2, false, Set.of()),
  QWEN3(ModelFamily.QWEN3, false, Set.of()),
  SMOLLM3(ModelFamily.SMOLLM3, true, Set.of()),
  GRANITE(ModelFamily.GRANITE, true, Keys.SCALES),
  MINICPM(ModelFamily.MINICPM, true, Keys.SCALES),
  PHI3(ModelFamily.PHI3, false, Set.of(GgufConfig.WINDOW));

  /** Keys that some have. */
  private static final class Keys {
    static final Set<String> SCALES =
        Set.of(
            GgufConfig.EMBEDDING_SCALE,
            GgufConfig.RESIDUAL_SCALE,
            GgufConfig.LOGIT_SCALE,
            GgufConfig.ATTENTION_SCALE);
  }

  private static final String KEY = "general.architecture";

  private final ModelFamily family;
  private final boolean paired;

  @SuppressWarnings("ImmutableEnumChecker") // a set that cannot be changed
  private final Set<String> keys;

  GgufArchitecture(ModelFamily family, boolean paired, Set<String> keys) {
    this.family = family;
    this.paired = paired;
    this.keys = keys;
  }

  ModelFamily family() {
    return family;
  }

  /** What files call it, which is what {@code config.json} calls it. */
  String text() {
    return family.modelType();
  }

  /** The whole key of one of its own. */
  String key(String rest) {
    return text() + "." + rest;
  }

  /** Its keys beside those of all, without its name. */
  Set<String> keys() {
    return new HashSet<>(keys);
  }

  /** The heads whose rows lie in pairs in a tensor; 0 where rows lie as Hugging Face has them. */
  int pairedHeads(Role role, ModelConfig config) {
    if (!paired) {
      return 0;
    }
    return switch (role) {
      case QUERY, QUERY_BIAS -> config.queryHeads();
      case KEY, KEY_BIAS -> config.kvHeads();
      default -> 0;
    };
  }

  /** What a file calls a tensor of the model. */
  static String name(ModelLayout.Tensor tensor) {
    String kind = tensor.role().isBias() ? ".bias" : ".weight";
    String layer = tensor.layer().isPresent() ? "blk." + tensor.layer().getAsInt() + "." : "";
    return layer + part(tensor.role()) + kind;
  }

  private static String part(Role role) {
    return switch (role) {
      case EMBEDDING -> "token_embd";
      case INPUT_NORM -> "attn_norm";
      case QUERY, QUERY_BIAS -> "attn_q";
      case KEY, KEY_BIAS -> "attn_k";
      case VALUE, VALUE_BIAS -> "attn_v";
      case OUTPUT, OUTPUT_BIAS -> "attn_output";
      case JOINED_INPUTS -> "attn_qkv";
      case QUERY_NORM -> "attn_q_norm";
      case KEY_NORM -> "attn_k_norm";
      case POST_NORM -> "ffn_norm";
      case FEED_GATE, FEED_GATE_BIAS -> "ffn_gate";
      case FEED_UP, FEED_UP_BIAS, JOINED_FEED -> "ffn_up";
      case FEED_DOWN, FEED_DOWN_BIAS -> "ffn_down";
      case FINAL_NORM -> "output_norm";
      case HEAD -> "output";
      case GATES -> throw new IllegalArgumentException("GGUF has no gates");
    };
  }

  static GgufArchitecture of(GgufFile file) {
    Optional<String> stated = file.findText(KEY);
    return Arrays.stream(values())
        .filter(one -> stated.equals(Optional.of(one.text())))
        .findFirst()
        .orElseThrow(() -> unknown(file, stated));
  }

  private static BadInputException unknown(GgufFile file, Optional<String> stated) {
    return file.bad(
        KEY,
        stated.map(name -> "is '" + name + "'; known are ").orElse("is missing; known are ")
            + Arrays.stream(values())
                .map(GgufArchitecture::text)
                .collect(Collectors.joining(", ")));
  }
}
