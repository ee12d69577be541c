package org.ssasuite.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.run.unit.SampleRange;
import org.ssasuite.core.run.unit.Shard;
import org.ssasuite.core.testing.ToyTask;

/** Shards of a run, and what becomes of them together. */
class ShardedRunTest extends InterruptedRun {
  private static final ToyTask TASK = ToyTask.of(SAMPLES);

  /** The batches of eleven samples, three at a time: the first and the third, and the others. */
  private static final List<List<SampleRange>> UNITS =
      List.of(
          List.of(new SampleRange(0, 3), new SampleRange(6, 9)),
          List.of(new SampleRange(3, 6), new SampleRange(9, 11)));

  private static RunManifest shard(int number, int of, List<SampleRange> units) {
    return manifest(10 + number).with(Optional.of(new Shard(number, of, List.of(units))));
  }

  private Path done(int number) {
    return done(number, shard(number, 2, UNITS.get(number - 1)), new Doubling(SAMPLES));
  }

  private Path done(int number, RunManifest manifest, Doubling model) {
    Path folder = parent.resolve("shard-" + number);
    try (RunFolder run = RunFolder.open(folder)) {
      RunManifest counting = run.begin(manifest);
      List<SampleRange> units = counting.shard().orElseThrow().units().get(0);
      try (SampleLog log = run.samples(model.card(), TASK.id())) {
        Notes none = new Notes(Optional.empty(), Optional.empty());
        TaskRunner.answer(TASK, model, units, log, none, Progress.silent());
      }
    }
    return folder;
  }

  private RunResult merged(Path... folders) {
    List<ShardFolder> shards = new ArrayList<>();
    try {
      Stream.of(folders).map(ShardFolder::open).forEach(shards::add);
      ShardMerge merge = ShardMerge.of(shards);
      try (RunFolder run = RunFolder.open(folder())) {
        run.begin(merge.manifest());
        merge.gather(run);
      }
      return goOn(new Doubling(0), merge.manifest());
    } finally {
      shards.forEach(ShardFolder::close);
    }
  }

  private static void assertRefused(Runnable merge, String message) {
    assertThatThrownBy(merge::run).isInstanceOf(BadInputException.class).hasMessage(message);
  }

  @Test
  void togetherTheyAreTheRunThatOneProcessDid() {
    RunResult whole = goOn(new Doubling(SAMPLES), manifest(10), parent.resolve("whole"));
    RunResult together = merged(done(2), done(1));
    assertThat(timeless(together)).isEqualTo(timeless(whole));
    assertThat(samples(folder())).hasSameBinaryContentAs(samples(parent.resolve("whole")));
  }

  @Test
  void theRunBeganWhenItsFirstShardDid() {
    assertThat(merged(done(1), done(2)).manifest().startedSeconds()).isEqualTo(11);
  }

  @Test
  void aMergedRunHoldsWhatAFinishedRunHolds() {
    RunResult together = merged(done(1), done(2));
    assertThat(CheckedRun.open(folder()).result()).isEqualTo(together);
  }

  @Test
  void aShardGoesOnBehindItsLastUnit() {
    RunManifest first = shard(1, 2, UNITS.get(0));
    assertThatThrownBy(() -> done(1, first, new Doubling(4))).hasMessage("device lost");
    Doubling model = new Doubling(SAMPLES);
    done(1, first, model);
    assertThat(model.answered).isEqualTo(3);
    RunResult whole = goOn(new Doubling(SAMPLES), manifest(10), parent.resolve("whole"));
    assertThat(timeless(merged(parent.resolve("shard-1"), done(2)))).isEqualTo(timeless(whole));
  }

  @Test
  void anInterruptedMergeGoesOn() throws IOException {
    Path first = done(1);
    Path second = done(2);
    try (RunFolder run = RunFolder.open(folder())) {
      run.begin(manifest(11));
    }
    Files.createDirectories(samples(folder()).getParent());
    Files.write(samples(folder()), Files.readAllLines(samples(first)).subList(0, 2));
    RunResult whole = goOn(new Doubling(SAMPLES), manifest(10), parent.resolve("whole"));
    assertThat(timeless(merged(first, second))).isEqualTo(timeless(whole));
  }

  @Test
  void aShardWithoutUnitsIsFinished() {
    List<SampleRange> all = Stream.concat(UNITS.get(0).stream(), UNITS.get(1).stream()).toList();
    List<SampleRange> sorted =
        all.stream().sorted((a, b) -> Integer.compare(a.from(), b.from())).toList();
    Path first = done(1, shard(1, 2, sorted), new Doubling(SAMPLES));
    Path second = parent.resolve("shard-2");
    try (RunFolder run = RunFolder.open(second)) {
      run.begin(shard(2, 2, List.of()));
    }
    assertThat(merged(first, second).results()).hasSize(1);
  }

  @Test
  void aMissingShardIsNamed() {
    Path first = done(1);
    assertRefused(() -> merged(first), "shard 2 of 2: is missing");
  }

