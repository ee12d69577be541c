package org.ssasuite.core.described;

import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ssasuite.core.metrics.ChoiceMetrics;
import org.ssasuite.core.python.PythonJson;
import org.ssasuite.core.request.ContinuationRating;
import org.ssasuite.core.request.Observe;
import org.ssasuite.core.request.RateContinuation;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.request.Response;
import org.ssasuite.core.request.Truncation;
import org.ssasuite.core.task.Aggregate;
import org.ssasuite.core.task.Score;

/** Questions with several choices, each rated by itself behind the question and its shots. */
final class ChooseTask extends DescribedTask<ChooseTask.Item> {
  private final Form form;

  /** A row as a question, without shots. */
  record Question(String prompt, List<String> choices, int gold) {
    Question {
      Objects.requireNonNull(prompt);
      choices = List.copyOf(choices);
      Objects.checkIndex(gold, choices.size());
    }

    /** As a shot. */
    String solved(String delimiter) {
      return prompt + delimiter + choices.get(gold);
    }
  }

  /**
   * What is asked about a row.
   *
   * @param context shots and prompt
   */
  record Item(RowName name, String context, List<String> choices, int gold) implements RowSample {
    Item {
      Objects.requireNonNull(name);
      Objects.requireNonNull(context);
      choices = List.copyOf(choices);
    }
  }

  /** What all rows share. */
  record Form(String delimiter, Truncation truncation, ChoiceMetrics metrics) {}

  ChooseTask(Frame frame, String dataDigest, List<Item> items, Form form) {
    super(frame, dataDigest, items);
    this.form = Objects.requireNonNull(form);
  }

  @Override
  public List<Request<?>> requests(Item item) {
    return item.choices().stream()
        .<Request<?>>map(
            choice ->
                new RateContinuation(
                    item.context(),
                    form.delimiter() + choice,
                    Observe.nothing(),
                    form.truncation()))
        .toList();
  }

  @Override
  public List<String> expected(Item item) {
    return List.of(item.choices().get(item.gold()));
  }

  @Override
  public Score score(Item item, List<Response> responses) {
    return form.metrics()
        .score(
            item.choices(),
            item.gold(),
            form.delimiter() + item.choices().get(item.gold()),
            responses.stream().map(ContinuationRating.class::cast).toList());
  }

  @Override
  public Aggregate aggregate() {
    return form.metrics().aggregate();
  }

  /** One of the choices, without a look at any of them. */
  @Override
  public OptionalDouble chance(Item item) {
    return OptionalDouble.of(1.0 / item.choices().size());
  }

  /** A line for each choice. */
  @Override
  Stream<String> lines(Item item) {
    return IntStream.range(0, item.choices().size())
        .mapToObj(
            choice ->
                "{\"doc\": "
                    + PythonJson.dumps(item.id())
                    + ", \"choice\": "
                    + choice
                    + ", \"context\": "
                    + PythonJson.dumps(item.context())
                    + ", \"continuation\": "
                    + PythonJson.dumps(form.delimiter() + item.choices().get(choice))
                    + "}");
  }
}
