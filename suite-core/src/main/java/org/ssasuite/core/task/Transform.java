package org.ssasuite.core.task;

/** What is applied to a weighted mean, and to the ends of its interval. All are increasing. */
public enum Transform {
  IDENTITY {
    @Override
    public double apply(double mean) {
      return mean;
    }
  },
  PERCENT {
    @Override
    public double apply(double mean) {
      return 100 * mean;
    }
  },
  /** A mean loss in nats becomes a perplexity. */
  EXP {
    @Override
    public double apply(double mean) {
      return Math.exp(mean);
    }
  },
  /** Nats become bits. */
  BITS {
    @Override
    public double apply(double mean) {
      return mean / Math.log(2);
    }
  };

  public abstract double apply(double mean);
}
