package org.ssasuite.trainer.recipe;

/** What numbers of a specification may be; messages begin with the number's key. */
final class Limits {
  /** Far beyond any sense, and products of a few such numbers are still fp32 numbers. */
  private static final double MOST = 1e30;

  private Limits() {}

  static void atLeast(String key, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(key + " is " + value + "; it must be at least " + least);
    }
  }

  static void between(String key, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          key + " is " + value + "; it must lie between " + least + " and " + most);
    }
  }

  static void atMost(String key, double value, double most) {
    if (value > most) {
      throw new IllegalArgumentException(key + " is " + value + "; it must be at most " + most);
    }
  }

  static void positive(String key, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(key + " is " + value + "; it must be above 0");
    }
    atMost(key, value, MOST);
  }

  static void notNegative(String key, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(key + " is " + value + "; it must be 0 or more");
    }
    atMost(key, value, MOST);
  }

  /** A share from 0 to 1, both included. */
  static void share(String key, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(key + " is " + value + "; it must lie between 0 and 1");
    }
  }

  /** From 0 to below 1. */
  static void belowOne(String key, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(
          key + " is " + value + "; it must lie between 0 and 1, without 1");
    }
  }
}
