package org.ssasuite.tasks.ruler;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import org.ssasuite.core.statistics.ProportionBounds;

/**
 * RULER's effective length as far as the samples prove it: the largest length that passes with its
 * lower bound at every tested length up to it. A length passes where the lower end of the score's
 * 95 % interval reaches the rule's threshold, fails where the upper end is below it, and else
 * cannot be told.
 *
 * <p>A score is a mean over tasks of means over samples, each from 0 to 1. Its bounds are those of
 * one mean over so many samples as have its variance at most ({@link ProportionBounds}). Against a
 * share of the own score at the training length the bounds are those of the difference of the two
 * by Zou and Donner (2008): the distances of both to their own bounds, squared and added.
 *
 * @param effective absent where not even the shortest length passes
 * @param last the first length that does not pass, else the longest
 */
record ProvenLength(Rule rule, Optional<Integer> effective, Judged last) {
  /** Of each end of a 95 % interval. */
  private static final double ALPHA = 0.025;

  /** What a length has to reach. */
  enum Rule {
    /** RULER's: 85.6, the score of Llama-2-7B at 4,096 tokens. */
    ABSOLUTE("85.6"),
    /** NoLiMa's: 85 % of the score at the training length. */
    OWN("85 % of own");

    private final String text;

    Rule(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }
  }

  /** What can be said of a length. */
  enum Outcome {
    PASSES("passes"),
    FAILS("fails"),
    CANNOT_TELL("cannot tell");

    private final String text;

    Outcome(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }
  }

  /**
   * A score at a length.
   *
   * @param share from 0 to 1
   * @param tasks whose means it is the mean of
   * @param samples that a single mean over them would have; of all tasks together
   */
  record Score(double share, int tasks, double samples) {
    double lower() {
      return ProportionBounds.lower(share, samples, ALPHA);
    }

    double upper() {
      return ProportionBounds.upper(share, samples, ALPHA);
    }

    /** The same score of another number of samples of each task. */
    Score of(long ofEach) {
      return new Score(share, tasks, (double) ofEach * tasks);
    }
  }

  /**
   * A length.
   *
   * @param threshold of the rule, from 0 to 1
   * @param needed samples of each task that would settle it if the scores stayed what they are;
   *     absent where it is settled, and where no number would
   */
  record Judged(int length, Score score, double threshold, Outcome outcome, OptionalLong needed) {}

  /** What decides between a score and its threshold. */
  private interface Question {
    Outcome of(Score score, Score reference);
  }

  /**
   * By one rule; absent where no length was run, or the training length was not and the rule asks
   * for it.
   *
   * @param scores shortest length first
   * @param trained training length; absent where it is not known
   */
  static Optional<ProvenLength> of(
      Rule rule, NavigableMap<Integer, Score> scores, Optional<Integer> trained) {
    Optional<Score> own = trained.map(scores::get);
    if (scores.isEmpty() || (rule == Rule.OWN && own.isEmpty())) {
      return Optional.empty();
    }
    Optional<Integer> effective = Optional.empty();
    List<Judged> judged = new ArrayList<>();
    for (int length : scores.keySet()) {
      boolean itself = rule == Rule.OWN && trained.equals(Optional.of(length));
      Judged one = judged(rule, length, scores.get(length), own, itself);
      judged.add(one);
      if (one.outcome() != Outcome.PASSES) {
        break;
      }
      effective = Optional.of(length);
    }
    return Optional.of(new ProvenLength(rule, effective, judged.get(judged.size() - 1)));
  }

  private static Judged judged(
      Rule rule, int length, Score score, Optional<Score> own, boolean itself) {
    double threshold =
        rule == Rule.ABSOLUTE
            ? RulerScores.EFFECTIVE / 100
            : RulerScores.OWN_SHARE * own.orElseThrow().share();
    if (itself) {
      Outcome outcome = score.share() > 0 ? Outcome.PASSES : Outcome.CANNOT_TELL;
      return new Judged(length, score, threshold, outcome, OptionalLong.empty());
    }
    Question question = rule == Rule.ABSOLUTE ? ProvenLength::absolute : ProvenLength::ofOwn;
    Score reference = own.orElse(score);
    Outcome outcome = question.of(score, reference);
    OptionalLong needed =
        outcome == Outcome.CANNOT_TELL
            ? ProportionBounds.least(
                n -> question.of(score.of(n), reference.of(n)) != Outcome.CANNOT_TELL)
            : OptionalLong.empty();
    return new Judged(length, score, threshold, outcome, needed);
  }

  private static Outcome absolute(Score score, Score any) {
    double threshold = RulerScores.EFFECTIVE / 100;
    return outcome(score.lower() >= threshold, score.upper() < threshold);
  }

  private static Outcome ofOwn(Score score, Score own) {
    double share = RulerScores.OWN_SHARE;
    double above = score.share() - share * own.share();
    double below = Math.hypot(score.share() - score.lower(), share * (own.upper() - own.share()));
    double over = Math.hypot(score.upper() - score.share(), share * (own.share() - own.lower()));
    return outcome(above - below >= 0, above + over < 0);
  }

  private static Outcome outcome(boolean passes, boolean fails) {
    return passes ? Outcome.PASSES : fails ? Outcome.FAILS : Outcome.CANNOT_TELL;
  }
}
