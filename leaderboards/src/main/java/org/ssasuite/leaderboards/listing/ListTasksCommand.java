package org.ssasuite.leaderboards.listing;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.catalogue.Description;
import org.ssasuite.core.catalogue.Supplies;
import org.ssasuite.core.catalogue.TaskOffer;
import org.ssasuite.leaderboards.program.Console;
import org.ssasuite.leaderboards.program.ExitStatus;
import org.ssasuite.leaderboards.program.Home;
import org.ssasuite.leaderboards.task.TaskModules;
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
    Supplies supplies = TaskModules.supplies(Optional.ofNullable(data).orElse(home.data()));
    Listing listing = new Listing("tasks", "version", "samples");
    TaskModules.catalogue().listed(supplies).forEach(offer -> add(offer, supplies, listing));
    listing.print(console, json);
    return ExitStatus.DONE.code();
  }

  private static void add(TaskOffer offer, Supplies supplies, Listing listing) {
    Description description;
    try {
      description = offer.description(supplies);
    } catch (BadInputException e) {
      row(offer, "", "", "", "", e.getMessage(), listing);
      return;
    }
    row(
        offer,
        String.valueOf(offer.version()),
        String.valueOf(description.samples()),
        description.metric(),
        description.protocol(),
        description.missing(),
        listing);
  }

  private static void row(
      TaskOffer offer,
      String version,
      String samples,
      String metric,
      String protocol,
      String missing,
      Listing listing) {
    listing.row(
        "name", offer.name(),
        "suite", offer.suite(),
        "version", version,
        "samples", samples,
        "metric", metric,
        "protocol", protocol,
        "missing", missing);
  }
}
