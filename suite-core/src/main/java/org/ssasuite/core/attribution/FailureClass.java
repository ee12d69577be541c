package org.ssasuite.core.attribution;

import java.util.List;

/**
 * Why the answer of a needle was missed, in the order in which it is decided.
 *
 * <p>The mass of a head is its largest over the answer's steps (the queries that choose a token:
 * the prompt's last one and those that were written): a head that looks looks when it is its turn,
 * and a mean over all steps would drown that in what is written before and behind. A head looked if
 * that mass is {@link #LOOKED_MASS} or more. What it kept is the share of that mass, in that step,
 * which lies on tokens that the mode attends to. No reference: nobody else tells these apart.
 */
public enum FailureClass {
  /** No head looked. */
  NEVER_LOOKED,

  /** In a mode that selects blocks: a head that looked kept less than {@link #KEPT_SHARE}. */
  SELECTION_LOST,

  /** Neither. */
  LOOKED;

  /** From which mass on a head looked. */
  public static final double LOOKED_MASS = 0.01;

  /** Below which share the selection lost what a head looked at. */
  public static final double KEPT_SHARE = 0.5;

  static FailureClass of(NeedleNote missed) {
    List<Double> masses = missed.largest().all();
    if (masses.stream().noneMatch(mass -> mass >= LOOKED_MASS)) {
      return NEVER_LOOKED;
    }
    List<Double> attended = missed.attended().map(HeadMasses::all).orElse(masses);
    for (int i = 0; i < masses.size(); i++) {
      if (masses.get(i) >= LOOKED_MASS && attended.get(i) < KEPT_SHARE * masses.get(i)) {
        return SELECTION_LOST;
      }
    }
    return LOOKED;
  }
}
