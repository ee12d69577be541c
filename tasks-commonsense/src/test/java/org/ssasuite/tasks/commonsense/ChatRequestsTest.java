package org.ssasuite.tasks.commonsense;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.testing.ToyChat;

/**
 * Requests in a chat, as lm-evaluation-harness 0.4.9's own {@code fewshot_context} and {@code
 * construct_requests} made them of these records, with this template.
 */
class ChatRequestsTest {
  private static Question arc(String question) {
    return Question.withAnswers(
        "Question: " + question + "\nAnswer:", List.of("left", "right ways"), 0, List.of(question));
  }

  private static Question winogrande(int number) {
    return Question.withBeginnings(
        List.of("Ann " + number, "Bob " + number), "was late.", 1, List.of("" + number));
  }

  private static List<String> asked(Question question, List<Question> shots) {
    return new ChoiceItem(0, question, shots)
        .requests(Optional.of(new ToyChat())).stream()
            .map(request -> request.context() + "|" + request.continuation())
            .toList();
  }

  @Test
  void shotsAndQuestionAreOneMessage() {
    String context =
        "<s><user>Question: q2\nAnswer: left\n\nQuestion: q0\nAnswer:</user>\n<assistant>\n|";
    assertThat(asked(arc("q0"), List.of(arc("q2"))))
        .containsExactly(context + "left", context + "right ways");
  }

  @Test
  void beginningsAreMessages() {
    assertThat(asked(winogrande(0), List.of()))
        .containsExactly(
            "<s><user>Ann 0</user>\n<assistant>\n|was late.",
            "<s><user>Bob 0</user>\n<assistant>\n|was late.");
  }

  @Test
  void shotsOfBeginningsAreAMessageBefore() {
    String shots = "<s><user>Bob 2 was late.\n\n</user>\n<assistant>\n";
    assertThat(asked(winogrande(0), List.of(winogrande(2))))
        .containsExactly(
            shots + "<s><user>Ann 0</user>\n<assistant>\n|was late.",
            shots + "<s><user>Bob 0</user>\n<assistant>\n|was late.");
  }

  @Test
  void emptyChoiceIsTheWhiteSpaceBeforeIt() {
    Question question = Question.withAnswers("Q", List.of("", "a"), 0, List.of("Q"));
    assertThat(asked(question, List.of()).get(0)).isEqualTo("<s><user>Q</user>\n<assistant>|\n");
  }
}
