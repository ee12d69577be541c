package org.ssasuite.tasks.longbench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.task.Task;
import org.ssasuite.core.task.TaskId;

/**
 * LongBench v1 by its own names, its even-length part E as {@code qasper_e}; both also as
 * lm-evaluation-harness 0.4.9 asks them ({@code qasper@lmeval-0.4.9}) and as SSA's paper had that
 * fixed ({@code qasper@lmeval-0.4.9-ssa}); v2 in its forms ({@code longbench_v2…}); and items of
 * our own in the form of two data sets of v1 ({@code pd_…}).
 */
public final class LongBenchTasks {
  /** The suite of v1. */
  public static final String SUITE = "longbench";

  private static final String V2 = SUITE + "-v2";
  private static final String OWN_ITEMS = SUITE + "-pd";
  private static final int VERSION = 1;

  private LongBenchTasks() {}

  /**
   * What a run asks of all these tasks.
   *
   * @param maxTokens of a prompt; absent: what the models' trained lengths suggest
   * @param lengthInName whether a run has the tasks at several lengths
   * @param trainedTokens lengths that the run's models were trained on
   */
  public record Setting(OptionalInt maxTokens, boolean lengthInName, List<Integer> trainedTokens) {
    private static final int DEFAULT_TRAINED = 8192;
    private static final int KIBI = 1024;

    public Setting {
      Objects.requireNonNull(maxTokens);
      trainedTokens = List.copyOf(new TreeSet<>(trainedTokens));
    }

    /** As the tasks define themselves: for models that were trained on 8,192 tokens. */
    public static Setting standard() {
      return new Setting(OptionalInt.empty(), false, List.of());
    }

    /**
     * The limit, the same for all models of a run. For the one with the shortest trained length
     * LongBench has 3,500 for 4,096 tokens, 7,500 for 8,192, 15,500 and 31,500; below 2,048 it is
     * half of them. lm-evaluation-harness takes the trained length itself, for prompt and answer.
     */
    int limit(Protocol protocol) {
      int trained = trainedTokens.isEmpty() ? DEFAULT_TRAINED : trainedTokens.get(0);
      if (protocol != Protocol.ORIGINAL) {
        return maxTokens.orElse(trained);
      }
      int ofLongBench = trained < 2 * KIBI ? trained / 2 : 1000 * (trained / KIBI) - 500;
      return maxTokens.orElse(Math.max(2, ofLongBench));
    }
  }

  /** All tasks, in table order. */
  public static List<String> names() {
    return Stream.of(TaskForm.all().stream().map(TaskForm::name).toList(), v2(), ownItems())
        .flatMap(List::stream)
        .toList();
  }

  /** The tasks that there is a file for, and our own items. */
  public static List<String> there(Path data) {
    List<String> there =
        TaskForm.all().stream()
            .filter(form -> ItemFile.exists(data, form.set(), form.extended()))
            .map(TaskForm::name)
            .toList();
    return Stream.of(there, V2File.exists(data) ? v2() : List.<String>of(), ownItems())
        .flatMap(List::stream)
        .toList();
  }

  private static List<String> v2() {
    return Arrays.stream(V2Form.values()).map(V2Form::text).toList();
  }

  private static List<String> ownItems() {
    return Arrays.stream(PublicDomainItems.values()).map(PublicDomainItems::text).toList();
  }

  /** The suites: v1, E, those of the peers, v2, and our own items. */
  public static List<String> suites() {
    return Stream.concat(
            TaskForm.all().stream().map(TaskForm::suite).distinct(), Stream.of(V2, OWN_ITEMS))
        .toList();
  }

  /**
   * The suite that a task belongs to.
   *
   * @throws BadInputException if there is no such task
   */
  public static String suiteOf(String task) {
    if (V2Form.named(task).isPresent()) {
      return V2;
    }
    return PublicDomainItems.named(task).isPresent() ? OWN_ITEMS : form(task).suite();
  }

  /**
   * The tasks of a suite whose data is there. If nothing of v1 is, our own items stand in for it.
   *
   * @throws BadInputException if there is no such suite, or no data for any of its tasks
   */
  public static List<String> suite(String name, Path data) {
    if (name.equals(OWN_ITEMS)) {
      return ownItems();
    }
    if (name.equals(V2)) {
      // Few records carry what was retrieved for them; that form is asked for by its name.
      return v2().stream().filter(task -> !task.equals(V2Form.RAG.text())).toList();
    }
    List<TaskForm> forms =
        TaskForm.all().stream().filter(form -> form.suite().equals(name)).toList();
    List<String> there =
        forms.stream()
            .filter(form -> ItemFile.exists(data, form.set(), form.extended()))
            .map(TaskForm::name)
            .toList();
    if (there.isEmpty() && name.equals(SUITE)) {
      return ownItems();
    }
    if (there.isEmpty()) {
      throw new BadInputException(
          data.resolve(SUITE),
          "holds no file of suite " + name + ", as qasper_e.jsonl of LongBench-E");
    }
    return there;
  }

