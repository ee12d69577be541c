package org.ssasuite.core.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.request.ModelCard;
import org.ssasuite.core.run.unit.Shard;

/**
 * A folder that holds a shard of a run: its manifest, the logs of its samples, and the journal that
 * says which of its units are answered. Nothing in it is changed. Mutable: one owner, who keeps
 * others from writing into it until it is closed.
 */
public final class ShardFolder implements AutoCloseable {
  private final Path path;
  private final RunLock lock;
  private final RunManifest manifest;
  private final Optional<ProgressJournal> journal;

  private ShardFolder(
      Path path, RunLock lock, RunManifest manifest, Optional<ProgressJournal> journal) {
    this.path = path;
    this.lock = lock;
    this.manifest = manifest;
    this.journal = journal;
  }

  /**
   * Opens one.
   *
   * @throws BadInputException if the folder holds no shard, is being written, or its manifest or
   *     journal is not what was written
   */
  public static ShardFolder open(Path path) {
    if (!Files.isDirectory(path)) {
      throw new BadInputException(path, "no such folder");
    }
    RunManifest manifest = RunFolder.readManifest(path);
    if (manifest.shard().isEmpty()) {
      throw new BadInputException(path, "holds a run of its own, no shard of one");
    }
    for (PlannedRow row : manifest.rows()) {
      if (manifest.card(row).isEmpty()) {
        throw new BadInputException(
            path.resolve(RunFolder.MANIFEST), "has no model card for " + row.text());
      }
    }
    RunLock lock = RunLock.take(path);
    try {
      Path progress = path.resolve(RunFolder.PROGRESS);
      Optional<ProgressJournal> journal =
          Files.exists(progress)
              ? Optional.of(ProgressJournal.open(progress, path.resolve(RunFolder.MANIFEST)))
              : Optional.empty();
      return new ShardFolder(path, lock, manifest, journal);
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /**
   * For whoever wants results.
   *
   * @throws BadInputException if the folder holds a shard, which has none
   */
  static void requireNone(Path folder) {
    if (Files.exists(folder.resolve(RunFolder.RESULTS))) {
      return;
    }
    Optional<Shard> shard;
    try {
      shard = RunFolder.readManifest(folder).shard();
    } catch (BadInputException e) {
      // Whatever is there, it is known that the results are not.
      return;
    }
    if (shard.isPresent()) {
      throw new BadInputException(
          folder,
          "holds "
              + shard.get().text()
              + " of a run, which has no results by itself; 'ssa merge' makes the run of all its"
              + " shards");
    }
  }

  public Path path() {
    return path;
  }

  public RunManifest manifest() {
    return manifest;
  }

  public Shard shard() {
    return manifest.shard().orElseThrow();
  }

  /** Samples of a row that are answered, with all that belongs to them. */
  private int answered(int row) {
    return logs(row).stream().mapToInt(log -> latest(log).samples()).min().orElseThrow();
  }

  /** Its samples that are answered, with all that belongs to them. */
  public int answered() {
    int answered = 0;
    for (int row = 0; row < manifest.rows().size(); row++) {
      answered += answered(row);
    }
    return answered;
  }

  private ProgressJournal.Entry latest(String log) {
    return journal.flatMap(lines -> lines.latest(log)).orElse(ProgressJournal.Entry.nothing(log));
  }

  /** The logs of a row; the samples' own is the last. */
  List<String> logs(int row) {
    return logs(manifest, row);
  }

  static List<String> logs(RunManifest manifest, int row) {
    PlannedRow planned = manifest.rows().get(row);
    ModelCard model = manifest.card(planned).orElseThrow();
    List<String> logs = new ArrayList<>();
    if (manifest.spec().observe().isPresent()) {
      logs.add(RunFolder.statisticsName(model, planned.task()));
    }
    if (manifest.spec().attribution()) {
      logs.add(RunFolder.attributionName(model, planned.task()));
    }
    logs.add(RunFolder.logName(model, planned.task()));
    return logs;
  }

  /**
   * The state of a whole log, which is held against its digests first.
   *
   * @throws BadInputException if it is not what was written
   */
  ProgressJournal.Entry checked(String log) {
    Path file = path.resolve(log);
    ProgressJournal.Entry latest = latest(log);
    try {
      long bytes = Files.size(file);
      if (bytes != latest.bytes()) {
        throw new BadInputException(
            file, "has " + bytes + " bytes; " + latest.bytes() + " were written");
      }
      JournaledLog.requireWritten(file, journal.orElseThrow().states(log, bytes));
      return latest;
    } catch (IOException e) {
      throw BadInputException.io(file, e);
    }
  }

  @Override
  public void close() {
    journal.ifPresent(ProgressJournal::close);
    lock.close();
  }
}
