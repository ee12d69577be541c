package org.ssasuite.leaderboards.listing;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.ssasuite.core.task.Task;
import org.ssasuite.leaderboards.program.Console;
import org.ssasuite.leaderboards.program.ExitStatus;
import org.ssasuite.leaderboards.program.Home;
import org.ssasuite.tasks.pg19.Pg19Tasks;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ssa list tasks}: names, versions, protocols, samples. */
@Command(
    name = "tasks",
    header = "Tasks with their versions, protocols and numbers of samples.",
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
    Listing listing = new Listing("tasks");
    for (String name : Pg19Tasks.names()) {
      Task<?> task =
          Pg19Tasks.create(
              name, Optional.ofNullable(data).orElse(home.data()), OptionalInt.empty());
      listing.row(
          "name", task.id().name(),
          "suite", task.id().benchmark(),
          "version", String.valueOf(task.id().version()),
          "samples", String.valueOf(samples(task)),
          "metric", task.aggregate().headline().metric(),
          "protocol", task.protocol());
    }
    listing.print(console, json);
    return ExitStatus.DONE.code();
  }

  private static long samples(Task<?> task) {
    try (Stream<?> samples = task.samples()) {
      return samples.count();
    }
  }
}
