package org.ssasuite.core.metrics;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * F1 of two bags of tokens.
 *
 * <pre>
 * same = Σ over tokens of min(times in prediction, times in reference)
 * p = same / |prediction|,  r = same / |reference|,  F1 = 2 p r / (p + r);  0 where same is 0
 * </pre>
 *
 * <p>Reference: THUDM/LongBench 2e00731f, {@code LongBench/metrics.py}, {@code f1_score}, which is
 * that of SQuAD. Kept: the order of the operations, so that every bit agrees.
 */
public final class BagF1 {
  private BagF1() {}

  /** The F1 of two texts' tokens. */
  public static double of(List<String> prediction, List<String> reference) {
    Map<String, Integer> left = new HashMap<>();
    for (String token : reference) {
      left.merge(token, 1, Integer::sum);
    }
    int same = 0;
    for (String token : prediction) {
      Integer count = left.get(token);
      if (count != null && count > 0) {
        left.put(token, count - 1);
        same++;
      }
    }
    if (same == 0) {
      return 0;
    }
    double precision = (double) same / prediction.size();
    double recall = (double) same / reference.size();
    return (2 * precision * recall) / (precision + recall);
  }
}
