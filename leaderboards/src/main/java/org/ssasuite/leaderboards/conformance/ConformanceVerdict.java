package org.ssasuite.leaderboards.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.ssasuite.core.metrics.DivergenceMetrics;
import org.ssasuite.core.statistics.PairedDocuments;
import org.ssasuite.leaderboards.divergence.DivergenceMargins;
import org.ssasuite.leaderboards.program.ExitStatus;
import org.ssasuite.leaderboards.report.FinishedRun;

/**
 * What a run of suite conformance says about margins: yes where the one-sided confidence bound of a
 * mean over documents keeps the margin, no where the other bound does not, else that it cannot
 * tell. The bounds are the gate's ({@link PairedDocuments#bounds}); those that raise an alarm share
 * alpha over all questions, as one of them is an alarm of the run.
 *
 * @param answers by row and margin
 */
public record ConformanceVerdict(List<Answer> answers) {
  /** Of a wrong alarm of the run, and of a wrong yes of each row. */
  static final double ALPHA = 0.01;

  /** One for all rows, so that rows of the same documents are resampled alike. */
  private static final long BOOTSTRAP_SEED = 20_251_120;

  public ConformanceVerdict {
    answers = List.copyOf(answers);
  }

  /** What is said about one row and one margin. */
  public enum Outcome {
    YES("yes"),
    NO("no"),
    CANNOT_TELL("cannot tell");

    private final String words;

    Outcome(String words) {
      this.words = words;
    }
  }

  /** One answer in words. */
  public record Answer(String text, Outcome outcome) {
    public Answer {
      Objects.requireNonNull(text);
      Objects.requireNonNull(outcome);
    }
  }

  /**
   * Holds the rows of a finished run against margins.
   *
   * @throws org.ssasuite.core.BadInputException if a log is not any more what the results say
   */
  public static ConformanceVerdict of(FinishedRun run, DivergenceMargins margins) {
    List<ConformanceRow> rows =
        run.reported().stream()
            .filter(one -> ConformanceRow.is(one.result()))
            .filter(one -> one.result().samples() > 0)
            .map(ConformanceRow::read)
            .toList();
    List<DivergenceMargins.Margin> asked = margins.asked();
    double alarm = ALPHA / Math.max(1, rows.size() * asked.size());
    List<Answer> answers = new ArrayList<>();
    for (ConformanceRow row : rows) {
      asked.forEach(margin -> answers.add(answer(row, margin, alarm)));
    }
    return new ConformanceVerdict(answers);
  }

  private static Answer answer(ConformanceRow row, DivergenceMargins.Margin margin, double alarm) {
    PairedDocuments documents = row.against0(metric(margin.figure()));
    PairedDocuments.Bounds alarming = documents.bounds(alarm, BOOTSTRAP_SEED);
    PairedDocuments.Bounds reassuring = documents.bounds(ALPHA, BOOTSTRAP_SEED);
    boolean least = margin.figure().least();
    double low = least ? reassuring.lower() : alarming.lower();
    double high = least ? alarming.upper() : reassuring.upper();
    boolean yes = least ? low >= margin.limit() : high <= margin.limit();
    boolean no = least ? high < margin.limit() : low > margin.limit();
    Outcome outcome = yes ? Outcome.YES : no ? Outcome.NO : Outcome.CANNOT_TELL;
    return new Answer(
        String.format(
            Locale.ROOT,
            "%s: %s %.6g%s, bounds %.6g and %.6g over %d documents, at %s %s asked: %s",
            row.text(),
            margin.figure().text(),
            documents.difference(),
            margin.figure().unit(),
            low,
            high,
            documents.documents(),
            least ? "least" : "most",
            margin.limit(),
            outcome.words),
        outcome);
  }

  private static String metric(DivergenceMargins.Figure figure) {
    return switch (figure) {
      case KL -> DivergenceMetrics.KL;
      case SAME_TOP -> DivergenceMetrics.SAME_TOP;
      case LOSS -> DivergenceMetrics.LOSS_DIFFERENCE;
    };
  }

  private boolean any(Outcome outcome) {
    return answers.stream().anyMatch(answer -> answer.outcome() == outcome);
  }

  /** One sentence. */
  public String sentence() {
    if (any(Outcome.NO)) {
      return "By these margins it is not the same model.";
    }
    return any(Outcome.CANNOT_TELL)
        ? "By these margins it cannot be told whether it is the same model: more documents would."
        : "By these margins it is the same model.";
  }

  /** How a run ends that holds only what can be told. */
  public ExitStatus status() {
    if (any(Outcome.NO)) {
      return ExitStatus.CHECK_SAYS_NO;
    }
    return any(Outcome.CANNOT_TELL) ? ExitStatus.CANNOT_TELL : ExitStatus.DONE;
  }
}
