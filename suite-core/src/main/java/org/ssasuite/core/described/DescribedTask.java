package org.ssasuite.core.described;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.ssasuite.core.task.Sample;
import org.ssasuite.core.task.Task;
import org.ssasuite.core.task.TaskId;

/** What the tasks of all kinds have in common. */
abstract class DescribedTask<S extends Sample> implements Task<S> {
  private final Frame frame;
  private final String dataDigest;
  private final List<S> items;

  DescribedTask(Frame frame, String dataDigest, List<S> items) {
    this.frame = Objects.requireNonNull(frame);
    this.dataDigest = Objects.requireNonNull(dataDigest);
    this.items = List.copyOf(items);
  }

  @Override
  public final TaskId id() {
    return frame.id();
  }

  @Override
  public final String protocol() {
    return frame.protocol();
  }

  @Override
  public final String dataDigest() {
    return dataDigest;
  }

  @Override
  public final Stream<S> samples() {
    return items.stream();
  }

  /** The first samples as they are asked, a line each, or more. */
  final Stream<String> lines(int limit) {
    return items.stream().limit(limit).flatMap(this::lines);
  }

  /** What a sample asks, as JSON. */
  abstract Stream<String> lines(S sample);
}
