package org.ssasuite.trainer.run;

import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.ssasuite.core.BadInputException;

/**
 * What about a run changes none of its numbers.
 *
 * @param keptCheckpoints how many stay, the newest ones
 * @param coverageEvery steps between measurements of the gradient coverage; 0 for none
 * @param peakFlops of the machine, per second, for the MFU
 * @param stopAfter the last step of this call, if it is not the run's last
 */
public record RunOptions(
    int keptCheckpoints, int coverageEvery, OptionalDouble peakFlops, OptionalInt stopAfter) {
  public RunOptions {
    require("--keep", keptCheckpoints, 1);
    require("--coverage-every", coverageEvery, 0);
    stopAfter.ifPresent(n -> require("--stop-after", n, 1));
    if (peakFlops.isPresent() && !(peakFlops.getAsDouble() > 0)) {
      throw new BadInputException("--peak-tflops", "must be above 0");
    }
  }

  private static void require(String option, int value, int least) {
    if (value < least) {
      throw new BadInputException(option, "must be at least " + least + ", not " + value);
    }
  }
}
