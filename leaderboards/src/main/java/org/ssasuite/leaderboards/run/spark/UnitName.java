package org.ssasuite.leaderboards.run.spark;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.ssasuite.core.run.unit.SampleRange;

/**
 * A unit of a run by its place in it.
 *
 * @param row number of the row in the run's manifest
 */
public record UnitName(int row, SampleRange samples) {
  private static final int BYTES = 3 * Integer.BYTES;

  public UnitName {
    Objects.requireNonNull(samples);
  }

  /** As it is sent. */
  byte[] bytes() {
    return ByteBuffer.allocate(BYTES)
        .putInt(row)
        .putInt(samples.from())
        .putInt(samples.to())
        .array();
  }

  /** What {@link #bytes} made. */
  public static UnitName of(byte[] bytes) {
    ByteBuffer numbers = ByteBuffer.wrap(bytes);
    return new UnitName(numbers.getInt(), new SampleRange(numbers.getInt(), numbers.getInt()));
  }
}
