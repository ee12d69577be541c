package org.ssasuite.leaderboards.verify;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.request.ModelCard;
import org.ssasuite.core.run.CheckedRun;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.core.run.PlannedRow;
import org.ssasuite.core.run.RunManifest;
import org.ssasuite.core.run.SampleRecord;
import org.ssasuite.core.run.TaskResult;
import org.ssasuite.core.task.MetricRule;
import org.ssasuite.leaderboards.program.ExitStatus;
import org.ssasuite.leaderboards.program.Home;
import org.ssasuite.leaderboards.run.RecordedInputs;

/** All that can be said of a finished run: its files against each other and against its inputs. */
record Verification(List<Check> checks) {
  Verification {
    checks = List.copyOf(checks);
  }

  /** What was not checked agrees no more than it differs. */
  boolean agrees() {
    return checks.stream().allMatch(check -> check.outcome() == Check.Outcome.AGREES);
  }

  ExitStatus status() {
    if (checks.stream().anyMatch(check -> check.outcome() == Check.Outcome.DIFFERS)) {
      return ExitStatus.CHECK_SAYS_NO;
    }
    return agrees() ? ExitStatus.DONE : ExitStatus.CANNOT_TELL;
  }

  /**
   * Looks at everything.
   *
   * @throws BadInputException if the run is not finished, or its results cannot be read
   */
  static Verification of(Path folder, Home home) {
    CheckedRun run = CheckedRun.look(folder);
    List<Check> checks = new ArrayList<>();
    if (!run.isSealed()) {
      checks.add(
          Check.notChecked(
              "SHA256SUMS", "a run of an earlier version, whose files carry no digests"));
    }
    run.parts().forEach(part -> checks.add(files(part, folder)));
    checks.add(names(run.result().manifest()));
    if (run.parts().stream().allMatch(part -> part.findings().isEmpty())) {
      checks.addAll(inputs(run, home));
    } else {
      checks.add(Check.notChecked("models and data", "the run's own files do not agree"));
    }
    return new Verification(checks);
  }

  /** Where several files have a say, each is named. */
  private static Check files(CheckedRun.Part part, Path folder) {
    return Check.of(
        part.subject(),
        part.findings().stream()
            .map(finding -> (part.byFile() ? subject(finding, part, folder) : "") + finding.fact())
            .toList(),
        part.fact());
  }

  private static String subject(CheckedRun.Finding finding, CheckedRun.Part part, Path folder) {
    String file = folder.relativize(finding.file()).toString();
    return file.equals(part.subject()) ? "" : file + ": ";
  }

  /**
   * A model is called as the spec says, else as the folder that it names, whether that is there
   * still or not.
   */
  private static Check names(RunManifest manifest) {
    Set<String> asked = new LinkedHashSet<>(manifest.spec().names());
    if (asked.isEmpty()) {
      manifest.spec().models().forEach(model -> asked.add(new File(model).getName()));
    }
    String all = String.join(", ", asked);
    if (asked.stream().anyMatch(name -> List.of("", ".", "..").contains(name))) {
      return Check.notChecked("models", "the spec does not name all of them: " + all);
    }
    TreeSet<String> others = new TreeSet<>();
    manifest.models().forEach(card -> others.add(card.name()));
    TreeSet<String> missing = new TreeSet<>(asked);
    missing.removeAll(others);
    others.removeAll(asked);
    List<String> differences = new ArrayList<>();
    others.forEach(name -> differences.add(name + " is not in the spec, which has " + all));
    missing.forEach(name -> differences.add(name + " is in the spec and has no card"));
    return Check.of("models", differences, "those of the spec: " + all);
  }

