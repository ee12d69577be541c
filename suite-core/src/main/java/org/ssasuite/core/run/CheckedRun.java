package org.ssasuite.core.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.VisibleText;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.request.ModelCard;

/**
 * A finished run whose files were held against each other: the one way to open one for judging it.
 * The digests in {@code SHA256SUMS} are those of the files, the manifest is the one in the results,
 * the rows are those that were planned, and each row is what its log comes to. Runs of the first
 * version carry no digests; of them the rest is looked at.
 */
public final class CheckedRun {
  private final Path folder;
  private final RunResult result;
  private final List<Part> parts = new ArrayList<>();
  private final Map<String, String> digests = new TreeMap<>();

  /** Something that does not hold. */
  public record Finding(Path file, String fact) {}

  /**
   * Something that was looked at.
   *
   * @param byFile whether it is a matter of files, so that each finding is of the one that it names
   * @param findings empty if all of it holds
   * @param fact what holds then
   */
  public record Part(String subject, boolean byFile, List<Finding> findings, String fact) {
    public Part {
      findings = List.copyOf(findings);
    }
  }

  private CheckedRun(Path folder) {
    this.folder = folder;
    this.result = RunFolder.readResults(folder);
  }

  /**
   * Opens a run that holds: all figures are counted again from the logs, without the intervals
   * where digests cover these.
   *
   * @throws BadInputException with the first file and fact that do not hold
   */
  public static CheckedRun open(Path folder) {
    return open(folder, (row, samples) -> {});
  }

  /**
   * The same, and hands over what its logs hold while they are read.
   *
   * @param reader of the rows that hold; those of a run that does not are of no use
   * @throws BadInputException with the first file and fact that do not hold
   */
  public static CheckedRun open(Path folder, BiConsumer<TaskResult, List<SampleRecord>> reader) {
    CheckedRun run = new CheckedRun(folder);
    run.lookAtFiles();
    // Before any log is read: what does not hold may name thousands.
    run.requireNoFinding();
    run.lookAtLogs(!run.isSealed(), reader);
    run.requireNoFinding();
    return run;
  }

  private void requireNoFinding() {
    List<Finding> findings = parts.stream().flatMap(part -> part.findings().stream()).toList();
    if (!findings.isEmpty()) {
      String more = findings.size() > 1 ? "; and " + (findings.size() - 1) + " more" : "";
      throw new BadInputException(findings.get(0).file(), findings.get(0).fact() + more);
    }
  }

  /**
   * Opens a run, whether it holds or not, and counts everything again.
   *
   * @throws BadInputException if the run is not finished, or its results cannot be read
   */
  public static CheckedRun look(Path folder) {
    CheckedRun run = new CheckedRun(folder);
    run.lookAtFiles();
    run.lookAtLogs(true, (row, samples) -> {});
    return run;
  }

  public Path folder() {
    return folder;
  }

  public RunResult result() {
    return result;
  }

  /** What was looked at, in the order of the results. */
  public List<Part> parts() {
    return List.copyOf(parts);
  }

  /** Whether the run's files carry digests. */
  public boolean isSealed() {
    return result.sealed();
  }

  /** What is to be said of a run that holds, as far as can be told. */
  public Optional<String> caveat() {
    return isSealed()
        ? Optional.empty()
        : Optional.of(
            VisibleText.of(folder.toString())
                + ": a run of an earlier version, whose files carry no digests; its figures agree"
                + " with its logs");
  }

  /**
   * For judgements that many things depend on.
   *
   * @throws BadInputException if the run's files carry no digests
   */
  public CheckedRun requireSealed() {
    if (!isSealed()) {
      throw new BadInputException(
          folder,
          "is a run of an earlier version, whose files carry no digests: it may have been changed"
              + " since; run it again");
    }
    return this;
  }

  /**
   * The samples of a row, from its log.
   *
   * @throws BadInputException if the log is not any more what it was when the run was opened
   */
  public List<SampleRecord> samples(TaskResult row) {
    Path log = folder.resolve(RunFolder.logName(row.model(), row.task()));
    if (row.log().isPresent() && !Digests.sha256(log).equals(row.log().get().sha256())) {
      throw new BadInputException(log, "was changed while it was read");
    }
    return SampleLog.read(log);
  }

