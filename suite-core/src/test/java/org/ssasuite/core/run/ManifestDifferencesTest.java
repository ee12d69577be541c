package org.ssasuite.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.request.ModelCard;

/** What makes a run another one than that which a folder holds. */
class ManifestDifferencesTest extends InterruptedRun {
  @Test
  void aRunOfAnotherSpecIsRefusedWithTheDifference() {
    interrupted(4);
    RunManifest other = manifest(10, 7);
    try (RunFolder run = RunFolder.open(folder())) {
      assertThatThrownBy(() -> run.begin(other))
          .isInstanceOf(BadInputException.class)
          .hasMessage(
              folder()
                  + ": holds another run: spec.tasks[0].limit is 20 there, 7 here; --fresh starts over");
    }
  }

  @Test
  void anotherJavaOrMoreProcessorsAreTheSameRun() {
    interrupted(4);
    RunManifest first = manifest(10);
    Machine machine = new Machine("other", "amd64", "fast", 64, "newer");
    RunManifest other =
        new RunManifest(
            first.schema(),
            first.spec(),
            first.version(),
            first.commit(),
            machine,
            first.models(),
            first.data(),
            first.libraries(),
            first.rows(),
            50);
    assertThat(ManifestDifferences.of(first, other)).isEmpty();
  }

  @Test
  void theSameProgramUnderAnotherCommitIsTheSameRun() {
    RunManifest first = built("abc", Map.of(RunManifest.PROGRAM, "sha256:1"));
    RunManifest noted = built("abc+dirty", Map.of(RunManifest.PROGRAM, "sha256:1"));

    assertThat(ManifestDifferences.of(first, noted)).isEmpty();
  }

  @Test
  void anotherProgramIsAnotherRun() {
    RunManifest first = built("abc", Map.of(RunManifest.PROGRAM, "sha256:1"));
    RunManifest changed = built("abc", Map.of(RunManifest.PROGRAM, "sha256:2"));

    assertThat(ManifestDifferences.of(first, changed))
        .containsExactly("libraries.program is \"sha256:1\" there, \"sha256:2\" here");
  }

  @Test
  void whereAManifestDoesNotSayItsProgramTheCommitDecides() {
    RunManifest old = built("abc", Map.of());
    RunManifest same = built("abc", Map.of(RunManifest.PROGRAM, "sha256:1"));
    RunManifest other = built("def", Map.of(RunManifest.PROGRAM, "sha256:1"));

    assertThat(ManifestDifferences.of(old, same)).isEmpty();
    assertThat(ManifestDifferences.of(old, other))
        .containsExactly("commit is \"abc\" there, \"def\" here");
  }

  @Test
  void aRunThatBeganUnderAnotherInstructionSetIsRefusedWithTheDifference() {
    try (RunFolder run = RunFolder.open(folder())) {
      run.begin(computedWith("avx512"));
    }
    try (RunFolder run = RunFolder.open(folder())) {
      assertThatThrownBy(() -> run.begin(computedWith("avx2")))
          .isInstanceOf(BadInputException.class)
          .hasMessage(
              folder()
                  + ": holds another run: models[0].facts.isa is \"avx512\" there, \"avx2\" here;"
                  + " --fresh starts over");
    }
  }

  private static RunManifest computedWith(String isa) {
    RunManifest first = manifest(10);
    return new RunManifest(
        first.schema(),
        first.spec(),
        first.version(),
        first.commit(),
        first.machine(),
        List.of(new ModelCard("mini", "full", OptionalInt.empty(), Map.of("isa", isa))),
        first.data(),
        first.libraries(),
        first.rows(),
        10);
  }

  private static RunManifest built(String commit, Map<String, String> libraries) {
    RunManifest first = manifest(10);
    return new RunManifest(
        first.schema(),
        first.spec(),
        first.version(),
        Optional.of(commit),
        first.machine(),
        first.models(),
        first.data(),
        libraries,
        first.rows(),
        10);
  }

  @Test
  void aStandardRunGoesOnUnderThePresetsEarlierName() {
    RunManifest first = manifest(10);

    assertThat(ManifestDifferences.of(ofPreset(first, "quick"), ofPreset(first, "standard")))
        .isEmpty();
    assertThat(ManifestDifferences.of(ofPreset(first, "full"), ofPreset(first, "standard")))
        .containsExactly("spec.preset is \"full\" there, \"standard\" here");
  }

  private static RunManifest ofPreset(RunManifest of, String preset) {
    RunSpec spec = of.spec();
    return new RunManifest(
        of.schema(),
        new RunSpec(
            preset,
            spec.models(),
            spec.modes(),
            spec.tasks(),
            spec.rope(),
            spec.data(),
            spec.device(),
            spec.precision(),
            spec.batch(),
            spec.threads(),
            spec.chunk(),
            spec.sharing(),
            spec.observe(),
            spec.attribution()),
        of.version(),
        of.commit(),
        of.machine(),
        of.models(),
        of.data(),
        of.libraries(),
        of.rows(),
        of.startedSeconds());
  }
}
