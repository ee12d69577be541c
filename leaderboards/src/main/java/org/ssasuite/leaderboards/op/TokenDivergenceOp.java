package org.ssasuite.leaderboards.op;

import java.nio.file.Path;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.ssasuite.runtime.npy.NpyFile;
import org.ssasuite.runtime.npy.NpyFloats;
import org.ssasuite.runtime.npy.NpyInts;
import org.ssasuite.runtime.operator.TokenDivergenceInputs;
import org.ssasuite.runtime.operator.TokenDivergenceOutputs;

/**
 * {@code token_divergence}: hidden_a [T, EA], weight_a [V, EA], hidden_b [T, EB], weight_b [V, EB],
 * targets [T].
 */
final class TokenDivergenceOp implements Operator {
  @Override
  public Runnable prepare(OpFolder in, Path out, OperatorRun run) {
    NpyFloats hidden = in.floats("hidden_a", 2);
    int tokens = hidden.shape().get(0);
    int vocabulary = in.floats("weight_a", 2).shape().get(0);
    TokenDivergenceInputs inputs =
        new TokenDivergenceInputs(
            tokens,
            vocabulary,
            side(in, "a", tokens, vocabulary),
            side(in, "b", tokens, vocabulary),
            in.indices("targets", tokens, vocabulary));
    return () -> write(out, run.with(session -> session.tokenDivergence(inputs)));
  }

  private static TokenDivergenceInputs.Side side(
      OpFolder in, String name, int tokens, int vocabulary) {
    NpyFloats hidden = in.floats("hidden_" + name, 2);
    int width = hidden.shape().get(1);
    OpFolder.requireShape(in.file("hidden_" + name), hidden, List.of(tokens, width));
    NpyFloats weight = in.floats("weight_" + name, 2);
    OpFolder.requireShape(in.file("weight_" + name), weight, List.of(vocabulary, width));
    return new TokenDivergenceInputs.Side(width, hidden.values(), weight.values());
  }

  private static void write(Path out, TokenDivergenceOutputs outputs) {
    write(out, outputs, "kl", outputs::kl);
    write(out, outputs, "kl_reverse", outputs::klReverse);
    write(out, outputs, "top10", outputs::topTen);
    write(out, outputs, "logprob_a", outputs::logprobA);
    write(out, outputs, "logprob_b", outputs::logprobB);
    NpyFile.write(
        out.resolve("argmax.npy"), new NpyInts(List.of(outputs.rows(), 2), outputs.argmax()));
  }

  private static void write(
      Path out, TokenDivergenceOutputs outputs, String name, IntToDoubleFunction figure) {
    float[] values = new float[outputs.rows()];
    for (int row = 0; row < values.length; row++) {
      values[row] = (float) figure.applyAsDouble(row);
    }
    NpyFile.write(out.resolve(name + ".npy"), new NpyFloats(List.of(values.length), values));
  }
}
