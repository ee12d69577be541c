package org.ssasuite.tasks.ruler.generator;

/**
 * A draft cannot be made at a size. Its draws are used up all the same: the references notice in
 * the middle of making it.
 */
final class Unmakeable extends Exception {
  private static final long serialVersionUID = 1L;

  Unmakeable(String fact) {
    super(fact);
  }
}
