package org.ssasuite.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.attention.BlockSparse;
import org.ssasuite.core.attention.Full;
import org.ssasuite.core.attention.SelectionRule;
import org.ssasuite.core.request.BlockObservation;
import org.ssasuite.core.request.ContinuationRating;
import org.ssasuite.core.request.DocumentRating;
import org.ssasuite.core.request.EndTokens;
import org.ssasuite.core.request.Generate;
import org.ssasuite.core.request.Generation;
import org.ssasuite.core.request.LanguageModel;
import org.ssasuite.core.request.Observe;
import org.ssasuite.core.request.RateContinuation;
import org.ssasuite.core.request.RateDocument;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.request.Response;
import org.ssasuite.core.request.SelectedBlocks;
import org.ssasuite.core.request.Truncation;
import org.ssasuite.core.request.Windows;
import org.ssasuite.core.testing.SlowTest;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.engine.RuntimeOptions;

class ModelInModeTest {
  private static final String TEXT =
      "It was the best of times, it was the worst of times, it was the age of wisdom. ".repeat(12);
  private static SsaModel model;

  @BeforeAll
  static void load() {
    Path folder = Path.of(System.getProperty("ssa.root"), "models", "ssa-mini");
    model = SsaModel.load(Checkpoint.open(folder), RuntimeOptions.cpu(2), Optional.empty());
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static AttentionMode sparse() {
    return new BlockSparse(8, 4, SelectionRule.EXACT);
  }

  private static <R extends Response> R only(AttentionMode mode, Request<R> request) {
    try (LanguageModel view = model.in(mode)) {
      return request.typed(view.answer(List.of(request)).get(0));
    }
  }

  private static RateDocument document(String text, Windows windows) {
    return new RateDocument(text, windows, Observe.nothing());
  }

  @Test
  void firstWindowRatesAllTokensButTheFirst() {
    DocumentRating rating = only(new Full(), document(TEXT, new Windows.First(100)));
    assertThat(rating.tokens().size()).isEqualTo(99);
    assertThat(rating.tokens().firstPosition()).isEqualTo(1);
    assertThat(rating.fit().usedTokens()).isEqualTo(100);
    assertThat(rating.fit().truncated()).isTrue();
  }

  @Test
  void firstWindowGivesTheLogProbabilitiesOfItsIds() {
    int[] ids = Arrays.copyOf(model.tokenize(TEXT), 100);
    TokenLogProbs expected = model.logProbabilities(ids, sparse());
    DocumentRating rating = only(sparse(), document(TEXT, new Windows.First(100)));
    for (int i = 0; i < 99; i++) {
      assertThat(rating.tokens().logProbability(i)).isEqualTo(expected.logProbability()[i]);
    }
  }

  @Test
  void stretchBehindAllThatStandsBeforeItIsAFirstWindowsEnd() {
    for (AttentionMode mode : List.of(new Full(), sparse())) {
      DocumentRating first = only(mode, document(TEXT, new Windows.First(100)));
      DocumentRating stretch = only(mode, document(TEXT, new Windows.Stretch(100, 40, 100)));

      assertThat(stretch.tokens().firstPosition()).isEqualTo(60);
      assertThat(stretch.tokens().textBegin()).isEqualTo(first.tokens().textEnd(58));
      assertThat(stretch.fit().truncated()).isFalse();
      for (int i = 0; i < 40; i++) {
        assertThat(stretch.tokens().logProbability(i))
            .isEqualTo(first.tokens().logProbability(59 + i));
        assertThat(stretch.tokens().textEnd(i)).isEqualTo(first.tokens().textEnd(59 + i));
      }
    }
  }

  @Test
  void stretchOfShortPassesReadsOnlyWhatEachMayRead() {
    int[] ids = model.tokenize(TEXT);
    DocumentRating stretch = only(sparse(), document(TEXT, new Windows.Stretch(100, 40, 20)));

    assertThat(stretch.fit().usedTokens()).isEqualTo(80);
    for (int pass = 0; pass < 4; pass++) {
      int to = 70 + 10 * pass;
      TokenLogProbs alone = model.logProbabilities(Arrays.copyOfRange(ids, to - 20, to), sparse());
      for (int i = 0; i < 10; i++) {
        assertThat(stretch.tokens().logProbability(10 * pass + i))
            .isEqualTo(alone.logProbability()[9 + i]);
      }
    }
  }

  @Test
  void stretchBehindTheDocumentsEndIsBadInput() {
    assertThatThrownBy(() -> only(new Full(), document("one", new Windows.Stretch(100, 40, 100))))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("has no token 100");
  }

  @Test
  void rollingWindowsRateEveryTokenOnce() {
    int tokens = model.tokenize(TEXT).length;
    DocumentRating rating = only(new Full(), document(TEXT, new Windows.Rolling(50)));
    assertThat(rating.tokens().size()).isEqualTo(tokens);
    assertThat(rating.tokens().textEnd(tokens - 1)).isEqualTo(TEXT.length());
    assertThat(rating.fit().truncated()).isFalse();
  }

  @Test
  void emptyDocumentHasNoRatedToken() {
    assertThat(only(new Full(), document("", new Windows.Rolling(50))).tokens().size()).isZero();
    assertThat(only(new Full(), document("a", new Windows.First(50))).tokens().size()).isZero();
  }

  @Test
  void answersDoNotDependOnTheirNeighbours() {
    List<Request<?>> requests = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      requests.add(document(TEXT.substring(7 * i), new Windows.First(60 + 5 * i)));
    }
    requests.add(document(TEXT, new Windows.Rolling(33)));
    for (AttentionMode mode : List.of(new Full(), sparse())) {
      try (LanguageModel view = model.in(mode)) {
        List<Response> together = view.answer(requests);
        for (int i = 0; i < requests.size(); i++) {
          DocumentRating alone = (DocumentRating) view.answer(List.of(requests.get(i))).get(0);
          DocumentRating packed = (DocumentRating) together.get(i);
          assertThat(packed.tokens().size()).isEqualTo(alone.tokens().size());
          for (int t = 0; t < alone.tokens().size(); t++) {
            assertThat(packed.tokens().logProbability(t))
                .isEqualTo(alone.tokens().logProbability(t));
          }
        }
      }
    }
  }

