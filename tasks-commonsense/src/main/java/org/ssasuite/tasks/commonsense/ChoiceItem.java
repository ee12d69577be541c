package org.ssasuite.tasks.commonsense;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.python.PythonText;
import org.ssasuite.core.request.Chat;
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

  /** What is asked, with a chat template or without. */
  List<RateContinuation> requests(Optional<Chat> chat) {
    return chat.map(this::inChat).orElseGet(this::requests);
  }

  private String solved() {
    return shots.stream().map(Question::example).collect(Collectors.joining());
  }

  /** What is asked: one request for each choice. */
  List<RateContinuation> requests() {
    String solved = solved();
    return IntStream.range(0, question.choices())
        .mapToObj(
            choice ->
                new RateContinuation(
                    solved + question.contexts().get(choice),
                    question.rated(choice),
                    Observe.nothing()))
        .toList();
  }

  /**
   * Shots and question as one message, the choice behind it without a space. Where beginnings
   * differ, the shots are a message by themselves, answered or not, and each beginning is another.
   *
   * <p>Reference: lm-evaluation-harness 0.4.9, {@code --apply_chat_template}: {@code
   * ConfigurableTask.fewshot_context} and {@code construct_requests} in {@code api/task.py}.
   */
  private List<RateContinuation> inChat(Chat chat) {
    String solved = solved();
    boolean beginnings = question.contexts().stream().distinct().count() > 1;
    String head = beginnings && !solved.isEmpty() ? chat.asked(solved) : "";
    return IntStream.range(0, question.choices())
        .mapToObj(
            choice -> {
              String context = question.contexts().get(choice);
              return behind(
                  head + chat.asked(beginnings ? context : solved + context),
                  question.continuations().get(choice));
            })
        .toList();
  }

  /** White space at a context's end is rated with what is behind it, and may be all that is. */
  private RateContinuation behind(String context, String choice) {
    if (!choice.isEmpty()) {
      return new RateContinuation(context, choice, Observe.nothing());
    }
    String begun = PythonText.rstrip(context);
    if (begun.length() == context.length()) {
      throw new BadInputException(
          "record " + number, "has an empty choice, and the chat template ends without a space");
    }
    return new RateContinuation(begun, context.substring(begun.length()), Observe.nothing());
  }
}
