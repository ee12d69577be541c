package org.ssasuite.leaderboards.compare;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.run.CheckedRun;
import org.ssasuite.leaderboards.program.Console;
import org.ssasuite.leaderboards.program.ExitStatus;
import org.ssasuite.leaderboards.program.OutputFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ssa compare}: two runs, sample by sample. */
@Command(
    name = "compare",
    header = "Compares two runs, sample by sample, and says what can be told.",
    description = {
      "Pairs the samples of both runs that asked the same, of rows of the same model, mode and task",
      "(of other names too where a run has one model, or one model in one mode). For each task: the",
      "difference B - A with an interval over documents, a test, and the smallest difference that",
      "so many documents would have shown."
    },
    footer = {
      "",
      "Examples:",
      "  ssa compare runs/before runs/after",
      "  ssa compare runs/all runs/all --a ssa-mini,full --b ssa-mini,sparse:16x16",
      "  ssa compare runs/before runs/after --json > comparison.json"
    })
public final class CompareCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(index = "0", paramLabel = "A", description = "Folder of a finished run.")
  private Path runA;

  @Parameters(index = "1", paramLabel = "B", description = "Folder of the other run.")
  private Path runB;

  @Option(
      names = "--a",
      paramLabel = "MODEL[,MODE]",
      description = "Only these rows of A. Default: all.")
  private String rowsA;

  @Option(
      names = "--b",
      paramLabel = "MODEL[,MODE]",
      description = "Only these rows of B. Default: all.")
  private String rowsB;

  @Option(
      names = "--alpha",
      paramLabel = "P",
      description =
          "Probability of calling any equal pair different, over all tasks. Default: 0.05.")
  private double alpha = 0.05;

  @Option(
      names = "--power",
      paramLabel = "P",
      description = "Probability with which a difference is to be seen. Default: 0.9.")
  private double power = 0.9;

  @Option(names = "--json", description = "Print all figures as JSON instead of the table.")
  private boolean json;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Write what is printed into a file too.")
  private Path out;

  public CompareCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    requireShare("--alpha", alpha);
    requireShare("--power", power);
    Optional.ofNullable(out).ifPresent(OutputFile::requireWritable);
    CheckedRun checkedA = CheckedRun.open(runA);
    CheckedRun checkedB = runB.equals(runA) ? checkedA : CheckedRun.open(runB);
    Stream.of(checkedA, checkedB)
        .distinct()
        .flatMap(run -> run.caveat().stream())
        .forEach(console.err()::println);
    List<RunRow> a = chosen(rowsA).of(RunRow.of(checkedA));
    List<RunRow> b = chosen(rowsB).of(RunRow.of(checkedB));
    if (a.equals(b)) {
      throw new BadInputException(runA, "is compared with itself; name rows with --a and --b");
    }
    List<RowPairs.RowPair<RunRow>> pairs = RowPairs.of(a, RowPairs.Key::of, b);
    if (pairs.isEmpty()) {
      throw new BadInputException(
          runB, "has no row that belongs to one of " + runA + "; name rows with --a and --b");
    }
    Comparison comparison = Comparison.of(pairs, alpha, power);
    if (comparison.lines().isEmpty()) {
      throw new BadInputException(
          runB, "cannot be compared: " + String.join("; ", comparison.notCompared()));
    }
    String text = json ? ComparisonJson.of(comparison) : ComparisonMarkdown.of(comparison);
    Optional.ofNullable(out).ifPresent(file -> OutputFile.write(file, text));
    console.out().print(text);
    console.requireWritten();
    return (comparison.complete() ? ExitStatus.DONE : ExitStatus.INCOMPLETE).code();
  }

  private static RowChoice chosen(String text) {
    return text == null ? RowChoice.ALL : RowChoice.parse(text);
  }

  private static void requireShare(String option, double value) {
    if (!(value > 0 && value < 1)) {
      throw new BadInputException(option, "must lie between 0 and 1, not be " + value);
    }
  }
}
