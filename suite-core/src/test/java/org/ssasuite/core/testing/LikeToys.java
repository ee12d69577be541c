package org.ssasuite.core.testing;

import java.util.List;
import java.util.stream.Stream;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.request.Response;
import org.ssasuite.core.task.Aggregate;
import org.ssasuite.core.task.Score;
import org.ssasuite.core.task.Task;
import org.ssasuite.core.task.TaskId;

/** A toy task in all that a test does not make otherwise. */
public interface LikeToys extends Task<ToySample> {
  /** What it is like. */
  ToyTask toys();

  @Override
  default TaskId id() {
    return toys().id();
  }

  @Override
  default String protocol() {
    return toys().protocol();
  }

  @Override
  default String dataDigest() {
    return toys().dataDigest();
  }

  @Override
  default Stream<ToySample> samples() {
    return toys().samples();
  }

  @Override
  default List<Request<?>> requests(ToySample sample) {
    return toys().requests(sample);
  }

  @Override
  default Score score(ToySample sample, List<Response> responses) {
    return toys().score(sample, responses);
  }

  @Override
  default Aggregate aggregate() {
    return toys().aggregate();
  }
}
