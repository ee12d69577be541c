package org.ssasuite.core.attribution;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** What the needles of one task's samples come to. Mutable, one owner. */
public final class AttributionTally {
  private final Map<FailureClass, Integer> failed = new EnumMap<>(FailureClass.class);
  private final Map<Integer, List<NeedleNote>> byTenth = new TreeMap<>();
  private final Sum largest = new Sum();
  private final Sum mean = new Sum();
  private final Sum attended = new Sum();
  private int samples;
  private int right;
  private int turnedRight;
  private int needles;

  /** Of masses per head, needle after needle. Mutable. */
  private static final class Sum {
    private double[] sums = new double[0];
    private int heads;
    private int count;

    void add(HeadMasses masses) {
      List<Double> all = masses.all();
      if (count == 0) {
        sums = new double[all.size()];
        heads = masses.layers().get(0).size();
      }
      if (all.size() != sums.length || masses.layers().get(0).size() != heads) {
        throw new IllegalArgumentException("masses of another number of layers or heads");
      }
      for (int i = 0; i < sums.length; i++) {
        sums[i] += all.get(i);
      }
      count++;
    }

    Optional<HeadMasses> mean() {
      double[] means = sums.clone();
      for (int i = 0; i < means.length; i++) {
        means[i] /= count;
      }
      return count == 0 ? Optional.empty() : Optional.of(HeadMasses.of(means, heads));
    }
  }

  /** Takes in one sample; one without needles counts nowhere. */
  public void add(AttributionRecord record) {
    if (record.needles().isEmpty()) {
      return;
    }
    samples++;
    Optional<FailureClass> failure = record.failure();
    right += failure.isEmpty() ? 1 : 0;
    failure.ifPresent(why -> failed.merge(why, 1, Integer::sum));
    turnedRight += record.turnedRight() ? 1 : 0;
    for (NeedleNote note : record.needles()) {
      needles++;
      largest.add(note.largest());
      mean.add(note.mean());
      note.attended().ifPresent(attended::add);
      byTenth.computeIfAbsent(note.tenth(), tenth -> new ArrayList<>()).add(note);
    }
  }

  /** What all samples so far come to. */
  public Attribution result() {
    return new Attribution(
        samples,
        right,
        failed.getOrDefault(FailureClass.NEVER_LOOKED, 0),
        failed.getOrDefault(FailureClass.SELECTION_LOST, 0),
        failed.getOrDefault(FailureClass.LOOKED, 0),
        turnedRight,
        needles,
        largest.mean(),
        mean.mean(),
        attended.mean(),
        byTenth.entrySet().stream().map(each -> depth(each.getKey(), each.getValue())).toList());
  }

  private static Attribution.Depth depth(int tenth, List<NeedleNote> notes) {
    double mass = 0;
    double kept = 0;
    int missed = 0;
    for (NeedleNote note : notes) {
      List<Double> masses = note.largest().all();
      int best = 0;
      for (int i = 1; i < masses.size(); i++) {
        best = masses.get(i) > masses.get(best) ? i : best;
      }
      int head = best;
      mass += masses.get(head);
      kept += note.attended().map(all -> all.all().get(head)).orElse(0.0);
      missed += note.found() ? 0 : 1;
    }
    boolean selects = notes.get(0).attended().isPresent();
    return new Attribution.Depth(
        tenth,
        notes.size(),
        missed,
        mass / notes.size(),
        selects ? OptionalDouble.of(kept / notes.size()) : OptionalDouble.empty());
  }
}
