package org.ssasuite.core.run;

import java.util.List;
import java.util.stream.Stream;
import org.ssasuite.core.request.Generate;
import org.ssasuite.core.request.Observe;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.request.Response;
import org.ssasuite.core.task.Aggregate;
import org.ssasuite.core.task.Score;
import org.ssasuite.core.task.Task;
import org.ssasuite.core.task.TaskId;
import org.ssasuite.core.testing.ToySample;
import org.ssasuite.core.testing.ToyTask;

/** The toy task before much white space. */
record LongToys(int count, int spaces) implements Task<ToySample> {
  private ToyTask toys() {
    return ToyTask.of(count);
  }

  @Override
  public TaskId id() {
    return toys().id();
  }

  @Override
  public String protocol() {
    return toys().protocol();
  }

  @Override
  public String dataDigest() {
    return toys().dataDigest();
  }

  @Override
  public Stream<ToySample> samples() {
    return toys().samples();
  }

  @Override
  public List<Request<?>> requests(ToySample sample) {
    Generate own = (Generate) toys().requests(sample).get(0);
    String prompt = own.prompt() + " ".repeat(spaces);
    return List.of(new Generate(prompt, 4, own.stops(), Observe.nothing()));
  }

  @Override
  public Score score(ToySample sample, List<Response> responses) {
    return toys().score(sample, responses);
  }

  @Override
  public Aggregate aggregate() {
    return toys().aggregate();
  }
}
