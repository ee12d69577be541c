package org.ssasuite.leaderboards.verify;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.request.ModelCard;
import org.ssasuite.core.run.Recount;
import org.ssasuite.core.run.RunFolder;
import org.ssasuite.core.run.RunManifest;
import org.ssasuite.core.run.RunResult;
import org.ssasuite.core.run.SampleRecord;
import org.ssasuite.core.run.TaskResult;
import org.ssasuite.leaderboards.program.Home;
import org.ssasuite.leaderboards.run.RecordedInputs;

/** All that can be said of a finished run: its files against each other and against its inputs. */
record Verification(List<Check> checks) {
  Verification {
    checks = List.copyOf(checks);
  }

  boolean agrees() {
    return checks.stream().noneMatch(check -> check.outcome() == Check.Outcome.DIFFERS);
  }

  /**
   * Looks at everything.
   *
   * @throws BadInputException if the run is not finished, or a file of it cannot be read
   */
  static Verification of(Path folder, Home home) {
    RunResult result = RunFolder.readResults(folder);
    List<Check> checks = new ArrayList<>();
    checks.add(manifest(folder, result));
    checks.add(rows(result));
    Map<TaskResult, List<SampleRecord>> logs = new LinkedHashMap<>();
    for (TaskResult row : result.results()) {
      List<SampleRecord> log = RunFolder.readSamples(folder, row.model(), row.task());
      logs.put(row, log);
      checks.add(
          Check.of(
              text(row),
              Recount.differences(row, log),
              log.size() + " samples counted again, all figures equal"));
    }
    checks.addAll(inputs(result.manifest(), logs, home));
    return new Verification(checks);
  }

  private static String text(TaskResult row) {
    return row.model().name() + " " + row.model().mode() + " " + row.task().name();
  }

  private static Check manifest(Path folder, RunResult result) {
    RunManifest own = RunFolder.readManifest(folder);
    return Check.of(
        "manifest.json",
        own.equals(result.manifest()) ? List.of() : List.of("is not the one in results.json"),
        own.schema() + ", the same as in results.json (" + result.schema() + ")");
  }

  /** Each model in each mode on each task that the manifest names has one result. */
  private static Check rows(RunResult result) {
    TreeSet<String> wanted = new TreeSet<>();
    for (ModelCard model : result.manifest().models()) {
      for (String task : result.manifest().dataOf(model.name()).keySet()) {
        wanted.add(model.name() + " " + model.mode() + " " + task);
      }
    }
    List<String> differences = new ArrayList<>();
    for (TaskResult row : result.results()) {
      if (!wanted.remove(text(row))) {
        differences.add(text(row) + " is in the results twice, or not in the manifest");
      }
      if (!result.manifest().models().contains(row.model())) {
        differences.add(text(row) + " has a model card that the manifest has not");
      }
      String digest = result.manifest().dataOf(row.model().name()).get(row.task().name());
      if (!row.dataDigest().equals(digest)) {
        differences.add(text(row) + " has data " + row.dataDigest() + ", the manifest " + digest);
      }
    }
    wanted.forEach(missing -> differences.add(missing + " has no result"));
    return Check.of(
        "results.json", differences, result.results().size() + " rows, those of the manifest");
  }

  private static List<Check> inputs(
      RunManifest manifest, Map<TaskResult, List<SampleRecord>> logs, Home home) {
    RecordedInputs inputs;
    try {
      inputs = RecordedInputs.of(manifest.spec(), home);
    } catch (BadInputException e) {
      return List.of(Check.notChecked("models and data", e.getMessage()));
    }
    List<Check> checks = new ArrayList<>();
    manifest.models().forEach(model -> checks.add(model(model, inputs)));
    manifest.data().forEach((task, digest) -> checks.add(data(task, digest, inputs)));
    logs.forEach(
        (row, log) ->
            inputs
                .changed(row.model().name(), row.task().name(), log)
                .ifPresent(changed -> checks.add(questions(row, log, changed))));
    return checks;
  }

  private static Check model(ModelCard card, RecordedInputs inputs) {
    String subject = "model " + card.name() + " " + card.mode();
    Optional<Map<String, String>> files = inputs.files(card);
    if (files.isEmpty()) {
      return Check.notChecked(subject, "is not in the spec");
    }
    Map<String, String> recorded = new TreeMap<>(card.facts());
    recorded.keySet().removeIf(name -> !name.startsWith("sha256:"));
    List<String> differences = new ArrayList<>();
    TreeSet<String> names = new TreeSet<>(recorded.keySet());
    names.addAll(files.get().keySet());
    for (String name : names) {
      String then = recorded.getOrDefault(name, "absent");
      String now = files.get().getOrDefault(name, "absent");
      if (!then.equals(now)) {
        differences.add(name.substring("sha256:".length()) + " was " + then + ", is " + now);
      }
    }
    return Check.of(subject, differences, names.size() + " files have the recorded digests");
  }

  private static Check data(String task, String digest, RecordedInputs inputs) {
    String subject = "data of " + task;
    Optional<String> now = inputs.data(task);
    if (now.isEmpty()) {
      return Check.notChecked(subject, "the spec names no such task");
    }
    List<String> differences =
        now.get().equals(digest)
            ? List.of()
            : List.of("digest was " + digest + ", is " + now.get());
    return Check.of(subject, differences, "has the recorded digest");
  }

  private static Check questions(TaskResult row, List<SampleRecord> log, List<String> changed) {
    return Check.of(
        "questions of " + text(row),
        changed.isEmpty()
            ? List.of()
            : List.of(changed.size() + " samples ask something else now: " + first(changed)),
        "all " + log.size() + " are asked by the task");
  }

  private static String first(List<String> changed) {
    int shown = Math.min(3, changed.size());
    return String.join(", ", changed.subList(0, shown)) + (shown < changed.size() ? ", …" : "");
  }
}
