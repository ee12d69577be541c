package org.ssasuite.core.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.request.ContextFit;
import org.ssasuite.core.request.ContinuationRating;
import org.ssasuite.core.request.DocumentRating;
import org.ssasuite.core.request.Generate;
import org.ssasuite.core.request.Generation;
import org.ssasuite.core.request.LanguageModel;
import org.ssasuite.core.request.Observe;
import org.ssasuite.core.request.RateContinuation;
import org.ssasuite.core.request.RateDocument;
import org.ssasuite.core.request.RatedTokens;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.request.Response;
import org.ssasuite.core.request.Windows;
import org.ssasuite.core.testing.Property;

class CalibrationTest {
  private static final LanguageModel UNIFORM = new UniformModel(1000);

  @Test
  void uniformRatesEachByteAtLnV() {
    RatedTokens tokens = rate(UNIFORM, "abcdef", new Windows.Rolling(4)).tokens();
    assertThat(tokens.size()).isEqualTo(6);
    // A rating is single precision.
    assertThat(tokens.nats(0, 6)).isCloseTo(6 * Math.log(1000), within(1e-5));
  }

  @Test
  void firstWindowLeavesItsFirstTokenUnrated() {
    RatedTokens tokens = rate(UNIFORM, "abcdef", new Windows.First(4)).tokens();
    assertThat(tokens.firstPosition()).isEqualTo(1);
    assertThat(tokens.textBegin()).isEqualTo(1);
    assertThat(ends(tokens)).containsExactly(2, 3, 4);
  }

  @Test
  void firstWindowCutsWhatLiesBehind() {
    assertThat(rate(UNIFORM, "abcdef", new Windows.First(4)).fit()).isEqualTo(new ContextFit(6, 4));
  }

  @Test
  void firstWindowLongerThanTheTextCutsNothing() {
    assertThat(rate(UNIFORM, "abc", new Windows.First(9)).fit()).isEqualTo(ContextFit.whole(3));
  }

  @Test
  void firstWindowOfATextOfOneTokenRatesNothing() {
    assertThat(rate(UNIFORM, "a", new Windows.First(4)).tokens().size()).isZero();
  }

  @Test
  void anEmptyTextRatesNothing() {
    for (Windows windows : List.of(new Windows.First(4), new Windows.Rolling(4))) {
      DocumentRating rating = rate(UNIFORM, "", windows);
      assertThat(rating.tokens().size()).isZero();
      assertThat(rating.fit()).isEqualTo(ContextFit.whole(0));
    }
  }

  @Test
  void rollingWindowsRateEveryTokenFromTheBeginning() {
    DocumentRating rating = rate(UNIFORM, "abcdef", new Windows.Rolling(4));
    assertThat(rating.tokens().firstPosition()).isZero();
    assertThat(rating.tokens().textBegin()).isZero();
    assertThat(ends(rating.tokens())).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(rating.fit()).isEqualTo(ContextFit.whole(6));
  }

  @Test
  void bytesOfACharacterEndWhereItEnds() {
    RatedTokens tokens = rate(UNIFORM, "aé😀b", new Windows.Rolling(4)).tokens();
    assertThat(ends(tokens)).containsExactly(1, 2, 2, 4, 4, 4, 4, 5);
  }

  @Test
  void tokensAreUtf8Bytes() {
    Property.forAll(
        Property.strings("aé世😀", 20),
        100,
        text ->
            assertThat(rate(UNIFORM, text, new Windows.Rolling(4)).tokens().size())
                .isEqualTo(text.getBytes(StandardCharsets.UTF_8).length));
  }

  @Test
  void uniformRatesAContinuationByItsBytes() {
    ContinuationRating rating = rate(UNIFORM, "a", " é");
    assertThat(rating.tokens()).isEqualTo(3);
    assertThat(rating.logLikelihood()).isEqualTo(3 * -Math.log(1000));
    assertThat(rating.greedy()).isFalse();
    assertThat(rating.fit()).isEqualTo(ContextFit.whole(4));
  }

  @Test
  void uniformWritesNothing() {
    assertThat(generate(UNIFORM, "prompt")).isEqualTo(written("", 0, 6));
  }