  @Test
  void aShardThatIsThereTwiceIsNamed() throws IOException {
    Path first = done(1);
    Path copy = parent.resolve("copy");
    copy(first, copy);
    assertRefused(() -> merged(first, copy), copy + ": holds shard 1 of 2, and so does " + first);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file)));
      }
    }
  }

  @Test
  void aShardOfAnotherRunIsNamedWithTheDifference() {
    Path first = done(1);
    RunManifest other = manifest(12, 5).with(Optional.of(new Shard(2, 2, List.of(UNITS.get(1)))));
    Path second = done(2, other, new Doubling(SAMPLES));
    assertRefused(
        () -> merged(first, second),
        second
            + ": holds a shard of another run than "
            + first
            + ": spec.tasks[0].limit is 20 there, 5 here");
  }

  @Test
  void aShardOfAnotherCountIsNamed() {
    Path first = done(1);
    Path second = done(2, shard(2, 3, UNITS.get(1)), new Doubling(SAMPLES));
    assertRefused(
        () -> merged(first, second), second + ": holds shard 2 of 3, " + first + " one of 2");
  }

  @Test
  void aSampleInTwoShardsIsNamed() {
    Path first = done(1);
    List<SampleRange> more =
        List.of(new SampleRange(3, 6), new SampleRange(6, 9), new SampleRange(9, 11));
    Path second = done(2, shard(2, 2, more), new Doubling(SAMPLES));
    assertRefused(
        () -> merged(first, second),
        second + ": mini full doubling: sample 6 is in two of the shards");
  }

  @Test
  void aSampleInNoShardIsNamed() {
    Path first = done(1);
    Path second = done(2, shard(2, 2, List.of(new SampleRange(3, 6))), new Doubling(SAMPLES));
    assertRefused(
        () -> merged(first, second),
        first + ": mini full doubling: sample 9 is in none of the shards");
  }

  @Test
  void aShardThatIsNotFinishedIsNamed() {
    Path first = done(1);
    RunManifest manifest = shard(2, 2, UNITS.get(1));
    assertThatThrownBy(() -> done(2, manifest, new Doubling(4))).hasMessage("device lost");
    Path second = parent.resolve("shard-2");
    assertRefused(
        () -> merged(first, second),
        "a shard is not finished: shard 2 of 2 in "
            + second
            + " has 3 of 5 samples; the same command with its --out goes on");
  }

  @Test
  void aRunOfItsOwnIsNoShard() {
    goOn(new Doubling(SAMPLES), manifest(10));
    assertRefused(() -> merged(folder()), folder() + ": holds a run of its own, no shard of one");
  }

  @Test
  void aLogThatWasChangedIsRefused() throws IOException {
    Path first = done(1);
    Path second = done(2);
    byte[] log = Files.readAllBytes(samples(second));
    log[log.length - 3] ^= 1;
    Files.write(samples(second), log);
    assertRefused(
        () -> merged(first, second),
        samples(second)
            + ": lines 4 to 5 are not what was written there, by the digests in progress.jsonl;"
            + " --fresh starts over");
  }

  @Test
  void aLogWithMoreThanWasWrittenIsRefused() throws IOException {
    Path first = done(1);
    Path second = done(2);
    long bytes = Files.size(samples(second));
    Files.write(
        samples(second), "{}\n".getBytes(StandardCharsets.UTF_8), StandardOpenOption.APPEND);
    assertRefused(
        () -> merged(first, second),
        samples(second) + ": has " + (bytes + 3) + " bytes; " + bytes + " were written");
  }

  @Test
  void aShardThatIsBeingWrittenIsRefused() {
    Path first = done(1);
    Path second = done(2);
    RunLock lock = RunLock.take(second);
    try {
      assertRefused(() -> merged(first, second), second + ": another run is writing into it");
    } finally {
      lock.close();
    }
  }

  @Test
  void aShardHasNoResults() {
    Path first = done(1);
    assertRefused(
        () -> CheckedRun.open(first),
        first
            + ": holds shard 1 of 2 of a run, which has no results by itself; 'ssa merge' makes the"
            + " run of all its shards");
  }

  @Test
  void aManifestTellsItsShardAgain() {
    Path first = done(1);
    assertThat(RunFolder.readManifest(first)).isEqualTo(shard(1, 2, UNITS.get(0)));
  }

  @Test
  void theFolderOfAShardTakesNoOther() {
    done(1);
    assertThatThrownBy(() -> done(1, shard(2, 2, UNITS.get(1)), new Doubling(SAMPLES)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("holds another run: shard.number is 1 there, 2 here");
  }

  @Test
  void theFolderOfAShardTakesNoWholeRun() {
    Path first = done(1);
    assertThatThrownBy(() -> goOn(new Doubling(SAMPLES), manifest(10), first))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("holds another run: shard is ");
  }

  @Test
  void aManifestWithoutAShardSaysNothingOfOne() throws IOException {
    goOn(new Doubling(SAMPLES), manifest(10));
    assertThat(folder().resolve("manifest.json")).content().doesNotContain("shard");
  }
}
