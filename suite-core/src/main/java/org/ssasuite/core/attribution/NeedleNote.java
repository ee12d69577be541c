package org.ssasuite.core.attribution;

import java.util.Optional;
import org.ssasuite.core.request.SpanMass;

/**
 * What was seen of one needle while its answer was written.
 *
 * @param tenth how deep it lies
 * @param found whether its answer was
 * @param largest of each head: the largest mass that full attention puts on it in a step
 * @param mean of each head: that mass over all steps
 * @param attended of each head, in the step of the largest mass: how much of it lies where the mode
 *     attends; absent in full mode
 */
public record NeedleNote(
    int tenth, boolean found, HeadMasses largest, HeadMasses mean, Optional<HeadMasses> attended) {
  public NeedleNote {
    if (tenth < 0 || tenth >= Needle.TENTHS) {
      throw new IllegalArgumentException("tenth " + tenth);
    }
    if (!mean.isLike(largest) || attended.filter(masses -> !masses.isLike(largest)).isPresent()) {
      throw new IllegalArgumentException("masses of different numbers of layers or heads");
    }
  }

  static NeedleNote of(Needle needle, boolean found, SpanMass mass) {
    return new NeedleNote(
        needle.tenth(),
        found,
        new HeadMasses(mass.largest()),
        new HeadMasses(mass.mean()),
        mass.attended().map(HeadMasses::new));
  }

  /** Of as many layers and heads, in a mode that selects blocks or not. */
  public boolean isLike(NeedleNote other) {
    return largest.isLike(other.largest) && attended.isPresent() == other.attended.isPresent();
  }
}