  @Test
  void continuationIsTheSumOfItsTokens() {
    String context = "It was the best of";
    String continuation = " times, it was";
    int[] ids = model.tokenize(context + continuation);
    int from = model.tokenize(context).length;
    TokenLogProbs rated = model.logProbabilities(ids, new Full());
    double sum = 0;
    for (int i = from; i < ids.length; i++) {
      sum += rated.logProbability()[i - 1];
    }
    ContinuationRating rating =
        only(new Full(), new RateContinuation(context, continuation, Observe.nothing()));
    assertThat(rating.tokens()).isEqualTo(ids.length - from);
    assertThat(rating.logLikelihood()).isEqualTo(sum);
  }

  @Test
  void whiteSpaceIsPythonsWhereItMovesToTheContinuation() {
    for (String space : List.of("\u00a0", "\u2007", "\u202f", "\u0085", "\u001f", "\u3000 ")) {
      ContinuationRating behind =
          only(
              new Full(),
              new RateContinuation("It was the best of" + space, "times", Observe.nothing()));
      ContinuationRating before =
          only(
              new Full(),
              new RateContinuation("It was the best of", space + "times", Observe.nothing()));

      assertThat(behind).as("U+%04x", (int) space.charAt(0)).isEqualTo(before);
    }
  }

  @Test
  void spaceAtTheContextsEndMovesToTheContinuation() {
    ContinuationRating split =
        only(new Full(), new RateContinuation("It was the best of ", "times", Observe.nothing()));
    ContinuationRating whole =
        only(new Full(), new RateContinuation("It was the best of", " times", Observe.nothing()));
    assertThat(split.logLikelihood()).isEqualTo(whole.logLikelihood());
  }

  @Test
  void greedyTextIsItsOwnMostProbableContinuation() {
    String prompt = "It was the best of times, it was the";
    Generation generation = only(new Full(), new Generate(prompt, 8, List.of(), Observe.nothing()));
    ContinuationRating rating =
        only(new Full(), new RateContinuation(prompt, generation.text(), Observe.nothing()));
    assertThat(rating.greedy()).isTrue();
  }

  @Test
  void aTokenAcrossTheBoundaryIsReported() {
    RateContinuation inside = new RateContinuation("It was the bes", "t", Observe.nothing());
    RateContinuation between = new RateContinuation("It was the", " best", Observe.nothing());

    assertThat(only(new Full(), inside).boundaryMoved()).isTrue();
    assertThat(only(new Full(), between).boundaryMoved()).isFalse();
  }

  @Test
  void anEmptyContextHasNoBoundaryToMove() {
    RateContinuation alone = new RateContinuation("", "It was", Observe.nothing());

    assertThat(only(new Full(), alone).boundaryMoved()).isFalse();
  }

