package org.ssasuite.core.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.request.Work;
import org.ssasuite.core.run.unit.SampleRange;

/**
 * Takes the units of a run as they are answered, in whatever order and place, and makes the logs of
 * it: of each row once all its units are there, in the run's order and through its journal, so that
 * whoever takes up the run has nothing to ask. What has come is on the disk, and is there again
 * when a run that was interrupted goes on. Mutable, one owner; the folder's owner closes it.
 */
public final class GatheredUnits {
  private final RunFolder folder;
  private final RunManifest manifest;
  private final UnitStore store;
  private final List<Row> rows = new ArrayList<>();

  /**
   * A row and what has been answered of it.
   *
   * @param units all of the row's, in its order
   * @param answered samples that its logs hold
   * @param open units that nobody has answered
   */
  private record Row(List<SampleRange> units, int answered, List<SampleRange> open) {}

  private GatheredUnits(RunFolder folder, RunManifest manifest) {
    this.folder = folder;
    this.manifest = manifest;
    this.store = new UnitStore(folder.path());
  }

  /**
   * Of a run that has begun in a folder.
   *
   * @param units of each of the manifest's rows, in its order
   * @throws BadInputException if an interrupted run has left what these units cannot follow upon
   */
  public static GatheredUnits of(
      RunFolder folder, RunManifest manifest, List<List<SampleRange>> units) {
    GatheredUnits gathered = new GatheredUnits(folder, manifest);
    for (int row = 0; row < units.size(); row++) {
      gathered.rows.add(gathered.row(row, units.get(row)));
    }
    for (int row = 0; row < units.size(); row++) {
      if (gathered.rows.get(row).open().isEmpty()) {
        gathered.write(row);
      }
    }
    return gathered;
  }

  private Row row(int number, List<SampleRange> units) {
    int answered = answered(number);
    List<SampleRange> open = new ArrayList<>();
    for (SampleRange unit : units) {
      if (unit.from() < answered && unit.to() > answered) {
        throw new BadInputException(
            folder.path(),
            "%s has %d samples, which ends amid those that are answered together; --fresh starts"
                    .formatted(manifest.rows().get(number).text(), answered)
                + " over");
      }
      if (unit.from() >= answered && !store.has(number, unit)) {
        open.add(unit);
      }
    }
    return new Row(units, answered, open);
  }

  /** Samples of a row whose logs are all there. */
  private int answered(int row) {
    int answered = Integer.MAX_VALUE;
    for (String log : ShardFolder.logs(manifest, row)) {
      Path file = folder.path().resolve(log);
      int lines =
          Files.exists(file) ? JournaledLog.restorable(file, commits(log), Integer.MAX_VALUE) : 0;
      answered = Math.min(answered, lines);
    }
    return answered;
  }

  private JournaledLog.Commits commits(String log) {
    return folder.commits(log).orElseThrow();
  }

  /** Whether nobody has answered a unit yet. */
  public boolean isOpen(int row, SampleRange unit) {
    return rows.get(row).open().contains(unit);
  }

  /**
   * Takes one. One that is there already, or was never asked for, changes nothing: two places may
   * have answered it.
   *
   * @return whether it was open
   * @throws BadInputException if it cannot be written
   */
  public boolean take(AnsweredUnit unit) {
    if (unit.row() >= rows.size() || !rows.get(unit.row()).open().remove(unit.samples())) {
      return false;
    }
    int logs = ShardFolder.logs(manifest, unit.row()).size();
    if (unit.parts().size() != logs) {
      throw new IllegalStateException(unit.parts().size() + " logs of a row that has " + logs);
    }
    store.put(unit);
    if (rows.get(unit.row()).open().isEmpty()) {
      write(unit.row());
    }
    return true;
  }

  /** The logs of a row whose units are all there, behind what they hold already. */
  private void write(int number) {
    Row row = rows.get(number);
    List<SampleRange> units =
        row.units().stream().filter(unit -> unit.from() >= row.answered()).toList();
    if (units.isEmpty()) {
      return;
    }
    List<String> logs = ShardFolder.logs(manifest, number);
    for (int i = 0; i < logs.size(); i++) {
      try (JournaledLog log = opened(logs.get(i), row.answered())) {
        write(log, i, number, units, i == logs.size() - 1);
      }
    }
    store.drop(number);
  }

  private JournaledLog opened(String log, int answered) {
    Path file = folder.path().resolve(log);
    return Files.exists(file)
        ? JournaledLog.resume(file, commits(log), answered, lines -> {})
        : JournaledLog.create(file, Optional.of(commits(log)));
  }

  private void write(
      JournaledLog log, int part, int row, List<SampleRange> units, boolean ofSamples) {
    Work work = Work.NONE;
    double seconds = 0;
    Map<String, Integer> elsewhere = new TreeMap<>();
    for (SampleRange samples : units) {
      AnsweredUnit unit = store.get(row, samples);
      AnsweredUnit.Part own = unit.parts().get(part);
      own.forEachLine(log::append);
      work = work.plus(own.work());
      seconds += own.seconds();
      if (ofSamples) {
        unit.elsewhere().ifPresent(name -> elsewhere.merge(name, samples.size(), Integer::sum));
      }
    }
    log.commit(work, seconds, elsewhere);
  }
}
