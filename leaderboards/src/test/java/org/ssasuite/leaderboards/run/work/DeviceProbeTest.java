package org.ssasuite.leaderboards.run.work;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.ssasuite.leaderboards.Terminal;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.engine.RuntimeOptions;

class DeviceProbeTest {
  @Test
  void bothRatesAreReadHere() {
    Checkpoint model = Checkpoint.open(Terminal.HOME.models().resolve("ssa-mini"));

    DeviceProbe probe = DeviceProbe.measure(RuntimeOptions.cpu(2), model.config());

    assertThat(probe.products()).isPositive().isFinite();
    assertThat(probe.attention()).isPositive().isFinite();
    assertThat(probe.text())
        .matches("by products at [0-9]+ and attention at [0-9]+ GFLOP/s here, measured now");
  }
}
