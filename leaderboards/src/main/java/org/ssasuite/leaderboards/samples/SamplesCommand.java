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
import org.ssasuite.leaderboards.task.Draws;
import org.ssasuite.leaderboards.task.TaskShelf;
import org.ssasuite.tasks.commonsense.CommonsenseTasks.ChoiceRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ssa samples}: the requests of a task, or their digests. */
@Command(
    name = "samples",
    header = "What a choice task asks, as JSON lines, or the digests of it.",
    description = {
      "A JSON object a line: doc, choice, context, continuation. With --fingerprint a digest of",
      "all requests; without shots also the one that lm-evaluation-harness 0.3.0 keeps of them."
    },
    footer = {
      "",
      "Examples:",
      "  ssa samples --task piqa --count 2",
      "  ssa samples --task arc_easy --shots 25 --seed 1 --data my-data --fingerprint",
    })
public final class SamplesCommand implements Callable<Integer> {
  private final Console console;
  private final Home home;

  @Option(
      names = "--task",
      paramLabel = "T",
      required = true,
      description = "A task of suite commonsense.")
  private String task;

  @Option(
      names = "--shots",
      paramLabel = "N",
      description = "Solved examples before each question. Default: the task's.")
  private Integer shots;

  @Option(names = "--seed", paramLabel = "S", description = "Of the draws. Default: 1234.")
  private Long seed;

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "Only the first N documents, with all their choices.")
  private Integer count;

  @Option(names = "--fingerprint", description = "Print digests of all requests instead.")
  private boolean fingerprint;

  @Option(names = "--data", paramLabel = "DIR", description = "Data folder instead of our own.")
  private Path data;

  public SamplesCommand(Console console, Home home) {
    this.console = console;
    this.home = home;
  }

  @Override
  public Integer call() {
    if (!TaskShelf.isChoice(task)) {
      throw new BadInputException(
          "task " + task,
          "is no choice task; samples shows " + String.join(", ", TaskShelf.choiceNames()));
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
