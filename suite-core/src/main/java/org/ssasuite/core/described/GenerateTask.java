package org.ssasuite.core.described;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.ssasuite.core.python.PythonJson;
import org.ssasuite.core.request.Generate;
import org.ssasuite.core.request.Generation;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.request.Response;
import org.ssasuite.core.task.Aggregate;
import org.ssasuite.core.task.Facet;
import org.ssasuite.core.task.Measure;
import org.ssasuite.core.task.MetricRule;
import org.ssasuite.core.task.MetricRule.Better;
import org.ssasuite.core.task.Score;
import org.ssasuite.core.task.Scored;
import org.ssasuite.core.task.Transform;

/**
 * Prompts that a model continues. The metric, in percent, is the mean over rows; facet {@code
 * prompt} says whether the prompt was read whole or cut.
 */
final class GenerateTask extends DescribedTask<GenerateTask.Item> {
  private final AnswerScoring metric;
  private final GenerateKind.Take take;

  /** What is asked about a row, and what is expected. */
  record Item(RowName name, Generate request, List<String> answers) implements RowSample {
    Item {
      Objects.requireNonNull(name);
      Objects.requireNonNull(request);
      answers = List.copyOf(answers);
    }
  }

  GenerateTask(
      Frame frame,
      String dataDigest,
      List<Item> items,
      AnswerScoring metric,
      GenerateKind.Take take) {
    super(frame, dataDigest, items);
    this.metric = Objects.requireNonNull(metric);
    this.take = Objects.requireNonNull(take);
  }

  @Override
  public List<Request<?>> requests(Item item) {
    return List.of(item.request());
  }

  @Override
  public List<String> expected(Item item) {
    return item.answers();
  }

  @Override
  public Score score(Item item, List<Response> responses) {
    Generation generation = (Generation) responses.get(0);
    double value = metric.score(take.of(generation.text()), item.answers());
    Measure whole = Measure.of(metric.text(), value, 1);
    Facet prompt = new Facet("prompt", generation.fit().truncated() ? "cut" : "whole");
    return new Scored(List.of(whole, whole.in(prompt)), Optional.of(generation.text()));
  }

  @Override
  public Aggregate aggregate() {
    return new Aggregate(List.of(new MetricRule(metric.text(), Transform.PERCENT, Better.HIGHER)));
  }

  @Override
  Stream<String> lines(Item item) {
    return Stream.of(
        "{\"doc\": "
            + PythonJson.dumps(item.id())
            + ", \"prompt\": "
            + PythonJson.dumps(item.request().prompt())
            + ", \"answers\": "
            + PythonJson.dumps(item.answers())
            + "}");
  }
}
