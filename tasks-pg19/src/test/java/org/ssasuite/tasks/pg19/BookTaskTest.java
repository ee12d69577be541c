package org.ssasuite.tasks.pg19;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.request.ContextFit;
import org.ssasuite.core.request.DocumentRating;
import org.ssasuite.core.request.Observe;
import org.ssasuite.core.request.RateDocument;
import org.ssasuite.core.request.RatedTokens;
import org.ssasuite.core.request.Windows;
import org.ssasuite.core.task.Measure;
import org.ssasuite.core.task.Score;
import org.ssasuite.core.task.Scored;
import org.ssasuite.core.task.TaskId;
import org.ssasuite.core.task.Unscored;

class BookTaskTest {
  private static final Book BOOK = new Book("7", "It was a dark and stormy night.");
  private static final BookTask TASK =
      new BookTask(
          new TaskId("pg19", "pg19", 1),
          new Windows.First(2048),
          new BookFile(List.of(BOOK), "d".repeat(64)));

  private static Score score(Book book, int textBegin, int[] textEnds, float... logProbabilities) {
    RatedTokens rated = new RatedTokens(1, textBegin, logProbabilities, textEnds);
    return TASK.score(
        book,
        List.of(
            new DocumentRating(rated, ContextFit.whole(textEnds.length + 1), Optional.empty())));
  }

  private static Measure measure(Score score, String metric) {
    return ((Scored) score)
        .measures().stream().filter(m -> m.metric().equals(metric)).findFirst().orElseThrow();
  }

  @Test
  void asksForTheFirstTokensOfTheText() {
    assertThat(TASK.requests(BOOK))
        .isEqualTo(
            List.of(new RateDocument(BOOK.text(), new Windows.First(2048), Observe.nothing())));
  }

  @Test
  void lossIsDividedByTheWordsOfTheRatedStretch() {
    // "It" is not rated; " was", " a" are
    Score score = score(BOOK, 2, new int[] {6, 8}, -3, -1);

    assertThat(measure(score, "word_perplexity")).isEqualTo(Measure.of("word_perplexity", 2, 2));
  }

  @Test
  void lossIsDividedByTheBytesOfTheRatedStretch() {
    Score score = score(new Book("8", "Un caf\u00e9 noir"), 2, new int[] {7}, -6);

    assertThat(measure(score, "bits_per_byte")).isEqualTo(Measure.of("bits_per_byte", 1, 6));
  }

  @Test
  void wordCutByTheEndOfTheStretchCountsAsOne() {
    // " was", " a", " da"
    Score score = score(BOOK, 2, new int[] {6, 8, 11}, -1, -1, -1);

    assertThat(measure(score, "word_perplexity").weight()).isEqualTo(3);
  }

  @Test
  void wordCutByTheBeginOfTheStretchCountsAsOne() {
    // "I" is not rated; "t", " was" are
    Score score = score(BOOK, 1, new int[] {2, 6}, -1, -1);

    assertThat(measure(score, "word_perplexity").weight()).isEqualTo(2);
  }

  @Test
  void tokenLossIsTheMeanOverRatedTokens() {
    Score score = score(BOOK, 2, new int[] {6, 8}, -3, -1);

    assertThat(measure(score, "token_nats")).isEqualTo(Measure.of("token_nats", 2, 2));
  }

  @Test
  void headlineComesFirst() {
    Score score = score(BOOK, 2, new int[] {6, 8}, -3, -1);

    assertThat(((Scored) score).measures().get(0).metric()).isEqualTo("word_perplexity");
  }

  @Test
  void documentOfOneTokenIsUnscored() {
    assertThat(score(BOOK, 2, new int[0]))
        .isEqualTo(new Unscored("fewer than 2 tokens: there is none to rate"));
  }

  @Test
  void impossibleTokenLeavesALongDocumentUnscored() {
    Book book = new Book("9", "a ".repeat(2048));
    int[] ends = new int[2047];
    float[] logProbabilities = new float[2047];
    for (int i = 0; i < ends.length; i++) {
      ends[i] = 2 * i + 4;
    }
    logProbabilities[5] = Float.NEGATIVE_INFINITY;

    assertThat(score(book, 2, ends, logProbabilities))
        .isEqualTo(new Unscored("the log-probability of token 6 is -Infinity"));
  }
}
