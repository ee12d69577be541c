package org.ssasuite.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.run.unit.SampleRange;
import org.ssasuite.core.run.unit.Shard;
import org.ssasuite.core.testing.ToyTask;

/** Units of a run that are answered in several places, and the run that they become. */
class GatheredUnitsTest extends InterruptedRun {
  private static final ToyTask TASK = ToyTask.of(SAMPLES);

  /** The batches of eleven samples, three at a time. */
  private static final List<SampleRange> UNITS =
      List.of(
          new SampleRange(0, 3),
          new SampleRange(3, 6),
          new SampleRange(6, 9),
          new SampleRange(9, 11));

  private AnsweredUnit answered(int unit) {
    return answered(unit, Optional.empty());
  }

  private AnsweredUnit answered(int unit, Optional<String> elsewhere) {
    Path place = parent.resolve("place-" + unit);
    List<SampleRange> own = List.of(UNITS.get(unit));
    RunManifest manifest = manifest(12).with(Optional.of(new Shard(1, 1, List.of(own))));
    Doubling model = new Doubling(SAMPLES);
    try (RunFolder run = RunFolder.open(place)) {
      run.begin(manifest);
      try (SampleLog log = run.samples(model.card(), TASK.id())) {
        Notes none = new Notes(Optional.empty(), Optional.empty());
        TaskRunner.answer(TASK, model, own, log, none, Progress.silent());
      }
    }
    try (ShardFolder folder = ShardFolder.open(place)) {
      return AnsweredUnit.of(folder, elsewhere);
    }
  }

  private void gather(AnsweredUnit... units) {
    try (RunFolder run = RunFolder.open(folder())) {
      RunManifest manifest = run.begin(manifest(10));
      GatheredUnits gathered = GatheredUnits.of(run, manifest, List.of(UNITS));
      for (AnsweredUnit unit : units) {
        gathered.take(unit);
      }
    }
  }

  private RunResult whole() {
    return goOn(new Doubling(SAMPLES), manifest(10), parent.resolve("whole"));
  }

  /** Takes up the run with a model that must not be asked. */
  private RunResult counted() {
    return goOn(new Doubling(0), manifest(10));
  }

  private Path unit(int from, int to) {
    return folder().resolve("progress.units/0/" + from + "-" + to);
  }

  @Test
  void inAnyOrderTheyAreTheRunThatOneProcessDid() {
    gather(answered(3), answered(0), answered(2), answered(1));

    assertThat(timeless(counted())).isEqualTo(timeless(whole()));
    assertThat(samples(folder())).hasSameBinaryContentAs(samples(parent.resolve("whole")));
  }

  @Test
  void oneThatIsAnsweredTwiceCountsOnce() {
    gather(answered(3), answered(3), answered(0), answered(2), answered(0), answered(1));

    assertThat(timeless(counted())).isEqualTo(timeless(whole()));
  }

  @Test
  void whatHasComeIsThereAgainInARunThatGoesOn() {
    gather(answered(3), answered(1));
    try (RunFolder run = RunFolder.open(folder())) {
      RunManifest manifest = run.begin(manifest(10));
      GatheredUnits gathered = GatheredUnits.of(run, manifest, List.of(UNITS));
      assertThat(UNITS)
          .filteredOn(unit -> gathered.isOpen(0, unit))
          .containsExactly(UNITS.get(0), UNITS.get(2));
    }
    gather(answered(0), answered(2));

    assertThat(timeless(counted())).isEqualTo(timeless(whole()));
  }

  @Test
  void theyFollowUponWhatAnInterruptedRunHasAnswered() {
    interrupted(5);
    gather(answered(3), answered(2), answered(1));

    assertThat(timeless(counted())).isEqualTo(timeless(whole()));
  }

  @Test
  void aRunInOneProcessGoesOnWithoutThem() {
    gather(answered(3), answered(1));

    RunResult result = goOn(new Doubling(SAMPLES), manifest(10));

    assertThat(timeless(result)).isEqualTo(timeless(whole()));
    assertThat(folder().resolve("progress.units")).doesNotExist();
  }

  @Test
  void aRowThatIsWholeLeavesNoUnits() {
    gather(answered(3), answered(0), answered(2), answered(1));

    assertThat(folder().resolve("progress.units/0")).doesNotExist();
  }

  @Test
  void aSpoiltUnitIsOneLine() throws IOException {
    gather(answered(3));
    byte[] bytes = Files.readAllBytes(unit(9, 11));
    bytes[bytes.length - 5] ^= 1;
    Files.write(unit(9, 11), bytes);

    assertThatThrownBy(() -> gather(answered(0), answered(1), answered(2)))
        .isInstanceOf(BadInputException.class)
        .hasMessage(unit(9, 11) + ": is not the unit that was written there; --fresh starts over");
  }

  @Test
  void aCutUnitIsOneLine() throws IOException {
    gather(answered(3));
    Files.write(unit(9, 11), new byte[20]);

    assertThatThrownBy(() -> gather(answered(0), answered(1), answered(2)))
        .isInstanceOf(BadInputException.class)
        .hasMessage(unit(9, 11) + ": is not the unit that was written there; --fresh starts over");
  }

  @Test
  void theRowStatesWhichDevicesAnsweredBesideItsOwn() {
    gather(
        answered(3, Optional.of("slow, avx2")),
        answered(0),
        answered(2, Optional.of("slow, avx2")),
        answered(1, Optional.of("GPU")));

    RunResult result = counted();

    assertThat(result.results().get(0).elsewhere()).isEqualTo(Map.of("slow, avx2", 5, "GPU", 3));
    assertThat(CheckedRun.open(folder()).result()).isEqualTo(result);
  }

  @Test
  void aUnitIsReadAsItWasSent() {
    AnsweredUnit unit = answered(1, Optional.of("GPU"));

    assertThat(AnsweredUnit.read(unit.bytes(), "a unit")).isEqualTo(unit);
  }
}