  @Test
  void generationEndsBeforeItsStopString() {
    String prompt = "It was the best of times, it was the";
    Generation free = only(new Full(), new Generate(prompt, 8, List.of(), Observe.nothing()));
    String stop = free.text().substring(2, 4);
    Generation stopped =
        only(new Full(), new Generate(prompt, 8, List.of(stop), Observe.nothing()));
    assertThat(stopped.text()).isEqualTo(free.text().substring(0, free.text().indexOf(stop)));
  }

  private static Generate generate(String prompt, int tokens, EndTokens ends) {
    return new Generate(prompt, tokens, List.of(), Observe.nothing(), new Truncation.Whole(), ends);
  }

  @Test
  void aGenerationEndsAtTheLastTokenOfATextAndKeepsIt() {
    String prompt = "It was the best of times, it was the";
    Generation free = only(new Full(), generate(prompt, 8, EndTokens.ofModel()));
    String third = model.texts().decoded(Arrays.copyOf(model.tokenize(free.text()), 3));
    Generation ended =
        only(new Full(), generate(prompt, 8, new EndTokens(0, List.of("anything" + third))));

    assertThat(free.tokens()).isEqualTo(8);
    assertThat(ended.tokens()).isLessThanOrEqualTo(3);
    assertThat(free.text()).startsWith(ended.text());
    assertThat(third).endsWith(ended.text().substring(ended.text().length() - 1));
  }

  @Test
  void untilItMayEndTheMostProbableTokenThatEndsNothingIsTaken() {
    assertEndsLater(new Full());
  }

  @SlowTest
  void inSparseModeTooTheMostProbableTokenThatEndsNothingIsTaken() {
    assertEndsLater(sparse());
  }

  private static void assertEndsLater(AttentionMode mode) {
    String prompt = "It was the best of times, it was the";
    Generation free = only(mode, generate(prompt, 1, EndTokens.ofModel()));
    Generation other = only(mode, generate(prompt, 1, new EndTokens(1, List.of(free.text()))));

    assertThat(other.text()).isEqualTo(best(prompt, free.text(), mode));
  }

  @Test
  void aContextIsCutBeforeItsContinuationIsRated() {
    RateContinuation cut =
        new RateContinuation(TEXT, " it was", Observe.nothing(), new Truncation.Left(20));
    int[] ids = model.tokenize(TEXT.stripTrailing());
    ContinuationRating rating = only(new Full(), cut);

    assertThat(rating.fit().truncated()).isTrue();
    assertThat(rating.fit().usedTokens()).isLessThan(30);
    assertThat(rating.fit().tokens()).isGreaterThan(ids.length);
  }

  /** By rating every token of the vocabulary but one. */
  private static String best(String prompt, String but, AttentionMode mode) {
    int[] ids = model.tokenize(prompt);
    int excluded = model.tokenize(but)[0];
    int[] extended = Arrays.copyOf(ids, ids.length + 1);
    int best = -1;
    float highest = Float.NEGATIVE_INFINITY;
    for (int id = 2; id < model.checkpoint().config().vocabulary(); id++) {
      extended[ids.length] = id;
      float rated = model.logProbabilities(extended, mode).logProbability()[ids.length - 1];
      if (id != excluded && rated > highest) {
        best = id;
        highest = rated;
      }
    }
    return model.texts().decoded(new int[] {best});
  }

  @Test
  void selectedBlocksAreReportedPerLayer() {
    Observe observe = Observe.of(new BlockObservation());
    DocumentRating rating = only(sparse(), new RateDocument(TEXT, new Windows.First(100), observe));
    List<SelectedBlocks> layers =
        rating
            .observations()
            .orElseThrow()
            .of(BlockObservation.Layers.class)
            .orElseThrow()
            .layers();
    assertThat(layers).hasSize(model.checkpoint().config().layers());
    assertThat(layers.get(0).at(5, 0)).containsExactly(0);
    assertThat(layers.get(0).at(98, 0)).hasSize(4).endsWith(12).isSorted();
  }

  @Test
  void budgetBeyondTheTextIsFullAttention() {
    RateDocument request = document(TEXT, new Windows.First(100));
    AttentionMode everything = new BlockSparse(16, 1_000_000_000, SelectionRule.EXACT);
    assertThat(only(everything, request).tokens().nats(0, 99))
        .isCloseTo(only(new Full(), request).tokens().nats(0, 99), within(1e-3));
  }

  @Test
  void observingChangesNoAnswer() {
    Observe observe = Observe.of(new BlockObservation());
    RateDocument observed = new RateDocument(TEXT, new Windows.First(100), observe);
    RateDocument plain = document(TEXT, new Windows.First(100));
    assertThat(only(sparse(), observed).tokens().nats(0, 99))
        .isEqualTo(only(sparse(), plain).tokens().nats(0, 99));
  }
}
