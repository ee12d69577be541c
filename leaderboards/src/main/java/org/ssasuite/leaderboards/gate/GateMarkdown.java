package org.ssasuite.leaderboards.gate;

import java.util.List;
import org.ssasuite.leaderboards.gate.RowJudgement.Outcome;
import org.ssasuite.leaderboards.report.MarkdownTable;
import org.ssasuite.leaderboards.report.MarkdownTable.Side;
import org.ssasuite.leaderboards.report.Rounding;

/** A gate's outcome for people: a sentence, a table, and what would settle it. */
final class GateMarkdown {
  private static final int DECIMALS = 3;

  private GateMarkdown() {}

  static String of(Gate gate) {
    return headline(gate) + "\n" + table(gate) + "\n" + sentences(gate) + notes(gate);
  }

  private static String headline(Gate gate) {
    return "**Perplexity gate: "
        + gate.outcome().words()
        + "** (margin "
        + percent(gate.terms().margin())
        + ", alpha "
        + gate.terms().alpha()
        + ")\n";
  }

  private static String table(Gate gate) {
    MarkdownTable table = new MarkdownTable();
    table.column("Model", Side.LEFT).column("Mode", Side.LEFT).column("Task", Side.LEFT);
    table.column("Metric", Side.LEFT).column("Baseline", Side.RIGHT).column("Run", Side.RIGHT);
    table.column("Increase", Side.RIGHT).column("At least", Side.RIGHT);
    table.column("At most", Side.RIGHT).column("Documents", Side.RIGHT);
    table.column("Outcome", Side.LEFT);
    for (RowJudgement row : gate.rows()) {
      table.row(
          List.of(
              MarkdownTable.escaped(row.row().model()),
              MarkdownTable.escaped(row.row().mode()),
              MarkdownTable.escaped(row.row().task().name()),
              MarkdownTable.escaped(row.row().metric()),
              Rounding.of(Math.exp(row.paired().ratioA())),
              Rounding.of(Math.exp(row.paired().ratioB())),
              increase(row.paired().difference()),
              increase(row.bounds().lower()),
              increase(row.bounds().upper()),
              String.valueOf(row.paired().documents()),
              row.outcome().words()));
    }
    return table.text();
  }

  private static String notes(Gate gate) {
    StringBuilder text = new StringBuilder();
    gate.notes().forEach(note -> text.append(MarkdownTable.escaped(note)).append(".\n"));
    return text.toString();
  }

  private static String sentences(Gate gate) {
    StringBuilder text = new StringBuilder();
    gate.rows().forEach(row -> text.append(sentence(row, gate)).append('\n'));
    return text.toString();
  }

  /** What one row says, in a line. */
  static String sentence(RowJudgement row, Gate gate) {
    String margin = percent(gate.terms().margin());
    String subject = MarkdownTable.escaped(row.row().text()) + ": ";
    String seen =
        row.paired().samples() < row.baselineSamples()
            ? " (%d of the baseline's %d samples)"
                .formatted(row.paired().samples(), row.baselineSamples())
            : "";
    if (row.outcome() == Outcome.FAIL) {
      return subject
          + "the perplexity rose by "
          + increase(row.bounds().lower())
          + " at least, more than "
          + margin
          + seen
          + ".";
    }
    if (row.outcome() == Outcome.PASS) {
      return subject
          + "the perplexity rose by "
          + increase(row.bounds().upper())
          + " at most, less than "
          + margin
          + seen
          + ".";
    }
    return subject + "so many documents cannot tell" + seen + "; " + needed(row, gate) + ".";
  }

  private static String needed(RowJudgement row, Gate gate) {
    if (row.paired().documents() < 2) {
      return "at least 2 are needed to see how much they differ";
    }
    String condition =
        " if the true increase is "
            + increase(row.paired().difference())
            + ", with probability "
            + gate.terms().power();
    return row.needed().isPresent()
        ? "about " + row.needed().getAsLong() + " would settle it" + condition
        : "no number of them within reach would settle it" + condition;
  }

  private static String percent(double share) {
    return Rounding.of(100 * share, share == 0 ? 0 : 2) + " %";
  }

  private static String increase(double nats) {
    double percent = 100 * RowJudgement.relative(nats);
    String sign = percent < 0 ? "−" : "+";
    return sign + Rounding.of(Math.abs(percent), DECIMALS) + " %";
  }
}
