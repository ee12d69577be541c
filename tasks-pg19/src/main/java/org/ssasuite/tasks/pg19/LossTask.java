package org.ssasuite.tasks.pg19;

import java.util.List;
import java.util.stream.Stream;
import org.ssasuite.core.metrics.LossMetrics;
import org.ssasuite.core.request.Observe;
import org.ssasuite.core.request.RateDocument;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.request.Windows;
import org.ssasuite.core.task.Aggregate;
import org.ssasuite.core.task.Sample;
import org.ssasuite.core.task.Task;
import org.ssasuite.core.task.TaskId;

/**
 * The loss on texts, each of which is one request.
 *
 * @param <S> a text
 */
abstract class LossTask<S extends Sample> implements Task<S> {
  private final TaskId id;
  private final Windows window;
  private final String dataDigest;
  private final List<S> texts;

  LossTask(TaskId id, Windows window, String dataDigest, List<S> texts) {
    this.id = id;
    this.window = window;
    this.dataDigest = dataDigest;
    this.texts = List.copyOf(texts);
  }

  /** What of a sample a model reads. */
  abstract String text(S sample);

  @Override
  public final TaskId id() {
    return id;
  }

  @Override
  public final String dataDigest() {
    return dataDigest;
  }

  @Override
  public final Stream<S> samples() {
    return texts.stream();
  }

  @Override
  public final List<Request<?>> requests(S sample) {
    return List.of(new RateDocument(text(sample), window, Observe.nothing()));
  }

  @Override
  public final Aggregate aggregate() {
    return LossMetrics.AGGREGATE;
  }
}
