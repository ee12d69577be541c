package org.ssasuite.core.task;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.ssasuite.core.attribution.Needles;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.request.Response;

/**
 * Samples, the requests that each of them puts to a model, and how the answers are scored. Scoring
 * is pure: the same answers give the same score.
 *
 * @param <S> the task's kind of sample
 */
public interface Task<S extends Sample> {
  TaskId id();

  /** Name of the protocol with everything that numbers of it must share to be compared. */
  String protocol();

  /** Digest of the data that the samples are made from, SHA-256 in hex. */
  String dataDigest();

  /** All samples in their order; a new stream at each call. */
  Stream<S> samples();

  /** What a sample asks; at least one request. */
  List<Request<?>> requests(S sample);

  /**
   * What of a sample's second question is settled before there is an answer, and so belongs to the
   * digest of what it asks. Absent: it asks once.
   */
  default Optional<FollowUp> followUp(S sample) {
    return Optional.empty();
  }

  /**
   * What a sample asks on the strength of its answers so far; nothing if it has what it needs. Only
   * a sample with a {@link #followUp} asks again.
   *
   * @param responses in the order in which they were asked for
   */
  default List<Request<?>> next(S sample, List<Response> responses) {
    return List.of();
  }

  /**
   * What the answer to the one request of a sample is found by; absent where there is no such
   * place, or more than one request. It has no part in the score.
   */
  default Optional<Needles> needles(S sample) {
    return Optional.empty();
  }

  /**
   * What counts as a right answer to a sample, for people who read its log; none where there is
   * nothing to be right about. It has no part in the score.
   */
  default List<String> expected(S sample) {
    return List.of();
  }

  /**
   * The score of a sample, from its answers alone.
   *
   * @param responses in the order of {@link #requests}, behind them those to what {@link #next}
   *     asked
   */
  Score score(S sample, List<Response> responses);

  Aggregate aggregate();

  /**
   * What guessing is expected to get for a sample on the headline metric, before the metric's
   * transform; absent where there is nothing to guess.
   */
  default OptionalDouble chance(S sample) {
    return OptionalDouble.empty();
  }
}
