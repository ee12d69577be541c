package org.ssasuite.core.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.ssasuite.core.request.AttentionStatistics;
import org.ssasuite.core.request.AttentionStatistics.Positions;
import org.ssasuite.core.request.AttentionStatistics.Statistic;
import org.ssasuite.core.statistics.Range;

/**
 * What a sample's statistics come to: means over layers and heads, by bucket of positions and over
 * all of them; masses on single keys become sink rates, the share of (layer, head) whose mass on
 * key k is above ε, for k = 0 and for the key with the largest share.
 *
 * @param figures by bucket first
 */
public record SampleFigures(List<Figure> figures) {
  static final String KEY_MASS = "key_mass_";
  private static final List<Double> EPSILONS = List.of(0.3, 0.1);

  private static final Pattern SHARE =
      Pattern.compile(
          "([a-z]+_)?(first_[0-9]+(_value)?|last_[0-9]+|key_mass_[0-9]+|sink_rate_.*"
              + "|entropy_normalised|captured(_best)?_[0-9]+x[0-9]+)");

  private static final Pattern NOT_NEGATIVE =
      Pattern.compile(
          "([a-z]+_)?(entropy_bits|effective_keys|(output_error|error_bound)_[0-9]+x[0-9]+)");

  public SampleFigures {
    figures = List.copyOf(figures);
  }

  /** What a figure is of. */
  public record Key(String statistic, Optional<Positions> positions) {
    public Key {
      Objects.requireNonNull(statistic);
      Objects.requireNonNull(positions);
    }

    /** Where its mean can lie. */
    public Range range() {
      return rangeOf(statistic);
    }
  }

  /** Where the mean of a statistic of this name can lie. */
  public static Range rangeOf(String statistic) {
    if (SHARE.matcher(statistic).matches()) {
      return Range.SHARE;
    }
    return NOT_NEGATIVE.matcher(statistic).matches() ? Range.NOT_NEGATIVE : Range.LINE;
  }

  /**
   * One of them.
   *
   * @param queries how many queries the mean is over, at least one
   */
  public record Figure(Key key, double value, long queries) {
    public Figure {
      Objects.requireNonNull(key);
    }
  }

  /** Means weighted by their queries. Mutable. */
  public static final class Mean {
    private double weighted;
    private long weight;
    private int samples;

    public void add(double value, long queries) {
      weighted += value * queries;
      weight += queries;
      samples++;
    }

    /** How many were added. */
    public int samples() {
      return samples;
    }

    public double value() {
      return weighted / weight;
    }
  }

  /** Those of one sample; none where nothing was seen. */
  public static SampleFigures of(AttentionStatistics statistics) {
    List<Figure> figures = new ArrayList<>();
    Map<String, Map<Integer, Statistic>> masses = new TreeMap<>();
    Map<String, Mean> whole = new LinkedHashMap<>();
    for (Statistic each : statistics.statistics()) {
      int at = each.name().indexOf(KEY_MASS);
      if (at < 0) {
        double mean = each.mean();
        figures.add(new Figure(new Key(each.name(), each.positions()), mean, each.queries()));
        whole.computeIfAbsent(each.name(), name -> new Mean()).add(mean, each.queries());
      } else {
        Optional<Integer> key = number(each.name().substring(at + KEY_MASS.length()));
        key.ifPresent(
            k ->
                masses
                    .computeIfAbsent(each.name().substring(0, at), branch -> new TreeMap<>())
                    .put(k, each));
      }
    }
    // What is over all positions is written by bucket.
    whole.forEach((name, mean) -> figures.add(overAll(name, mean.value(), mean.weight)));
    masses.forEach((branch, ofKeys) -> addRates(branch, ofKeys, figures));
    return new SampleFigures(figures);
  }

  private static Figure overAll(String name, double value, long queries) {
    return new Figure(new Key(name, Optional.empty()), value, queries);
  }

  private static Optional<Integer> number(String text) {
    return text.matches("[0-9]{1,4}") ? Optional.of(Integer.parseInt(text)) : Optional.empty();
  }

  private static void addRates(
      String branch, Map<Integer, Statistic> ofKeys, List<Figure> figures) {
    long queries = ofKeys.values().stream().mapToLong(Statistic::queries).max().orElseThrow();
    for (double epsilon : EPSILONS) {
      String name = branch + "sink_rate_" + epsilon;
      if (ofKeys.containsKey(0)) {
        figures.add(overAll(name, rate(ofKeys.get(0), epsilon), queries));
      }
      double worst = 0;
      for (Statistic mass : ofKeys.values()) {
        worst = Math.max(worst, rate(mass, epsilon));
      }
      figures.add(overAll(name + "_worst", worst, queries));
    }
  }

  private static double rate(Statistic mass, double epsilon) {
    long all = mass.layers().stream().mapToLong(List::size).sum();
    long above =
        mass.layers().stream().flatMap(List::stream).filter(value -> value > epsilon).count();
    return (double) above / all;
  }
}
