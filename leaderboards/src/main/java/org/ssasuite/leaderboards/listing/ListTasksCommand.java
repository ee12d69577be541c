package org.ssasuite.leaderboards.listing;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.task.Task;
import org.ssasuite.leaderboards.program.Console;
import org.ssasuite.leaderboards.program.ExitStatus;
import org.ssasuite.leaderboards.program.Home;
import org.ssasuite.leaderboards.task.TaskShelf;
import org.ssasuite.tasks.ruler.RulerTasks;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ssa list tasks}: names, versions, protocols, samples. */
@Command(
    name = "tasks",
    header = "Tasks with their versions, protocols and numbers of samples.",
    description = {
      "Of a task whose data is not there it says what is missing. LongBench's data sets are not",
      "embedded; they are listed where --data has them."
    },
    footer = {
      "",
      "Examples:",
      "  ssa list tasks",
      "  ssa list tasks --data my-data --json",
    })
public final class ListTasksCommand implements Callable<Integer> {
  private final Console console;
  private final Home home;

  @Option(names = "--data", paramLabel = "DIR", description = "Data folder instead of our own.")
  private Path data;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  public ListTasksCommand(Console console, Home home) {
    this.console = console;
    this.home = home;
  }

  @Override
  public Integer call() {
    TaskShelf shelf = new TaskShelf(Optional.ofNullable(data).orElse(home.data()));
    Listing listing = new Listing("tasks");
    for (String name : shelf.listed()) {
      if (TaskShelf.isRuler(name)) {
        ruler(name, listing);
        continue;
      }
      try {
        there(shelf.task(name), listing);
      } catch (BadInputException e) {
        absent(name, e.getMessage(), listing);
      }
    }
    listing.print(console, json);
    return ExitStatus.DONE.code();
  }

  /** Its samples depend on the model's tokenizer; what is missing shows when they are made. */
  private static void ruler(String name, Listing listing) {
    listing.row(
        "name", name,
        "suite", TaskShelf.suiteOf(name),
        "version", "1",
        "samples", String.valueOf(RulerTasks.SAMPLES),
        "metric", RulerTasks.headline(name, RulerTasks.DEFAULT_VERSION).metric(),
        "protocol", "RULER, made for the model's tokenizer at each length",
        "missing", RulerTasks.needs(name));
  }

  private static void there(Task<?> task, Listing listing) {
    listing.row(
        "name", task.id().name(),
        "suite", task.id().benchmark(),
        "version", String.valueOf(task.id().version()),
        "samples", String.valueOf(samples(task)),
        "metric", task.aggregate().headline().metric(),
        "protocol", task.protocol(),
        "missing", "");
  }

  private static void absent(String name, String fact, Listing listing) {
    listing.row(
        "name", name,
        "suite", TaskShelf.suiteOf(name),
        "version", "",
        "samples", "",
        "metric", "",
        "protocol", "",
        "missing", fact);
  }

  private static long samples(Task<?> task) {
    try (Stream<?> samples = task.samples()) {
      return samples.count();
    }
  }
}
