package org.ssasuite.runtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.runtime.cache.PageTable;
import org.ssasuite.runtime.observation.Watch;
import org.ssasuite.runtime.tokenizer.TextTokenizer;
import org.ssasuite.runtime.tokenizer.WrittenText;

/**
 * Greedy generation for many prompts at once: prompts go through the model together, then every
 * unfinished sequence gets one more token per run. A sequence ends after {@code maxTokens}, at an
 * id of the config's {@code eos_token_id}, which stays among its ids but is no part of its text, at
 * an end of its own, which is, or at a stop string. Where the logits are no numbers there is no
 * most probable token: the sequence ends there, and its failure says so.
 */
final class GreedyDecoder {
  /** Sequences that are open at once: bounds the cache, and is far more than a run profits from. */
  private static final int MOST_OPEN = 256;

  private final CachedRunner runner;
  private final VocabularyHead head;
  private final AttentionMode mode;
  private final List<Integer> endTokens;
  private final Optional<TextTokenizer> tokenizer;

  GreedyDecoder(
      CachedRunner runner,
      VocabularyHead head,
      AttentionMode mode,
      List<Integer> endTokens,
      Optional<TextTokenizer> tokenizer) {
    this.runner = runner;
    this.head = head;
    this.mode = mode;
    this.endTokens = List.copyOf(endTokens);
    this.tokenizer = tokenizer;
  }

  /**
   * What is to be continued.
   *
   * @param prompt at least one id
   * @param leastTokens so many are written before an end token may end it
   * @param ends ids that end it beside those of the config
   * @param watches what watches the sequence on its way
   * @param forced blocks that it has to take
   */
  @SuppressWarnings("ArrayRecordComponent") // goes to native code as it is
  record Job(
      int[] prompt,
      int maxTokens,
      List<String> stops,
      int leastTokens,
      Set<Integer> ends,
      List<Watch> watches,
      ForcedBlocks forced) {
    Job {
      stops = stops.stream().filter(stop -> !stop.isEmpty()).toList();
      ends = Set.copyOf(ends);
      watches = List.copyOf(watches);
    }

    /** Tokens that the model has read when as many are written as may be. */
    int mostRead() {
      long read = (long) prompt.length + Math.max(0, maxTokens - 1);
      return (int) Math.min(read, Integer.MAX_VALUE);
    }

    /** Chooses blocks freely. */
    Job(
        int[] prompt,
        int maxTokens,
        List<String> stops,
        int leastTokens,
        Set<Integer> ends,
        List<Watch> watches) {
      this(prompt, maxTokens, stops, leastTokens, ends, watches, ForcedBlocks.NONE);
    }

    /** Ends where the config says, and nobody watches. */
    Job(int[] prompt, int maxTokens, List<String> stops) {
      this(prompt, maxTokens, stops, List.of());
    }

    /** Ends where the config says. */
    Job(int[] prompt, int maxTokens, List<String> stops, List<Watch> watches) {
      this(prompt, maxTokens, stops, 0, Set.of(), watches);
    }
  }

  List<GeneratedTokens> run(List<Job> jobs) {
    jobs.forEach(job -> runner.requireLength(job.mostRead()));
    List<GeneratedTokens> done = new ArrayList<>();
    for (int from = 0; from < jobs.size(); from += MOST_OPEN) {
      done.addAll(runTogether(jobs.subList(from, Math.min(jobs.size(), from + MOST_OPEN))));
    }
    return done;
  }

  /** A sequence that is being written. Mutable, lives as long as the call. */
  private static final class Writer {
    final Job job;
    final PageTable.Sequence sequence;

    /** Only where each token may end it by a stop string: the text at the end is cheaper. */
    final Optional<WrittenText> text;

    private int[] ids = new int[16];
    private int count;
    OptionalInt stop = OptionalInt.empty();
    boolean done;
    Optional<String> failure = Optional.empty();

    Writer(Job job, PageTable.Sequence sequence, Optional<WrittenText> text) {
      this.job = job;
      this.sequence = sequence;
      this.text = text;
    }

    void add(int id) {
      if (count == ids.length) {
        ids = Arrays.copyOf(ids, 2 * count);
      }
      ids[count++] = id;
    }

