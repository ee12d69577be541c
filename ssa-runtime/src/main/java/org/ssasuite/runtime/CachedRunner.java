package org.ssasuite.runtime;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.request.Work;
import org.ssasuite.runtime.cache.PageTable;
import org.ssasuite.runtime.cache.PrefixTree;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.engine.Precision;
import org.ssasuite.runtime.engine.RunSize;
import org.ssasuite.runtime.engine.Scheduling;
import org.ssasuite.runtime.observation.Watch;
import org.ssasuite.runtime.onnx.PagePool;

/**
 * Puts passes through the model: what several begin with goes through once, long ones go through in
 * chunks, short ones side by side. Mutable (the cache): one owner, one call at a time.
 */
final class CachedRunner implements AutoCloseable {
  static final int MOST_PAGES = 1 << 18;

  /** Sharing less than this costs more, in copied pages and small runs, than it saves. */
  private static final int LEAST_SHARED = 32;

  private final ModelRun model;
  private final PagePool pool;
  private final Scheduling scheduling;
  private final PageTable pages = new PageTable(MOST_PAGES);
  private Work work = Work.NONE;

  CachedRunner(ModelRun model, PagePool pool, Scheduling scheduling) {
    this.model = model;
    this.pool = pool;
    this.scheduling = scheduling;
  }

  Work work() {
    return work;
  }

  int pagesInUse() {
    return pages.pagesInUse();
  }

  PagePool.Report memory() {
    return pool.report();
  }

  /**
   * Refuses a text that will be longer than the model is computed for.
   *
   * @throws org.ssasuite.core.BadInputException naming both lengths
   */
  void requireLength(int tokens) {
    model.requireLength(tokens);
  }

  /** The most tokens of one sequence that go through the model at once. */
  int chunk() {
    return scheduling.chunkTokens();
  }

  /**
   * The model up to what its vocabulary head reads, over this cache; what it computes counts here.
   *
   * @param head gives [V, E] fp32
   */
  HiddenReader reader(Checkpoint checkpoint, Precision precision, Supplier<FloatBuffer> head) {
    return HiddenReader.over(
        checkpoint,
        precision,
        head,
        model,
        pages,
        tokens -> work = work.plus(new Work(1, tokens, 0)));
  }

  /** Ends the record that the model's session was opened with; gives its file. */
  Path endProfile() {
    return model.endProfile();
  }

  /** Results in the order of the passes; their cache is given back. */
  List<TokenLogProbs> run(List<Pass> passes, AttentionMode mode) {
    Round round = new Round(passes, mode, false);
    round.run();
    return round.results();
  }

  /** The same, but every pass's sequence stays open in the cache, for {@link #step} to go on. */
  List<Continued> begin(List<Pass> passes, AttentionMode mode) {
    Round round = new Round(passes, mode, true);
    round.run();
    List<TokenLogProbs> results = round.results();
    List<Continued> begun = new ArrayList<>();
    for (int i = 0; i < passes.size(); i++) {
      begun.add(new Continued(round.kept[i], NextToken.of(results.get(i))));
    }
    return begun;
  }

  /**
   * A sequence in the cache and the token behind it. The sequence has to be closed.
   *
   * @param watches what watches it from here on
   * @param forced blocks that it has to take
   */
  record Continued(
      PageTable.Sequence sequence, NextToken next, List<Watch> watches, ForcedBlocks forced) {
    Continued {
      watches = List.copyOf(watches);
    }

    /** Nobody watches. */
    Continued(PageTable.Sequence sequence, NextToken next) {
      this(sequence, next, List.of(), ForcedBlocks.NONE);
    }

    /** A sequence that goes on with an id, whatever its probability. */
    Continued(PageTable.Sequence sequence, int id, List<Watch> watches, ForcedBlocks forced) {
      this(sequence, new NextToken(id, 0), watches, forced);
    }
  }

  /** The most probable id of a row, the lowest of equals, and its log-probability in nats. */
  record NextToken(int id, float logProbability) {
    private static NextToken of(TokenLogProbs row) {
      return new NextToken(row.argmax()[0], row.argmaxLogProbability()[0]);
    }

    /** Whether there is one: a logit that is no number leaves no sum, and so no probability. */
    boolean exists() {
      return Float.isFinite(logProbability);
    }
  }

  void close(PageTable.Sequence sequence) {
    pages.close(sequence);
  }

