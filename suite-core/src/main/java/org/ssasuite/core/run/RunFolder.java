package org.ssasuite.core.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.AtomicFile;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.request.ModelCard;
import org.ssasuite.core.run.items.ItemLog;
import org.ssasuite.core.task.TaskId;

/**
 * What one run leaves on disk: {@code manifest.json} first, a {@code samples.jsonl} per model, mode
 * and task, {@code SHA256SUMS} over all of them, {@code results.json} last. Until then {@code
 * progress.jsonl} says how far it came, so that an interrupted run goes on where it was. Mutable,
 * one owner, who has the folder to itself until it is closed.
 */
public final class RunFolder implements AutoCloseable {
  static final String MANIFEST = "manifest.json";
  static final String RESULTS = "results.json";
  static final String SAMPLES = "samples.jsonl";
  private static final String STATISTICS = "statistics.jsonl";
  private static final String ATTRIBUTION = "attribution.jsonl";
  static final String PROGRESS = "progress.jsonl";

  /** MODEL/MODE/TASK/samples.jsonl. */
  private static final int SAMPLES_DEPTH = 4;

  /** A result of a hundred models on a hundred tasks is below 10 MiB. */
  private static final long MAX_RESULT_BYTES = 256L << 20;

  private final Path path;
  private final RunLock lock;
  private final Set<String> opened = new HashSet<>();
  private Optional<ProgressJournal> journal = Optional.empty();
  private boolean continued;
  private boolean observes;
  private boolean attributes;
  private Optional<ItemLog> items = Optional.empty();

  private RunFolder(Path path, RunLock lock) {
    this.path = path;
    this.lock = lock;
  }

  /**
   * Makes the folder, or takes one that holds no run.
   *
   * @throws BadInputException if a run is there, or the folder cannot be made
   */
  public static RunFolder create(Path path) {
    RunFolder folder = open(path);
    for (String file : List.of(MANIFEST, RESULTS)) {
      if (Files.exists(path.resolve(file))) {
        folder.close();
        throw new BadInputException(path, "holds a run already (" + file + ")");
      }
    }
    return folder;
  }

  /**
   * Makes the folder, or takes one, whatever it holds; {@link #begin} looks at that.
   *
   * @throws BadInputException if another run is writing into it, or the folder cannot be made
   */
  public static RunFolder open(Path path) {
    try {
      Files.createDirectories(path);
    } catch (IOException e) {
      throw BadInputException.io(path, e);
    }
    return new RunFolder(path, RunLock.take(path));
  }

  public Path path() {
    return path;
  }

  /**
   * Takes away the run that the folder holds, finished or not; other files stay.
   *
   * @param reports names of files that were written from the results, and go with them
   * @throws BadInputException if that cannot be done
   */
  public void clear(List<String> reports) {
    try {
      Files.deleteIfExists(path.resolve(RESULTS));
      Files.deleteIfExists(path.resolve(RunSums.NAME));
      for (String report : reports) {
        Files.deleteIfExists(path.resolve(report));
      }
      for (Path log : logs(path)) {
        Files.delete(log);
        deleteEmpty(log.getParent());
      }
      endProgress();
      Files.deleteIfExists(path.resolve(MANIFEST));
    } catch (IOException e) {
      throw BadInputException.io(path, e);
    }
  }

