package org.ssasuite.leaderboards.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Readers that misbehave on purpose are found out. */
class CaseRunTest {
  private static Outcome outcome(FuzzedReader reader, Bounds bounds) {
    try (CaseFolder folder = CaseFolder.of(reader)) {
      return new CaseRun(bounds, Optional.empty()).outcome(new FuzzCase(reader, 1, 0), folder);
    }
  }

  private static Outcome outcome(FuzzedReader reader) {
    return outcome(reader, Bounds.STATED);
  }

  @Test
  void anotherExceptionEscapes() {
    Outcome outcome = outcome(Planted.ESCAPING);

    assertThat(outcome.verdict()).isEqualTo(Verdict.ESCAPED);
    assertThat(outcome.fact())
        .startsWith("java.lang.ArrayIndexOutOfBoundsException: index 7, at org.ssasuite");
  }

  @Test
  void aStackThatOverflowsEscapes() {
    assertThat(outcome(Planted.OVERFLOWING).verdict()).isEqualTo(Verdict.ESCAPED);
  }

  @Test
  void aRefusalThatDoesNotNameTheFileIsUnclear() {
    assertThat(outcome(Planted.UNNAMED).verdict()).isEqualTo(Verdict.UNCLEAR);
  }

  @Test
  void whatIsReadWrongIsWrong() {
    assertThat(outcome(Planted.WRONG).fact()).isEqualTo("seven tensors in a file of six");
  }

  @Test
  void moreMemoryThanTheBoundIsFound() {
    Outcome outcome = outcome(Planted.GREEDY);

    assertThat(outcome.verdict()).isEqualTo(Verdict.MEMORY);
    assertThat(outcome.javaBytes()).isBetween(320L << 20, 321L << 20);
  }

  @Test
  void aReaderThatIsNotDoneInTimeHangs() {
    Bounds brief = new Bounds(Duration.ofMillis(200), 1 << 20, 1);

    Outcome outcome = outcome(Planted.HANGING, brief);

    assertThat(outcome.verdict()).isEqualTo(Verdict.HANG);
    assertThat(outcome.fact()).contains("Planted.hang");
  }

  @Test
  void aPackedFileMayTakeWhatItMayUnpackTo() {
    assertThat(Bounds.STATED.memory(1_000, false)).isEqualTo((128 << 20) + 64_000);
    assertThat(Bounds.STATED.memory(1_000, true)).isEqualTo((128 << 20) + 64 * (4L << 20));
  }
}
