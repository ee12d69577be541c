package org.ssasuite.leaderboards.decontaminate;

import java.util.List;
import java.util.Locale;
import org.ssasuite.leaderboards.report.MarkdownTable;
import org.ssasuite.leaderboards.report.MarkdownTable.Side;
import org.ssasuite.trainer.overlap.OverlapReport;
import org.ssasuite.trainer.overlap.OverlapReport.CorpusResult;
import org.ssasuite.trainer.overlap.OverlapReport.DocumentHit;
import org.ssasuite.trainer.overlap.OverlapReport.Example;
import org.ssasuite.trainer.overlap.OverlapReport.TaskResult;

/** An {@link OverlapReport} for people. */
final class OverlapMarkdown {
  /** Documents shown of a task; the JSON has all. */
  private static final int SHOWN = 3;

  private OverlapMarkdown() {}

  static String of(OverlapReport report) {
    StringBuilder text = new StringBuilder();
    text.append(tasks(report)).append('\n').append(corpora(report));
    report.tasks().forEach(task -> append(text, task));
    text.append('\n')
        .append(
            report.clean()
                ? "Clean: no %d words in a row are in both.\n".formatted(report.words())
                : "Not clean: %d words or more in a row are in both.\n".formatted(report.words()));
    return text.toString();
  }

  private static String tasks(OverlapReport report) {
    MarkdownTable table =
        new MarkdownTable()
            .column("Suite", Side.LEFT)
            .column("Task", Side.LEFT)
            .column("Documents", Side.RIGHT)
            .column("Too short", Side.RIGHT)
            .column("Shingles", Side.RIGHT)
            .column("Documents hit", Side.RIGHT)
            .column("Shingles hit", Side.RIGHT)
            .column("Share", Side.RIGHT);
    for (TaskResult task : report.tasks()) {
      table.row(
          List.of(
              task.suite(),
              MarkdownTable.escaped(task.task()),
              grouped(task.documents()),
              grouped(task.shortDocuments()),
              grouped(task.shingles()),
              grouped(task.hits().size()),
              grouped(task.hitShingles()),
              task.shingles() == 0 ? "" : percent(task.hitShingles(), task.shingles())));
    }
    return table.text();
  }

  private static String corpora(OverlapReport report) {
    MarkdownTable table =
        new MarkdownTable()
            .column("Corpus", Side.LEFT)
            .column("Documents", Side.RIGHT)
            .column("Documents hit", Side.RIGHT)
            .column("Places", Side.RIGHT);
    for (CorpusResult corpus : report.corpora()) {
      table.row(
          List.of(
              MarkdownTable.escaped(corpus.name()),
              grouped(corpus.documents()),
              grouped(corpus.hits().size()),
              grouped(corpus.hits().stream().mapToLong(hit -> hit.shingles()).sum())));
    }
    return table.text();
  }

  private static void append(StringBuilder text, TaskResult task) {
    if (task.hits().isEmpty()) {
      return;
    }
    text.append('\n').append(task.task()).append(":\n");
    for (DocumentHit hit : task.hits().subList(0, Math.min(SHOWN, task.hits().size()))) {
      Example example = hit.example();
      text.append(
          String.format(
              Locale.ROOT,
              "- %s (%s of %s shingles): \"%s\", %s line %d, character %d\n",
              MarkdownTable.escaped(hit.document()),
              grouped(hit.hitShingles()),
              grouped(hit.shingles()),
              example.words(),
              MarkdownTable.escaped(example.corpus()),
              example.line(),
              example.offset()));
    }
    if (task.hits().size() > SHOWN) {
      text.append("- and ").append(grouped(task.hits().size() - SHOWN)).append(" more\n");
    }
  }

  private static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private static String percent(long part, long whole) {
    return String.format(Locale.ROOT, "%.2f %%", 100.0 * part / whole);
  }
}
