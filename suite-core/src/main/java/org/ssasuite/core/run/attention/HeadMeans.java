package org.ssasuite.core.run.attention;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.ssasuite.core.request.AttentionStatistics.Statistic;
import org.ssasuite.core.run.SampleFigures;
import org.ssasuite.core.run.StatisticsRecord;
import org.ssasuite.core.statistics.RatioEstimate;

/**
 * One statistic of one row, layer by head: a document's mean over all its queries, and over
 * documents the mean of these, each counting once. Kept of the mass on the first key, the entropy,
 * the last 128 positions and what budgets capture. Immutable.
 */
public final class HeadMeans {
  private static final Pattern KEPT =
      Pattern.compile("([a-z]+_)?(key_mass_0|entropy_bits|last_128|captured_[0-9]+x[0-9]+)");

  private static final double LEVEL = 0.95;

  /** That of scores: the same documents are resampled alike. */
  private static final long BOOTSTRAP_SEED = 20_251_120;

  private final String statistic;
  private final int layers;
  private final int heads;

  /** [documents][layers · heads]. */
  private final List<double[]> documents;

  private HeadMeans(String statistic, int layers, int heads, List<double[]> documents) {
    this.statistic = statistic;
    this.layers = layers;
    this.heads = heads;
    this.documents = List.copyOf(documents);
  }

  /** A layer's query head, both from 0. */
  public record Head(int layer, int head) {}

  public String statistic() {
    return statistic;
  }

  public int layers() {
    return layers;
  }

  /** Query heads of a layer. */
  public int heads() {
    return heads;
  }

  public int documents() {
    return documents.size();
  }

  /** [layers][heads] means. */
  public List<List<OptionalDouble>> grid() {
    List<List<OptionalDouble>> lines = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      List<OptionalDouble> line = new ArrayList<>();
      for (int head = 0; head < heads; head++) {
        line.add(OptionalDouble.of(mean(new Head(layer, head))));
      }
      lines.add(line);
    }
    return lines;
  }

  private double mean(Head head) {
    return Arrays.stream(of(head)).sum() / documents.size();
  }

  private double[] of(Head head) {
    int at = head.layer() * heads + head.head();
    return documents.stream().mapToDouble(values -> values[at]).toArray();
  }

  /** A head's mean with its interval over documents. */
  public RatioEstimate estimate(Head head) {
    double[] values = of(head);
    double[] ones = new double[values.length];
    Arrays.fill(ones, 1);
    List<String> ids = IntStream.range(0, values.length).mapToObj(String::valueOf).toList();
    return SampleFigures.rangeOf(statistic).estimate(values, ones, ids, LEVEL, BOOTSTRAP_SEED);
  }

  /** The heads with the largest means, or the smallest; of equal ones the first. */
  public List<Head> ranked(boolean largestFirst, int count) {
    Comparator<Head> byMean = Comparator.comparingDouble(this::mean);
    return IntStream.range(0, layers * heads)
        .mapToObj(at -> new Head(at / heads, at % heads))
        .sorted(largestFirst ? byMean.reversed() : byMean)
        .limit(count)
        .toList();
  }

  /** Takes in samples. Mutable, one owner. */
  static final class Tally {
    private final Map<String, Shape> shapes = new LinkedHashMap<>();
    private final Map<String, Map<String, Sum>> sums = new LinkedHashMap<>();

    private record Shape(int layers, int heads) {}

    /** Of one document. Mutable. */
    private static final class Sum {
      final double[] weighted;
      long weight;

      Sum(Shape shape) {
        weighted = new double[shape.layers() * shape.heads()];
      }

      void add(Statistic statistic) {
        int at = 0;
        for (List<Double> ofLayer : statistic.layers()) {
          for (double value : ofLayer) {
            weighted[at++] += value * statistic.queries();
          }
        }
        weight += statistic.queries();
      }

      double[] mean() {
        return Arrays.stream(weighted).map(sum -> sum / weight).toArray();
      }
    }

    void add(StatisticsRecord record) {
      for (Statistic each : record.statistics().statistics()) {
        if (KEPT.matcher(each.name()).matches()) {
          Shape shape = new Shape(each.layers().size(), each.layers().get(0).size());
          // A log whose samples are of different models holds for no head.
          if (shapes.computeIfAbsent(each.name(), name -> shape).equals(shape)) {
            sums.computeIfAbsent(each.name(), name -> new LinkedHashMap<>())
                .computeIfAbsent(record.document(), document -> new Sum(shape))
                .add(each);
          }
        }
      }
    }

    List<HeadMeans> means() {
      List<HeadMeans> means = new ArrayList<>();
      sums.forEach(
          (statistic, documents) -> {
            Shape shape = Objects.requireNonNull(shapes.get(statistic));
            means.add(
                new HeadMeans(
                    statistic,
                    shape.layers(),
                    shape.heads(),
                    documents.values().stream().map(Sum::mean).toList()));
          });
      return means;
    }
  }
}
