package org.ssasuite.runtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.runtime.cache.PageTable;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.checkpoint.ModelConfig;
import org.ssasuite.runtime.checkpoint.RopeScaling;
import org.ssasuite.runtime.engine.Device;
import org.ssasuite.runtime.engine.RunSize;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.engine.Scheduling;
import org.ssasuite.runtime.graph.ModelGraph;
import org.ssasuite.runtime.graph.ObservedGraph;
import org.ssasuite.runtime.onnx.OnnxSession;
import org.ssasuite.runtime.onnx.PagePool;
import org.ssasuite.runtime.statistics.QueryRange;
import org.ssasuite.runtime.statistics.StatisticColumns;
import org.ssasuite.runtime.statistics.StatisticsRequest;
import org.ssasuite.runtime.statistics.TextStatistics;

/**
 * A loaded checkpoint that tells where its attention goes. Mutable inside (the cache): one owner,
 * one call at a time, closed once.
 */
public final class ObservedModel implements AutoCloseable {
  private final Checkpoint checkpoint;
  private final Scheduling scheduling;
  private final PagePool pool;
  private final ModelRun run;
  private final PageTable pages = new PageTable(CachedRunner.MOST_PAGES);

  private ObservedModel(Checkpoint checkpoint, Scheduling scheduling, PagePool pool, ModelRun run) {
    this.checkpoint = checkpoint;
    this.scheduling = scheduling;
    this.pool = pool;
    this.run = run;
  }

  /**
   * Loads weights.
   *
   * @param rope replaces what the config states; absent: that stays
   * @throws BadInputException for corrupt or non-finite weights, a missing operator library, or a
   *     CUDA device: its kernels make no statistics yet
   */
  public static ObservedModel load(
      Checkpoint checkpoint,
      RuntimeOptions options,
      Optional<RopeScaling> rope,
      Scheduling scheduling) {
    if (options.device() == Device.CUDA) {
      throw new BadInputException("--device cuda", ObservedGraph.CPU_ONLY);
    }
    ModelConfig config = checkpoint.config();
    PagePool pool = SsaModel.pool(config, options);
    try {
      byte[] graph =
          ModelGraph.writeObserved(config, checkpoint.layout(), options.isa(), pool.id());
      OnnxSession session =
          OnnxSession.open(graph, SsaModel.weights(checkpoint), options, Optional.empty());
      RopeScaling scaling = rope.orElse(config.ropeScaling());
      ModelRun run = new ModelRun(config, scaling, session, RunSize.on(options.device()));
      return new ObservedModel(checkpoint, scheduling, pool, run);
    } catch (RuntimeException e) {
      pool.close();
      throw e;
    }
  }

  /**
   * The statistics of one sequence.
   *
   * @param queries over which they are made; what follows the last is not computed
   * @throws BadInputException if an id lies outside of the vocabulary, or the queries outside of
   *     the sequence
   */
  public TextStatistics statistics(
      int[] ids, AttentionMode mode, StatisticsRequest asked, QueryRange queries) {
    return observe(ids, mode, asked, queries, false).statistics();
  }

  /**
   * Statistics, and what was computed beside them.
   *
   * @param logProbability of every id up to the last query but the first
   */
  @SuppressWarnings("ArrayRecordComponent") // read once, never compared
  record Observed(TextStatistics statistics, float[] logProbability) {}

  Observed observe(
      int[] ids, AttentionMode mode, StatisticsRequest asked, QueryRange queries, boolean rating) {
    SsaModel.requireIds(checkpoint, ids);
    if (queries.queries() < 1 || queries.to() > ids.length) {
      throw new BadInputException(
          "queries " + queries.from() + ":" + queries.to(),
          "none, or not among the text's " + ids.length + " tokens");
    }
    StatisticTotals totals =
        new StatisticTotals(checkpoint.config(), new StatisticColumns(asked, mode), queries);
    Set<String> outputs = new LinkedHashSet<>(totals.outputs());
    outputs.add("logprob");
    float[] logProbability = new float[rating ? queries.to() - 1 : 0];
    PageTable.Sequence sequence = pages.open();
    try {
      for (int done = 0; done < queries.to(); ) {
        int n = Math.min(scheduling.chunkTokens(), queries.to() - done);
        ModelRun.Job job = job(sequence, ids, done, n, rating ? queries.to() : 0);
        int from = done;
        run.run(
            job,
            mode,
            totals.inputs(),
            outputs,
            read -> {
              totals.take(read);
              // A run that rates nothing has one row all the same.
              int rated = job.slices().get(0).rows().size();
              if (rated > 0) {
                System.arraycopy(read.floats("logprob"), 0, logProbability, from, rated);
              }
              return rated;
            });
        done += n;
      }
    } finally {
      pages.close(sequence);
    }
    return new Observed(totals.statistics(ids.length, checkpoint.gated()), logProbability);
  }

  /** The next tokens, rated by those before {@code end} that follow them. */
  private ModelRun.Job job(PageTable.Sequence sequence, int[] ids, int done, int n, int end) {
    List<PageTable.Copy> copies = pages.extend(sequence, n).stream().toList();
    List<Slice.Row> rows = new ArrayList<>();
    for (int i = done; i < done + n && i + 1 < end; i++) {
      rows.add(new Slice.Row(i - done, ids[i + 1]));
    }
    int[] tokens = Arrays.copyOfRange(ids, done, done + n);
    return new ModelRun.Job(List.of(new Slice(sequence, done, tokens, rows)), copies, false);
  }

  @Override
  public void close() {
    run.close();
    pool.close();
  }
}
