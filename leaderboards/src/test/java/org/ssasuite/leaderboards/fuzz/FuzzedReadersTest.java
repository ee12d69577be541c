package org.ssasuite.leaderboards.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FuzzedReadersTest {
  private static final CaseRun RUN = new CaseRun(Bounds.STATED, Optional.empty());
  private static final List<FuzzedReader> ALL = FuzzedReaders.all();
  private static final long SEED = 20;
  private static final int CASES = 30;

  static List<String> readers() {
    return ALL.stream().map(FuzzedReader::name).toList();
  }

  private static FuzzedReader reader(String name) {
    return ALL.stream().filter(reader -> reader.name().equals(name)).findFirst().orElseThrow();
  }

  /** The valid file, as if it were spoilt. */
  private static Seed unspoilt(Seed seed) {
    return Planted.seed(new Mutant("nothing", "", seed.content()));
  }

  @ParameterizedTest
  @MethodSource("readers")
  void aValidFileIsRead(String name) {
    FuzzedReader reader = reader(name);
    FuzzedReader valid =
        new FuzzedReader(
            name, reader.file(), unspoilt(reader.seed()), reader.company(), reader.reading());

    try (CaseFolder folder = CaseFolder.of(valid)) {
      Outcome outcome = RUN.outcome(new FuzzCase(valid, SEED, 0), folder);
      assertThat(outcome.verdict()).as(outcome.toString()).isEqualTo(Verdict.READ);
    }
  }

  @ParameterizedTest
  @MethodSource("readers")
  void aSpoiltFileIsReadOrRefused(String name) {
    FuzzedReader reader = reader(name);

    try (CaseFolder folder = CaseFolder.of(reader)) {
      List<Outcome> outcomes =
          IntStream.range(0, CASES)
              .mapToObj(i -> RUN.outcome(new FuzzCase(reader, SEED, i), folder))
              .toList();
      assertThat(outcomes).allMatch(outcome -> outcome.verdict().well());
      assertThat(outcomes).extracting(Outcome::verdict).contains(Verdict.REFUSED);
    }
  }

  @ParameterizedTest
  @MethodSource("readers")
  void oneSeedSpoilsOneWay(String name) {
    for (int i = 0; i < CASES; i++) {
      Mutant first = new FuzzCase(reader(name), SEED, i).mutant();
      Mutant second = new FuzzCase(reader(name), SEED, i).mutant();
      assertThat(second.content()).isEqualTo(first.content());
      assertThat(second.ending() + second.what()).isEqualTo(first.ending() + first.what());
    }
  }

  @ParameterizedTest
  @MethodSource("readers")
  void mostCasesAreOfTheirOwn(String name) {
    FuzzedReader reader = reader(name);
    long different =
        IntStream.range(0, CASES)
            .map(i -> Arrays.hashCode(new FuzzCase(reader, SEED, i).mutant().content()))
            .distinct()
            .count();

    assertThat(different).isGreaterThan(CASES / 2);
  }
}