  /** Every log that lies in a run folder, whatever its results say. */
  static List<Path> logs(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder, SAMPLES_DEPTH)) {
      return files
          .filter(
              file ->
                  file.endsWith(SAMPLES) || file.endsWith(STATISTICS) || file.endsWith(ATTRIBUTION))
          .filter(file -> folder.relativize(file).getNameCount() == SAMPLES_DEPTH)
          .sorted()
          .toList();
    }
  }

  private void deleteEmpty(Path folder) throws IOException {
    Path each = folder;
    while (!each.equals(path)) {
      try (Stream<Path> files = Files.list(each)) {
        if (files.findAny().isPresent()) {
          return;
        }
      }
      Files.delete(each);
      each = each.getParent();
    }
  }

  /**
   * Before the first request: writes the manifest, or takes up the run that is there.
   *
   * @return the manifest that counts: an interrupted run keeps the one that it began with
   * @throws BadInputException if a run of something else is there, with the differences, or one
   *     whose manifest or progress was changed since
   */
  public RunManifest begin(RunManifest manifest) {
    Path file = path.resolve(MANIFEST);
    RunManifest counting = manifest;
    if (Files.exists(file)) {
      counting = readManifest(path);
      if (counting.schema().equals(RunManifest.FIRST_SCHEMA)) {
        throw new BadInputException(
            path,
            "holds a run of an earlier version, whose files carry no digests; --fresh starts over");
      }
      List<String> differences = ManifestDifferences.of(counting, manifest);
      if (!differences.isEmpty()) {
        throw new BadInputException(
            path, "holds another run: " + some(differences) + "; --fresh starts over");
      }
      continued = true;
    } else if (Files.exists(path.resolve(RESULTS))) {
      throw new BadInputException(
          path, "holds a run already (" + RESULTS + "), without its manifest");
    } else {
      writeManifest(manifest);
    }
    observes = counting.spec().observe().isPresent();
    attributes = counting.spec().attribution();
    items = counting.spec().items();
    if (!Files.exists(path.resolve(RESULTS))) {
      removeSums();
      journal = Optional.of(ProgressJournal.open(path.resolve(PROGRESS), file));
    }
    return counting;
  }

  /** A different model or data set differs in many fields; a few of them tell. */
  private static String some(List<String> differences) {
    int shown = Math.min(differences.size(), 3);
    String rest =
        shown < differences.size() ? " and " + (differences.size() - shown) + " more" : "";
    return String.join(", ", differences.subList(0, shown)) + rest;
  }

  /** Of a run that was killed between these and its results. */
  private void removeSums() {
    try {
      Files.deleteIfExists(path.resolve(RunSums.NAME));
    } catch (IOException e) {
      throw BadInputException.io(path.resolve(RunSums.NAME), e);
    }
  }

  /** Samples that the run had answered when it was interrupted. */
  public int earlierSamples() {
    return journal.map(ProgressJournal::samples).orElse(0);
  }

  /** Before the first request. */
  public void writeManifest(RunManifest manifest) {
    AtomicFile.write(path.resolve(MANIFEST), RunJson.document(manifest));
  }

  /**
   * The log at {@code <model>/<mode>/<task>/samples.jsonl}, with what an interrupted run has put
   * there; the caller closes it.
   *
   * @throws BadInputException if another run's is there, or it cannot be made or read back
   */
  public SampleLog samples(ModelCard model, TaskId task) {
    String log = logName(model, task);
    Path file = path.resolve(log);
    boolean first = opened.add(log);
    if (journal.isEmpty()) {
      return SampleLog.create(file).keeping(items);
    }
    JournaledLog.Commits commits = new JournaledLog.Commits(journal.get(), log);
    SampleLog opening =
        continued && first
            ? SampleLog.resume(file, commits, restorable(model, task))
            : SampleLog.create(file, commits);
    return opening.keeping(items);
  }

  /** How many samples of a row have all that belongs to them beside their log. */
  private int restorable(ModelCard model, TaskId task) {
    return Math.min(
        observes ? restorable(statisticsName(model, task)) : Integer.MAX_VALUE,
        attributes ? restorable(attributionName(model, task)) : Integer.MAX_VALUE);
  }

  private int restorable(String log) {
    return SideLog.restorable(
        path.resolve(log), new JournaledLog.Commits(journal.orElseThrow(), log));
  }

  /**
   * The log at {@code <model>/<mode>/<task>/statistics.jsonl}, with what an interrupted run has put
   * there; the caller closes it.
   *
   * @param samples of the same row
   * @throws BadInputException if it is not what belongs to them, or cannot be made or read back
   */
  public StatisticsLog statistics(ModelCard model, TaskId task, SampleLog samples) {
    String log = statisticsName(model, task);
    Path file = path.resolve(log);
    boolean first = opened.add(log);
    Optional<JournaledLog.Commits> commits = commits(log);
    return commits.isPresent() && continued && first
        ? StatisticsLog.resume(file, commits.get(), samples.answered())
        : StatisticsLog.create(file, commits);
  }

  /**
   * The log at {@code <model>/<mode>/<task>/attribution.jsonl}, with what an interrupted run has
   * put there; the caller closes it.
   *
   * @param samples of the same row
   * @throws BadInputException if it is not what belongs to them, or cannot be made or read back
   */
  public AttributionLog attribution(ModelCard model, TaskId task, SampleLog samples) {
    String log = attributionName(model, task);
    Path file = path.resolve(log);
    boolean first = opened.add(log);
    Optional<JournaledLog.Commits> commits = commits(log);
    return commits.isPresent() && continued && first
        ? AttributionLog.resume(file, commits.get(), samples.answered())
        : AttributionLog.create(file, commits);
  }

  Optional<JournaledLog.Commits> commits(String log) {
    return journal.map(journaled -> new JournaledLog.Commits(journaled, log));
  }

  /** Where the samples of a row lie within the run folder. */
  public static String logName(ModelCard model, TaskId task) {
    return rowName(model, task) + "/" + SAMPLES;
  }

  /** Where the statistics of a row lie within the run folder. */
  public static String statisticsName(ModelCard model, TaskId task) {
    return rowName(model, task) + "/" + STATISTICS;
  }

  /** Where the needles of a row lie within the run folder. */
  public static String attributionName(ModelCard model, TaskId task) {
    return rowName(model, task) + "/" + ATTRIBUTION;
  }

  private static String rowName(ModelCard model, TaskId task) {
    return String.join(
        "/",
        FolderName.of(model.name()),
        FolderName.of(model.mode().replace(':', '-')),
        task.name());
  }

  /**
   * After the last sample. The digests of all files come first, so that they are there once the
   * results are; the presence of those says that the run is finished.
   *
   * @throws BadInputException if the manifest or a log of this run is not any more what was written
   */
  public void writeResults(RunResult result) {
    String text = RunJson.document(result);
    Path manifest = path.resolve(MANIFEST);
    if (!readManifest(path).equals(result.manifest())) {
      throw new BadInputException(manifest, "was changed while the run went on");
    }
    if (result.sealed()) {
      AtomicFile.write(path.resolve(RunSums.NAME), RunSums.text(sums(result, text)));
    }
    AtomicFile.write(path.resolve(RESULTS), text);
    endProgress();
  }

  private Map<String, String> sums(RunResult result, String results) {
    Map<String, String> sums = new LinkedHashMap<>();
    sums.put(MANIFEST, Digests.sha256(path.resolve(MANIFEST)));
    sums.put(RESULTS, Digests.sha256(results));
    for (TaskResult row : result.results()) {
      put(sums, logName(row.model(), row.task()), row.log().orElseThrow());
      row.attention()
          .ifPresent(seen -> put(sums, statisticsName(row.model(), row.task()), seen.log()));
      row.attribution()
          .ifPresent(seen -> put(sums, attributionName(row.model(), row.task()), seen.log()));
    }
    return sums;
  }

  private void put(Map<String, String> sums, String log, LogSeal seal) {
    if (opened.contains(log) && !Digests.sha256(path.resolve(log)).equals(seal.sha256())) {
      throw new BadInputException(path.resolve(log), "was changed while the run went on");
    }
    sums.put(log, seal.sha256());
  }

  /**
   * The results, if the run that was begun is finished already.
   *
   * @throws BadInputException if they are there and cannot be read, or do not hold against the
   *     other files of the run
   */
  public Optional<RunResult> finished() {
    if (!Files.exists(path.resolve(RESULTS))) {
      return Optional.empty();
    }
    RunResult result = CheckedRun.open(path).result();
    endProgress();
    return Optional.of(result);
  }

  private void endProgress() {
    journal.ifPresent(ProgressJournal::close);
    journal = Optional.empty();
    try {
      Files.deleteIfExists(path.resolve(PROGRESS));
      UnitStore.delete(path);
    } catch (IOException e) {
      throw BadInputException.io(path.resolve(PROGRESS), e);
    }
  }

  @Override
  public void close() {
    journal.ifPresent(ProgressJournal::close);
    lock.close();
  }

  /**
   * What a run said of itself before its first request.
   *
   * @throws BadInputException if the file is missing, truncated, of another version or malformed
   */
  public static RunManifest readManifest(Path folder) {
    return RunJson.manifest(new DataFile(folder.resolve(MANIFEST), MAX_RESULT_BYTES));
  }

  /**
   * All samples of one model, mode and task of a run.
   *
   * @throws BadInputException if the log is missing or malformed
   */
  public static List<SampleRecord> readSamples(Path folder, ModelCard model, TaskId task) {
    return SampleLog.read(folder.resolve(logName(model, task)));
  }

  /**
   * The results of a finished run.
   *
   * @throws BadInputException if the folder holds a shard of a run, or the file is missing,
   *     truncated, of another version or malformed
   */
  public static RunResult readResults(Path folder) {
    ShardFolder.requireNone(folder);
    return RunJson.result(new DataFile(folder.resolve(RESULTS), MAX_RESULT_BYTES));
  }
}
