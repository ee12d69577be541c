package org.ssasuite.leaderboards.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.ssasuite.leaderboards.report.MarkdownTable;
import org.ssasuite.runtime.engine.Device;

/** A bench for people: the rows, and below them the machine and our operators beside it. */
final class BenchTable {
  private static final int SHOWN_OPERATORS = 3;

  private BenchTable() {}

  static String of(BenchReport report) {
    MarkdownTable table =
        new MarkdownTable()
            .column("Model", MarkdownTable.Side.LEFT)
            .column("Mode", MarkdownTable.Side.LEFT)
            .column("Tokens", MarkdownTable.Side.RIGHT)
            .column("Batch", MarkdownTable.Side.RIGHT)
            .column("First token, ms", MarkdownTable.Side.RIGHT)
            .column("Tokens/s read", MarkdownTable.Side.RIGHT)
            .column("Step, ms", MarkdownTable.Side.RIGHT)
            .column("Tokens/s written", MarkdownTable.Side.RIGHT)
            .column("Against full", MarkdownTable.Side.RIGHT)
            .column("Memory, MB", MarkdownTable.Side.RIGHT)
            .column("Device, MB", MarkdownTable.Side.RIGHT)
            .column("Cache, MB", MarkdownTable.Side.RIGHT)
            .column("Blocks chosen in fp32, %", MarkdownTable.Side.RIGHT)
            .column("Where the reading's time goes", MarkdownTable.Side.LEFT);
    report.rows().forEach(row -> table.row(cells(row, report.rows())));
    return table.text() + notes(report);
  }

  private static List<String> cells(SpeedRow row, List<SpeedRow> all) {
    SpeedRow.Case what = row.what();
    return List.of(
        MarkdownTable.escaped(what.model()),
        what.mode().text(),
        whole(what.length()),
        Integer.toString(what.batch()),
        number(row.firstToken().medianMillis()),
        whole(row.prefillTokensPerSecond()),
        number(row.step().medianMillis()),
        number(row.decodeTokensPerSecond()),
        againstFull(row, all),
        row.cold().overIdleBytes().stream()
            .mapToObj(BenchTable::megabytes)
            .collect(Collectors.joining()),
        row.cold().deviceBytes().stream()
            .mapToObj(BenchTable::megabytes)
            .collect(Collectors.joining()),
        megabytes(row.cold().cache().bytes()),
        row.provedShare().map(share -> number(100 * share)).orElse(""),
        operators(row));
  }

  /** How many times as fast as full attention: reading, and a step. */
  private static String againstFull(SpeedRow row, List<SpeedRow> all) {
    return all.stream()
        .filter(other -> row.what().hasFullTwin(other.what()))
        .map(
            full ->
                number(full.firstToken().medianMillis() / row.firstToken().medianMillis())
                    + "×, "
                    + number(full.step().medianMillis() / row.step().medianMillis())
                    + "×")
        .findFirst()
        .orElse("");
  }

  private static String operators(SpeedRow row) {
    double total = row.cold().prefill().totalMicros();
    return row.cold().prefill().microsByOperator().entrySet().stream()
        .limit(SHOWN_OPERATORS)
        .map(entry -> entry.getKey() + " " + whole(100 * entry.getValue() / total) + " %")
        .collect(Collectors.joining(", "));
  }

  private static String notes(BenchReport report) {
    BenchPlan plan = report.plan();
    Yardsticks yardsticks = report.yardsticks();
    StringBuilder notes = new StringBuilder("\n");
    notes.append(
        String.format(
            Locale.ROOT,
            "Medians of %d readings after one of the first 8,192 tokens; %d threads, chunks of %d"
                + " tokens, %d new tokens.%n",
            plan.repeats(),
            plan.engine().options().threads(),
            plan.engine().scheduling().chunkTokens(),
            plan.newTokens()));
    notes.append(
        "Memory: the peak of a process while it reads, less what it had with the model loaded.\n");
    if (plan.engine().options().device() == Device.CUDA) {
      notes.append(
          "Device: what the GPU's memory lacks once the prompts are read: weights, cache and the"
              + " rest; nothing is given back before, so it is the peak.\n");
    }
    notes.append(
        String.format(
            Locale.ROOT,
            "The machine: matrix product %,.0f GFLOP/s (ONNX Runtime, %,d³, %s, %s), copying on the"
                + " host %.1f GB/s.%n",
            yardsticks.matrixProduct(),
            yardsticks.matrixRows(),
            plan.engine().options().precision().text(),
            plan.engine().options().device().text(),
            yardsticks.copy()));
    for (Yardsticks.Kernel kernel : yardsticks.kernels()) {
      notes.append(
          String.format(
              Locale.ROOT,
              "%s, %s (%s): %,.0f GFLOP/s, %.0f %% of the matrix product.%n",
              kernel.model(),
              kernel.operator(),
              kernel.shape(),
              kernel.rate(),
              100 * kernel.rate() / yardsticks.matrixProduct()));
    }
    return notes.toString();
  }

  private static String number(double x) {
    return String.format(Locale.ROOT, x < 10 ? "%.2f" : "%,.1f", x);
  }

  private static String whole(double x) {
    return String.format(Locale.ROOT, "%,.0f", x);
  }

  private static String megabytes(long bytes) {
    return number(bytes / 1e6);
  }
}
