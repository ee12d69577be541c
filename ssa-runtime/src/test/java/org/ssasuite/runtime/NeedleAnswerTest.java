package org.ssasuite.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.request.Bos;
import org.ssasuite.core.request.EndTokens;
import org.ssasuite.core.request.Generate;
import org.ssasuite.core.request.Generation;
import org.ssasuite.core.request.Observe;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.request.Response;
import org.ssasuite.core.request.SpanMass;
import org.ssasuite.core.request.SpanMassObservation;
import org.ssasuite.core.request.SpanObservation;
import org.ssasuite.core.request.SpanSelection;
import org.ssasuite.core.request.TextSpan;
import org.ssasuite.core.request.Truncation;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.engine.Scheduling;
import org.ssasuite.runtime.observation.RequestWatch;
import org.ssasuite.runtime.observation.Scene;
import org.ssasuite.runtime.statistics.QueryRange;
import org.ssasuite.runtime.tokenizer.TextTokenizer;

/** Masses on stretches of a prompt beside its answer, and stretches that an answer has to take. */
class NeedleAnswerTest {
  private static final String TEXT =
      "It was the best of times, it was the worst of times, it was the age of wisdom. ".repeat(9);
  private static final int STEPS = 7;
  private static final List<TextSpan> SPANS =
      List.of(new TextSpan(40, 77), new TextSpan(400, 431), new TextSpan(0, 5));
  private static final SpanMassObservation MASSES = new SpanMassObservation(SPANS);
  private static Checkpoint checkpoint;
  private static SsaModel model;

