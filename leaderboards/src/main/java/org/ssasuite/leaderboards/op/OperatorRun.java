package org.ssasuite.leaderboards.op;

import java.nio.file.Path;
import java.util.function.Function;
import org.ssasuite.core.BadInputException;
import org.ssasuite.runtime.engine.Device;
import org.ssasuite.runtime.engine.HeadDimensions;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.operator.AttentionInputs;
import org.ssasuite.runtime.operator.CudaLimits;
import org.ssasuite.runtime.operator.OperatorSession;

/** How an operator is to be run, once its inputs are known to be good. */
record OperatorRun(RuntimeOptions options) {
  /**
   * Refuses heads that there is no kernel for, before anything is loaded.
   *
   * @param q the file that has them
   */
  void requireHeads(Path q, AttentionInputs in) {
    if (options.device() == Device.CUDA) {
      CudaLimits.requireHeads(q + ": ", in.headDim(), in.queryHeads() / in.kvHeads());
    } else if (!HeadDimensions.contain(in.headDim())) {
      throw new BadInputException(
          q, "head dimension " + in.headDim() + "; there are kernels for " + HeadDimensions.TEXT);
    }
  }

  <T> T with(Function<OperatorSession, T> call) {
    try (OperatorSession session = OperatorSession.open(options)) {
      return call.apply(session);
    }
  }
}