  private void lookAtFiles() {
    if (isSealed()) {
      parts.add(new Part(RunSums.NAME, true, sums(), "all files have the digests in it"));
    }
    Path results = folder.resolve(RunFolder.RESULTS);
    parts.add(
        new Part(
            RunFolder.MANIFEST,
            true,
            manifest(),
            result.manifest().schema()
                + ", the same as in results.json ("
                + result.schema()
                + ")"));
    List<Finding> rows = new ArrayList<>();
    rowDifferences().forEach(fact -> rows.add(new Finding(results, fact)));
    strays().forEach(log -> rows.add(new Finding(log, "belongs to no row of results.json")));
    parts.add(
        new Part(
            RunFolder.RESULTS,
            true,
            rows,
            result.results().size() + " rows, those of the manifest"));
  }

  /** Of rows that are there twice, which was found before, the first. */
  private void lookAtLogs(boolean intervals, BiConsumer<TaskResult, List<SampleRecord>> reader) {
    Set<String> seen = new HashSet<>();
    for (TaskResult row : result.results()) {
      if (seen.add(row.text())) {
        parts.add(row(row, intervals, reader));
      }
    }
  }

  private List<Finding> sums() {
    Map<String, String> stated;
    Path sums = folder.resolve(RunSums.NAME);
    try {
      stated = RunSums.read(sums);
    } catch (BadInputException e) {
      return List.of(finding(sums, e));
    }
    Set<String> names = new LinkedHashSet<>(List.of(RunFolder.MANIFEST, RunFolder.RESULTS));
    result.results().forEach(row -> names.addAll(logs(row)));
    List<Finding> findings = new ArrayList<>();
    for (String name : stated.keySet()) {
      if (!names.contains(name)) {
        findings.add(new Finding(sums, "names " + name + ", which is no file of the run"));
      }
    }
    for (String name : names) {
      Path file = folder.resolve(name);
      if (!stated.containsKey(name)) {
        findings.add(new Finding(sums, "does not name " + name));
      } else if (!Files.exists(file)) {
        findings.add(new Finding(file, "no such file"));
      } else {
        digests.put(name, Digests.sha256(file));
        if (!digests.get(name).equals(stated.get(name))) {
          findings.add(new Finding(file, "has not the SHA-256 that " + RunSums.NAME + " has"));
        }
      }
    }
    return findings;
  }

  private List<Finding> manifest() {
    Path file = folder.resolve(RunFolder.MANIFEST);
    try {
      RunManifest own = RunFolder.readManifest(folder);
      if (own.equals(result.manifest())) {
        return List.of();
      }
      List<String> differences = ManifestDifferences.ofAll(own, result.manifest());
      String first = differences.isEmpty() ? "" : ": " + differences.get(0);
      return List.of(new Finding(file, "is not the one in results.json" + first));
    } catch (BadInputException e) {
      return List.of(finding(file, e));
    }
  }

  private static Finding finding(Path file, BadInputException e) {
    return new Finding(file, e.factOf(file));
  }

  /** Each row that was planned has one result, each result was planned, and both say the same. */
  private List<String> rowDifferences() {
    Map<String, PlannedRow> planned = new LinkedHashMap<>();
    List<String> differences = new ArrayList<>();
    for (PlannedRow row : result.manifest().rows()) {
      if (planned.put(row.text(), row) != null) {
        differences.add(row.text() + " is in the manifest twice");
      }
    }
    Set<String> wanted = new LinkedHashSet<>(planned.keySet());
    if (!isSealed()) {
      wanted.addAll(namedRows());
    }
    for (TaskResult row : result.results()) {
      if (!wanted.remove(row.text())) {
        differences.add(row.text() + " is in the results twice, or not in the manifest");
      } else if (isSealed()) {
        differences.addAll(rowDifferences(planned.get(row.text()), row));
      }
      differences.addAll(cardDifferences(row));
    }
    wanted.forEach(missing -> differences.add(missing + " has no result"));
    return differences;
  }

  private static List<String> rowDifferences(PlannedRow planned, TaskResult row) {
    PlannedRow stated =
        new PlannedRow(
            row.model().name(),
            row.model().mode(),
            row.task(),
            row.protocol(),
            row.dataDigest(),
            row.samples() + row.unscored());
    return stated.differences(planned).stream()
        .map(fact -> row.text() + ": " + fact + " in the manifest")
        .toList();
  }

