package org.ssasuite.runtime.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * How far the layers of a model look back, as a config states it. A text of no more tokens than the
 * window has is read by every layer as by full attention.
 *
 * <p>Source: transformers 5.24, {@code create_sliding_window_causal_mask} and the configuration
 * classes.
 */
final class WindowFields {
  private static final String WINDOW = "sliding_window";
  private static final String USED = "use_sliding_window";
  private static final String LAYER_TYPES = "layer_types";
  private static final String SLIDING = "sliding_attention";
  private static final String FULL = "full_attention";

  /** Of transformers' Mistral and Qwen, for a config that does not say. */
  private static final int DEFAULT_WINDOW = 4_096;

  /** Of transformers' Qwen: the layers before it have no window. */
  private static final int DEFAULT_FIRST = 28;

  private WindowFields() {}

  /** The window's tokens; absent where no layer has one. */
  static OptionalInt of(ConfigFields fields, ModelSizes sizes, Departures departures) {
    return switch (sizes.family()) {
      case LLAMA, SSA, GRANITE, MINICPM -> OptionalInt.empty();
      case MISTRAL -> window(fields, OptionalInt.of(DEFAULT_WINDOW));
      case PHI3 -> window(fields, OptionalInt.empty());
      case QWEN2, QWEN3 -> {
        int first = fields.findCount("max_window_layers").orElse(DEFAULT_FIRST);
        OptionalInt window = window(fields, OptionalInt.of(DEFAULT_WINDOW));
        yield ofLayers(fields, sizes.layers(), window, first < sizes.layers());
      }
      case SMOLLM3 ->
          ofLayers(
              fields,
              sizes.layers(),
              window(fields, OptionalInt.empty()),
              !departures.unturned().isEmpty());
    };
  }

  private static OptionalInt window(ConfigFields fields, OptionalInt absent) {
    if (!fields.object().has(WINDOW)) {
      return absent;
    }
    return fields.findSize(WINDOW).map(OptionalInt::of).orElse(OptionalInt.empty());
  }

  /**
   * A window that has to be used, and that some layers have.
   *
   * @param silent whether any has it where the layers' types are not stated
   */
  private static OptionalInt ofLayers(
      ConfigFields fields, int layers, OptionalInt stated, boolean silent) {
    Optional<List<Boolean>> types = sliding(fields, layers);
    OptionalInt window = fields.flag(USED, false) ? stated : OptionalInt.empty();
    if (window.isEmpty()) {
      if (types.orElse(List.of()).contains(true)) {
        throw fields.bad(LAYER_TYPES, "has " + SLIDING + " without a window that is used");
      }
      return window;
    }
    boolean any = types.map(all -> all.contains(true)).orElse(silent);
    return any ? window : OptionalInt.empty();
  }

  /** Of each layer whether it has the window. */
  private static Optional<List<Boolean>> sliding(ConfigFields fields, int layers) {
    return fields.find(LAYER_TYPES).map(value -> sliding(fields, value, layers));
  }

  private static List<Boolean> sliding(ConfigFields fields, JsonNode value, int layers) {
    if (!value.isArray() || value.size() != layers) {
      throw fields.bad(LAYER_TYPES, "is " + value + "; a type for each of " + layers + " layers");
    }
    List<Boolean> sliding = new ArrayList<>();
    IntStream.range(0, layers)
        .mapToObj(value::get)
        .forEach(
            type -> {
              if (!type.isTextual() || !List.of(SLIDING, FULL).contains(type.textValue())) {
                throw fields.bad(LAYER_TYPES, "has " + type + ", which is not computed here");
              }
              sliding.add(type.textValue().equals(SLIDING));
            });
    return sliding;
  }
}
