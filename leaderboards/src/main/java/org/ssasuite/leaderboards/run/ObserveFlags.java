package org.ssasuite.leaderboards.run;

import java.util.List;
import java.util.Optional;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.python.PythonText;
import org.ssasuite.core.request.StatisticsObservation;
import org.ssasuite.leaderboards.program.Choice;
import org.ssasuite.runtime.statistics.BlockBudget;
import org.ssasuite.runtime.statistics.StatisticGroup;
import org.ssasuite.runtime.statistics.StatisticsRequest;
import picocli.CommandLine.Option;

/** What a run notes of attention beside its scores. */
final class ObserveFlags {
  /** The suite that is there for these figures. */
  static final String SUITE = "attention";

  /** Whose prompts it takes. */
  private static final String DOCUMENTS = "pg19";

  @Option(
      names = "--observe",
      paramLabel = "G",
      split = ",",
      description =
          "Where attention goes, beside the scores: sinks, capture, error; means over the queries"
              + " that answer, in results.json and attention.csv. needle: why samples of needle tasks"
              + " failed, by where attention looked. Changes no score.")
  private List<String> observe;

  @Option(
      names = "--budgets",
      paramLabel = "SxK",
      split = ",",
      description =
          "Block budgets that full attention is held against, as 16x16,32x4."
              + " Default: the model's own. Of suite budget: those that are tried, as 16x4,16x16,full.")
  private List<String> budgets;

  @Option(
      names = "--observe-prompt",
      description = "Look at the queries before those that answer instead.")
  private boolean prompt;

  @Option(
      names = "--on",
      paramLabel = "TASK",
      split = ",",
      description =
          "The task whose prompts suite attention takes. Default: pg19."
              + " Of suite budget: its tasks. Default: pg19,piqa,arc_easy,niah_single_1.")
  private List<String> on;

  /** The task that a suite stands for; absent if it is another one. */
  Optional<String> task(Optional<String> suite) {
    boolean ours = suite.equals(Optional.of(SUITE));
    if (on != null && !ours && !isBudget(suite)) {
      throw new BadInputException(
          "--on " + String.join(",", on), "goes with --suite attention or budget");
    }
    if (on != null && ours && on.size() > 1) {
      throw new BadInputException("--on " + String.join(",", on), "suite attention takes one task");
    }
    return ours ? Optional.of(on == null ? DOCUMENTS : on.get(0)) : Optional.empty();
  }

  /** The suite that tries budgets. */
  static final String BUDGET_SUITE = "budget";

  static boolean isBudget(Optional<String> suite) {
    return suite.equals(Optional.of(BUDGET_SUITE));
  }

  /** The tasks of suite budget; none: those that it has of its own. */
  List<String> budgetTasks() {
    return on == null ? List.of() : on;
  }

  /** The budgets that the user wants tried; none: those that the preset has. */
  List<String> triedBudgets() {
    return budgets == null ? List.of() : budgets;
  }

  /** What can be looked at. */
  private enum Look {
    SINKS,
    CAPTURE,
    ERROR,
    NEEDLE;

    /** Statistics of the kernels; absent for needles. */
    Optional<StatisticGroup> group() {
      return this == NEEDLE ? Optional.empty() : Optional.of(StatisticGroup.valueOf(name()));
    }
  }

  private List<Look> looks() {
    return observe == null
        ? List.of(Look.SINKS, Look.CAPTURE)
        : observe.stream().map(ObserveFlags::look).toList();
  }

  private static Look look(String word) {
    return Choice.of("--observe", word, Look.values(), look -> PythonText.lower(look.name()));
  }

  /** Whether failed samples are told apart by where attention looked. */
  boolean attribution() {
    return observe != null && looks().contains(Look.NEEDLE);
  }

  /**
   * What is observed of attention's statistics.
   *
   * @param suite the one that the user names; {@link #SUITE} observes unasked
   */
  Optional<StatisticsObservation> asked(Optional<String> suite) {
    return asked(suite, false);
  }

  /**
   * The same.
   *
   * @param tried whether {@code --budgets} are those that a preset tries
   */
  Optional<StatisticsObservation> asked(Optional<String> suite, boolean tried) {
    boolean ours = suite.equals(Optional.of(SUITE));
    List<String> held = tried ? null : budgets;
    if (observe == null && !ours) {
      if (held != null || prompt) {
        throw new BadInputException(
            held != null ? "--budgets" : "--observe-prompt",
            "goes with --observe, or with --suite budget");
      }
      return Optional.empty();
    }
    List<StatisticGroup> groups = looks().stream().flatMap(look -> look.group().stream()).toList();
    if (groups.isEmpty()) {
      if (held != null || prompt) {
        throw new BadInputException(
            held != null ? "--budgets" : "--observe-prompt",
            "goes with --observe sinks, capture or error");
      }
      return Optional.empty();
    }
    return Optional.of(
        new StatisticsObservation(
            StatisticsObservation.GROUPS.stream()
                .filter(name -> groups.stream().anyMatch(group -> text(group).equals(name)))
                .toList(),
            held(groups, held),
            prompt));
  }

  private static String text(StatisticGroup group) {
    return PythonText.lower(group.name());
  }

  private static List<String> held(List<StatisticGroup> groups, List<String> budgets) {
    if (budgets == null) {
      return List.of();
    }
    if (groups.equals(List.of(StatisticGroup.SINKS))) {
      throw new BadInputException("--budgets", "goes with --observe capture or error");
    }
    List<String> forms = budgets.stream().map(form -> BlockBudget.parse(form).text()).toList();
    if (forms.stream().distinct().count() < forms.size()) {
      throw new BadInputException("--budgets", "has one twice");
    }
    if (forms.size() > StatisticsRequest.MOST_BUDGETS) {
      throw new BadInputException(
          "--budgets", forms.size() + ", at most " + StatisticsRequest.MOST_BUDGETS + " at once");
    }
    return forms;
  }
}
