package org.ssasuite.core.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.request.StatisticsObservation;
import org.ssasuite.core.run.items.ItemLog;

/**
 * Everything that can change a run's result: whoever has it, the files that it names and the
 * program can do the run again.
 *
 * @param preset its name, {@code quick} in files of before for {@code standard}; {@code custom} if
 *     the user named the tasks alone
 * @param models names of embedded models or folders, in table order
 * @param names what they are called, in the same order; none: by their folders, and then it is not
 *     written
 * @param modes text forms of attention modes; empty: the modes that each model has
 * @param tasks complete orders, in table order; of runs of before there were orders, names alone
 * @param rope rope scaling as {@code default} or {@code llama3:4}; absent: what the config states
 * @param data folder with the user's data sets; absent: the embedded ones
 * @param device {@code cpu} or {@code cuda}
 * @param precision {@code fp32}, {@code bf16} or {@code fp16}
 * @param batch samples whose requests are answered together; never changes a result
 * @param threads threads of the kernels; never changes a result
 * @param chunk the most tokens of one sequence that go through the model at once; never changes a
 *     result
 * @param sharing whether what several requests begin with is computed once; never changes a result
 * @param observe what is noted of attention beside the answers; never changes one. Absent: nothing,
 *     and then it is not written
 * @param attribution whether failed samples are told apart by where attention looked, and those
 *     that the selection lost asked again; never changes a score. False is not written
 * @param items how much of single requests is kept; never changes a score. Absent: nothing, and
 *     then it is not written
 * @param parts which models and modes each task has; empty, and then not written: all of them
 * @param serving of the model that a server computes. Absent: none, and then it is not written
 */
public record RunSpec(
    String preset,
    List<String> models,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> names,
    List<String> modes,
    List<TaskOrder> tasks,
    Optional<String> rope,
    Optional<String> data,
    String device,
    String precision,
    int batch,
    int threads,
    int chunk,
    boolean sharing,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<StatisticsObservation> observe,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean attribution,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<ItemLog> items,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<RunPart> parts,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Serving> serving) {
  /** Of runs whose files do not state it. */
  static final int STANDARD_CHUNK = 4_096;

  public RunSpec {
    Objects.requireNonNull(preset);
    models = List.copyOf(models);
    names = List.copyOf(names);
    modes = List.copyOf(modes);
    tasks = List.copyOf(tasks);
    Objects.requireNonNull(rope);
    Objects.requireNonNull(data);
    Objects.requireNonNull(observe);
    Objects.requireNonNull(items);
    Objects.requireNonNull(serving);
    Objects.requireNonNull(device);
    Objects.requireNonNull(precision);
    if (batch < 1 || threads < 1 || chunk < 1) {
      throw new IllegalArgumentException(
          "batch " + batch + ", threads " + threads + ", chunk " + chunk);
    }
    if (!names.isEmpty() && names.size() != models.size()) {
      throw new IllegalArgumentException(names.size() + " names of " + models.size() + " models");
    }
    parts = List.copyOf(parts);
    if (!parts.isEmpty()) {
      requireEachTaskOnce(tasks, parts);
    }
  }

  /**
   * Models are called by their folders, nothing of single requests is kept, and all tasks have the
   * same models and modes.
   */
  public RunSpec(
      String preset,
      List<String> models,
      List<String> modes,
      List<TaskOrder> tasks,
      Optional<String> rope,
      Optional<String> data,
      String device,
      String precision,
      int batch,
      int threads,
      int chunk,
      boolean sharing,
      Optional<StatisticsObservation> observe,
      boolean attribution) {
    this(
        preset,
        models,
        List.of(),
        modes,
        tasks,
        rope,
        data,
        device,
        precision,
        batch,
        threads,
        chunk,
        sharing,
        observe,
        attribution,
        Optional.empty(),
        List.of(),
        Optional.empty());
  }

  private static void requireEachTaskOnce(List<TaskOrder> tasks, List<RunPart> parts) {
    List<String> inParts = parts.stream().flatMap(part -> part.tasks().stream()).sorted().toList();
    List<String> names = tasks.stream().map(TaskOrder::task).distinct().sorted().toList();
    if (!inParts.equals(names)) {
      throw new IllegalArgumentException(
          "tasks of the parts are " + inParts + ", of the run " + names);
    }
  }

  /** The parts of the run; one with everything where it states none. */
  public List<RunPart> allParts() {
    return parts.isEmpty()
        ? List.of(
            new RunPart(
                tasks.stream().map(TaskOrder::task).distinct().toList(), List.of(), List.of()))
        : parts;
  }
}
