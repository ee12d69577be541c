package org.ssasuite.runtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.runtime.cache.PageTable;

/**
 * Greedy generation for many prompts at once: prompts go through the model together, then every
 * unfinished sequence gets one more token per run. A sequence ends after {@code maxTokens}, at an
 * id of the config's {@code eos_token_id}, which stays among its ids, or at a stop string.
 */
final class GreedyDecoder {
  /** Sequences that are open at once: bounds the cache, and is far more than a run profits from. */
  private static final int MOST_OPEN = 256;

  private final CachedRunner runner;
  private final AttentionMode mode;
  private final List<Integer> endTokens;
  private final Optional<TextTokenizer> tokenizer;

  GreedyDecoder(
      CachedRunner runner,
      AttentionMode mode,
      List<Integer> endTokens,
      Optional<TextTokenizer> tokenizer) {
    this.runner = runner;
    this.mode = mode;
    this.endTokens = List.copyOf(endTokens);
    this.tokenizer = tokenizer;
  }

  /**
   * What is to be continued.
   *
   * @param prompt at least one id
   */
  @SuppressWarnings("ArrayRecordComponent") // goes to native code as it is
  record Job(int[] prompt, int maxTokens, List<String> stops) {
    Job {
      stops = stops.stream().filter(stop -> !stop.isEmpty()).toList();
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
    boolean done;

    Writer(Job job, PageTable.Sequence sequence) {
      this.job = job;
      this.sequence = sequence;
    }
  }

  private List<GeneratedTokens> runTogether(List<Job> jobs) {
    List<Pass> passes =
        jobs.stream().map(job -> Pass.ratingLast(job.prompt(), new int[] {0})).toList();
    List<CachedRunner.Continued> begun = runner.begin(passes, mode);
    List<Writer> writers = new ArrayList<>();
    for (int i = 0; i < jobs.size(); i++) {
      writers.add(new Writer(jobs.get(i), begun.get(i).sequence()));
    }
    try {
      List<Writer> active = writers;
      List<Integer> next = begun.stream().map(CachedRunner.Continued::next).toList();
      while (!active.isEmpty()) {
        for (int i = 0; i < active.size(); i++) {
          append(active.get(i), next.get(i));
        }
        active = active.stream().filter(writer -> !writer.done).toList();
        next = runner.step(active.stream().map(GreedyDecoder::continued).toList(), mode);
      }
    } finally {
      writers.forEach(writer -> runner.close(writer.sequence));
    }
    return writers.stream()
        .map(writer -> new GeneratedTokens(writer.ids, tokenizer.map(any -> writer.text)))
        .toList();
  }

  private static CachedRunner.Continued continued(Writer writer) {
    return new CachedRunner.Continued(writer.sequence, writer.ids[writer.ids.length - 1]);
  }

  private void append(Writer writer, int id) {
    writer.ids = Arrays.copyOf(writer.ids, writer.ids.length + 1);
    writer.ids[writer.ids.length - 1] = id;
    if (endTokens.contains(id)) {
      writer.done = true;
      return;
    }
    writer.done = writer.ids.length == writer.job.maxTokens();
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
