package org.ssasuite.core.task;

import org.ssasuite.core.statistics.Range;

/** What is applied to a weighted mean, and to the ends of its interval. All are increasing. */
public enum Transform {
  IDENTITY {
    @Override
    public double apply(double mean) {
      return mean;
    }
  },
  /** A share becomes a percentage. */
  PERCENT {
    @Override
    public double apply(double mean) {
      return 100 * mean;
    }

    @Override
    public Range range() {
      return Range.SHARE;
    }

    @Override
    public double error(double mean, double error) {
      return 100 * error;
    }
  },
  /** A mean loss in nats becomes a perplexity. */
  EXP {
    @Override
    public double apply(double mean) {
      return Math.exp(mean);
    }

    @Override
    public Range range() {
      return Range.NOT_NEGATIVE;
    }

    @Override
    public double error(double mean, double error) {
      return Math.exp(mean) * error;
    }
  },
  /** Nats become bits. */
  BITS {
    @Override
    public double apply(double mean) {
      return mean / Math.log(2);
    }

    @Override
    public double error(double mean, double error) {
      return error / Math.log(2);
    }
  };

  public abstract double apply(double mean);

  /** The standard error of the result, from that of the mean: to first order. */
  public double error(double mean, double error) {
    return error;
  }

  /** Where the mean can lie before it is transformed, as far as that follows from this. */
  public Range range() {
    return Range.LINE;
  }
}
