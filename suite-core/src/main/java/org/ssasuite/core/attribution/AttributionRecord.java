package org.ssasuite.core.attribution;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.ssasuite.core.request.SpanMass;

/**
 * What a run keeps of where a sample's needles went.
 *
 * @param needles in the task's order; none where there are none, or the answer failed
 * @param again of a sample that the selection lost: which needles were found when it was asked
 *     again with their blocks forced into the selection
 */
public record AttributionRecord(
    String sample, String document, List<NeedleNote> needles, Optional<List<Boolean>> again) {
  public AttributionRecord {
    Objects.requireNonNull(sample);
    Objects.requireNonNull(document);
    needles = List.copyOf(needles);
    again = again.map(List::copyOf);
    if (!alike(needles)) {
      throw new IllegalArgumentException("needles of different numbers of layers or heads");
    }
    boolean lost = failure(needles).equals(Optional.of(FailureClass.SELECTION_LOST));
    if (again.isPresent() && (!lost || again.get().size() != needles.size())) {
      throw new IllegalArgumentException("asked again without need");
    }
  }

  private static boolean alike(List<NeedleNote> needles) {
    return needles.stream().allMatch(note -> note.isLike(needles.get(0)));
  }

  /** Of a sample that is not asked again, or not yet. */
  public static AttributionRecord of(
      String sample,
      String document,
      List<Needle> needles,
      List<Boolean> found,
      List<SpanMass> masses) {
    if (found.size() != needles.size() || masses.size() != needles.size()) {
      throw new IllegalArgumentException(
          needles.size() + " needles, " + found.size() + " answers, " + masses.size() + " masses");
    }
    List<NeedleNote> notes = new ArrayList<>();
    for (int i = 0; i < needles.size(); i++) {
      notes.add(NeedleNote.of(needles.get(i), found.get(i), masses.get(i)));
    }
    return new AttributionRecord(sample, document, notes, Optional.empty());
  }

  /** Of one that has nothing to see. */
  public static AttributionRecord nothing(String sample, String document) {
    return new AttributionRecord(sample, document, List.of(), Optional.empty());
  }

  /** The same, asked again. */
  public AttributionRecord askedAgain(List<Boolean> found) {
    return new AttributionRecord(sample, document, needles, Optional.of(found));
  }

  /**
   * Why the sample failed: of the classes of its missed needles the first. Absent where there are
   * no needles, or all were found.
   */
  public Optional<FailureClass> failure() {
    return failure(needles);
  }

  private static Optional<FailureClass> failure(List<NeedleNote> needles) {
    return needles.stream()
        .filter(note -> !note.found())
        .map(FailureClass::of)
        .min(FailureClass::compareTo);
  }

  /** Whether it was asked again and all was found then. */
  public boolean turnedRight() {
    return again.filter(found -> found.stream().allMatch(Boolean::booleanValue)).isPresent();
  }
}