  /**
   * What the vocabulary head reads behind a sequence: its last token goes through the model once
   * more, in a fork of the sequence, so that no page changes that others read.
   *
   * @param continued the sequence, with its last id
   * @return [E] after the last norm
   */
  float[] hiddenBehind(Continued continued, AttentionMode mode) {
    work = work.plus(new Work(1, 1, 0));
    PageTable.Sequence sequence = continued.sequence();
    int past = sequence.tokens() - 1;
    PageTable.Sequence fork = pages.fork(sequence, past);
    try {
      List<PageTable.Copy> copies = pages.extend(fork, 1).stream().toList();
      List<Slice.Row> rows = List.of(new Slice.Row(0, 0));
      int[] last = {continued.next().id()};
      Slice slice = new Slice(fork, past, last, rows, List.of(), continued.forced());
      return model.ratedHidden(new ModelRun.Job(List.of(slice), copies, true), mode);
    } finally {
      pages.close(fork);
    }
  }

  /** One more id for each sequence; gives the token behind it. */
  List<NextToken> step(List<Continued> sequences, AttentionMode mode) {
    List<NextToken> stepped = new ArrayList<>();
    int most = model.size().stepTokens();
    for (int from = 0; from < sequences.size(); from += most) {
      int to = Math.min(sequences.size(), from + most);
      List<Slice> slices = new ArrayList<>();
      List<PageTable.Copy> copies = new ArrayList<>();
      for (Continued each : sequences.subList(from, to)) {
        int past = each.sequence().tokens();
        pages.extend(each.sequence(), 1).ifPresent(copies::add);
        List<Slice.Row> rows = List.of(new Slice.Row(0, 0));
        int[] id = {each.next().id()};
        slices.add(new Slice(each.sequence(), past, id, rows, each.watches(), each.forced()));
      }
      for (TokenLogProbs rated : runOnce(new ModelRun.Job(slices, copies, true), mode)) {
        stepped.add(NextToken.of(rated));
      }
    }
    return stepped;
  }

  private List<TokenLogProbs> runOnce(ModelRun.Job job, AttentionMode mode) {
    work = work.plus(new Work(1, job.tokens(), 0));
    return model.run(job, mode);
  }

  /** A rated row of a branch: where it stands in its sequence, and whose it is. */
  private record Wanted(int token, int target, int pass, int slot) {}

  /** A node of the tree on its way through the model. Mutable, owned by its round. */
  private static final class Branch {
    final PrefixTree.Node node;
    final PageTable.Sequence sequence;
    final List<Wanted> wanted = new ArrayList<>();
    final List<Watch> watches = new ArrayList<>();
    ForcedBlocks forced = ForcedBlocks.NONE;
    int done;

    Branch(PrefixTree.Node node, PageTable.Sequence sequence) {
      this.node = node;
      this.sequence = sequence;
      this.done = node.from();
    }
  }

  /** One call's passes. Mutable, lives as long as the call. */
  private final class Round {
    private final List<Pass> passes;
    private final AttentionMode mode;
    private final boolean keep;
    private final float[][] logprob;
    private final int[][] argmax;
    private final float[][] argmaxLogprob;
    private final PageTable.Sequence[] kept;
    private final Deque<Branch> ready = new ArrayDeque<>();
    private final List<Branch> open = new ArrayList<>();

    Round(List<Pass> passes, AttentionMode mode, boolean keep) {
      this.passes = passes;
      this.mode = mode;
      this.keep = keep;
      int n = passes.size();
      this.logprob = new float[n][];
      this.argmax = new int[n][];
      this.argmaxLogprob = new float[n][];
      this.kept = new PageTable.Sequence[n];
      for (int i = 0; i < n; i++) {
        int rows = passes.get(i).rows().length;
        logprob[i] = new float[rows];
        argmax[i] = new int[rows];
        argmaxLogprob[i] = new float[rows];
      }
    }

    void run() {
      // Before anything is computed, rather than when a chunk gets there.
      passes.forEach(pass -> model.requireLength(pass.tokens().length));
      List<int[]> sequences = passes.stream().map(Pass::tokens).toList();
      boolean alone =
          passes.stream().anyMatch(pass -> pass.forced().any())
              || passes.stream().flatMap(p -> p.watches().stream()).anyMatch(Watch::alone);
      PrefixTree tree =
          scheduling.sharing() && !alone
              ? PrefixTree.of(sequences, LEAST_SHARED)
              : PrefixTree.withoutSharing(sequences);
      long all = sequences.stream().mapToLong(ids -> ids.length).sum();
      work = work.plus(new Work(0, 0, all - tree.size()));
      try {
        for (int i = tree.roots().size() - 1; i >= 0; i--) {
          push(tree.roots().get(i), pages.open());
        }
        while (!ready.isEmpty()) {
          runBatch();
        }
      } catch (RuntimeException e) {
        open.forEach(branch -> pages.close(branch.sequence));
        Arrays.stream(kept).filter(s -> s != null).forEach(pages::close);
        throw e;
      }
    }

