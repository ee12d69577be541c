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
   * @param spans stretches of the prompt of which it is to be said whether they were selected
   */
  @SuppressWarnings("ArrayRecordComponent") // goes to native code as it is
  record Job(
      int[] prompt,
      int maxTokens,
      List<String> stops,
      int leastTokens,
      Set<Integer> ends,
      List<TokenSpan> spans) {
    Job {
      stops = stops.stream().filter(stop -> !stop.isEmpty()).toList();
      ends = Set.copyOf(ends);
      spans = List.copyOf(spans);
    }

    /** Ends where the config says, and nothing is observed. */
    Job(int[] prompt, int maxTokens, List<String> stops) {
      this(prompt, maxTokens, stops, List.of());
    }

    /** Ends where the config says. */
    Job(int[] prompt, int maxTokens, List<String> stops, List<TokenSpan> spans) {
      this(prompt, maxTokens, stops, 0, Set.of(), spans);
    }
  }

  List<GeneratedTokens> run(List<Job> jobs) {
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
    int[] ids = new int[0];
    String text = "";
    final Optional<SpanTrace> trace;
    boolean done;
    Optional<String> failure = Optional.empty();

    Writer(Job job, PageTable.Sequence sequence, Optional<SpanTrace> trace) {
      this.job = job;
      this.sequence = sequence;
      this.trace = trace;
    }

    /** The id that goes through the model next. */
    int last() {
      return ids.length == 0 ? job.prompt()[job.prompt().length - 1] : ids[ids.length - 1];
    }
  }

  private List<GeneratedTokens> runTogether(List<Job> jobs) {
    List<Optional<SpanTrace>> traces = jobs.stream().map(this::trace).toList();
    List<Pass> passes = new ArrayList<>();
    for (int i = 0; i < jobs.size(); i++) {
      passes.add(prefill(jobs.get(i), traces.get(i).isPresent()));
    }
    List<CachedRunner.Continued> begun = runner.begin(passes, mode);
    List<Writer> writers = new ArrayList<>();
    for (int i = 0; i < jobs.size(); i++) {
      writers.add(new Writer(jobs.get(i), begun.get(i).sequence(), traces.get(i)));
    }
    try {
      for (int i = 0; i < jobs.size(); i++) {
        if (traces.get(i).isEmpty()) {
          append(writers.get(i), begun.get(i).next());
        }
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

  /** Nothing to see where no block is selected, or where a prompt has no token before its last. */
  private Optional<SpanTrace> trace(Job job) {
    if (job.spans().isEmpty() || job.prompt().length < 2) {
      return Optional.empty();
    }
    return SpanTrace.in(mode, job.spans(), runner.kvHeads());
  }

  /**
   * A traced prompt goes without its last id, which is then the first step: what it attends to is
   * observed like that of the others, and nothing of the whole prompt is kept.
   */
  private static Pass prefill(Job job, boolean traced) {
    int[] prompt = job.prompt();
    int[] ids = traced ? Arrays.copyOf(prompt, prompt.length - 1) : prompt;
    return Pass.ratingLast(ids, new int[] {0});
  }

  private void step(List<Writer> active) {
    boolean observed = active.stream().anyMatch(writer -> writer.trace.isPresent());
    List<CachedRunner.Stepped> stepped =
        runner.step(
            active.stream()
                .map(writer -> new CachedRunner.Continued(writer.sequence, writer.last()))
                .toList(),
            mode,
            observed);
    for (int i = 0; i < active.size(); i++) {
      List<int[]> selected = stepped.get(i).selected();
      active.get(i).trace.ifPresent(trace -> trace.add(selected));
      append(active.get(i), stepped.get(i).next());
    }
  }

  private GeneratedTokens generated(Writer writer) {
    return new GeneratedTokens(
        writer.ids,
        tokenizer.map(any -> writer.text),
        writer.trace.map(SpanTrace::selections).orElse(List.of()),
        writer.failure);
  }

  /** The most probable id, or the most probable one that ends nothing while none may. */
  private int allowed(Writer writer, int mostProbable) {
    Job job = writer.job;
    boolean ends = endTokens.contains(mostProbable) || job.ends().contains(mostProbable);
    int written = writer.ids.length;
    if (!ends || written >= job.leastTokens()) {
      return mostProbable;
    }
    Set<Integer> excluded = new HashSet<>(endTokens);
    excluded.addAll(job.ends());
    float[] hidden = runner.hiddenBehind(writer.sequence, writer.last(), mode);
    return head.mostProbableBut(hidden, excluded);
  }

  private void append(Writer writer, CachedRunner.NextToken next) {
    if (!next.exists()) {
      int position = writer.job.prompt().length + writer.ids.length;
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
    writer.ids = Arrays.copyOf(writer.ids, writer.ids.length + 1);
    writer.ids[writer.ids.length - 1] = id;
    if (endTokens.contains(id)) {
      writer.done = true;
      return;
    }
    writer.done = writer.ids.length == writer.job.maxTokens() || writer.job.ends().contains(id);
    if (tokenizer.isPresent()) {
      writer.text = tokenizer.orElseThrow().decode(writer.ids);
      OptionalInt stop = firstStop(writer);
      if (stop.isPresent()) {
        writer.text = writer.text.substring(0, stop.getAsInt());
        writer.done = true;
      }
    }
  }

  private static OptionalInt firstStop(Writer writer) {
    return writer.job.stops().stream().mapToInt(writer.text::indexOf).filter(at -> at >= 0).min();
  }
}
