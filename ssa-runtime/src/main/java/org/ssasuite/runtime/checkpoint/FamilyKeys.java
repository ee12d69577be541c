package org.ssasuite.runtime.checkpoint;

import java.util.HashSet;
import java.util.Set;

/** Keys that several families have. */
final class FamilyKeys {
  /** A window that some layers have. */
  static final Set<String> WINDOWED_LAYERS =
      Set.of("use_sliding_window", "sliding_window", "max_window_layers", "layer_types");

  private FamilyKeys() {}

  static Set<String> with(Set<String> keys, String... more) {
    Set<String> all = new HashSet<>(keys);
    all.addAll(Set.of(more));
    return Set.copyOf(all);
  }
}
