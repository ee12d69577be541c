package org.ssasuite.tasks.pg19;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.calibration.OracleModel;
import org.ssasuite.core.calibration.ScriptedModel;
import org.ssasuite.core.calibration.UniformModel;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.extrapolation.LengthCurve;
import org.ssasuite.core.extrapolation.LengthMeasures;
import org.ssasuite.core.extrapolation.LengthScale;
import org.ssasuite.core.extrapolation.SafeLength;
import org.ssasuite.core.request.ContextFit;
import org.ssasuite.core.request.DocumentRating;
import org.ssasuite.core.request.LanguageModel;
import org.ssasuite.core.request.RateDocument;
import org.ssasuite.core.request.RatedTokens;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.request.Response;
import org.ssasuite.core.request.Windows;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.core.run.Progress;
import org.ssasuite.core.run.RunFolder;
import org.ssasuite.core.run.RunManifest;
import org.ssasuite.core.run.SampleLog;
import org.ssasuite.core.run.TaskResult;
import org.ssasuite.core.run.TaskRunner;
import org.ssasuite.core.task.TaskId;
import org.ssasuite.core.testing.MadeUpRun;

/**
 * Models whose loss at each length is planted, over whole evaluations. A token is a byte; trained
 * on 2,048 of them, tested to 16,384.
 */
class StretchTaskTest {
  private static final LengthScale SCALE =
      new LengthScale(List.of(256, 512, 1024, 2048, 4096, 8192, 16384), 2048);

  @TempDir Path folder;

  private static StretchTask task(int books, int ofEach) {
    List<LongBooks.Sized> sized =
        IntStream.range(0, books)
            .mapToObj(
                i -> new LongBooks.Sized(new Book("b" + i, "x".repeat(20_000 + i)), 20_000 + i))
            .toList();
    return new StretchTask(
        new TaskId("extrapolation", "extrapolation", 1),
        SCALE,
        ofEach,
        new LongBooks(sized, "the digest"));
  }

  /**
   * A loss for all tokens of a stretch.
   *
   * @param loss by book and length, nats per token
   */
  private static LanguageModel planted(ToDoubleBiFunction<Integer, Integer> loss) {
    return new ScriptedModel(request -> answer((RateDocument) request, loss));
  }

  private static Response answer(RateDocument asked, ToDoubleBiFunction<Integer, Integer> loss) {
    Windows.Stretch stretch = (Windows.Stretch) asked.windows();
    int book = asked.text().length() - 20_000;
    float[] logProbabilities = new float[stretch.rated()];
    Arrays.fill(logProbabilities, (float) -loss.applyAsDouble(book, stretch.tokens()));
    int first = stretch.end() - stretch.rated();
    int[] ends = IntStream.rangeClosed(first + 1, stretch.end()).toArray();
    return new DocumentRating(
        new RatedTokens(first, first, logProbabilities, ends),
        ContextFit.whole(stretch.readTokens()),
        Optional.empty());
  }

  /** More context helps up to the trained length. */
  private static double learnt(int length) {
    return 4 - 0.1 * Math.log((double) Math.min(length, 2048) / 256);
  }

  /** Of a book, the same in every call: from −0.01 to 0.01. */
  private static double noise(int book) {
    return 0.01 * Math.sin(7.0 * book);
  }

  private TaskResult run(LanguageModel model, int books) {
    StretchTask task = task(books, 2);
    RunFolder run = RunFolder.create(folder.resolve("run"));
    try (model;
        SampleLog log = run.samples(model.card(), task.id())) {
      return TaskRunner.run(task, model, OptionalInt.empty(), 4, log, Progress.silent());
    }
  }

  private SafeLength safe(LanguageModel model, int books) {
    return SafeLength.of(LengthCurve.of(run(model, books)).orElseThrow(), 0.02);
  }

  @Test
  void lossThatRisesBeyondAKnownLengthLeavesThatLengthSafe() {
    SafeLength safe =
        safe(
            planted(
                (book, length) ->
                    learnt(length) + (length > 8192 ? 0.5 : 0) + (length > 2048 ? noise(book) : 0)),
            24);

    assertThat(safe.within()).isEqualTo(8192);
    assertThat(safe.stop()).contains(new SafeLength.Stop(16_384, true));
    assertThat(safe.credited()).isTrue();
  }

  @Test
  void lossThatNeverRisesIsSafeToTheLongestLength() {
    SafeLength safe = safe(planted((book, length) -> learnt(length)), 24);

    assertThat(safe.within()).isEqualTo(16_384);
    assertThat(safe.stop()).isEmpty();
    assertThat(safe.credited()).isTrue();
  }

  @Test
  void modelThatIgnoresItsContextGetsNoCredit() {
    SafeLength safe = safe(planted((book, length) -> 4 + noise(book)), 24);

    assertThat(safe.within()).isEqualTo(16_384);
    assertThat(safe.credited()).isFalse();
  }

  @Test
  void lossThatRisesAtOnceLeavesTheTrainedLength() {
    SafeLength safe =
        safe(planted((book, length) -> learnt(length) + (length > 2048 ? 0.3 : 0)), 24);

    assertThat(safe.within()).isEqualTo(2048);
    assertThat(safe.stop()).contains(new SafeLength.Stop(4096, true));
  }

  @Test
  void booksThatDisagreeLeaveItOpen() {
    SafeLength safe =
        safe(
            planted((book, length) -> learnt(length) + (length > 2048 ? 30 * noise(book) : 0)), 24);

    assertThat(safe.stop()).contains(new SafeLength.Stop(4096, false));
  }

