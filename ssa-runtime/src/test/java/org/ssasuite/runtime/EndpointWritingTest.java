package org.ssasuite.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.ssasuite.runtime.endpoint.Completion;
import org.ssasuite.runtime.endpoint.TokenLog;

/** Answers that a task's own token ends. */
class EndpointWritingTest {
  private static final Set<String> ENDS = Set.of("\n");

  private static EndpointWriting ended(String text, boolean byModel, String... tokens) {
    List<OptionalDouble> rated =
        List.of(tokens).stream().map(token -> OptionalDouble.of(-1)).toList();
    TokenLog log = new TokenLog(List.of(tokens), rated, rated);
    Completion completion =
        new Completion(text, byModel, 3, tokens.length, Optional.of(log), Optional.empty());
    return EndpointWriting.ended(completion, ENDS, 1);
  }

  @Test
  void theTokenThatEndsItIsItsLast() {
    assertThat(ended(" a b\n c", false, " a", " b", "\n", " c"))
        .isEqualTo(new EndpointWriting(" a b\n", 3, Optional.empty()));
  }

  @Test
  void aTokenThatOnlyHoldsItEndsNothing() {
    assertThat(ended(" a\n\n c", false, " a", "\n\n", " c").text()).isEqualTo(" a\n\n c");
  }

  @Test
  void whatTheModelEndedIsWhole() {
    assertThat(ended(" a", true, " a", "</s>"))
        .isEqualTo(new EndpointWriting(" a", 2, Optional.empty()));
  }

  @Test
  void anAnswerThatItsFirstTokenWouldEndIsNone() {
    assertThat(ended("\n a", false, "\n", " a").failure())
        .contains("the most probable first token ends it, and an endpoint takes no other");
    assertThat(ended("", true, "</s>").failure())
        .contains("the server ended it before a token was written that may end nothing");
  }

  @Test
  void anEndThatCannotBePlacedInTheTextIsNone() {
    assertThat(ended(" \u00e9\n", false, " \ufffd", "\ufffd", "\n").failure())
        .contains("where its last token lies in the text cannot be told");
  }
}