    int written() {
      return count;
    }

    int[] ids() {
      return Arrays.copyOf(ids, count);
    }

    /** The id that goes through the model next. */
    int last() {
      return count == 0 ? job.prompt()[job.prompt().length - 1] : ids[count - 1];
    }
  }

  private List<GeneratedTokens> runTogether(List<Job> jobs) {
    List<Pass> passes = jobs.stream().map(GreedyDecoder::prefill).toList();
    List<CachedRunner.Continued> begun = runner.begin(passes, mode);
    List<Writer> writers = new ArrayList<>();
    for (int i = 0; i < jobs.size(); i++) {
      writers.add(writer(jobs.get(i), begun.get(i).sequence()));
    }
    try {
      for (int i = 0; i < jobs.size(); i++) {
        append(writers.get(i), begun.get(i).next());
      }
      List<Writer> active = writers.stream().filter(writer -> !writer.done).toList();
      while (!active.isEmpty()) {
        step(active);
        active = active.stream().filter(writer -> !writer.done).toList();
      }
    } finally {
      writers.forEach(writer -> runner.close(writer.sequence));
    }
    return writers.stream().map(this::generated).toList();
  }

  private Writer writer(Job job, PageTable.Sequence sequence) {
    return new Writer(
        job, sequence, tokenizer.filter(any -> !job.stops().isEmpty()).map(WrittenText::new));
  }

  private static Pass prefill(Job job) {
    return Pass.ratingLast(job.prompt(), new int[] {0})
        .watchedBy(job.watches())
        .forcing(job.forced());
  }

  private void step(List<Writer> active) {
    List<CachedRunner.NextToken> stepped =
        runner.step(active.stream().map(GreedyDecoder::continued).toList(), mode);
    for (int i = 0; i < active.size(); i++) {
      append(active.get(i), stepped.get(i));
    }
  }

  private static CachedRunner.Continued continued(Writer writer) {
    return new CachedRunner.Continued(
        writer.sequence, writer.last(), writer.job.watches(), writer.job.forced());
  }

  private GeneratedTokens generated(Writer writer) {
    return new GeneratedTokens(
        writer.ids(), tokenizer.map(any -> text(writer, any)), writer.failure);
  }

  private String text(Writer writer, TextTokenizer with) {
    if (writer.text.isPresent()) {
      String text = writer.text.get().text();
      return writer.stop.isPresent() ? text.substring(0, writer.stop.getAsInt()) : text;
    }
    int[] ids = writer.ids();
    boolean ended = ids.length > 0 && endTokens.contains(ids[ids.length - 1]);
    return with.decode(ended ? Arrays.copyOf(ids, ids.length - 1) : ids);
  }

  /** The most probable id, or the most probable one that ends nothing while none may. */
  private int allowed(Writer writer, int mostProbable) {
    Job job = writer.job;
    boolean ends = endTokens.contains(mostProbable) || job.ends().contains(mostProbable);
    if (!ends || writer.written() >= job.leastTokens()) {
      return mostProbable;
    }
    Set<Integer> excluded = new HashSet<>(endTokens);
    excluded.addAll(job.ends());
    float[] hidden = runner.hiddenBehind(continued(writer), mode);
    return head.mostProbableBut(hidden, excluded);
  }

  private void append(Writer writer, CachedRunner.NextToken next) {
    if (!next.exists()) {
      int position = writer.job.prompt().length + writer.written();
      writer.failure =
          Optional.of(
              "the log-probability of the most probable token at position "
                  + position
                  + " is "
                  + next.logProbability());
      writer.done = true;
      return;
    }
    append(writer, allowed(writer, next.id()));
  }

  private void append(Writer writer, int id) {
    writer.add(id);
    if (endTokens.contains(id)) {
      writer.done = true;
      return;
    }
    boolean last = writer.written() == writer.job.maxTokens();
    writer.text.ifPresent(
        text -> {
          text.add(id);
          writer.stop = text.firstOf(writer.job.stops());
        });
    writer.done = last || writer.job.ends().contains(id) || writer.stop.isPresent();
  }
}
