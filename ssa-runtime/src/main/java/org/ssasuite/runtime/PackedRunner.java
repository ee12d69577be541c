package org.ssasuite.runtime;

import ai.onnxruntime.OnnxTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.request.SelectedBlocks;
import org.ssasuite.runtime.checkpoint.ModelConfig;
import org.ssasuite.runtime.checkpoint.RopeScaling;
import org.ssasuite.runtime.checkpoint.RotaryTable;
import org.ssasuite.runtime.graph.ModeCode;
import org.ssasuite.runtime.graph.ModelGraph;
import org.ssasuite.runtime.onnx.OnnxSession;

/**
 * Puts passes side by side, without padding, into runs of a bounded number of tokens. Mutable (the
 * rotary table grows): one owner, one call at a time.
 */
final class PackedRunner implements AutoCloseable {
  /** Enough rows to keep the matrix products busy, few enough to keep activations small. */
  private static final int RUN_TOKENS = 8_192;

  private final ModelConfig config;
  private final RopeScaling rope;
  private final OnnxSession session;
  private int tableRows;
  private OnnxTensor cos;
  private OnnxTensor sin;

  PackedRunner(ModelConfig config, RopeScaling rope, OnnxSession session) {
    this.config = config;
    this.rope = rope;
    this.session = session;
    growTable(Math.min(RUN_TOKENS, config.trainedTokens()));
  }

  /** Results in the order of the passes. */
  List<PassResult> run(List<Pass> passes, AttentionMode mode, boolean observeSelection) {
    List<PassResult> results = new ArrayList<>();
    int from = 0;
    while (from < passes.size()) {
      int to = from + 1;
      long tokens = passes.get(from).tokens().length;
      while (to < passes.size() && tokens + passes.get(to).tokens().length <= RUN_TOKENS) {
        tokens += passes.get(to).tokens().length;
        to++;
      }
      results.addAll(runOnce(passes.subList(from, to), mode, observeSelection));
      from = to;
    }
    return results;
  }

  private List<PassResult> runOnce(
      List<Pass> passes, AttentionMode mode, boolean observeSelection) {
    int longest = passes.stream().mapToInt(pass -> pass.tokens().length).max().orElseThrow();
    growTable(longest);
    Map<String, OnnxTensor> inputs = packed(passes);
    inputs.put("mode", OnnxSession.tensor(ModeCode.of(mode, longest)));
    Set<String> outputs = new LinkedHashSet<>(List.of("logprob", "argmax", "argmax_logprob"));
    if (observeSelection) {
      for (int layer = 0; layer < config.layers(); layer++) {
        outputs.add(ModelGraph.selected(layer));
      }
    }
    try {
      Map<String, OnnxTensor> all = new LinkedHashMap<>(inputs);
      all.put("cos", cos);
      all.put("sin", sin);
      return session.run(all, outputs, read -> unpacked(passes, read, observeSelection));
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  private static Map<String, OnnxTensor> packed(List<Pass> passes) {
    int tokenCount = passes.stream().mapToInt(pass -> pass.tokens().length).sum();
    int rowCount = passes.stream().mapToInt(pass -> pass.rows().length).sum();
    long[] tokens = new long[tokenCount];
    long[] positions = new long[tokenCount];
    long[] starts = new long[passes.size() + 1];
    long[] rows = new long[rowCount];
    long[] targets = new long[rowCount];
    int token = 0;
    int row = 0;
    for (int s = 0; s < passes.size(); s++) {
      Pass pass = passes.get(s);
      starts[s] = token;
      for (int i = 0; i < pass.rows().length; i++, row++) {
        rows[row] = (long) token + pass.rows()[i];
        targets[row] = pass.targets()[i];
      }
      for (int i = 0; i < pass.tokens().length; i++, token++) {
        tokens[token] = pass.tokens()[i];
        positions[token] = i;
      }
    }
    starts[passes.size()] = token;
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    inputs.put("tokens", OnnxSession.tensor(tokens));
    inputs.put("positions", OnnxSession.tensor(positions));
    inputs.put("sequence_starts", OnnxSession.tensor(starts));
    inputs.put("rows", OnnxSession.tensor(rows));
    inputs.put("targets", OnnxSession.tensor(targets));
    return inputs;
  }

  private List<PassResult> unpacked(
      List<Pass> passes, OnnxSession.Outputs outputs, boolean observeSelection) {
    float[] logprob = outputs.floats("logprob");
    int[] argmax = outputs.ints("argmax");
    float[] argmaxLogprob = outputs.floats("argmax_logprob");
    List<PassResult> results = new ArrayList<>();
    int token = 0;
    int row = 0;
    for (Pass pass : passes) {
      int end = row + pass.rows().length;
      TokenLogProbs rated =
          new TokenLogProbs(
              Arrays.copyOfRange(logprob, row, end),
              Arrays.copyOfRange(argmax, row, end),
              Arrays.copyOfRange(argmaxLogprob, row, end));
      List<SelectedBlocks> selected =
          observeSelection ? selected(outputs, token, pass.tokens().length) : List.of();
      results.add(new PassResult(rated, selected));
      row = end;
      token += pass.tokens().length;
    }
    return results;
  }

  private List<SelectedBlocks> selected(OnnxSession.Outputs outputs, int from, int count) {
    List<SelectedBlocks> layers = new ArrayList<>();
    for (int layer = 0; layer < config.layers(); layer++) {
      String name = ModelGraph.selected(layer);
      int blocks = (int) outputs.shape(name)[2];
      if (blocks == 0) {
        return List.of();
      }
      int row = config.kvHeads() * blocks;
      int[] all = outputs.ints(name);
      layers.add(
          new SelectedBlocks(
              count,
              config.kvHeads(),
              blocks,
              Arrays.copyOfRange(all, from * row, (from + count) * row)));
    }
    return layers;
  }

  private void growTable(int rows) {
    if (rows <= tableRows) {
      return;
    }
    RotaryTable table = RotaryTable.of(rows, config.headDim(), config.ropeTheta(), rope);
    closeTable();
    cos = OnnxSession.tensor(table.cos(), rows, config.headDim());
    sin = OnnxSession.tensor(table.sin(), rows, config.headDim());
    tableRows = rows;
  }

  private void closeTable() {
    if (tableRows > 0) {
      cos.close();
      sin.close();
    }
  }

  @Override
  public void close() {
    closeTable();
    session.close();
  }
}
