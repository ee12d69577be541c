package org.ssasuite.core.testing;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ssasuite.core.request.Generate;
import org.ssasuite.core.request.Generation;
import org.ssasuite.core.request.Observe;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.request.Response;
import org.ssasuite.core.task.Aggregate;
import org.ssasuite.core.task.Facet;
import org.ssasuite.core.task.Measure;
import org.ssasuite.core.task.MetricRule;
import org.ssasuite.core.task.Score;
import org.ssasuite.core.task.Scored;
import org.ssasuite.core.task.Task;
import org.ssasuite.core.task.TaskId;
import org.ssasuite.core.task.Transform;
import org.ssasuite.core.task.Unscored;

/**
 * Asks for the double of each number. An answer without digits cannot be scored; the length of the
 * answer is a second metric.
 *
 * @param count how many samples, numbers 0 … count − 1
 * @param observe what each request asks to observe
 */
public record ToyTask(int count, Observe observe) implements Task<ToySample> {
  public static final String CORRECT = "correct";
  public static final String LENGTH = "length";

  public static ToyTask of(int count) {
    return new ToyTask(count, Observe.nothing());
  }

  @Override
  public TaskId id() {
    return new TaskId("toys", "doubling", 1);
  }

  @Override
  public String protocol() {
    return "doubling, greedy, 4 tokens";
  }

  @Override
  public String dataDigest() {
    return "00".repeat(32);
  }

  @Override
  public Stream<ToySample> samples() {
    return IntStream.range(0, count).mapToObj(ToySample::new);
  }

  @Override
  public List<Request<?>> requests(ToySample sample) {
    return List.of(new Generate("2 * " + sample.number() + " =", 4, List.of("\n"), observe));
  }

  @Override
  public Score score(ToySample sample, List<Response> responses) {
    String text = ((Generation) responses.get(0)).text();
    OptionalInt answer = number(text);
    if (answer.isEmpty()) {
      return new Unscored("no number in the answer");
    }
    double value = answer.getAsInt() == 2 * sample.number() ? 1 : 0;
    Facet parity = new Facet("parity", sample.number() % 2 == 0 ? "even" : "odd");
    Measure correct = Measure.of(CORRECT, value, 1);
    return new Scored(
        List.of(correct, correct.in(parity), Measure.of(LENGTH, text.length(), 1)),
        Optional.of(text.strip()));
  }

  private static OptionalInt number(String text) {
    String digits = text.strip();
    return digits.matches("[0-9]{1,9}")
        ? OptionalInt.of(Integer.parseInt(digits))
        : OptionalInt.empty();
  }

  @Override
  public Aggregate aggregate() {
    return new Aggregate(
        List.of(
            new MetricRule(CORRECT, Transform.PERCENT, MetricRule.Better.HIGHER),
            new MetricRule(LENGTH, Transform.EXP, MetricRule.Better.LOWER)));
  }
}
