package org.ssasuite.core.extrapolation;

import java.util.List;
import java.util.TreeSet;

/**
 * The lengths at which the same tokens are rated.
 *
 * @param lengths tokens that a pass reads, shortest first
 * @param trained the one that a model was trained on, which the others are held against
 */
public record LengthScale(List<Integer> lengths, int trained) {
  /** Of an order: how many stretches of each document are rated. */
  public static final String STRETCHES = "stretches";

  /** Of an order: that no lengths are put between those that it states; {@code true} if so. */
  public static final String EXACT = "exact_lengths";

  /** The length from which a gain of context is measured. */
  private static final int GAIN_FROM = 1_024;

  public LengthScale {
    lengths = List.copyOf(new TreeSet<>(lengths));
    if (lengths.isEmpty()
        || lengths.get(0) < 2
        || !lengths.contains(trained)
        || lengths.get(lengths.size() - 1) <= trained) {
      throw new IllegalArgumentException("lengths " + lengths + ", trained on " + trained);
    }
  }

  public int longest() {
    return lengths.get(lengths.size() - 1);
  }

  /** Those above the trained one. */
  public List<Integer> beyond() {
    return lengths.stream().filter(length -> length > trained).toList();
  }

  /**
   * The length whose loss a longer one has to be below to show that more context is of use: 1,024,
   * for a model that was trained on no more than that the shortest one.
   */
  public int gainBase() {
    return trained > GAIN_FROM && lengths.contains(GAIN_FROM) ? GAIN_FROM : lengths.get(0);
  }

  /**
   * The share that a length beyond the trained one has in a mean over log2 of the length: log2 of
   * its ratio to the length before it, over log2 of the longest one's ratio to the trained one.
   * Where each length is twice the one before, all shares are equal.
   */
  public double share(int length) {
    int before = lengths.get(lengths.indexOf(length) - 1);
    return Math.log((double) length / before) / Math.log((double) longest() / trained);
  }
}
