package org.ssasuite.leaderboards.run;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.catalogue.Takes;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.extrapolation.LengthScale;
import org.ssasuite.core.request.StatisticsObservation;
import org.ssasuite.core.run.RunPart;
import org.ssasuite.core.run.RunSpec;
import picocli.CommandLine.Model.CommandSpec;

/**
 * What {@code ssa run} shows to who says nothing: the embedded models' losses with intervals and
 * where their attention goes, two of them beyond the length that they were trained on, and needles.
 * Sizes are such that it takes two minutes on two cores.
 */
final class Tour {
  static final String LOSS = "pg19";
  static final String BEYOND = "extrapolation";
  static final String NEEDLES = "niah_single_1";

  private static final int BOOKS = 20;
  private static final int LOSS_TOKENS = 2_048;
  private static final int BEYOND_BOOKS = 5;

  /** Context gain is over the first, twice the trained length is the second. */
  private static final List<String> BEYOND_TOKENS = List.of("1024", "16384");

  private static final int NEEDLE_TOKENS = 1_024;
  private static final int NEEDLE_SAMPLES = 5;

  /** One that was trained with both kinds of attention, and one with full attention alone. */
  private static final List<String> TWO_MODELS = List.of("fullattn-mini", "ssa-mini");

  /** Options that say where and how something is evaluated, not what. */
  private static final Set<String> ASIDE =
      Set.of(
          "--preset",
          "--out",
          "--fresh",
          "--json",
          "--batch",
          "--no-sharing",
          "--chunk",
          "--cache",
          "--device",
          "--precision",
          "--threads");

  /** What a tour can be made smaller by, or made of. */
  private static final Set<String> SIZES = Set.of("--limit", "--rope", "--data");

  private Tour() {}

  static List<TaskOrder> orders() {
    return List.of(
        TaskOrder.of(LOSS).withLength(LOSS_TOKENS).withLimit(BOOKS),
        TaskOrder.of(BEYOND)
            .withLimit(BEYOND_BOOKS)
            .withOwn(
                Map.of(
                    Takes.LENGTHS, BEYOND_TOKENS,
                    LengthScale.EXACT, List.of("true"),
                    LengthScale.STRETCHES, List.of("1"))),
        TaskOrder.of(NEEDLES).withLength(NEEDLE_TOKENS).withLimit(NEEDLE_SAMPLES));
  }

  static List<RunPart> parts() {
    return List.of(
        new RunPart(List.of(LOSS), List.of(), List.of()),
        new RunPart(List.of(BEYOND), TWO_MODELS, List.of("sparse")),
        new RunPart(List.of(NEEDLES), TWO_MODELS, List.of("full", "sparse")));
  }

  /** Sinks, and what the models' own budgets hold of full attention's mass. */
  static StatisticsObservation observed() {
    return new StatisticsObservation(List.of("sinks", "capture"), List.of(), false);
  }

  /**
   * The preset of a command: the tour where nothing is said of what is evaluated.
   *
   * @param named by the user
   * @throws BadInputException if the tour is named beside an option that it has no room for
   */
  static Optional<Preset> preset(Optional<Preset> named, CommandSpec command) {
    List<String> said =
        command.commandLine().getParseResult().matchedOptions().stream()
            .map(option -> option.longestName())
            .filter(option -> !ASIDE.contains(option))
            .toList();
    if (named.equals(Optional.of(Preset.TOUR))) {
      said.stream()
          .filter(option -> !SIZES.contains(option))
          .findFirst()
          .ifPresent(
              option -> {
                throw new BadInputException(
                    option,
                    "goes without --preset tour, which has models, modes and tasks of its own");
              });
    }
    return named.isEmpty() && said.isEmpty() ? Optional.of(Preset.TOUR) : named;
  }

  /** Whether a run is one. */
  static boolean is(RunSpec spec) {
    return spec.preset().equals(Preset.TOUR.text());
  }

  /** What the next part does, in a line; absent in other runs. */
  static Optional<String> line(RunSpec spec, int part) {
    return is(spec)
        ? Optional.of(
            "Part %d of %d: %s".formatted(part + 1, spec.parts().size(), sentence(spec, part)))
        : Optional.empty();
  }

  private static String sentence(RunSpec spec, int part) {
    String task = spec.parts().get(part).tasks().get(0);
    TaskOrder order =
        spec.tasks().stream().filter(each -> each.task().equals(task)).findFirst().orElseThrow();
    int samples = order.limit().orElseThrow();
    return switch (task) {
      case LOSS ->
          String.format(
              Locale.ROOT,
              "loss on %s, %,d tokens each: four models, each in its modes, and where they look",
              counted(samples, "book"),
              order.length().orElseThrow());
      case BEYOND ->
          String.format(
              Locale.ROOT,
              "beyond training: the same tokens of %s behind ever more context, to 16,384 tokens",
              counted(samples, "book"));
      default ->
          String.format(
              Locale.ROOT,
              "%s hidden in %,d tokens each: are they found, and if not, why not",
              counted(samples, "needle"),
              order.length().orElseThrow());
    };
  }

  private static String counted(int number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }
}