  @Test
  void aVocabularyOfOneTokenIsRefused() {
    assertThatThrownBy(() -> new UniformModel(1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a vocabulary of 1 tokens");
  }

  @Test
  void silentWritesNothing() {
    assertThat(generate(new SilentModel(), "prompt")).isEqualTo(written("", 0, 6));
  }

  @Test
  void silentGivesEveryContinuationTheSame() {
    LanguageModel silent = new SilentModel();
    assertThat(rate(silent, "a", " b").logLikelihood())
        .isEqualTo(rate(silent, "another", " and a long one").logLikelihood());
  }

  @Test
  void silentIsNotPerfectOnDocuments() {
    assertThat(rate(new SilentModel(), "abc", new Windows.Rolling(4)).tokens().nats(0, 3))
        .isCloseTo(3 * Math.log(256), within(1e-5));
  }

  @Test
  void oracleWritesTheAnswerWholeWhateverTheLimit() {
    assertThat(generate(oracle("2 + 2 =", " four, as ever"), "2 + 2 ="))
        .isEqualTo(written(" four, as ever", 4, 7));
  }

  @Test
  void oracleStopsAtTheFirstStopString() {
    assertThat(generate(oracle("p", "a;b\nc"), "p").text()).isEqualTo("a");
  }

  @Test
  void oracleWritesTheFirstOfSeveralAnswers() {
    LanguageModel oracle =
        new OracleModel(
            List.of(new OracleModel.Answer("p", "one"), new OracleModel.Answer("p", "two")));
    assertThat(generate(oracle, "p").text()).isEqualTo("one");
  }

  @Test
  void oracleThatWasToldNothingSaysSo() {
    assertThatThrownBy(() -> generate(oracle("p", "a"), "q"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("q");
  }

  @Test
  void oracleIsSureOfARightContinuation() {
    ContinuationRating rating = rate(oracle("p", " right"), "p", " right");
    assertThat(rating.logLikelihood()).isZero();
    assertThat(rating.greedy()).isTrue();
  }

  @Test
  void oracleDoubtsAWrongContinuation() {
    ContinuationRating rating = rate(oracle("p", " right"), "p", " wrong");
    assertThat(rating.logLikelihood()).isEqualTo(6 * -Math.log(256));
    assertThat(rating.greedy()).isFalse();
  }

  @Test
  void oracleDoubtsARightContinuationOfAnotherContext() {
    assertThat(rate(oracle("p", " right"), "q", " right").greedy()).isFalse();
  }

  @Test
  void oracleKnowsEveryDocument() {
    assertThat(rate(oracle("p", "a"), "any text", new Windows.Rolling(4)).tokens().nats(0, 8))
        .isZero();
  }

  @Test
  void scriptedAnswersInOrder() {
    Function<Request<?>, Response> script =
        request ->
            new Generation(((Generate) request).prompt(), 1, ContextFit.whole(1), Optional.empty());
    List<Response> answers =
        new ScriptedModel(script).answer(List.of(generation("a"), generation("b")));
    assertThat(answers)
        .extracting(answer -> ((Generation) answer).text())
        .containsExactly("a", "b");
  }

  private static LanguageModel oracle(String prompt, String text) {
    return new OracleModel(List.of(new OracleModel.Answer(prompt, text)));
  }

  private static Generate generation(String prompt) {
    return new Generate(prompt, 4, List.of("\n", ";"), Observe.nothing());
  }

  private static Generation generate(LanguageModel model, String prompt) {
    return answer(model, generation(prompt));
  }

  private static Generation written(String text, int tokens, int promptTokens) {
    return new Generation(text, tokens, ContextFit.whole(promptTokens), Optional.empty());
  }

  private static ContinuationRating rate(LanguageModel model, String context, String continuation) {
    return answer(model, new RateContinuation(context, continuation, Observe.nothing()));
  }

  private static DocumentRating rate(LanguageModel model, String text, Windows windows) {
    return answer(model, new RateDocument(text, windows, Observe.nothing()));
  }

  private static <R extends Response> R answer(LanguageModel model, Request<R> request) {
    return request.typed(model.answer(List.of(request)).get(0));
  }

  private static List<Integer> ends(RatedTokens tokens) {
    return IntStream.range(0, tokens.size()).mapToObj(tokens::textEnd).toList();
  }
}
