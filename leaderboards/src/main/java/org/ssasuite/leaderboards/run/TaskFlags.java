package org.ssasuite.leaderboards.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.catalogue.BosOrder;
import org.ssasuite.core.catalogue.ChatOrder;
import org.ssasuite.core.catalogue.Wishes;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Which tasks a run has, and what is said about all of them. Filled by the command line. */
final class TaskFlags {
  private static final String TASKS = "--tasks";
  private static final String SUITE = "--suite";

  /** Suites that decide about all rows of a run, and so go alone: why, and what to say instead. */
  private static final Map<String, String> WHOLE =
      Map.of(
          ObserveFlags.BUDGET_SUITE,
          "gives all rows modes of its own, so it goes alone; name its tasks with --on",
          ObserveFlags.SUITE,
          "observes all rows, so it goes alone; beside other tasks say --observe");

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = TASKS,
      paramLabel = "T",
      split = ",",
      description =
          "Tasks ('ssa list tasks'), or files that describe some of your own, as my-task.json;"
              + " at their own sizes unless a preset is named.")
  private List<String> tasks = List.of();

  @Option(
      names = SUITE,
      paramLabel = "NAME",
      split = ",",
      description =
          "All tasks of suites, also beside --tasks: pg19, commonsense, ruler, longbench,"
              + " longbench-e, longbench-v2, …; "
              + "extrapolation: the same tokens behind ever longer contexts; "
              + "attention: where it goes in the documents of pg19, or of --on; "
              + "budget: full attention, and at each of --budgets the selection and its controls; "
              + "conformance: modes against --reference, with margins as 'ssa divergence' has.")
  private List<String> suites = List.of();

  @Option(
      names = "--lengths",
      paramLabel = "N",
      split = ",",
      description =
          "Tokens that a pass reads, as 4096 or 4k; each task that has a length at each."
              + " For the tasks of suites pg19 and ruler, and of the longbench suites: the most tokens of a"
              + " prompt. Suite extrapolation is one task at all of them, and at 256, 512, 1k, … below.")
  private List<String> lengths = List.of();

  @Option(
      names = "--shots",
      paramLabel = "N",
      description =
          "Solved examples before each question of suite commonsense. Default: the task's.")
  private Integer shots;

  @Option(
      names = "--seeds",
      paramLabel = "S",
      split = ",",
      description =
          "Seeds, as 1,12; each task that draws shots, and each of RULER's, once with each."
              + " Default: 1234, RULER's 42.")
  private List<Long> seeds = List.of();

  @Option(names = "--limit", paramLabel = "N", description = "Only the first N samples of a task.")
  private Integer limit;

  @Option(
      names = "--bos",
      paramLabel = "W",
      description =
          "Whether the token that begins texts stands before each: auto, as the task's reference has"
              + " it; yes; no. Part of a row's protocol. Default: auto.")
  private String bos = BosOrder.AUTO;

  @Option(
      names = "--chat-template",
      paramLabel = "NAME",
      arity = "0..1",
      fallbackValue = ChatOrder.DEFAULT,
      description =
          "Put prompts into the model's chat template, as each task's reference does; NAME of"
              + " several. Part of a row's protocol.")
  private String chat;

  @Option(
      names = "--chat-date",
      paramLabel = "DAY",
      description = "The day that a chat template is told which asks for it, as 2024-07-26.")
  private String chatDate;

  /** All that the user names, in the order in which the two options first stand. */
  List<AskedTasks> asked() {
    List<AskedTasks> asked = new ArrayList<>();
    if (tasksFirst()) {
      asked.addAll(AskedTasks.tasks(tasks));
      asked.addAll(AskedTasks.suites(suites));
    } else {
      asked.addAll(AskedTasks.suites(suites));
      asked.addAll(AskedTasks.tasks(tasks));
    }
    return asked;
  }

  private boolean tasksFirst() {
    return command.commandLine().getParseResult().matchedOptions().stream()
        .map(option -> option.longestName())
        .filter(name -> name.equals(TASKS) || name.equals(SUITE))
        .findFirst()
        .equals(Optional.of(TASKS));
  }

  /**
   * The suite that is all of the run.
   *
   * @return absent where the user names none of that kind
   * @throws BadInputException if something stands beside it
   */
  Optional<String> whole() {
    Optional<String> whole = suites.stream().filter(WHOLE::containsKey).findFirst();
    boolean alone = suites.stream().distinct().count() == 1 && tasks.isEmpty();
    whole
        .filter(suite -> !alone)
        .ifPresent(
            suite -> {
              throw new BadInputException("--suite " + suite, WHOLE.get(suite));
            });
    return whole;
  }

  /** Whether a suite or a task of this name is among them. */
  boolean names(String suiteOrTask) {
    return suites.contains(suiteOrTask) || tasks.contains(suiteOrTask);
  }

  /**
   * What is said about all tasks.
   *
   * @param own what only tasks of one module know
   */
  Wishes wishes(Map<String, List<String>> own) {
    Map<String, List<String>> all = new TreeMap<>(own);
    all.putAll(BosOrder.own("--bos", bos));
    all.putAll(ChatOrder.own(Optional.ofNullable(chat), Optional.ofNullable(chatDate)));
    return new Wishes(
        lengths.stream().map(Length::parse).toList(),
        shots == null ? OptionalInt.empty() : OptionalInt.of(shots),
        seeds,
        limit == null ? OptionalInt.empty() : OptionalInt.of(limit),
        all);
  }
}