  private static List<Check> inputs(CheckedRun run, Home home) {
    RunManifest manifest = run.result().manifest();
    RecordedInputs inputs;
    try {
      inputs = RecordedInputs.of(manifest.spec(), home);
    } catch (BadInputException e) {
      return List.of(Check.notChecked("models and data", e.getMessage()));
    }
    List<Check> checks = new ArrayList<>();
    manifest.models().forEach(model -> checks.add(model(model, inputs)));
    manifest.data().forEach((task, digest) -> checks.add(data(task, digest, inputs)));
    run.result().results().forEach(row -> checks.add(task(row, run.samples(row), inputs)));
    checks.add(rows(run.result().results(), inputs));
    return checks;
  }

  private static Check model(ModelCard card, RecordedInputs inputs) {
    String subject = "model " + card.name() + " " + card.mode();
    Optional<Map<String, String>> files = inputs.files(card);
    if (files.isEmpty()) {
      return Check.of(subject, List.of("is not in the spec"), "");
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
      return Check.notChecked(subject, "the spec, made anew, has no such task");
    }
    List<String> differences =
        now.get().equals(digest)
            ? List.of()
            : List.of("digest was " + digest + ", is " + now.get());
    return Check.of(subject, differences, "has the recorded digest");
  }

  /** A row and its log against the task as it is made anew. */
  private static Check task(TaskResult row, List<SampleRecord> log, RecordedInputs inputs) {
    String subject = "questions of " + row.text();
    Optional<PlannedRow> now =
        inputs.rows().stream().filter(planned -> planned.text().equals(row.text())).findFirst();
    Optional<List<String>> changed = inputs.changed(row.model().name(), row.task().name(), log);
    if (now.isEmpty() || changed.isEmpty()) {
      return Check.notChecked(subject, "the spec, made anew, has no such row");
    }
    List<String> differences = new ArrayList<>();
    PlannedRow then =
        new PlannedRow(
            row.model().name(),
            row.model().mode(),
            row.task(),
            row.protocol(),
            row.dataDigest(),
            log.size());
    then.differences(now.get()).forEach(fact -> differences.add(fact + " by the task"));
    differences.addAll(rules(row, inputs.rules(row.model().name(), row.task().name())));
    if (!changed.get().isEmpty()) {
      differences.add(
          changed.get().size() + " samples ask something else now: " + first(changed.get()));
    }
    return Check.of(
        subject, differences, "all " + log.size() + " are asked by the task, by " + row.protocol());
  }

  /** The metrics over all samples are the task's, in its order. */
  private static List<String> rules(TaskResult row, Optional<List<MetricRule>> rules) {
    List<MetricRule> stated =
        row.metrics().stream()
            .filter(metric -> metric.facet().isEmpty() && metric.transform().isPresent())
            .map(Verification::rule)
            .toList();
    List<MetricRule> own =
        rules.orElse(List.of()).stream()
            .filter(rule -> stated.stream().anyMatch(s -> s.metric().equals(rule.metric())))
            .toList();
    return stated.equals(own)
        ? List.of()
        : List.of("metrics are " + text(stated) + ", " + text(own) + " by the task");
  }

  private static MetricRule rule(MetricResult metric) {
    return new MetricRule(metric.metric(), metric.transform().orElseThrow(), metric.better());
  }

  private static String text(List<MetricRule> rules) {
    return String.join(
        ", ",
        rules.stream()
            .map(rule -> rule.metric() + " (" + rule.transform() + ", " + rule.better() + ")")
            .toList());
  }

  /** Nothing that the spec asks for is missing. */
  private static Check rows(List<TaskResult> results, RecordedInputs inputs) {
    Set<String> wanted = new LinkedHashSet<>();
    inputs.rows().forEach(row -> wanted.add(row.text()));
    results.forEach(row -> wanted.remove(row.text()));
    return Check.of(
        "rows",
        wanted.stream().map(row -> row + " is in the spec and has no result").toList(),
        "all that the spec asks for");
  }

  private static String first(List<String> changed) {
    int shown = Math.min(3, changed.size());
    return String.join(", ", changed.subList(0, shown)) + (shown < changed.size() ? ", …" : "");
  }
}
