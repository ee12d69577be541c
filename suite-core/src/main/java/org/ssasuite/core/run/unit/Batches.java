package org.ssasuite.core.run.unit;

import java.util.ArrayList;
import java.util.List;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.task.Sample;
import org.ssasuite.core.task.Task;

/**
 * Which samples of a task are answered together. What several requests begin with is computed once
 * within a batch, and a batch is what a run can lose; so a batch is also what a run can be cut
 * into, and whoever answers it does the same work.
 */
public final class Batches {
  /** Some 16,000 to 32,000 tokens of text: a few runs of a model, seconds rather than minutes. */
  private static final long CHARACTERS = 100_000;

  private Batches() {}

  /**
   * The batches from a sample on that a batch begins with: at most {@code most} samples each, and
   * as many as a model has good use for at once or asks for. More would only delay progress, and be
   * lost if the run is killed.
   *
   * @param most at least 1
   * @param least how many the model wants together, however long they are
   */
  public static <S extends Sample> List<SampleRange> of(
      Task<S> task, List<S> samples, int first, int most, int least) {
    List<SampleRange> batches = new ArrayList<>();
    int from = first;
    while (from < samples.size()) {
      int to = end(task, samples, from, most, least);
      batches.add(new SampleRange(from, to));
      from = to;
    }
    return batches;
  }

  private static <S extends Sample> int end(
      Task<S> task, List<S> samples, int from, int most, int least) {
    long characters = 0;
    int to = from;
    while (to < samples.size()
        && to - from < most
        && (characters < CHARACTERS || to - from < least)) {
      for (Request<?> request : task.requests(samples.get(to))) {
        characters += characters(request);
      }
      to++;
    }
    return to;
  }

  private static long characters(Request<?> request) {
    return request.fold(
        generate -> (long) generate.prompt().length(),
        continuation ->
            (long) continuation.context().length() + continuation.continuation().length(),
        document -> (long) document.text().length(),
        comparison -> (long) comparison.text().length());
  }
}
