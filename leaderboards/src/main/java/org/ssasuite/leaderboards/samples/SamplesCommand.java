package org.ssasuite.leaderboards.samples;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.python.PythonJson;
import org.ssasuite.leaderboards.program.Console;
import org.ssasuite.leaderboards.program.ExitStatus;
import org.ssasuite.leaderboards.program.Home;
import org.ssasuite.leaderboards.run.Length;
import org.ssasuite.leaderboards.task.Draws;
import org.ssasuite.leaderboards.task.RulerFlags;
import org.ssasuite.leaderboards.task.RulerSize;
import org.ssasuite.leaderboards.task.TaskShelf;
import org.ssasuite.tasks.commonsense.CommonsenseTasks.ChoiceRequest;
import org.ssasuite.tasks.ruler.RulerTasks;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ssa samples}: the requests of a task, or their digests. */
@Command(
    name = "samples",
    header = "What a choice task or one of RULER's asks, as JSON lines, or digests of it.",
    description = {
      "A choice task: a JSON object a line with doc, choice, context, continuation. With",
      "--fingerprint a digest of all requests; without shots also the one that",
      "lm-evaluation-harness 0.3.0 keeps of them.",
      "A task of RULER's: the lines that its reference writes, for the tokenizer that is named."
    },
    footer = {
      "",
      "Examples:",
      "  ssa samples --task piqa --count 2",
      "  ssa samples --task arc_easy --shots 25 --seed 1 --data my-data --fingerprint",
      "  ssa samples --task niah_single_1 --length 4k --tokenizer whitespace --count 10",
    })
public final class SamplesCommand implements Callable<Integer> {
  private final Console console;
  private final Home home;

  @Option(
      names = "--task",
      paramLabel = "T",
      required = true,
      description = "A task of suite commonsense or ruler.")
  private String task;

  @Option(
      names = "--suite",
      paramLabel = "NAME",
      description = "The suite that the task has to belong to.")
  private String suite;

  @Option(
      names = "--shots",
      paramLabel = "N",
      description = "Solved examples before each question. Default: the task's.")
  private Integer shots;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Of the draws. Default: 1234, RULER's 42.")
  private Long seed;

  @Option(
      names = "--length",
      paramLabel = "L",
      description = "Tokens of RULER's samples, as 4096 or 4k. Default: 4k.")
  private String length;

  @Option(
      names = "--tokenizer",
      paramLabel = "whitespace|DIR",
      description = "What counts the tokens of RULER's samples; DIR holds a tokenizer.json.")
  private String tokenizer;

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "Only the first N documents, with all their choices, or N samples.")
  private Integer count;

  @Option(names = "--fingerprint", description = "Print digests of all requests instead.")
  private boolean fingerprint;

  @Option(names = "--data", paramLabel = "DIR", description = "Data folder instead of our own.")
  private Path data;

  @Mixin private RulerFlags ruler;

  public SamplesCommand(Console console, Home home) {
    this.console = console;
    this.home = home;
  }

  @Override
  public Integer call() {
    if (suite != null && !TaskShelf.suiteOf(task).equals(suite)) {
      throw new BadInputException(
          "task " + task, "is in suite " + TaskShelf.suiteOf(task) + ", not " + suite);
    }
    if (TaskShelf.isRuler(task)) {
      printRuler();
      return ExitStatus.DONE.code();
    }
    if (!TaskShelf.isChoice(task)) {
      throw new BadInputException(
          "task " + task,
          "is no choice task; samples shows "
              + String.join(", ", TaskShelf.choiceNames())
              + ", and RULER's tasks");
    }
    if (length != null || tokenizer != null) {
      throw new BadInputException(
          length != null ? "--length" : "--tokenizer", "is for RULER's tasks, not for " + task);
    }
    if (fingerprint && count != null) {
      throw new BadInputException("--fingerprint", "is of all requests; leave --count out");
    }
    Draws own = TaskShelf.ownDraws(task);
    Draws draws =
        new Draws(
            (int) atLeast(0, "--shots", shots == null ? own.shots() : shots),
            atLeast(0, "--seed", seed == null ? own.seed() : seed));
    TaskShelf shelf = new TaskShelf(Optional.ofNullable(data).orElse(home.data()));
    if (fingerprint) {
      shelf.fingerprints(task, draws).forEach(console.out()::println);
    } else {
      OptionalInt documents =
          count == null ? OptionalInt.empty() : OptionalInt.of((int) atLeast(1, "--count", count));
      print(shelf, draws, documents);
    }
    console.requireWritten();
    return ExitStatus.DONE.code();
  }

  private void printRuler() {
    if (fingerprint || shots != null) {
      throw new BadInputException(
          fingerprint ? "--fingerprint" : "--shots", "is for choice tasks, not for " + task);
    }
    if (tokenizer == null) {
      throw new BadInputException(
          "--tokenizer", "is missing: RULER's samples are cut to tokens; 'whitespace' or a folder");
    }
    RulerSize size =
        new RulerSize(
            length == null ? RulerTasks.DEFAULT_LENGTH : Length.parse(length),
            atLeast(0, "--seed", seed == null ? RulerTasks.DEFAULT_SEED : seed));
    OptionalInt samples =
        count == null ? OptionalInt.empty() : OptionalInt.of((int) atLeast(1, "--count", count));
    TaskShelf shelf = new TaskShelf(Optional.ofNullable(data).orElse(home.data()), ruler.options());
    RulerSamples.print(
        shelf, task, size, samples, tokenizer, line -> console.out().print(line + "\n"));
    console.requireWritten();
  }

  private void print(TaskShelf shelf, Draws draws, OptionalInt documents) {
    try (Stream<ChoiceRequest> requests = shelf.choiceRequests(task, draws)) {
      requests
          .takeWhile(request -> documents.isEmpty() || request.doc() < documents.getAsInt())
          .forEach(request -> console.out().print(line(request)));
    }
  }

  private static long atLeast(int least, String option, long value) {
    if (value < least) {
      throw new BadInputException(option, "must be at least " + least + ", not " + value);
    }
    return value;
  }

  private static String line(ChoiceRequest request) {
    return "{\"doc\": "
        + request.doc()
        + ", \"choice\": "
        + request.choice()
        + ", \"context\": "
        + PythonJson.dumps(request.context())
        + ", \"continuation\": "
        + PythonJson.dumps(request.continuation())
        + "}\n";
  }
}
