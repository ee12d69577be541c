package org.ssasuite.leaderboards.gate;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.VisibleText;
import org.ssasuite.core.run.CheckedRun;
import org.ssasuite.leaderboards.program.Console;
import org.ssasuite.leaderboards.program.ExitStatus;
import org.ssasuite.leaderboards.program.OutputFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ssa gate}: a run against a baseline. */
@Command(
    name = "gate",
    header =
        "Says whether the perplexity has risen by more than a margin: yes, no, or cannot tell.",
    description = {
      "Pairs the run's samples with the baseline's. It fails where the lower confidence bound of the",
      "increase is above the margin, passes where the upper one is below it, and cannot tell",
      "otherwise. A run whose files do not hold against each other is bad input, and so are another",
      "mode, data, protocol, tokenizer, device or other facts of the model than the baseline's."
    },
    footer = {
      "",
      "Exit status: 0 pass, 1 fail, 3 cannot tell, 2 bad input.",
      "",
      "Examples:",
      "  ssa run --model my-llama --tasks pg19 --out runs/good",
      "  ssa gate --write --baseline baseline.json --run runs/good",
      "  ssa gate --baseline baseline.json --run runs/today --margin 1%% --junit gate.xml",
    })
public final class GateCommand implements Callable<Integer> {
  private static final int MAX_STATUS = 255;

  private final Console console;

  @Option(
      names = "--baseline",
      paramLabel = "FILE",
      required = true,
      description = "What the run is held against.")
  private Path baseline;

  @Option(
      names = "--run",
      paramLabel = "DIR",
      required = true,
      description = "Folder of a finished run.")
  private Path run;

  @Option(names = "--write", description = "Make the baseline of the run instead.")
  private boolean write;

  @Option(
      names = "--margin",
      paramLabel = "SHARE",
      description = "The increase that is put up with, as 1%% or 0.01. Default: 1%%.")
  private String margin = "1%";

  @Option(
      names = "--alpha",
      paramLabel = "P",
      description = "Probability of a wrong alarm, and of a wrong pass. Default: 0.01.")
  private double alpha = 0.01;

  @Option(
      names = "--power",
      paramLabel = "P",
      description =
          "Probability with which the number of documents asked for would settle it. Default: 0.9.")
  private double power = 0.9;

  @Option(
      names = "--allow",
      paramLabel = "FACT",
      split = ",",
      description = "What may differ: device, precision. It is said with the outcome.")
  private List<String> allowed = List.of();

  @Option(names = "--json", description = "Print all figures as JSON instead of the summary.")
  private boolean json;

  @Option(names = "--junit", paramLabel = "FILE", description = "Write JUnit XML too.")
  private Path junit;

  @Option(
      names = "--markdown",
      paramLabel = "FILE",
      description = "Write the summary into a file too.")
  private Path markdown;

  @Option(
      names = "--fail-status",
      paramLabel = "N",
      description = "Exit status of a failure. Default: 1.")
  private int failStatus = ExitStatus.CHECK_SAYS_NO.code();

  @Option(
      names = "--cannot-tell-status",
      paramLabel = "N",
      description = "Exit status of a gate that cannot tell. Default: 3.")
  private int cannotTellStatus = ExitStatus.CANNOT_TELL.code();

  public GateCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    GateTerms terms =
        new GateTerms(
            GateTerms.share("--margin", margin), alpha, power, new LinkedHashSet<>(allowed));
    requireStatus("--fail-status", failStatus);
    requireStatus("--cannot-tell-status", cannotTellStatus);
    if (write) {
      return write();
    }
    Optional.ofNullable(junit).ifPresent(OutputFile::requireWritable);
    Optional.ofNullable(markdown).ifPresent(OutputFile::requireWritable);
    Baseline held = BaselineFile.read(baseline);
    Gate gate = Gate.of(held, baseline, CheckedRun.open(run), terms);
    Optional.ofNullable(junit).ifPresent(file -> OutputFile.write(file, JUnitXml.of(gate)));
    Optional.ofNullable(markdown).ifPresent(file -> OutputFile.write(file, GateMarkdown.of(gate)));
    console.out().print(json ? GateJson.of(gate) : GateMarkdown.of(gate));
    console.requireWritten();
    return switch (gate.outcome()) {
      case PASS -> ExitStatus.DONE.code();
      case FAIL -> failStatus;
      case CANNOT_TELL -> cannotTellStatus;
    };
  }

  private int write() {
    OutputFile.requireWritable(baseline);
    CheckedRun checked = CheckedRun.open(run);
    Baseline made = Gate.baseline(checked);
    OutputFile.write(baseline, BaselineFile.text(made));
    made.rows()
        .forEach(
            row ->
                console
                    .out()
                    .println(
                        VisibleText.of(row.text()) + ": " + row.samples().size() + " samples"));
    int left = checked.result().results().size() - made.rows().size();
    if (left > 0) {
      console.err().println(left + " rows left out: their headline is no perplexity");
    }
    console.requireWritten();
    return ExitStatus.DONE.code();
  }

  private static void requireStatus(String option, int status) {
    if (status < 0 || status > MAX_STATUS) {
      throw new BadInputException(option, "must be 0 to " + MAX_STATUS + ", not " + status);
    }
  }
}
