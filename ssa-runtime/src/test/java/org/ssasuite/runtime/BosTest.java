package org.ssasuite.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.attention.Full;
import org.ssasuite.core.request.Bos;
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
import org.ssasuite.core.request.Truncation;
import org.ssasuite.core.request.Windows;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.engine.RuntimeOptions;

/** What a model reads where a request says that BOS stands before it, or that it does not. */
class BosTest {
  private static final String TEXT =
      "It was the best of times, it was the worst of times. ".repeat(4);
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

  private static <R extends Response> R answer(Request<R> request) {
    try (LanguageModel view = model.in(new Full())) {
      return request.typed(view.answer(List.of(request)).get(0));
    }
  }

  /** The log-probabilities of BOS and a text, of which the text's tokens are rated. */
  private static float[] behindBos(String text, int tokens) {
    int[] ids = model.tokenize(text);
    int[] led = new int[Math.min(tokens, ids.length + 1)];
    led[0] = model.basis().tokens().bos();
    System.arraycopy(ids, 0, led, 1, led.length - 1);
    return model.logProbabilities(led, new Full()).logProbability();
  }

  @Test
  void aDocumentsFirstTokenIsRatedBehindBos() {
    RateDocument asked = new RateDocument(TEXT, new Windows.First(20), Observe.nothing());

    DocumentRating rating = answer(asked.beginning(Bos.YES));

    float[] expected = behindBos(TEXT, 20);
    assertThat(rating.tokens().size()).isEqualTo(19);
    assertThat(rating.tokens().firstPosition()).isZero();
    assertThat(rating.tokens().textBegin()).isZero();
    for (int i = 0; i < 19; i++) {
      assertThat(rating.tokens().logProbability(i)).isEqualTo(expected[i]);
    }
    assertThat(rating.tokens().textEnd(0)).isEqualTo(answer(asked).tokens().textBegin());
  }

  @Test
  void withoutBosADocumentIsReadAsItsReferenceHasIt() {
    RateDocument asked = new RateDocument(TEXT, new Windows.First(20), Observe.nothing());

    assertThat(answer(asked.beginning(Bos.NO)).tokens().nats(0, 19))
        .isEqualTo(answer(asked).tokens().nats(0, 19));
  }

  @Test
  void aContinuationIsRatedBehindBosAndItsContext() {
    RateContinuation asked =
        new RateContinuation("It was the best", " of times", Observe.nothing());
    float[] all = behindBos("It was the best of times", 1000);
    int context = model.tokenize("It was the best").length;

    ContinuationRating rating = answer(asked.beginning(Bos.YES));

    double expected = 0;
    for (float each : Arrays.copyOfRange(all, context, all.length)) {
      expected += each;
    }
    assertThat(rating.logLikelihood()).isEqualTo(expected);
    assertThat(rating.logLikelihood()).isNotEqualTo(answer(asked).logLikelihood());
  }

  @Test
  void anEmptyContextHasItsPrefixTokenOnce() {
    RateContinuation asked = new RateContinuation("", "It was", Observe.nothing());

    assertThat(answer(asked.beginning(Bos.YES)).logLikelihood())
        .isEqualTo(answer(asked).logLikelihood());
    assertThat(answer(asked.beginning(Bos.NO)).logLikelihood())
        .isEqualTo(answer(asked).logLikelihood());
  }

  @Test
  void aLimitFromTheLeftHasBosInIt() {
    Generate asked =
        new Generate(
            TEXT, 4, List.of(), Observe.nothing(), new Truncation.Left(16), EndTokens.ofModel());
    int[] ids = model.tokenize(TEXT);
    int[] read = new int[16];
    read[0] = model.basis().tokens().bos();
    System.arraycopy(ids, ids.length - 15, read, 1, 15);

    Generation written = answer(asked.beginning(Bos.YES));

    int[] expected = model.generate(read, new Full(), 4, List.of()).ids();
    assertThat(written.text()).isEqualTo(model.texts().decoded(expected));
    assertThat(written.fit().usedTokens()).isEqualTo(16);
  }
}