  private List<String> cardDifferences(TaskResult row) {
    RunManifest manifest = result.manifest();
    List<String> differences = new ArrayList<>();
    if (!manifest.models().contains(row.model())) {
      differences.add(row.text() + " has a model card that the manifest has not");
    }
    String digest = manifest.dataOf(row.model().name()).get(row.task().name());
    if (!row.dataDigest().equals(digest)) {
      differences.add(row.text() + " has data " + row.dataDigest() + ", the manifest " + digest);
    }
    Map<String, String> asked = new TreeMap<>();
    asked.put("device", manifest.spec().device());
    asked.put("precision", manifest.spec().precision());
    asked.forEach(
        (name, value) -> {
          String stated = row.model().facts().getOrDefault(name, value);
          if (!stated.equals(value)) {
            differences.add(row.text() + " has " + name + " " + stated + ", asked for " + value);
          }
        });
    return differences;
  }

  /** What the first version's manifests say of rows: each model card has each of its data. */
  private List<String> namedRows() {
    List<String> rows = new ArrayList<>();
    for (ModelCard model : result.manifest().models()) {
      for (String task : result.manifest().dataOf(model.name()).keySet()) {
        rows.add(model.name() + " " + model.mode() + " " + task);
      }
    }
    return rows;
  }

  private List<Path> strays() {
    Set<Path> own = new LinkedHashSet<>();
    for (TaskResult row : result.results()) {
      logs(row).forEach(log -> own.add(folder.resolve(log)));
    }
    try {
      return RunFolder.logs(folder).stream().filter(log -> !own.contains(log)).toList();
    } catch (IOException e) {
      throw BadInputException.io(folder, e);
    }
  }

  private static List<String> logs(TaskResult row) {
    List<String> logs = new ArrayList<>();
    logs.add(RunFolder.logName(row.model(), row.task()));
    row.attention().ifPresent(any -> logs.add(RunFolder.statisticsName(row.model(), row.task())));
    row.attribution()
        .ifPresent(any -> logs.add(RunFolder.attributionName(row.model(), row.task())));
    return logs;
  }

  private Part row(
      TaskResult row, boolean intervals, BiConsumer<TaskResult, List<SampleRecord>> reader) {
    String name = RunFolder.logName(row.model(), row.task());
    Path log = folder.resolve(name);
    List<Finding> findings = new ArrayList<>();
    int lines = row.samples() + row.unscored();
    try {
      List<SampleRecord> samples = SampleLog.read(log);
      if (row.log().isPresent()) {
        LogSeal now = new LogSeal(digest(name, log), Files.size(log), samples.size());
        if (!now.equals(row.log().get())) {
          findings.add(
              new Finding(
                  log, "has " + now.text() + "; the results say " + row.log().get().text()));
        }
      }
      Optional<IntervalRule> rule =
          intervals ? Optional.of(result.intervalRule()) : Optional.empty();
      List<String> differences =
          rule.map(made -> Recount.differences(row, samples, made))
              .orElseGet(() -> Recount.differencesOfFigures(row, samples));
      differences.forEach(fact -> findings.add(new Finding(log, fact)));
      Path statistics = folder.resolve(RunFolder.statisticsName(row.model(), row.task()));
      AttentionRecount.differences(
              result.manifest().spec().observe(), row, samples, statistics, rule)
          .forEach(fact -> findings.add(new Finding(statistics, fact)));
      Path needles = folder.resolve(RunFolder.attributionName(row.model(), row.task()));
      AttributionRecount.differences(result.manifest().spec().attribution(), row, samples, needles)
          .forEach(fact -> findings.add(new Finding(needles, fact)));
      if (findings.isEmpty()) {
        reader.accept(row, samples);
      }
    } catch (BadInputException e) {
      findings.add(finding(log, e));
    } catch (IOException e) {
      findings.add(finding(log, BadInputException.io(log, e)));
    }
    return new Part(
        row.text(), false, findings, lines + " samples counted again, all figures equal");
  }

  private String digest(String name, Path log) {
    return digests.computeIfAbsent(name, unknown -> Digests.sha256(log));
  }
}