  @BeforeAll
  static void load() {
    checkpoint = Checkpoint.open(Path.of(System.getProperty("ssa.root"), "models", "ssa-mini"));
    model = SsaModel.load(checkpoint, RuntimeOptions.cpu(2), Optional.empty());
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static AttentionMode mode(String text) {
    return AttentionMode.parse(text, checkpoint.budget());
  }

  private static Generate prompt(int from) {
    return new Generate(TEXT.substring(from), STEPS, List.of(), Observe.nothing());
  }

  private static Generation answer(SsaModel by, String mode, Request<?> request) {
    return (Generation) by.in(mode(mode)).answer(List.of(request)).get(0);
  }

  private static List<SpanMass> masses(Response answer) {
    return answer
        .observations()
        .flatMap(all -> all.of(SpanMassObservation.Masses.class))
        .orElseThrow()
        .spans();
  }

  @ParameterizedTest
  @ValueSource(strings = {"full", "sparse:8x4"})
  void answersAreThoseThatNobodyWatches(String text) {
    List<Request<?>> plain = List.of(prompt(0), prompt(80), prompt(4));
    List<Request<?>> watched = new ArrayList<>(plain);
    plain.forEach(request -> watched.add(request.observing(MASSES)));
    List<Response> expected = model.in(mode(text)).answer(plain);
    List<Response> seen = model.in(mode(text)).answer(watched);

    for (int i = 0; i < watched.size(); i++) {
      assertThat(seen.get(i))
          .usingRecursiveComparison()
          .ignoringFields("observations")
          .isEqualTo(expected.get(i % plain.size()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"full", "sparse:8x4"})
  void chunksThreadsAndNeighboursChangeNoBitOfTheMasses(String text) {
    List<SpanMass> alone = masses(answer(model, text, prompt(0).observing(MASSES)));
    Scheduling chunks = new Scheduling(37, true);
    try (SsaModel other =
        SsaModel.load(checkpoint, RuntimeOptions.cpu(1), Optional.empty(), chunks)) {
      SpanMassObservation few = new SpanMassObservation(SPANS.subList(1, 2));
      List<Response> together =
          other
              .in(mode(text))
              .answer(
                  List.of(
                      prompt(4).observing(MASSES),
                      prompt(0).observing(few),
                      prompt(0).observing(MASSES),
                      prompt(0)));

      assertThat(masses(together.get(2))).isEqualTo(alone);
      assertThat(masses(together.get(1))).isEqualTo(alone.subList(1, 2));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"full", "sparse:8x4"})
  void stepsOfAnAnswerHaveTheMassesOfOnePass(String text) {
    int[] ids = model.tokenize(TEXT);
    int[] written = model.generate(ids, mode(text), STEPS, List.of()).ids();
    int[] all = Arrays.copyOf(ids, ids.length + written.length - 1);
    System.arraycopy(written, 0, all, ids.length, written.length - 1);
    RequestWatch watch = RequestWatch.of(Observe.of(MASSES), model.device());
    Scene scene =
        new Scene(
            checkpoint.config(),
            mode(text),
            new QueryRange(ids.length - 1, all.length),
            true,
            () -> model.texts().encode(TEXT).textEnds());
    model.run(
        List.of(Pass.ratingLast(all, new int[] {0}).watchedBy(watch.watches(scene))), mode(text));

    List<SpanMass> steps = masses(answer(model, text, prompt(0).observing(MASSES)));

    assertThat(steps.get(0).steps()).isEqualTo(written.length);
    assertThat(steps)
        .isEqualTo(
            watch
                .observations()
                .flatMap(seen -> seen.of(SpanMassObservation.Masses.class))
                .orElseThrow()
                .spans());
  }

  @Test
  void theWholePromptHasAllMassOfTheFirstStep() {
    SpanMassObservation whole = new SpanMassObservation(List.of(new TextSpan(0, TEXT.length())));
    Generate one = new Generate(TEXT, 1, List.of(), Observe.of(whole));

    for (String text : List.of("full", "sparse:8x4")) {
      SpanMass mass = masses(answer(model, text, one)).get(0);
      assertThat(mass.largest().stream().flatMap(List::stream))
          .allSatisfy(share -> assertThat(share).isCloseTo(1, within(1e-6)));
      assertThat(mass.attended().isPresent()).isEqualTo(!text.equals("full"));
    }
  }

  private static Generate tracing(List<TextSpan> spans, List<TextSpan> attends) {
    return new Generate(
        TEXT,
        STEPS,
        List.of(),
        Observe.of(spans),
        new Truncation.Whole(),
        EndTokens.ofModel(),
        attends,
        Bos.AUTO);
  }

  private static SpanSelection taken(SsaModel by, String mode, Generate request) {
    return answer(by, mode, request)
        .observations()
        .flatMap(all -> all.of(SpanObservation.Taken.class))
        .orElseThrow()
        .spans()
        .get(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sparse:8x4", "sparse:16x3"})
  void everyStepTakesWhatItHasTo(String text) {
    List<TextSpan> needle = SPANS.subList(0, 1);

    assertThat(taken(model, text, tracing(needle, List.of())).share()).isLessThan(1);
    assertThat(taken(model, text, tracing(needle, needle)).share()).isEqualTo(1);
  }

  @Test
  void whatItHasToTakeIsAttendedToInEveryHead() {
    Generate forced = prompt(0).attending(SPANS.subList(0, 1)).observing(MASSES);
    SpanMass mass = masses(answer(model, "sparse:8x8", forced)).get(0);

    assertThat(mass.attended()).contains(mass.largest());
  }

  @Test
  void chunksAndNeighboursDoNotChangeAForcedAnswer() {
    Generate forced = prompt(0).attending(SPANS.subList(0, 1));
    Generation alone = answer(model, "sparse:8x3", forced);
    Scheduling chunks = new Scheduling(37, true);
    try (SsaModel other =
        SsaModel.load(checkpoint, RuntimeOptions.cpu(1), Optional.empty(), chunks)) {
      List<Response> together =
          other.in(mode("sparse:8x3")).answer(List.of(prompt(0), forced, prompt(80)));

      assertThat(together.get(1)).isEqualTo(alone);
      assertThat(together.get(0)).isEqualTo(answer(model, "sparse:8x3", prompt(0)));
    }
  }

  @Test
  void specialTokensHaveNoText() {
    TextTokenizer.Tokens tokens =
        new TextTokenizer.Tokens(new int[] {7, 8, 7}, new int[] {2, 5, 6});

    assertThat(Plans.endsWithin(new int[] {1, 7, 8, 7, 2}, tokens).orElseThrow())
        .containsExactly(0, 2, 5, 6, 6);
    assertThat(Plans.endsWithin(new int[] {7, 8, 9}, tokens)).isEmpty();
  }

  @Test
  void whereAPromptIsCutNothingIsTold() {
    Generate cut =
        new Generate(
            TEXT,
            STEPS,
            List.of(),
            Observe.of(MASSES),
            new Truncation.Left(100),
            EndTokens.ofModel());

    assertThat(answer(model, "full", cut).observations().orElseThrow().values()).isEmpty();
  }

  @Test
  void fullAttentionHasNothingToForce() {
    assertThat(answer(model, "full", prompt(0).attending(SPANS)))
        .isEqualTo(answer(model, "full", prompt(0)));
  }
}