  /**
   * A task.
   *
   * @throws BadInputException if there is no such task, or its data is missing or corrupt
   */
  public static Task<?> create(String name, Path data, Setting setting) {
    Optional<V2Form> v2 = V2Form.named(name);
    if (v2.isPresent()) {
      return v2Task(v2.get(), data, setting);
    }
    Optional<PublicDomainItems> own = PublicDomainItems.named(name);
    Protocol protocol = own.isPresent() ? Protocol.ORIGINAL : form(name).protocol();
    int limit = setting.limit(protocol);
    if (limit < 2) {
      throw new BadInputException("length " + limit, "is too short for a prompt");
    }
    String fullName = name + (setting.lengthInName() ? "@" + limit : "");
    TaskId id = new TaskId(suiteOf(name), fullName, VERSION);
    if (own.isPresent()) {
      PublicDomainItems items = own.get();
      Question question = new Question(items.form(), protocol, items.template(), limit);
      return new LongBenchTask(
          id,
          PublicDomainItems.PROTOCOL + "/" + protocol.text(limit),
          items.read(data),
          question,
          setting.trainedTokens());
    }
    TaskForm form = form(name);
    return new LongBenchTask(
        id,
        protocol.text(limit),
        ItemFile.read(data, form.set(), form.extended()),
        Question.of(form.set(), protocol, limit),
        setting.trainedTokens());
  }

  private static Task<?> v2Task(V2Form form, Path data, Setting setting) {
    int limit = setting.limit(Protocol.ORIGINAL);
    V2File file = V2File.read(data);
    if (form == V2Form.RAG && file.items().stream().anyMatch(item -> item.retrieved().isEmpty())) {
      throw new BadInputException(
          "task " + form.text(), "needs records that have retrieved_context, all of them");
    }
    String name = form.text() + (setting.lengthInName() ? "@" + limit : "");
    return new V2Task(new TaskId(V2, name, VERSION), form, file, limit);
  }

  private static TaskForm form(String task) {
    return TaskForm.named(task)
        .orElseThrow(
            () ->
                new BadInputException("task " + task, "is none of " + String.join(", ", names())));
  }

  /**
   * What a task's data set is.
   *
   * @param category as {@code summarization}
   * @param language {@code en}, {@code zh} or {@code code}
   */
  public record Kind(String category, String language) {
    public Kind {
      Objects.requireNonNull(category);
      Objects.requireNonNull(language);
    }
  }

  /** The kind of a task's data set, by the task's name, also one that a length was put behind. */
  public static Optional<Kind> kindOf(String task) {
    Optional<DataSet> set =
        TaskForm.named(task)
            .map(TaskForm::set)
            .or(() -> PublicDomainItems.named(task).map(PublicDomainItems::form));
    int length = task.lastIndexOf('@');
    return set.isEmpty() && length > 0
        ? kindOf(task.substring(0, length))
        : set.map(found -> new Kind(found.category().text(), found.language()));
  }

  /** How the code of two data sets is compared. */
  public enum CodeSim {
    /** As in published scores: Python's difflib. */
    DIFFLIB,
    /** As where the package python-Levenshtein was installed beside fuzzywuzzy. */
    INDEL
  }

  /**
   * The score of one file of predictions.
   *
   * @param dataSet upstream's name
   * @param metric what it is scored by
   * @param predictions how many lines
   * @param score over all of them, 0 to 100, to two decimals
   * @param buckets of LongBench-E, by upstream's keys; a bucket without a prediction has no score
   */
  public record DataSetScore(
      String dataSet,
      String category,
      String metric,
      int predictions,
      double score,
      Optional<Map<String, OptionalDouble>> buckets) {
    public DataSetScore {
      Objects.requireNonNull(dataSet);
      Objects.requireNonNull(category);
      Objects.requireNonNull(metric);
      buckets = buckets.map(all -> Collections.unmodifiableMap(new LinkedHashMap<>(all)));
    }
  }

  /**
   * Scores prediction files that someone made with upstream's program: one {@code <data set>.jsonl}
   * each, with {@code pred}, {@code answers}, {@code all_classes} and {@code length} in every line.
   *
   * @param extended whether to score by LongBench-E's buckets, as upstream does with {@code --e}
   * @return in the order in which the file system lists the files, which is upstream's
   * @throws BadInputException for a folder without such files, a name that is no data set's, and a
   *     line that is torn or lacks a field
   */
  public static List<DataSetScore> rescore(Path folder, boolean extended, CodeSim codeSim) {
    return new Rescoring(folder, extended, codeSim).scores();
  }
}
