package org.ssasuite.leaderboards.op;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.ssasuite.core.BadInputException;
import org.ssasuite.runtime.npy.NpyFile;
import org.ssasuite.runtime.npy.NpyFloats;
import org.ssasuite.runtime.npy.NpyInts;
import org.ssasuite.runtime.operator.AttentionInputs;
import org.ssasuite.runtime.operator.AttentionOutputs;
import org.ssasuite.runtime.operator.Rotary;

/** {@code attention}: q [T, HQ, D], k and v [T, H, D] and what goes with them. */
final class AttentionOp implements Operator {
  private static final int GATES = 3;

  @Override
  public Runnable prepare(OpFolder in, Path out, OperatorRun run) {
    AttentionInputs inputs = inputs(in);
    run.requireHeads(in.file("q"), inputs);
    return () -> write(inputs, run.with(session -> session.attention(inputs)), out);
  }

  static AttentionInputs inputs(OpFolder in) {
    NpyFloats q = in.floats("q", 3);
    int tokens = q.shape().get(0);
    int queryHeads = q.shape().get(1);
    int headDim = q.shape().get(2);
    NpyFloats k = in.floats("k", 3);
    int kvHeads = k.shape().get(1);
    if (queryHeads % kvHeads != 0) {
      throw new BadInputException(
          in.file("k"), queryHeads + " query heads cannot share " + kvHeads + " KV heads");
    }
    List<Integer> keyShape = List.of(tokens, kvHeads, headDim);
    OpFolder.requireShape(in.file("k"), k, keyShape);
    NpyFloats v = in.floats("v", keyShape);
    Optional<float[]> gates =
        in.findFloats("gates", List.of(tokens, queryHeads, GATES)).map(NpyFloats::values);
    AttentionParameters parameters =
        AttentionParameters.read(in.path().resolve("params.json"), tokens);
    return new AttentionInputs(
        tokens,
        queryHeads,
        kvHeads,
        headDim,
        q.values(),
        k.values(),
        v.values(),
        gates,
        rotary(in, tokens, headDim),
        parameters.sequenceStarts(),
        parameters.mode(),
        parameters.draws());
  }

  private static Optional<Rotary> rotary(OpFolder in, int tokens, int headDim) {
    List<String> files = List.of("cos", "sin", "positions");
    if (files.stream().noneMatch(in::has)) {
      return Optional.empty();
    }
    for (String file : files) {
      if (!in.has(file)) {
        throw new BadInputException(
            in.file(file), "is missing: rotary needs cos, sin and positions");
      }
    }
    NpyFloats cos = in.floats("cos", 2);
    int rows = cos.shape().get(0);
    OpFolder.requireShape(in.file("cos"), cos, List.of(rows, headDim));
    NpyFloats sin = in.floats("sin", List.of(rows, headDim));
    int[] positions = in.indices("positions", tokens, rows);
    return Optional.of(new Rotary(rows, cos.values(), sin.values(), positions));
  }

  static void write(AttentionInputs inputs, AttentionOutputs outputs, Path out) {
    List<Integer> shape = List.of(inputs.tokens(), inputs.queryHeads(), inputs.headDim());
    NpyFile.write(out.resolve("out.npy"), new NpyFloats(shape, outputs.out()));
    Path selected = out.resolve("selected.npy");
    if (outputs.selectedWidth() > 0) {
      List<Integer> blocks = List.of(inputs.tokens(), inputs.kvHeads(), outputs.selectedWidth());
      NpyFile.write(selected, new NpyInts(blocks, outputs.selected()));
      return;
    }
    try {
      // One from an earlier call would look like this one's.
      Files.deleteIfExists(selected);
    } catch (IOException e) {
      throw BadInputException.io(selected, e);
    }
  }
}
