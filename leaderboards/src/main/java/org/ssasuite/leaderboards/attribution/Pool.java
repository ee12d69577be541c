package org.ssasuite.leaderboards.attribution;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.ssasuite.core.attribution.Attribution;
import org.ssasuite.core.attribution.HeadMasses;
import org.ssasuite.core.report.ReportedResult;
import org.ssasuite.core.report.Source;
import org.ssasuite.core.run.AttributionResult;

/**
 * Rows whose needles are put together: means over all their needles, each counting once.
 *
 * @param rows at least one, each with needles, of one model in one mode in one run
 */
record Pool(List<ReportedResult> rows) {
  Pool {
    rows = List.copyOf(rows);
  }

  /** A share of attention's mass, and what the mode attends to of it. */
  record Mass(double mass, OptionalDouble attended) {
    /** In percent of the mass; absent in full mode, and where there is no mass. */
    OptionalDouble keptPercent() {
      return attended.isEmpty() || mass == 0
          ? OptionalDouble.empty()
          : OptionalDouble.of(100 * attended.getAsDouble() / mass);
    }
  }

  /**
   * A head.
   *
   * @param mean its mass as a mean over steps
   */
  record Head(int layer, int head, Mass largest, double mean) {}

  /** One pool per run, model and mode, in the rows' order. */
  static List<Pool> of(List<ReportedResult> results) {
    Map<List<String>, List<ReportedResult>> pools = new LinkedHashMap<>();
    for (ReportedResult row : results) {
      if (figures(row).needles() > 0) {
        pools
            .computeIfAbsent(List.of(row.run(), row.model(), row.mode()), id -> new ArrayList<>())
            .add(row);
      }
    }
    return pools.values().stream().map(Pool::new).toList();
  }

  static Attribution figures(ReportedResult row) {
    return row.result().attribution().map(AttributionResult::figures).orElseThrow();
  }

  String model() {
    return rows.get(0).model();
  }

  String mode() {
    return rows.get(0).mode();
  }

  List<Source> sources() {
    return rows.stream().map(ReportedResult::source).toList();
  }

  int needles() {
    return rows.stream().mapToInt(row -> figures(row).needles()).sum();
  }

  int samples() {
    return rows.stream().mapToInt(row -> figures(row).samples()).sum();
  }

  /** Of its rows' prompts, in tokens. */
  SortedSet<Integer> lengths() {
    SortedSet<Integer> lengths = new TreeSet<>();
    rows.forEach(row -> lengths.add(length(row)));
    return lengths;
  }

  /** The rows of one length, if there are any. */
  List<Pool> ofLength(int tokens) {
    List<ReportedResult> own = rows.stream().filter(row -> length(row) == tokens).toList();
    return own.isEmpty() ? List.of() : List.of(new Pool(own));
  }

  /** Of a row's prompts, in tokens; 0 where its order does not state it. */
  static int length(ReportedResult row) {
    return row.order().map(order -> order.length().orElse(0)).orElse(0);
  }

  int layers() {
    return figures(rows.get(0)).mass().orElseThrow().layers().size();
  }

  /** All heads, those with most mass first, equal ones by layer and head. */
  List<Head> heads() {
    List<Head> heads = new ArrayList<>();
    for (int layer = 0; layer < layers(); layer++) {
      heads.addAll(heads(layer));
    }
    heads.sort(Comparator.comparingDouble((Head head) -> -head.largest().mass()));
    return heads;
  }

  /** The head of a layer with most mass. */
  Mass strongest(int layer) {
    return heads(layer).stream()
        .map(Head::largest)
        .max(Comparator.comparingDouble(Mass::mass))
        .orElseThrow();
  }

  private List<Head> heads(int layer) {
    int count = figures(rows.get(0)).mass().orElseThrow().layers().get(layer).size();
    boolean selects = figures(rows.get(0)).attended().isPresent();
    return IntStream.range(0, count)
        .mapToObj(
            head ->
                new Head(
                    layer,
                    head,
                    new Mass(
                        mean(layer, head, figures -> figures.mass().orElseThrow()),
                        selects
                            ? OptionalDouble.of(
                                mean(layer, head, figures -> figures.attended().orElseThrow()))
                            : OptionalDouble.empty()),
                    mean(layer, head, figures -> figures.meanMass().orElseThrow())))
        .toList();
  }

  private double mean(int layer, int head, Function<Attribution, HeadMasses> which) {
    double sum = 0;
    for (ReportedResult row : rows) {
      Attribution figures = figures(row);
      sum += figures.needles() * which.apply(figures).layers().get(layer).get(head);
    }
    return sum / needles();
  }

  /**
   * Of the needles in a tenth of the text, over the head that looked most; none without needles.
   */
  List<Mass> atDepth(int tenth) {
    int needles = 0;
    double mass = 0;
    double attended = 0;
    boolean selects = false;
    for (ReportedResult row : rows) {
      for (Attribution.Depth depth : figures(row).depths()) {
        if (depth.tenth() == tenth) {
          needles += depth.needles();
          mass += depth.needles() * depth.mass();
          attended += depth.needles() * depth.attended().orElse(0);
          selects |= depth.attended().isPresent();
        }
      }
    }
    return needles == 0
        ? List.of()
        : List.of(
            new Mass(
                mass / needles,
                selects ? OptionalDouble.of(attended / needles) : OptionalDouble.empty()));
  }
}
