package org.ssasuite.leaderboards.divergence;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.ssasuite.core.BadInputException;
import picocli.CommandLine.Option;

/** What a user still calls the same model. Filled by the command line. */
public final class DivergenceMargins {
  @Option(
      names = "--max-kl",
      paramLabel = "X",
      description = "Largest mean KL(A, B) that passes, nats.")
  private Double mostKl;

  @Option(
      names = "--min-same-top",
      paramLabel = "X",
      description = "Least share of positions with the same most probable id that passes, 0 to 1.")
  private Double leastSameTop;

  @Option(
      names = "--max-loss",
      paramLabel = "X",
      description = "Largest loss of B less A's that passes, nats per token.")
  private Double mostLoss;

  /** What a margin is of. */
  public enum Figure {
    KL("mean KL(A, B)", " nats"),
    SAME_TOP("share with the same most probable id", ""),
    LOSS("loss B - A", " nats");

    private final String text;
    private final String unit;

    Figure(String text, String unit) {
      this.text = text;
      this.unit = unit;
    }

    /** As people read it. */
    public String text() {
      return text;
    }

    /** With a blank before it; empty for a share. */
    public String unit() {
      return unit;
    }

    /** Whether a margin is the least that passes, not the most. */
    public boolean least() {
      return this == SAME_TOP;
    }
  }

  /** One margin. */
  public record Margin(Figure figure, double limit) {
    public Margin {
      Objects.requireNonNull(figure);
    }
  }

  /** The margins that were given. */
  public List<Margin> asked() {
    List<Margin> asked = new ArrayList<>();
    add(Figure.KL, mostKl, asked);
    add(Figure.SAME_TOP, leastSameTop, asked);
    add(Figure.LOSS, mostLoss, asked);
    return asked;
  }

  private static void add(Figure figure, Double limit, List<Margin> asked) {
    if (limit != null) {
      asked.add(new Margin(figure, limit));
    }
  }

  /**
   * Before anything is computed.
   *
   * @throws BadInputException for what is no margin
   */
  public void require() {
    requireIn("--max-kl", mostKl, 0, Double.MAX_VALUE);
    requireIn("--min-same-top", leastSameTop, 0, 1);
    requireIn("--max-loss", mostLoss, -Double.MAX_VALUE, Double.MAX_VALUE);
  }

  private static void requireIn(String name, Double value, double least, double most) {
    if (value != null && !(value >= least && value <= most)) {
      throw new BadInputException(
          name + " " + value,
          most == 1 ? "is no share from 0 to 1" : "is no number of nats that can be a margin");
    }
  }

  /** What is said about a margin. */
  enum Outcome {
    YES("yes"),
    NO("no"),
    CANNOT_TELL("cannot tell");

    private final String words;

    Outcome(String words) {
      this.words = words;
    }
  }

  /** One answer. */
  record Answer(String text, Outcome outcome) {}

  /** A line for each margin that was given. */
  List<Answer> answers(DivergenceSummary all) {
    return asked().stream().map(margin -> answer(margin, all)).toList();
  }

  private static Answer answer(Margin margin, DivergenceSummary all) {
    double limit = margin.limit();
    return switch (margin.figure()) {
      case KL -> ofKl(margin.figure(), all, limit);
      case LOSS ->
          all.lossDifference().isPresent()
              ? atMost(margin.figure(), all.lossDifference().getAsDouble(), limit)
              : new Answer(
                  "loss B - A is not known: the file does not list every next token: "
                      + Outcome.CANNOT_TELL.words,
                  Outcome.CANNOT_TELL);
      case SAME_TOP -> {
        Outcome outcome = all.sameTop() >= limit ? Outcome.YES : Outcome.NO;
        yield new Answer(
            String.format(
                Locale.ROOT,
                "same most probable id at %.6f of positions, at least %s asked: %s",
                all.sameTop(),
                limit,
                outcome.words),
            outcome);
      }
    };
  }

  /** What is known from below can be too large, and never small enough. */
  private static Answer ofKl(Figure figure, DivergenceSummary all, double most) {
    if (!all.fromBelow()) {
      return atMost(figure, all.kl(), most);
    }
    Outcome outcome = all.kl() > most ? Outcome.NO : Outcome.CANNOT_TELL;
    return new Answer(
        String.format(
            Locale.ROOT,
            "%s is %.6g nats at least, at most %s asked: %s",
            figure.text(),
            all.kl(),
            most,
            outcome.words),
        outcome);
  }

  private static Answer atMost(Figure figure, double value, double most) {
    Outcome outcome = value <= most ? Outcome.YES : Outcome.NO;
    return new Answer(
        String.format(
            Locale.ROOT,
            "%s is %.6g nats, at most %s asked: %s",
            figure.text(),
            value,
            most,
            outcome.words),
        outcome);
  }
}
