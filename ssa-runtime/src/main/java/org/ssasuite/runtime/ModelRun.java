package org.ssasuite.runtime;

import ai.onnxruntime.OnnxTensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.runtime.cache.PageTable;
import org.ssasuite.runtime.checkpoint.ModelConfig;
import org.ssasuite.runtime.checkpoint.RopeScaling;
import org.ssasuite.runtime.engine.RunSize;
import org.ssasuite.runtime.graph.CudaGraph;
import org.ssasuite.runtime.graph.ModeCode;
import org.ssasuite.runtime.graph.ModelGraph;
import org.ssasuite.runtime.onnx.OnnxSession;

/**
 * Runs of the model's graph over slices of sequences, side by side without padding. Mutable (the
 * rotary table moves): one owner, one call at a time.
 */
final class ModelRun implements AutoCloseable {
  /** Rows of the table that copying one costs as much as sending. */
  private static final long FEW = 4;

  private final ModelConfig config;
  private final OnnxSession session;
  private final RotaryWindow rotary;
  private final RunSize size;

  ModelRun(ModelConfig config, RopeScaling rope, OnnxSession session, RunSize size) {
    this.config = config;
    this.session = session;
    this.size = size;
    this.rotary = new RotaryWindow(config, rope, size.padded());
  }

  /**
   * What one slice gave.
   *
   * @param rated in the order of its rows
   * @param selected per layer [tokens, KV heads, width]; empty if not asked for
   */
  @SuppressWarnings("ArrayRecordComponent") // read once, never compared
  record Result(TokenLogProbs rated, List<int[]> selected, int width) {}

  RunSize size() {
    return size;
  }

  Path endProfile() {
    return session.endProfile();
  }

  /**
   * What one run computes.
   *
   * @param copies made before anything is written
   * @param decoding whether the slices are steps of generations, of one token each
   */
  record Job(List<Slice> slices, List<PageTable.Copy> copies, boolean decoding) {
    Job {
      slices = List.copyOf(slices);
      copies = List.copyOf(copies);
    }

    int longest() {
      return slices.stream().mapToInt(s -> s.past() + s.tokens().length).max().orElseThrow();
    }

    int tokens() {
      return slices.stream().mapToInt(slice -> slice.tokens().length).sum();
    }
  }

