package org.ssasuite.tasks.ruler;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.ssasuite.core.task.Facet;
import org.ssasuite.core.task.Measure;
import org.ssasuite.tasks.ruler.generator.RulerSample;

/**
 * How deep in a prompt its needles are: tenths of its characters, as {@code 20-30%}.
 *
 * @param tenths of each needle, from 0 to 9
 */
public record Depths(List<Integer> tenths) {
  public static final int TENTHS = 10;

  public Depths {
    tenths = List.copyOf(tenths);
  }

  static Depths of(RulerSample sample) {
    long length = sample.input().length();
    return new Depths(
        sample.needles().stream()
            .map(needle -> (int) ((long) TENTHS * needle.from() / length))
            .toList());
  }

  /**
   * A measure for each tenth with needles: the mean over those, each needle with weight 1.
   *
   * @param values one per needle
   */
  List<Measure> measures(String metric, double[] values) {
    Map<Integer, double[]> sums = new TreeMap<>();
    for (int i = 0; i < values.length; i++) {
      double[] sum = sums.computeIfAbsent(tenths.get(i), tenth -> new double[2]);
      sum[0] += values[i];
      sum[1]++;
    }
    List<Measure> measures = new ArrayList<>();
    sums.forEach(
        (tenth, sum) -> measures.add(Measure.of(metric, sum[0] / sum[1], sum[1]).in(facet(tenth))));
    return measures;
  }

  /** The slice of a tenth. */
  public static Facet facet(int tenth) {
    return new Facet("depth", tenth * TENTHS + "-" + (tenth + 1) * TENTHS + "%");
  }
}
