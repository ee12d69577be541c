package org.ssasuite.leaderboards.rescore;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.ssasuite.core.BadInputException;
import org.ssasuite.leaderboards.program.Console;
import org.ssasuite.leaderboards.program.ExitStatus;
import org.ssasuite.leaderboards.program.OutputFile;
import org.ssasuite.tasks.longbench.LongBenchTasks;
import org.ssasuite.tasks.longbench.LongBenchTasks.CodeSim;
import org.ssasuite.tasks.longbench.LongBenchTasks.DataSetScore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ssa rescore}: upstream's scores of upstream's prediction files. */
@Command(
    name = "rescore",
    header = "Scores prediction files in a benchmark's own format, as its own program does.",
    description = {
      "FOLDER holds a file of JSON lines for each data set, as LongBench's pred.py writes them:",
      "qasper.jsonl, …, with pred, answers, all_classes and length. Prints what LongBench's eval.py",
      "puts into result.json: the same numbers, keys and order."
    },
    footer = {
      "",
      "Examples:",
      "  ssa rescore pred/my-model --suite longbench",
      "  ssa rescore pred_e/my-model --suite longbench --e",
      "  ssa rescore pred/my-model --suite longbench --json",
    })
public final class RescoreCommand implements Callable<Integer> {
  private static final String LONGBENCH = "longbench";

  private final Console console;

  @Parameters(paramLabel = "FOLDER", description = "Folder of prediction files.")
  private Path folder;

  @Option(
      names = "--suite",
      paramLabel = "NAME",
      required = true,
      description = "Whose format and scores: longbench.")
  private String suite;

  @Option(names = "--e", description = "LongBench-E: scores by length, in three buckets.")
  private boolean extended;

  @Option(
      names = "--code-sim",
      paramLabel = "FORM",
      description =
          "How code is compared: difflib (default, as published) or indel (as where"
              + " python-Levenshtein was installed).")
  private String codeSim = "difflib";

  @Option(names = "--json", description = "Print our own document, with averages, instead.")
  private boolean json;

  @Option(
      names = "--out",
      paramLabel = "F",
      description = "Write it there instead, result.json without a last line feed as upstream's.")
  private Path out;

  public RescoreCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (!suite.equals(LONGBENCH)) {
      throw new BadInputException("--suite " + suite, "is none of " + LONGBENCH);
    }
    if (!Files.isDirectory(folder)) {
      throw new BadInputException(
          folder, Files.exists(folder) ? "is a file, not a folder" : "no such folder");
    }
    CodeSim form = form();
    if (out != null) {
      OutputFile.requireWritable(out);
    }
    List<DataSetScore> scores = LongBenchTasks.rescore(folder, extended, form);
    String text = json ? RescoreJson.of(scores, form) : UpstreamResult.of(scores);
    if (out == null) {
      console.out().print(json ? text : text + "\n");
      console.requireWritten();
    } else {
      OutputFile.write(out, text);
    }
    return ExitStatus.DONE.code();
  }

  private CodeSim form() {
    return switch (codeSim.toLowerCase(Locale.ROOT)) {
      case "difflib" -> CodeSim.DIFFLIB;
      case "indel" -> CodeSim.INDEL;
      default ->
          throw new BadInputException("--code-sim " + codeSim, "is neither difflib nor indel");
    };
  }
}
