package org.ssasuite.core.calibration;

import org.ssasuite.core.request.Generate;
import org.ssasuite.core.request.RateContinuation;

/**
 * A model that says nothing: it generates the empty text, and every continuation, short or long,
 * has log-likelihood 0, so that all choices tie however they are normalised. Log-likelihood 0 on a
 * document would be perfection, so documents are rated as by a uniform model of 256 bytes.
 */
public final class SilentModel extends ByteModel {
  private static final int BYTE_VALUES = 256;

  /** A model named {@code silent}. */
  public SilentModel() {
    super("silent", -Math.log(BYTE_VALUES));
  }

  @Override
  String written(Generate request) {
    return "";
  }

  @Override
  double logLikelihood(RateContinuation request) {
    return 0;
  }

  @Override
  boolean greedy(RateContinuation request) {
    return false;
  }
}
