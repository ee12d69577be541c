package org.ssasuite.core.run;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.RegularFile;
import org.ssasuite.core.request.Work;
import org.ssasuite.core.run.unit.SampleRange;

/**
 * The shards of one run, whole and disjoint: what they have answered goes into a folder as if one
 * process had answered all of it and then been interrupted, so that whoever takes up that run has
 * nothing to ask, and everything to count.
 */
public final class ShardMerge {
  private static final int BUFFER_BYTES = 1 << 16;

  private final List<ShardFolder> shards;

  private ShardMerge(List<ShardFolder> shards) {
    this.shards = shards;
  }

  /**
   * Of folders in any order.
   *
   * @throws BadInputException with the first folder that is of another run, or there twice, with
   *     the shards that are missing, or those that are not finished
   */
  public static ShardMerge of(List<ShardFolder> folders) {
    Map<Integer, ShardFolder> shards = new TreeMap<>();
    ShardFolder first = folders.get(0);
    for (ShardFolder folder : folders) {
      requireSameRun(first, folder);
      ShardFolder other = shards.putIfAbsent(folder.shard().number(), folder);
      if (other != null) {
        throw new BadInputException(
            folder.path(), "holds " + folder.shard().text() + ", and so does " + other.path());
      }
    }
    requireNoneMissing(shards, first.shard().of());
    ShardMerge merge = new ShardMerge(List.copyOf(shards.values()));
    for (int row = 0; row < first.manifest().rows().size(); row++) {
      merge.requireWhole(row);
    }
    merge.requireFinished();
    return merge;
  }

  private static void requireSameRun(ShardFolder first, ShardFolder other) {
    if (first.shard().of() != other.shard().of()) {
      throw new BadInputException(
          other.path(),
          "holds " + other.shard().text() + ", " + first.path() + " one of " + first.shard().of());
    }
    List<String> differences =
        ManifestDifferences.of(
            first.manifest().with(Optional.empty()), other.manifest().with(Optional.empty()));
    if (!differences.isEmpty()) {
      throw new BadInputException(
          other.path(),
          "holds a shard of another run than " + first.path() + ": " + differences.get(0));
    }
  }

  private static void requireNoneMissing(Map<Integer, ShardFolder> shards, int of) {
    List<Integer> missing =
        IntStream.rangeClosed(1, of).filter(i -> !shards.containsKey(i)).boxed().toList();
    if (!missing.isEmpty()) {
      boolean one = missing.size() == 1;
      String numbers = missing.stream().map(String::valueOf).collect(Collectors.joining(", "));
      throw new BadInputException(
          (one ? "shard " : "shards ") + numbers + " of " + of, one ? "is missing" : "are missing");
    }
  }

  /** A unit of a row, and who has answered it. */
  private record Answered(SampleRange samples, ShardFolder shard) {}

  private List<Answered> units(int row) {
    return shards.stream()
        .flatMap(
            shard -> shard.shard().units().get(row).stream().map(unit -> new Answered(unit, shard)))
        .sorted(Comparator.comparingInt(unit -> unit.samples().from()))
        .toList();
  }

  /** Each sample of a row is in one of the shards. */
  private void requireWhole(int row) {
    PlannedRow planned = shards.get(0).manifest().rows().get(row);
    int next = 0;
    for (Answered unit : units(row)) {
      if (unit.samples().from() != next) {
        boolean twice = unit.samples().from() < next;
        throw new BadInputException(
            twice ? unit.shard().path() : shards.get(0).path(),
            "%s: sample %d is in %s of the shards"
                .formatted(
                    planned.text(), twice ? unit.samples().from() : next, twice ? "two" : "none"));
      }
      next = unit.samples().to();
    }
    if (next != planned.samples()) {
      throw new BadInputException(
          shards.get(0).path(),
          "%s: sample %d is in none of the shards".formatted(planned.text(), next));
    }
  }

