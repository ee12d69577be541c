package org.ssasuite.runtime.endpoint;

import java.time.Duration;
import java.util.Objects;
import org.ssasuite.core.BadInputException;

/**
 * How a server is called. It changes no answer.
 *
 * @param concurrency calls that are under way at once
 * @param timeout of one call, from its first byte to its answer's last
 * @param attempts how often a call is made that the server does not take, or that gets lost
 * @param firstWait before the second attempt; doubled from one to the next
 * @param longestWait that this comes to; also the most that a server may ask for
 */
public record CallPolicy(
    int concurrency, Duration timeout, int attempts, Duration firstWait, Duration longestWait) {
  private static final int MOST_AT_ONCE = 1_024;
  private static final int MOST_SECONDS = 86_400;
  private static final int ATTEMPTS = 9;
  private static final Duration FIRST_WAIT = Duration.ofMillis(500);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(2);

  public CallPolicy {
    Objects.requireNonNull(timeout);
    Objects.requireNonNull(firstWait);
    Objects.requireNonNull(longestWait);
    if (concurrency < 1 || concurrency > MOST_AT_ONCE) {
      throw new BadInputException(
          "--concurrency", "must be 1 to " + MOST_AT_ONCE + ", not " + concurrency);
    }
    if (timeout.toSeconds() > MOST_SECONDS || timeout.isNegative() || timeout.isZero()) {
      throw new BadInputException(
          "--timeout", "must be 1 to " + MOST_SECONDS + " seconds, not " + timeout.toSeconds());
    }
    if (attempts < 1) {
      throw new IllegalArgumentException(attempts + " attempts");
    }
  }

  /** With the suite's own waits. */
  public static CallPolicy of(int concurrency, int timeoutSeconds) {
    return new CallPolicy(
        concurrency, Duration.ofSeconds(timeoutSeconds), ATTEMPTS, FIRST_WAIT, LONGEST_WAIT);
  }

  /** The same with fewer attempts. */
  CallPolicy attempting(int times) {
    return new CallPolicy(concurrency, timeout, Math.min(attempts, times), firstWait, longestWait);
  }

  /**
   * Before the attempt behind so many.
   *
   * @param share from a half to one, drawn anew each time, so that callers do not come back at once
   */
  Duration waitBehind(int attempt, double share) {
    double millis = firstWait.toMillis() * Math.pow(2, attempt - 1);
    return Duration.ofMillis(Math.round(share * Math.min(millis, (double) longestWait.toMillis())));
  }
}
