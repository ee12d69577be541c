package org.ssasuite.tasks.commonsense;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.ssasuite.core.request.Observe;
import org.ssasuite.core.request.RateContinuation;
import org.ssasuite.core.task.Sample;

/**
 * A question with the solved ones that are put before it.
 *
 * @param number of the record in its split, from 0
 */
record ChoiceItem(int number, Question question, List<Question> shots) implements Sample {
  ChoiceItem {
    Objects.requireNonNull(question);
    shots = List.copyOf(shots);
  }

  @Override
  public String id() {
    return Integer.toString(number);
  }

  @Override
  public String document() {
    return id();
  }

  /** What is asked: one request for each choice. */
  List<RateContinuation> requests() {
    String solved = shots.stream().map(Question::example).collect(Collectors.joining());
    return IntStream.range(0, question.choices())
        .mapToObj(
            choice ->
                new RateContinuation(
                    solved + question.contexts().get(choice),
                    question.rated(choice),
                    Observe.nothing()))
        .toList();
  }
}