  @Test
  void singleBookShowsNothing() {
    SafeLength safe = safe(planted((book, length) -> learnt(length)), 1);

    assertThat(safe.within()).isEqualTo(2048);
    assertThat(safe.stop()).contains(new SafeLength.Stop(4096, false));
    assertThat(safe.credited()).isFalse();
  }

  @Test
  void scoreIsThePlantedMeanOverTheLogarithmOfTheLength() {
    TaskResult result =
        run(planted((book, length) -> length <= 2048 ? 3 : length / 4096.0 + 3), 24);

    assertThat(value(result, LengthMeasures.SCORE)).isCloseTo((1 + 2 + 4) / 3.0, within(1e-6));
  }

  private static double value(TaskResult result, String metric) {
    return result.metrics().stream()
        .filter(m -> m.metric().equals(metric) && m.facet().isEmpty())
        .mapToDouble(MetricResult::value)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void oracleLosesNothingAtAnyLength() {
    TaskResult result = run(new OracleModel(List.of()), 3);

    assertThat(result.metrics())
        .allSatisfy(metric -> assertThat(metric.value()).as(metric.metric()).isEqualTo(0));
  }

  @Test
  void uniformModelNeedsEightBitsForAByteAtEveryLength() {
    TaskResult result = run(new UniformModel(256), 3);

    assertThat(result.metrics())
        .filteredOn(metric -> metric.metric().equals("bits_per_byte"))
        .hasSize(7)
        .allSatisfy(metric -> assertThat(metric.value()).isCloseTo(8, within(1e-6)));
    assertThat(value(result, LengthMeasures.SCORE)).isZero();
  }

  @Test
  void brokenModelLeavesEveryStretchUnscored() {
    TaskResult result = run(planted((book, length) -> length > 4096 ? Double.NaN : 3), 3);

    assertThat(result.samples()).isZero();
    assertThat(result.complete()).isFalse();
  }

  /** Dies at its answer of this number. */
  private static LanguageModel dying(int fails) {
    int[] answers = new int[1];
    return new ScriptedModel(
        request -> {
          if (answers[0]++ == fails) {
            throw new IllegalStateException("device lost");
          }
          return answer((RateDocument) request, (book, length) -> learnt(length) + noise(book));
        });
  }

  private static TaskResult goOn(Path out, LanguageModel model) {
    StretchTask task = task(3, 2);
    try (RunFolder run = RunFolder.open(out)) {
      run.begin(MadeUpRun.manifest(RunManifest.SCHEMA, List.of(TaskOrder.of("extrapolation"))));
      try (SampleLog log = run.samples(model.card(), task.id())) {
        return TaskRunner.run(task, model, OptionalInt.empty(), 1, log, Progress.silent());
      }
    }
  }

  @Test
  void interruptedRunEndsAsIfNothingHadHappened() {
    TaskResult whole = goOn(folder.resolve("whole"), dying(-1));
    Path cut = folder.resolve("cut");
    assertThatThrownBy(() -> goOn(cut, dying(23))).hasMessage("device lost");
    TaskResult resumed = goOn(cut, dying(-1));

    assertThat(resumed.metrics()).isEqualTo(whole.metrics());
    assertThat(resumed.log()).isEqualTo(whole.log());
  }

  @Test
  void everyStretchIsAskedAtEveryLength() {
    StretchTask task = task(1, 1);
    List<Request<?>> requests = task.requests(task.samples().findFirst().orElseThrow());

    assertThat(requests)
        .extracting(request -> ((RateDocument) request).windows().text())
        .containsExactly(
            "stretch:20000:512:256",
            "stretch:20000:512:512",
            "stretch:20000:512:1024",
            "stretch:20000:512:2048",
            "stretch:20000:512:4096",
            "stretch:20000:512:8192",
            "stretch:20000:512:16384");
  }

  @Test
  void stretchesLieFromTheLongestContextsEndToTheBooksEnd() {
    assertThat(task(1, 3).samples())
        .extracting(BookStretch::end)
        .containsExactly(16384, 18192, 20000);
  }

  @Test
  void firstStretchesOfAllBooksComeBeforeSecondOnes() {
    assertThat(task(2, 2).samples())
        .extracting(BookStretch::id)
        .containsExactly("b0.0", "b1.0", "b0.1", "b1.1");
  }

  @Test
  void documentOfAStretchIsItsBook() {
    assertThat(task(2, 2).samples())
        .extracting(BookStretch::document)
        .containsExactly("b0", "b1", "b0", "b1");
  }

  @Test
  void targetsOfABooksStretchesDoNotOverlap() {
    int least = StretchTask.leastTokens(16_384, 4);
    LongBooks books =
        new LongBooks(
            List.of(new LongBooks.Sized(new Book("b", "x".repeat(least)), least)), "the digest");

    assertThat(BookStretch.of(books, 16_384, 4))
        .extracting(BookStretch::end)
        .containsExactly(16_384, 16_896, 17_408, 17_920);
  }

  @Test
  void protocolSaysWhatFiguresMustShare() {
    assertThat(task(1, 2).protocol())
        .isEqualTo(
            "book-of-16896-or-more/2-stretches-of-512-targets/"
                + "lengths-256,512,1024,2048,4096,8192,16384-read-with-targets/"
                + "at-most-half-rated/reference-2048/no-bos/targets");
  }
}
