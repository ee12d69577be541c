package org.ssasuite.trainer.run;

import java.util.Objects;

/**
 * One score of a checkpoint.
 *
 * @param mode the attention mode it was measured in
 */
public record EvaluationScore(String task, String mode, String metric, double value) {
  public EvaluationScore {
    for (String name : new String[] {task, mode, metric}) {
      if (Objects.requireNonNull(name).matches(".*[,\"\\s].*")) {
        throw new IllegalArgumentException("'" + name + "' has a comma, quote or space");
      }
    }
  }
}