  private void requireFinished() {
    List<String> unfinished = new ArrayList<>();
    for (ShardFolder shard : shards) {
      int answered = shard.answered();
      int all = shard.shard().samples();
      if (answered != all) {
        unfinished.add(
            "%s in %s has %d of %d samples"
                .formatted(shard.shard().text(), shard.path(), answered, all));
      }
    }
    if (!unfinished.isEmpty()) {
      throw new BadInputException(
          unfinished.size() == 1 ? "a shard is not finished" : "shards are not finished",
          String.join("; ", unfinished) + "; the same command with its --out goes on");
    }
  }

  /** The manifest of all of the run: that of the first shard, begun when the first of them was. */
  public RunManifest manifest() {
    RunManifest first = shards.get(0).manifest();
    long started =
        shards.stream().mapToLong(shard -> shard.manifest().startedSeconds()).min().orElseThrow();
    return first.begun(started).with(Optional.empty());
  }

  /**
   * Puts all logs into a folder whose run has begun with {@link #manifest}. Of a log that is there
   * already, whole, nothing is written again.
   *
   * @throws BadInputException if a log is not what its shard has written, or cannot be written
   */
  public void gather(RunFolder folder) {
    RunManifest manifest = shards.get(0).manifest();
    for (int row = 0; row < manifest.rows().size(); row++) {
      List<Answered> units = units(row);
      for (String log : ShardFolder.logs(manifest, row)) {
        gather(folder, log, units);
      }
    }
  }

  private static void gather(RunFolder folder, String log, List<Answered> units) {
    Path file = folder.path().resolve(log);
    JournaledLog.Commits commits = folder.commits(log).orElseThrow();
    int lines = units.stream().mapToInt(unit -> unit.samples().size()).sum();
    if (Files.exists(file)) {
      if (JournaledLog.restorable(file, commits, lines) == lines) {
        return;
      }
      startOver(file, commits);
    }
    Work work = Work.NONE;
    double seconds = 0;
    Map<ShardFolder, Lines> open = new HashMap<>();
    try (JournaledLog to = JournaledLog.create(file, Optional.of(commits))) {
      for (ShardFolder shard : units.stream().map(Answered::shard).distinct().toList()) {
        ProgressJournal.Entry whole = shard.checked(log);
        work = work.plus(whole.work());
        seconds += whole.seconds();
        open.put(shard, new Lines(shard.path().resolve(log)));
      }
      for (Answered unit : units) {
        Lines from = open.get(unit.shard());
        for (int i = 0; i < unit.samples().size(); i++) {
          to.append(from.next());
        }
      }
      to.commit(work, seconds);
    } finally {
      open.values().forEach(Lines::close);
    }
  }

  /** Of a merge that was interrupted amid a log. */
  private static void startOver(Path file, JournaledLog.Commits commits) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw BadInputException.io(file, e);
    }
    commits.journal().append(ProgressJournal.Entry.nothing(commits.log()));
  }

  /** A log's lines as they are, one after the other. Mutable, one owner. */
  private static final class Lines implements AutoCloseable {
    private final Path file;
    private final InputStream in;

    Lines(Path file) {
      this.file = Objects.requireNonNull(file);
      try {
        this.in = new BufferedInputStream(RegularFile.stream(file), BUFFER_BYTES);
      } catch (IOException e) {
        throw BadInputException.io(file, e);
      }
    }

    /** The next one, its line feed included. */
    byte[] next() {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      try {
        for (int b = in.read(); b != '\n'; b = in.read()) {
          if (b < 0) {
            throw new BadInputException(file, "ends while it is read");
          }
          line.write(b);
        }
      } catch (IOException e) {
        throw BadInputException.io(file, e);
      }
      line.write('\n');
      return line.toByteArray();
    }

    @Override
    public void close() {
      try {
        in.close();
      } catch (IOException e) {
        throw BadInputException.io(file, e);
      }
    }
  }
}
