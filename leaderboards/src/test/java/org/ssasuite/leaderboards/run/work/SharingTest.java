package org.ssasuite.leaderboards.run.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.attention.BlockSparse;
import org.ssasuite.core.attention.Full;
import org.ssasuite.core.attention.SelectionRule;
import org.ssasuite.core.run.unit.SampleRange;
import org.ssasuite.runtime.engine.Device;

class SharingTest {
  /** 16 layers, 32 heads over 2 of 64, as docs/performance.md has it: 1B in bf16. */
  private static final ModelSize BILLION =
      new ModelSize(940_000_000L, 128_256L * 2_048, 16, 2_048, 128, 2);

  private static List<WorkUnit> units(double... seconds) {
    List<WorkUnit> units = new ArrayList<>();
    DoubleStream.of(seconds)
        .forEach(
            each ->
                units.add(new WorkUnit(0, new SampleRange(units.size(), units.size() + 1), each)));
    return units;
  }

  @Test
  void theLongestAreGivenOutFirst() {
    Sharing sharing = Sharing.of(units(1, 5, 2, 4), 2);

    assertThat(sharing.units())
        .extracting(own -> own.stream().map(WorkUnit::seconds).toList())
        .containsExactly(List.of(5.0, 1.0), List.of(4.0, 2.0));
    assertThat(sharing.seconds()).isEqualTo(6);
    assertThat(sharing.busy()).isEqualTo(1);
  }

  @Test
  void everyUnitIsGivenOutOnce() {
    List<WorkUnit> units = units(new Random(1).doubles(1_000).toArray());
    List<WorkUnit> given = Sharing.of(units, 7).units().stream().flatMap(List::stream).toList();

    assertThat(given).containsExactlyInAnyOrderElementsOf(units);
  }

  @Test
  void theOrderInWhichTheyComeDoesNotMatter() {
    List<WorkUnit> units = units(new Random(2).doubles(100).map(x -> Math.rint(5 * x)).toArray());
    List<WorkUnit> other = new ArrayList<>(units);
    Collections.shuffle(other, new Random(3));

    assertThat(Sharing.of(other, 5)).isEqualTo(Sharing.of(units, 5));
  }

  @Test
  void moreWorkersThanUnitsLeaveSomeIdle() {
    Sharing sharing = Sharing.of(units(3, 3), 4);

    assertThat(sharing.seconds()).isEqualTo(3);
    assertThat(sharing.busy()).isEqualTo(0.5);
  }

  /** RULER's thirteen tasks of 500 samples at six lengths, a batch as a run makes it. */
  private static List<WorkUnit> ruler(AttentionMode mode) {
    Rates rates = Rates.nominal(Device.CUDA);
    List<WorkUnit> units = new ArrayList<>();
    int row = 0;
    for (int tokens = 4_096; tokens <= 131_072; tokens *= 2) {
      // Four characters a token, 100,000 characters a batch.
      int together = (int) Math.ceil(100_000.0 / (4 * tokens));
      for (int task = 0; task < 13; task++) {
        for (int from = 0; from < 500; from += together) {
          int to = Math.min(500, from + together);
          UnitLoad load =
              new UnitLoad(
                  Collections.nCopies(to - from, new Reading(0, tokens, 1)),
                  List.of(),
                  Collections.nCopies(to - from, new Writing(tokens, 127)));
          double seconds = rates.seconds(BILLION, load, mode, mode);
          units.add(new WorkUnit(row, new SampleRange(from, to), seconds));
        }
        row++;
      }
    }
    return units;
  }

  @ParameterizedTest
  @CsvSource({"full, 64", "sparse, 64", "full, 8", "sparse, 8"})
  void aClusterIsBusyOnAllOfRuler(String mode, int workers) {
    Sharing sharing = Sharing.of(ruler(mode(mode)), workers);

    assertThat(sharing.busy()).isGreaterThan(0.9);
  }

  /**
   * Costs are wrong by half at random, and by two at every second length; every worker loads for 20
   * seconds.
   */
  @ParameterizedTest
  @CsvSource({"full", "sparse"})
  void costsThatAreWrongLeaveAClusterBusy(String mode) {
    Random random = new Random(1);
    double all = 0;
    double last = 0;
    for (List<WorkUnit> own : Sharing.of(ruler(mode(mode)), 64).units()) {
      double seconds = 0;
      for (WorkUnit unit : own) {
        double wrong = (0.5 + random.nextDouble()) * (unit.row() % 2 == 0 ? 2 : 1);
        seconds += unit.seconds() * wrong;
      }
      all += seconds;
      last = Math.max(last, 20 + seconds);
    }

    assertThat(all / (64 * last)).isGreaterThan(0.9);
  }

  private static AttentionMode mode(String name) {
    return name.equals("full") ? new Full() : new BlockSparse(16, 16, SelectionRule.EXACT);
  }

  /**
   * What docs/performance.md read on an H200: 3,705 and 1,214 ms to the first token behind 131,072
   * tokens, 59.2 and 52.3 behind 8,192.
   */
  @ParameterizedTest
  @CsvSource({
    "full, 131072, 3.705",
    "sparse, 131072, 1.214",
    "full, 8192, 0.0592",
    "sparse, 8192, 0.0523"
  })
  void unitCostsAreAsMeasured(String mode, int tokens, double seconds) {
    UnitLoad load = new UnitLoad(List.of(new Reading(0, tokens, 1)), List.of(), List.of());

    assertThat(Rates.nominal(Device.CUDA).seconds(BILLION, load, mode(mode), mode(mode)))
        .isCloseTo(seconds, within(0.25 * seconds));
  }
}
