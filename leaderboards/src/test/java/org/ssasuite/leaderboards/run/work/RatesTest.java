package org.ssasuite.leaderboards.run.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.attention.Full;
import org.ssasuite.runtime.engine.Device;

class RatesTest {
  private static final ModelSize MODEL = new ModelSize(3_000_000, 786_432, 6, 512, 32, 4);
  private static final Rates TWO_THREADS = Rates.nominal(Device.CPU);

  private static double seconds(Rates rates) {
    UnitLoad load = new UnitLoad(List.of(new Reading(0, 4096, 4096)), List.of(), List.of());
    return rates.seconds(MODEL, load, new Full(), new Full());
  }

  @Test
  void oneThreadReadsForTwiceAsLongAsTwo() {
    assertThat(seconds(TWO_THREADS.onThreads(1))).isCloseTo(2 * seconds(TWO_THREADS), within(1e-9));
  }

  @Test
  void twoThreadsAreThoseThatWereMeasured() {
    assertThat(TWO_THREADS.onThreads(2)).isEqualTo(TWO_THREADS);
  }
}
