package org.ssasuite.core.attribution;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Why samples of one task failed, and which heads looked at their needles.
 *
 * @param samples with needles
 * @param right of which all were found
 * @param neverLooked failed, by {@link FailureClass}
 * @param selectionLost failed; each of them was asked again
 * @param looked failed
 * @param turnedRight of those that were asked again: all was found then
 * @param needles of all samples
 * @param mass of each head: the mean over needles of its largest mass in a step; absent without
 *     needles
 * @param meanMass of each head: the mean over needles of its mean mass over the steps
 * @param attended of each head: the mean over needles of what the mode attends to of its largest
 *     mass; absent in full mode
 * @param depths by tenth, those with needles
 */
public record Attribution(
    int samples,
    int right,
    int neverLooked,
    int selectionLost,
    int looked,
    int turnedRight,
    int needles,
    Optional<HeadMasses> mass,
    Optional<HeadMasses> meanMass,
    Optional<HeadMasses> attended,
    List<Depth> depths) {
  public Attribution {
    Objects.requireNonNull(mass);
    Objects.requireNonNull(meanMass);
    Objects.requireNonNull(attended);
    depths = List.copyOf(depths);
    if (right < 0
        || neverLooked < 0
        || selectionLost < 0
        || looked < 0
        || right + neverLooked + selectionLost + looked != samples
        || turnedRight < 0
        || turnedRight > selectionLost
        || needles < samples) {
      throw new IllegalArgumentException(
          "%d samples of %d needles: %d right, %d, %d and %d failed, %d turned right"
              .formatted(samples, needles, right, neverLooked, selectionLost, looked, turnedRight));
    }
    if (mass.isPresent() == (needles == 0) || meanMass.isPresent() != mass.isPresent()) {
      throw new IllegalArgumentException(needles + " needles, and masses of other ones");
    }
  }

  /**
   * Needles of one depth.
   *
   * @param missed those whose answer was not found
   * @param mass the mean over needles of the largest mass of any head
   * @param attended the mean over needles of what the mode attends to of that; absent in full mode
   */
  public record Depth(int tenth, int needles, int missed, double mass, OptionalDouble attended) {
    public Depth {
      Objects.requireNonNull(attended);
      if (missed < 0 || missed > needles || needles < 1 || !Double.isFinite(mass)) {
        throw new IllegalArgumentException(missed + " of " + needles + " missed, mass " + mass);
      }
    }
  }

  /** Samples that failed. */
  public int failed() {
    return samples - right;
  }
}
