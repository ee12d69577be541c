package org.ssasuite.leaderboards.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** How many digits people see; files for machines keep them all. */
public final class Rounding {
  private static final int DIGITS = 4;

  /** From here on digits before the point say nothing; few documents give such intervals. */
  private static final double LARGE = 1e7;

  private Rounding() {}

  /** Decimals that leave four digits in sight, and all digits before the point. */
  public static int decimals(double value) {
    if (value == 0 || !Double.isFinite(value)) {
      return DIGITS - 1;
    }
    BigDecimal rounded =
        new BigDecimal(value).round(new MathContext(DIGITS, RoundingMode.HALF_EVEN));
    int beforePoint = rounded.precision() - rounded.scale();
    return Math.max(0, DIGITS - beforePoint);
  }

  public static String of(double value, int decimals) {
    if (!Double.isFinite(value)) {
      return value > 0 ? "∞" : "−∞";
    }
    if (Math.abs(value) >= LARGE) {
      return String.format(Locale.ROOT, "%.3e", value);
    }
    return new BigDecimal(value).setScale(decimals, RoundingMode.HALF_EVEN).toPlainString();
  }

  public static String of(double value) {
    return of(value, decimals(value));
  }
}