    private void push(PrefixTree.Node node, PageTable.Sequence sequence) {
      Branch branch = new Branch(node, sequence);
      collect(node, branch);
      open.add(branch);
      ready.push(branch);
    }

    /**
     * What watches the passes below, and those of their rows that stand in this branch's stretch.
     */
    private void collect(PrefixTree.Node below, Branch branch) {
      for (int pass : below.ending()) {
        branch.watches.addAll(passes.get(pass).watches());
        // Where a pass forces something nothing is shared.
        branch.forced = passes.get(pass).forced();
        int[] rows = passes.get(pass).rows();
        for (int slot = 0; slot < rows.length; slot++) {
          if (rows[slot] >= branch.node.from() && rows[slot] < branch.node.to()) {
            branch.wanted.add(new Wanted(rows[slot], passes.get(pass).targets()[slot], pass, slot));
          }
        }
      }
      below.children().forEach(child -> collect(child, branch));
    }

    private void runBatch() {
      List<Branch> batch = new ArrayList<>();
      List<Slice> slices = new ArrayList<>();
      List<List<Wanted>> rows = new ArrayList<>();
      List<PageTable.Copy> copies = new ArrayList<>();
      RunSize size = model.size();
      int chunk = size.chunk(scheduling.chunkTokens());
      int longest = 0;
      int tokens = 0;
      while (!ready.isEmpty()) {
        Branch branch = ready.peek();
        int n = Math.min(chunk, branch.node.to() - branch.done);
        int longer = Math.max(longest, branch.done + n);
        if (!batch.isEmpty() && !size.takes(tokens + n, batch.size() + 1, longer)) {
          break;
        }
        longest = longer;
        ready.pop();
        Optional<PageTable.Copy> copy = pages.extend(branch.sequence, n);
        copy.ifPresent(copies::add);
        List<Wanted> own = within(branch, branch.done, branch.done + n);
        int[] ids = passes.get(branch.node.example()).tokens();
        slices.add(
            new Slice(
                branch.sequence,
                branch.done,
                Arrays.copyOfRange(ids, branch.done, branch.done + n),
                own.stream().map(w -> new Slice.Row(w.token() - branch.done, w.target())).toList(),
                branch.watches,
                branch.forced));
        rows.add(own);
        batch.add(branch);
        tokens += n;
      }
      List<TokenLogProbs> results = runOnce(new ModelRun.Job(slices, copies, false), mode);
      for (int i = batch.size() - 1; i >= 0; i--) {
        deliver(rows.get(i), results.get(i));
        Branch branch = batch.get(i);
        branch.done += slices.get(i).tokens().length;
        if (branch.done < branch.node.to()) {
          ready.push(branch);
        } else {
          finish(branch);
        }
      }
    }

    private static List<Wanted> within(Branch branch, int from, int to) {
      return branch.wanted.stream().filter(w -> w.token() >= from && w.token() < to).toList();
    }

    private void deliver(List<Wanted> rows, TokenLogProbs rated) {
      for (int i = 0; i < rows.size(); i++) {
        Wanted row = rows.get(i);
        logprob[row.pass()][row.slot()] = rated.logProbability()[i];
        argmax[row.pass()][row.slot()] = rated.argmax()[i];
        argmaxLogprob[row.pass()][row.slot()] = rated.argmaxLogProbability()[i];
      }
    }

    private void finish(Branch branch) {
      PrefixTree.Node node = branch.node;
      for (int pass : node.ending()) {
        if (keep) {
          kept[pass] = pages.fork(branch.sequence, node.to());
        }
      }
      for (int i = node.children().size() - 1; i >= 0; i--) {
        push(node.children().get(i), pages.fork(branch.sequence, node.to()));
      }
      open.remove(branch);
      pages.close(branch.sequence);
    }

    List<TokenLogProbs> results() {
      List<TokenLogProbs> results = new ArrayList<>();
      for (int i = 0; i < passes.size(); i++) {
        results.add(new TokenLogProbs(logprob[i], argmax[i], argmaxLogprob[i]));
      }
      return results;
    }
  }

  @Override
  public void close() {
    model.close();
    pool.close();
  }
}
