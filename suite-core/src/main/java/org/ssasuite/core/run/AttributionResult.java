package org.ssasuite.core.run;

import java.util.Objects;
import org.ssasuite.core.attribution.Attribution;

/**
 * Why samples of one task failed, by where attention looked.
 *
 * @param log what the log of its needles was at the end
 */
public record AttributionResult(LogSeal log, Attribution figures) {
  public AttributionResult {
    Objects.requireNonNull(log);
    Objects.requireNonNull(figures);
  }
}
