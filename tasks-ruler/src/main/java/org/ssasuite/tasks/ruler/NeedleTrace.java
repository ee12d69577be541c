package org.ssasuite.tasks.ruler;

import java.util.ArrayList;
import java.util.List;
import org.ssasuite.core.request.SpanSelection;
import org.ssasuite.core.task.Facet;
import org.ssasuite.core.task.Measure;

/**
 * How often attention took a block of the needle while the answer was written, in a mode that
 * selects blocks. An answer that is wrong although its needle was taken was not lost by the
 * selection.
 *
 * <p>Definition: {@code needle_selected} is the share of (step, layer, KV head) whose selected
 * blocks hold a token of the needle; {@code needle_selected_first} the same of the step alone that
 * chooses the answer's first token. Means over needles; by length, by depth, and by whether the
 * needle's answer was found ({@code answer=found}, {@code answer=missed}). No reference: nobody
 * else reports it.
 */
public final class NeedleTrace {
  public static final String SELECTED = "needle_selected";
  public static final String SELECTED_FIRST = "needle_selected_first";

  private NeedleTrace() {}

  /**
   * Measures of a sample.
   *
   * @param spans one per needle
   * @param found of each needle whether its answer was
   */
  static List<Measure> measures(
      List<SpanSelection> spans, boolean[] found, Depths depths, Facet length) {
    double[] shares = spans.stream().mapToDouble(SpanSelection::share).toArray();
    double[] firsts = spans.stream().mapToDouble(span -> span.share(0)).toArray();
    List<Measure> measures = new ArrayList<>();
    add(SELECTED, shares, found, depths, length, measures);
    add(SELECTED_FIRST, firsts, found, depths, length, measures);
    return measures;
  }

  private static void add(
      String metric,
      double[] shares,
      boolean[] found,
      Depths depths,
      Facet length,
      List<Measure> measures) {
    Measure all = mean(metric, shares, new boolean[shares.length], false);
    measures.add(all);
    measures.add(all.in(length));
    measures.addAll(depths.measures(metric, shares));
    for (boolean wanted : new boolean[] {true, false}) {
      Measure some = mean(metric, shares, found, wanted);
      if (some.weight() > 0) {
        measures.add(some.in(answer(wanted)));
      }
    }
  }

  /** The slice of needles whose answer was found, or was not. */
  public static Facet answer(boolean found) {
    return new Facet("answer", found ? "found" : "missed");
  }

  /** Over the needles whose answer was found, or was not. */
  private static Measure mean(String metric, double[] shares, boolean[] found, boolean wanted) {
    double sum = 0;
    int count = 0;
    for (int i = 0; i < shares.length; i++) {
      sum += found[i] == wanted ? shares[i] : 0;
      count += found[i] == wanted ? 1 : 0;
    }
    return Measure.of(metric, count == 0 ? 0 : sum / count, count);
  }

  static double[] numbers(boolean[] found) {
    double[] numbers = new double[found.length];
    for (int i = 0; i < found.length; i++) {
      numbers[i] = found[i] ? 1 : 0;
    }
    return numbers;
  }
}
