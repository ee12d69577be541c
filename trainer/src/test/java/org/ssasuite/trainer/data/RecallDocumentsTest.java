package org.ssasuite.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RecallDocumentsTest {
  private static final Pattern QUESTION =
      Pattern.compile("\nWhat is (the hidden code for the [a-z]+ [a-z]+)\\? (The .+)");

  /** Sentences of made-up words, none of which is a code. */
  private static String book(int sentences) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < sentences; i++) {
      String word = "w" + Integer.toString(i * 7 + 12_345, 26).replaceAll("[0-9]", "x");
      text.append("The ").append(word).append(" went home with ").append(word).append("y. ");
    }
    return text.toString();
  }

  @Test
  void everyQuestionIsAnsweredByASentenceOfThePassage() {
    List<String> documents = new RecallDocuments(0.5, 42).behind(book(2_000));

    assertThat(documents)
        .isNotEmpty()
        .allSatisfy(
            document -> {
              String passage = document.substring(0, document.indexOf("\n\nWhat is"));
              Matcher question = QUESTION.matcher(document);
              int asked = 0;
              while (question.find()) {
                asked++;
                assertThat(question.group(2)).startsWith("T" + question.group(1).substring(1));
                assertThat(passage).containsOnlyOnce(question.group(2));
              }
              assertThat(passage.split("hidden code", -1)).hasSize(asked + 1);
            });
  }

  @Test
  void shareOfCharactersIsKept() {
    String book = book(20_000);
    RecallDocuments recall = new RecallDocuments(0.04, 42);

    long made =
        IntStream.range(0, 10)
            .mapToObj(i -> recall.behind(book))
            .flatMap(List::stream)
            .mapToLong(String::length)
            .sum();

    assertThat((double) made / (made + 10L * book.length())).isBetween(0.038, 0.044);
  }

  @Test
  void seedAndTextsDecide() {
    String book = book(2_000);

    assertThat(new RecallDocuments(0.5, 1).behind(book))
        .isEqualTo(new RecallDocuments(0.5, 1).behind(book))
        .isNotEqualTo(new RecallDocuments(0.5, 2).behind(book));
  }

  @Test
  void textsWithoutSentencesGiveNone() {
    assertThat(new RecallDocuments(0.5, 42).behind("word ".repeat(10_000))).isEmpty();
  }
}