  List<Result> run(Job job, AttentionMode mode, boolean observeSelection) {
    Map<String, OnnxTensor> inputs = inputs(job, mode);
    Set<String> outputs = new LinkedHashSet<>(List.of("logprob", "argmax", "argmax_logprob"));
    if (observeSelection) {
      for (int layer = 0; layer < config.layers(); layer++) {
        outputs.add(ModelGraph.selected(layer));
      }
    }
    try {
      return session.run(
          withTables(job, inputs), outputs, read -> results(job.slices(), read, observeSelection));
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  /**
   * A run of an observed graph.
   *
   * @param more inputs that it has beside those of any graph
   */
  <T> T run(
      Job job,
      AttentionMode mode,
      Map<String, OnnxTensor> more,
      Set<String> outputs,
      OnnxSession.ResultReader<T> reader) {
    Map<String, OnnxTensor> inputs = inputs(job, mode);
    inputs.putAll(more);
    try {
      return session.run(withTables(job, inputs), outputs, reader);
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  /** What the vocabulary head reads for a job's rated rows: [R, E], after the last norm. */
  float[] ratedHidden(Job job, AttentionMode mode) {
    Map<String, OnnxTensor> inputs = inputs(job, mode);
    try {
      return session.run(
          withTables(job, inputs),
          Set.of(ModelGraph.RATED_HIDDEN),
          read -> read.floats(ModelGraph.RATED_HIDDEN));
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  private Map<String, OnnxTensor> inputs(Job job, AttentionMode mode) {
    List<Slice> slices = job.slices();
    int longest = job.longest();
    rotary.cover(slices.stream().mapToInt(Slice::past).min().orElseThrow(), longest);
    int runRows = size.rows(job.tokens(), job.decoding());
    Map<String, OnnxTensor> inputs = tokenInputs(slices, runRows);
    inputs.putAll(cacheInputs(slices, job.copies()));
    inputs.put("mode", OnnxSession.tensor(ModeCode.of(mode, longest)));
    int[] positions = positions(job);
    long[] rotaryRows = new long[runRows];
    boolean ownRows = hasOwnRows(job);
    Arrays.setAll(rotaryRows, i -> i < positions.length ? (ownRows ? i : positions[i]) : 0);
    inputs.put("positions", OnnxSession.tensor(rotaryRows));
    if (ownRows) {
      rotary.addRowsTo(inputs, positions);
    }
    if (size.padded()) {
      inputs.put(CudaGraph.DECODING, OnnxSession.tensor(job.decoding() ? 1 : 0));
    }
    return inputs;
  }

  /**
   * Whether each token brings its row of the rotary table: on a device, where the table travels
   * with every run, if that is much less than the table.
   */
  private boolean hasOwnRows(Job job) {
    return size.padded() && FEW * job.tokens() < rotary.rows();
  }

  /** Of each token, counted from where the rotary table begins. */
  private int[] positions(Job job) {
    int[] positions = new int[job.tokens()];
    int token = 0;
    for (Slice slice : job.slices()) {
      for (int i = 0; i < slice.tokens().length; i++) {
        positions[token++] = slice.past() - rotary.first() + i;
      }
    }
    return positions;
  }

  private Map<String, OnnxTensor> withTables(Job job, Map<String, OnnxTensor> inputs) {
    Map<String, OnnxTensor> all = new LinkedHashMap<>(inputs);
    if (!hasOwnRows(job)) {
      rotary.addTo(all);
    }
    return all;
  }

  private static Map<String, OnnxTensor> tokenInputs(List<Slice> slices, int tokenCount) {
    int rowCount = slices.stream().mapToInt(slice -> slice.rows().size()).sum();
    long[] tokens = new long[tokenCount];
    long[] starts = new long[slices.size() + 1];
    // A run that rates nothing still needs a row to run for; nobody reads it.
    long[] rows = new long[Math.max(1, rowCount)];
    long[] targets = new long[rows.length];
    int token = 0;
    int row = 0;
    for (int s = 0; s < slices.size(); s++) {
      Slice slice = slices.get(s);
      starts[s] = token;
      for (Slice.Row rated : slice.rows()) {
        rows[row] = (long) token + rated.token();
        targets[row] = rated.target();
        row++;
      }
      for (int i = 0; i < slice.tokens().length; i++, token++) {
        tokens[token] = slice.tokens()[i];
      }
    }
    starts[slices.size()] = token;
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    inputs.put("tokens", OnnxSession.tensor(tokens));
    inputs.put("sequence_starts", OnnxSession.tensor(starts));
    inputs.put("rows", OnnxSession.tensor(rows));
    inputs.put("targets", OnnxSession.tensor(targets));
    return inputs;
  }

  private static Map<String, OnnxTensor> cacheInputs(
      List<Slice> slices, List<PageTable.Copy> copies) {
    int columns = slices.stream().mapToInt(s -> s.sequence().pageCount()).max().orElseThrow();
    long[] pages = new long[slices.size() * columns];
    long[] past = new long[slices.size()];
    for (int s = 0; s < slices.size(); s++) {
      PageTable.Sequence sequence = slices.get(s).sequence();
      for (int i = 0; i < sequence.pageCount(); i++) {
        pages[s * columns + i] = sequence.page(i);
      }
      past[s] = slices.get(s).past();
    }
    long[] pairs = new long[2 * copies.size()];
    for (int c = 0; c < copies.size(); c++) {
      pairs[2 * c] = copies.get(c).from();
      pairs[2 * c + 1] = copies.get(c).to();
    }
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    inputs.put("pages", OnnxSession.table(pages, slices.size(), columns));
    inputs.put("past_tokens", OnnxSession.tensor(past));
    inputs.put("copies", OnnxSession.table(pairs, copies.size(), 2));
    return inputs;
  }

  private List<Result> results(
      List<Slice> slices, OnnxSession.Outputs outputs, boolean observeSelection) {
    float[] logprob = outputs.floats("logprob");
    int[] argmax = outputs.ints("argmax");
    float[] argmaxLogprob = outputs.floats("argmax_logprob");
    List<int[]> selected = new ArrayList<>();
    int width = 0;
    if (observeSelection) {
      width = (int) outputs.shape(ModelGraph.selected(0))[2];
      for (int layer = 0; layer < config.layers() && width > 0; layer++) {
        selected.add(outputs.ints(ModelGraph.selected(layer)));
      }
    }
    List<Result> results = new ArrayList<>();
    int token = 0;
    int row = 0;
    for (Slice slice : slices) {
      int end = row + slice.rows().size();
      int from = token * config.kvHeads() * width;
      token += slice.tokens().length;
      int to = token * config.kvHeads() * width;
      results.add(
          new Result(
              new TokenLogProbs(
                  Arrays.copyOfRange(logprob, row, end),
                  Arrays.copyOfRange(argmax, row, end),
                  Arrays.copyOfRange(argmaxLogprob, row, end)),
              selected.stream().map(all -> Arrays.copyOfRange(all, from, to)).toList(),
              width));
      row = end;
    }
    return results;
  }

  @Override
  public void close() {
    rotary.close();
    session.close();
  }
}
