package org.ssasuite.core.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.request.Truncation;
import org.ssasuite.core.testing.ToyChat;

class ChatOrderTest {
  @Test
  void nothingSaidIsNothingInAnOrder() {
    assertThat(ChatOrder.own(Optional.empty(), Optional.empty())).isEmpty();
  }

  @Test
  void dayIsNothingWithoutATemplate() {
    assertThatThrownBy(() -> ChatOrder.own(Optional.empty(), Optional.of("2024-07-26")))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith("--chat-date");
  }

  @ParameterizedTest
  @ValueSource(strings = {"26 Jul 2024", "2024-02-30", "0999-01-01", "+12024-01-01", ""})
  void otherFormsOfADayAreRefused(String day) {
    assertThatThrownBy(() -> ChatOrder.own(Optional.of("default"), Optional.of(day)))
        .hasMessageContaining("is no day as 2024-07-26");
  }

  @Test
  void orderSaysTemplateAndDay() {
    TaskOrder order =
        TaskOrder.of("piqa").withOwn(ChatOrder.own(Optional.of("rag"), Optional.of("2024-07-26")));
    assertThat(ChatOrder.of(order))
        .contains(new ChatOrder("rag", Optional.of(LocalDate.of(2024, 7, 26))));
  }

  @Test
  void dayAloneInAnOrderIsRefused() {
    TaskOrder order = TaskOrder.of("piqa").withOwn(Map.of(ChatOrder.DATE, List.of("2024-07-26")));
    assertThatThrownBy(() -> ChatOrder.of(order)).isInstanceOf(BadInputException.class);
  }

  @Test
  void protocolSaysTheTemplateWhereItSaidNone() {
    assertThat(ChatOrder.said("long/greedy/no-chat-template", Optional.of(new ToyChat())))
        .isEqualTo("long/greedy/chat-template-c0ffeec0ffee");
  }

  @Test
  void protocolSaysTheTemplateBehindAllElse() {
    assertThat(ChatOrder.said("RULER nvidia-2025, greedy", Optional.of(new ToyChat())))
        .isEqualTo("RULER nvidia-2025, greedy, chat-template-c0ffeec0ffee");
  }

  @Test
  void truncationSaysTheTemplateToo() {
    assertThat(new Truncation.InChat(new Truncation.Middle(8), new ToyChat()).text())
        .isEqualTo("middle:8/chat-template-c0ffeec0ffee");
  }
}
