package org.ssasuite.leaderboards.op;

import java.util.function.Function;
import org.ssasuite.runtime.RuntimeOptions;
import org.ssasuite.runtime.operator.OperatorSession;

/** How an operator is to be run, once its inputs are known to be good. */
record OperatorRun(RuntimeOptions options) {
  <T> T with(Function<OperatorSession, T> call) {
    try (OperatorSession session = OperatorSession.open(options)) {
      return call.apply(session);
    }
  }
}
