package org.ssasuite.runtime.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.BadInputException;

class EncodedTextsTest {
  private static final int VOCABULARY = 4096;
  private static final String TEXT = "It was the age of wisdom, it was the age of foolishness.";

  private static TextTokenizer one;
  private static TextTokenizer equal;

  @BeforeAll
  static void load() {
    one = tokenizer("ssa-mini");
    equal = tokenizer("moba-mini");
  }

  private static TextTokenizer tokenizer(String model) {
    return TextTokenizer.load(
        Path.of(System.getProperty("ssa.root"), "models", model, "tokenizer.json"));
  }

  @AfterAll
  static void close() {
    one.close();
    equal.close();
  }

  @Test
  void answersAreTheTokenizers() {
    EncodedTexts texts = new EncodedTexts();

    for (int i = 0; i < 2; i++) {
      TextTokenizer.Tokens tokens = texts.of(one, TEXT, VOCABULARY);
      assertThat(tokens.ids()).isEqualTo(one.encode(TEXT, VOCABULARY).ids());
      assertThat(tokens.textEnds()).isEqualTo(one.encode(TEXT, VOCABULARY).textEnds());
      assertThat(texts.ids(one, TEXT, VOCABULARY)).isEqualTo(one.ids(TEXT, VOCABULARY));
      assertThat(texts.idsWithSpecialTokens(one, TEXT, VOCABULARY))
          .isEqualTo(one.encodeWithSpecialTokens(TEXT, VOCABULARY));
    }
  }

  @Test
  void anEqualTokenizerFindsWhatAnotherHasEncoded() {
    EncodedTexts texts = new EncodedTexts();

    assertThat(texts.ids(equal, TEXT, VOCABULARY)).isSameAs(texts.ids(one, TEXT, VOCABULARY));
  }

  @Test
  void aSmallerVocabularyIsAskedAnew() {
    EncodedTexts texts = new EncodedTexts();
    texts.ids(one, TEXT, VOCABULARY);

    assertThatThrownBy(() -> texts.ids(one, TEXT, 10)).isInstanceOf(BadInputException.class);
  }

  @Test
  void halfASurrogateIsRefusedBehindATextOfTheSameBytes() {
    EncodedTexts texts = new EncodedTexts();
    texts.ids(one, "a?", VOCABULARY);

    assertThatThrownBy(() -> texts.ids(one, "a\ud800", VOCABULARY))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("surrogate");
  }

  @Test
  void whatCannotBeEncodedFailsEachTimeAndIsNotKept() {
    EncodedTexts texts = new EncodedTexts();

    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> texts.of(one, TEXT, 1)).isInstanceOf(BadInputException.class);
    }
    assertThat(texts.tokens()).isZero();
  }

  @Test
  void theLongestUnusedAreGivenUp() {
    int n = one.ids(TEXT, VOCABULARY).length;
    EncodedTexts texts = new EncodedTexts(2L * n);
    int[] first = texts.ids(one, TEXT, VOCABULARY);
    int[] second = texts.ids(one, TEXT.replace("age", "day"), VOCABULARY);
    assertThat(texts.ids(one, TEXT, VOCABULARY)).isSameAs(first);

    texts.ids(one, TEXT.replace("age", "war"), VOCABULARY);

    assertThat(texts.tokens()).isLessThanOrEqualTo(2L * n);
    assertThat(texts.ids(one, TEXT, VOCABULARY)).isSameAs(first);
    assertThat(texts.ids(one, TEXT.replace("age", "day"), VOCABULARY))
        .isEqualTo(second)
        .isNotSameAs(second);
  }

  @Test
  void severalThreadsGetTheSame() {
    EncodedTexts texts = new EncodedTexts();

    List<int[]> all =
        IntStream.range(0, 64)
            .parallel()
            .mapToObj(i -> texts.ids(one, TEXT.repeat(1 + i % 2), VOCABULARY))
            .toList();

    for (int i = 0; i < all.size(); i++) {
      assertThat(all.get(i)).isSameAs(all.get(i % 2));
    }
  }
}
