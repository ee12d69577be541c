package org.ssasuite.runtime;

import ai.onnxruntime.OnnxTensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.attention.RandomBlocks;
import org.ssasuite.runtime.cache.PageTable;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.checkpoint.ModelConfig;
import org.ssasuite.runtime.checkpoint.RopeScaling;
import org.ssasuite.runtime.checkpoint.TextLimit;
import org.ssasuite.runtime.engine.Device;
import org.ssasuite.runtime.engine.RunSize;
import org.ssasuite.runtime.graph.AttentionAsk;
import org.ssasuite.runtime.graph.CudaGraph;
import org.ssasuite.runtime.graph.ModeCode;
import org.ssasuite.runtime.graph.ModelGraph;
import org.ssasuite.runtime.graph.ObservedGraph;
import org.ssasuite.runtime.observation.RunWatch;
import org.ssasuite.runtime.onnx.OnnxSession;
import org.ssasuite.runtime.operator.AskedInputs;

/**
 * Runs of the model's graph over slices of sequences, side by side without padding. Mutable (the
 * rotary table moves): one owner, one call at a time.
 */
final class ModelRun implements AutoCloseable {
  /** Rows of the table that copying one costs as much as sending. */
  private static final long FEW = 4;

  private final ModelConfig config;
  private final String name;
  private final OnnxSession session;
  private final RotaryWindow rotary;
  private final Optional<TextLimit> limit;
  private final RunSize size;

  ModelRun(Checkpoint checkpoint, RopeScaling rope, OnnxSession session, RunSize size) {
    this.config = checkpoint.config();
    this.name = checkpoint.name();
    this.session = session;
    this.size = size;
    this.limit = config.limit(rope);
    this.rotary = new RotaryWindow(config, rope, size.padded());
  }

  /**
   * Refuses a text that is longer than the model is computed for.
   *
   * @throws org.ssasuite.core.BadInputException naming both lengths
   */
  void requireLength(int tokens) {
    limit.ifPresent(most -> most.require("model " + name, tokens));
  }

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

    RunWatch watch() {
      return new RunWatch(
          slices.stream()
              .map(slice -> new RunWatch.Sequence(slice.positions(), slice.watches()))
              .toList());
    }

    int tokens() {
      return slices.stream().mapToInt(slice -> slice.tokens().length).sum();
    }
  }

  /**
   * Runs, and hands what is watched to who watches it.
   *
   * @return of each slice what its rows are rated at, in their order
   */
  List<TokenLogProbs> run(Job job, AttentionMode mode) {
    Map<String, OnnxTensor> inputs = inputs(job, mode);
    Set<String> outputs = new LinkedHashSet<>(List.of("logprob", "argmax", "argmax_logprob"));
    outputs.addAll(job.watch().outputs(config.layers()));
    try {
      return session.run(
          withTables(job, inputs),
          outputs,
          read -> {
            job.watch().deliver(read);
            return rated(job.slices(), read);
          });
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  /** What the vocabulary head reads for a job's rated rows: [R, E], after the last norm. */
  float[] ratedHidden(Job job, AttentionMode mode) {
    return outputs(job, mode, List.of(ModelGraph.RATED_HIDDEN)).get(0);
  }

  /** A job's outputs of fp32, in the order of their names. */
  List<float[]> outputs(Job job, AttentionMode mode, List<String> names) {
    Map<String, OnnxTensor> inputs = inputs(job, mode);
    try {
      return session.run(
          withTables(job, inputs),
          new LinkedHashSet<>(names),
          read -> names.stream().map(read::floats).toList());
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  private Map<String, OnnxTensor> inputs(Job job, AttentionMode mode) {
    List<Slice> slices = job.slices();
    int longest = job.longest();
    requireLength(longest);
    rotary.cover(slices.stream().mapToInt(Slice::past).min().orElseThrow(), longest);
    int runRows = size.rows(job.tokens(), job.decoding());
    Map<String, OnnxTensor> inputs = tokenInputs(slices, runRows);
    inputs.putAll(cacheInputs(slices, job.copies()));
    inputs.put("mode", OnnxSession.tensor(modeCode(mode, longest, slices)));
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
    inputs.putAll(AskedInputs.nothing(size.padded() ? Device.CUDA : Device.CPU));
    inputs.put(ObservedGraph.RESIDUAL_TOTALS, OnnxSession.tensor(new double[0], 0, 0, 0, 2));
    job.watch().inputs().forEach((name, tensor) -> replace(inputs, name, tensor));
    if (slices.stream().anyMatch(slice -> !slice.forced().blocks().isEmpty())) {
      forced(slices).forEach((name, tensor) -> replace(inputs, name, tensor));
    }
    return inputs;
  }

  private static long[] modeCode(AttentionMode mode, int longest, List<Slice> slices) {
    long[] code = ModeCode.of(mode, longest);
    if (!ModeCode.isDrawn(mode)) {
      return code;
    }
    slices.forEach(slice -> PageTable.note(slice.sequence(), slice.past(), slice.tokens()));
    int blockSize = (int) code[1];
    return ModeCode.withSeeds(
        code,
        0,
        slices.size(),
        s -> RandomBlocks.documentSeed(slices.get(s).sequence().opening(), blockSize));
  }

  private static Map<String, OnnxTensor> forced(List<Slice> slices) {
    return AskedInputs.of(
        AttentionAsk.FORCED_BLOCKS,
        slices.size(),
        (input, s) -> {
          ForcedBlocks own = slices.get(s).forced();
          return own.blocks().stream().map(block -> new long[] {block, own.firstQuery()}).toList();
        });
  }

  private static void replace(Map<String, OnnxTensor> inputs, String name, OnnxTensor tensor) {
    OnnxTensor before = inputs.put(name, tensor);
    if (before != null) {
      before.close();
    }
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

  private static List<TokenLogProbs> rated(List<Slice> slices, OnnxSession.Outputs outputs) {
    float[] logprob = outputs.floats("logprob");
    int[] argmax = outputs.ints("argmax");
    float[] argmaxLogprob = outputs.floats("argmax_logprob");
    List<TokenLogProbs> results = new ArrayList<>();
    int row = 0;
    for (Slice slice : slices) {
      int end = row + slice.rows().size();
      results.add(
          new TokenLogProbs(
              Arrays.copyOfRange(logprob, row, end),
              Arrays.copyOfRange(argmax, row, end),
              Arrays.copyOfRange(argmaxLogprob, row, end)));
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
