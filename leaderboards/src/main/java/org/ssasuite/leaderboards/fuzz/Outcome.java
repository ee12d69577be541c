package org.ssasuite.leaderboards.fuzz;

import java.util.Objects;

/**
 * What came of one case.
 *
 * @param number of the case, from 0
 * @param mutation what was wrong with the file
 * @param fact the message of a refusal, or of what went wrong; may be empty
 * @param millis of a processor that the reader took
 * @param javaBytes that the reading thread took from the heap, in all
 * @param nativeBytes by which the process grew beside its heap; 0 where nobody measures it
 */
record Outcome(
    int number,
    Verdict verdict,
    String mutation,
    String fact,
    long millis,
    long javaBytes,
    long nativeBytes) {
  Outcome {
    Objects.requireNonNull(verdict);
    Objects.requireNonNull(mutation);
    Objects.requireNonNull(fact);
  }
}
