package org.ssasuite.core.calibration;

import org.ssasuite.core.request.Generate;
import org.ssasuite.core.request.RateContinuation;

/**
 * A model that knows nothing: each token, a byte of UTF-8, has probability 1/V whatever is before
 * it. A document is rated at ln V nats per byte, a continuation of n bytes at −n·ln V, so the
 * shortest choice wins. It writes nothing, because no token is more probable than another.
 */
public final class UniformModel extends ByteModel {
  private final double tokenLogProbability;

  /**
   * A model named {@code uniform-V}.
   *
   * @param vocabularySize V, at least 2
   */
  public UniformModel(int vocabularySize) {
    super("uniform-" + checked(vocabularySize), -Math.log(vocabularySize));
    this.tokenLogProbability = -Math.log(vocabularySize);
  }

  private static int checked(int vocabularySize) {
    if (vocabularySize < 2) {
      throw new IllegalArgumentException("a vocabulary of " + vocabularySize + " tokens");
    }
    return vocabularySize;
  }

  @Override
  String written(Generate request) {
    return "";
  }

  @Override
  double logLikelihood(RateContinuation request) {
    return Utf8Bytes.count(request.continuation()) * tokenLogProbability;
  }

  @Override
  boolean greedy(RateContinuation request) {
    return false;
  }
}
