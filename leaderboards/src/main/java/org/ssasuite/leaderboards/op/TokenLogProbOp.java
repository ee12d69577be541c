package org.ssasuite.leaderboards.op;

import java.nio.file.Path;
import java.util.List;
import org.ssasuite.runtime.npy.NpyFile;
import org.ssasuite.runtime.npy.NpyFloats;
import org.ssasuite.runtime.npy.NpyInts;
import org.ssasuite.runtime.operator.TokenLogProbInputs;
import org.ssasuite.runtime.operator.TokenLogProbOutputs;

/** {@code token_log_prob}: hidden [T, E], weight [V, E], targets [T]. */
final class TokenLogProbOp implements Operator {
  @Override
  public Runnable prepare(OpFolder in, Path out, OperatorRun run) {
    NpyFloats hidden = in.floats("hidden", 2);
    int tokens = hidden.shape().get(0);
    int width = hidden.shape().get(1);
    NpyFloats weight = in.floats("weight", 2);
    int vocabulary = weight.shape().get(0);
    OpFolder.requireShape(in.file("weight"), weight, List.of(vocabulary, width));
    TokenLogProbInputs inputs =
        new TokenLogProbInputs(
            tokens,
            width,
            vocabulary,
            hidden.values(),
            weight.values(),
            in.indices("targets", tokens, vocabulary));
    return () -> {
      TokenLogProbOutputs outputs = run.with(session -> session.tokenLogProb(inputs));
      List<Integer> shape = List.of(tokens);
      NpyFile.write(out.resolve("logprob.npy"), new NpyFloats(shape, outputs.logprob()));
      NpyFile.write(out.resolve("argmax.npy"), new NpyInts(shape, outputs.argmax()));
      NpyFile.write(
          out.resolve("argmax_logprob.npy"), new NpyFloats(shape, outputs.argmaxLogprob()));
    };
  }
}
