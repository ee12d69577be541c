package org.ssasuite.runtime;

import java.util.Objects;
import java.util.Optional;
import org.ssasuite.runtime.checkpoint.ModelConfig;
import org.ssasuite.runtime.engine.Device;

/**
 * What plans are made with.
 *
 * @param texts the way from texts to ids
 * @param inside what can be seen of the model's attention; absent of one that others compute
 */
record PlanBasis(ModelTexts texts, TokenIds tokens, Optional<Inside> inside) {
  PlanBasis {
    Objects.requireNonNull(texts);
    Objects.requireNonNull(tokens);
    Objects.requireNonNull(inside);
  }

  /** A model that is computed here. */
  record Inside(ModelConfig config, Device device) {
    Inside {
      Objects.requireNonNull(config);
      Objects.requireNonNull(device);
    }
  }
}
