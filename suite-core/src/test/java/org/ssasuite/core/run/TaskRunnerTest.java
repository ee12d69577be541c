package org.ssasuite.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.calibration.ScriptedModel;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.request.BlockObservation;
import org.ssasuite.core.request.ContextFit;
import org.ssasuite.core.request.ContinuationRating;
import org.ssasuite.core.request.Generate;
import org.ssasuite.core.request.Generation;
import org.ssasuite.core.request.LanguageModel;
import org.ssasuite.core.request.ModelCard;
import org.ssasuite.core.request.Observation;
import org.ssasuite.core.request.Observe;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.request.Response;
import org.ssasuite.core.request.Work;
import org.ssasuite.core.statistics.Interval;
import org.ssasuite.core.task.Aggregate;
import org.ssasuite.core.task.Facet;
import org.ssasuite.core.task.Measure;
import org.ssasuite.core.task.MetricRule;
import org.ssasuite.core.task.Score;
import org.ssasuite.core.task.Scored;
import org.ssasuite.core.task.Task;
import org.ssasuite.core.task.TaskId;
import org.ssasuite.core.task.Transform;
import org.ssasuite.core.testing.LikeToys;
import org.ssasuite.core.testing.ToySample;
import org.ssasuite.core.testing.ToyTask;

class TaskRunnerTest {
  private static final TaskId TASK = ToyTask.of(1).id();

  @TempDir Path folder;

  @Test
  void metricsComeHeadlineFirstThenByFacetInOrderOfAppearance() {
    TaskResult result = run(ToyTask.of(4), doubling());
    assertThat(result.metrics())
        .extracting(MetricResult::metric, MetricResult::facet)
        .containsExactly(
            tuple(ToyTask.CORRECT, Optional.empty()),
            tuple(ToyTask.LENGTH, Optional.empty()),
            tuple(ToyTask.CORRECT, parity("even")),
            tuple(ToyTask.CORRECT, parity("odd")));
  }

  @Test
  void valuesAreTransformedMeans() {
    TaskResult result = run(ToyTask.of(4), answering(n -> n == 3 ? "7" : "" + 2 * n));
    assertThat(result.metrics().get(0).value()).isEqualTo(75);
    assertThat(result.metrics().get(1).value()).isEqualTo(Math.exp(1));
    assertThat(result.metrics().get(3).value()).isEqualTo(50);
  }

  @Test
  void intervalEndsAreTransformedToo() {
    MetricResult correct =
        run(ToyTask.of(4), answering(n -> n == 3 ? "7" : "" + 2 * n)).metrics().get(0);
    // Two documents with 1 and 0.5 of 1: standard error 0.25, and t of one degree of freedom is
    // tan(0.95·π/2).
    double half = 100 * 0.25 * Math.tan(0.95 * Math.PI / 2);
    assertThat(correct.interval().method()).isEqualTo(Interval.Method.STUDENT_T);
    assertThat(correct.interval().low()).isCloseTo(75 - half, within(1e-6));
    assertThat(correct.interval().high()).isCloseTo(75 + half, within(1e-6));
  }

  @Test
  void oneDocumentKeepsTheWholeLineUnderEveryTransform() {
    for (MetricResult metric : run(ToyTask.of(2), doubling()).metrics()) {
      assertThat(metric.interval().low()).isEqualTo(Double.NEGATIVE_INFINITY);
      assertThat(metric.interval().high()).isEqualTo(Double.POSITIVE_INFINITY);
    }
  }

  @Test
  void countsOfSamplesAndDocumentsAreThoseOfTheMetric() {
    MetricResult odd = run(ToyTask.of(5), doubling()).metrics().get(3);
    assertThat(odd.facet()).isEqualTo(parity("odd"));
    assertThat(odd.samples()).isEqualTo(2);
    assertThat(odd.documents()).isEqualTo(2);
  }

  @Test
  void anUnscoredSampleIsCountedAndNotAZero() {
    TaskResult result = run(ToyTask.of(4), answering(n -> n == 1 ? "two" : "" + 2 * n));
    assertThat(result.samples()).isEqualTo(3);
    assertThat(result.unscored()).isEqualTo(1);
    assertThat(result.complete()).isFalse();
    assertThat(result.metrics().get(0).value()).isEqualTo(100);
  }

  @Test
  void anAnswerThatFailedHasNoScoreWhateverItsText() throws IOException {
    LanguageModel failing =
        new ScriptedModel(
            request ->
                new Generation(
                    "0", 1, ContextFit.whole(7), Optional.empty(), Optional.of("no logits")));
    TaskResult result = run(ToyTask.of(1), failing);
    assertThat(result.unscored()).isEqualTo(1);
    assertThat(lines().get(0).at("/score/unscored").asText()).isEqualTo("no logits");
  }

  @Test
  void whenNothingIsScoredThereAreNoMetrics() {
    TaskResult result = run(ToyTask.of(4), answering(n -> "none"));
    assertThat(result.metrics()).isEmpty();
    assertThat(result.unscored()).isEqualTo(4);
  }

  @Test
  void aLimitKeepsTheFirstSamples() throws IOException {
    run(ToyTask.of(9), doubling(), OptionalInt.of(2), 5, Progress.silent());
    assertThat(lines()).extracting(l -> l.get("sample").asText()).containsExactly("toy-0", "toy-1");
  }

  @Test
  void aBatchHoldsTheRequestsOfSoManySamples() {
    List<Integer> sizes = new ArrayList<>();
    LanguageModel inner = doubling();
    LanguageModel model =
        new FakeModel(
            requests -> {
              sizes.add(requests.size());
              return inner.answer(requests);
            });
    run(ToyTask.of(7), model, OptionalInt.empty(), 3, Progress.silent());
    assertThat(sizes).containsExactly(3, 3, 1);
  }

  @Test
  void theLogDoesNotDependOnTheBatch() throws IOException {
    run(ToyTask.of(7), doubling(), OptionalInt.empty(), 1, Progress.silent());
    String one = Files.readString(log());
    Files.delete(log());
    run(ToyTask.of(7), doubling(), OptionalInt.empty(), 100, Progress.silent());
    assertThat(log()).hasContent(one);
  }

  @Test
  void aLineHoldsWhatIsKeptOfASample() throws IOException {
    run(ToyTask.of(1), doubling());
    String request =
        "{\"kind\":\"generate\",\"prompt\":\"2 * 0 =\",\"max_tokens\":4,\"stops\":[\"\\n\"],"
            + "\"observe\":[]}";
    assertThat(log())
        .hasContent(
            "{\"sample\":\"toy-0\",\"document\":\"document-0\",\"requests\":[\""
                + Digests.sha256(request)
                + "\"],\"score\":{\"measures\":["
                + "{\"metric\":\"correct\",\"value\":1.0,\"weight\":1.0},"
                + "{\"metric\":\"correct\",\"facet\":{\"name\":\"parity\",\"value\":\"even\"},"
                + "\"value\":1.0,\"weight\":1.0},"
                + "{\"metric\":\"length\",\"value\":1.0,\"weight\":1.0}],\"extracted\":\"0\"},"
                + "\"tokens\":5,\"cut_tokens\":2}\n");
  }

  @Test
  void aLineOfAnUnscoredSampleHasTheReason() throws IOException {
    run(ToyTask.of(1), answering(n -> "?"));
    assertThat(lines().get(0).at("/score/unscored").asText()).isEqualTo("no number in the answer");
  }

  @Test
  void tokensAndCutsAreSummed() {
    TaskResult result = run(ToyTask.of(3), doubling());
    assertThat(result.tokens()).isEqualTo(15);
    assertThat(result.cutTokens()).isEqualTo(6);
    assertThat(result.truncated()).isEqualTo(3);
  }

  @Test
  void resultCarriesTheIdentityOfModelAndTask() {
    TaskResult result = run(ToyTask.of(1), doubling());
    assertThat(result.model().name()).isEqualTo("scripted");
    assertThat(result.task()).isEqualTo(TASK);
    assertThat(result.protocol()).isEqualTo("doubling, greedy, 4 tokens");
    assertThat(result.dataDigest()).isEqualTo("00".repeat(32));
  }

  @Test
  void anObservationThatTheModelCannotMakeIsBadInputBeforeTheFirstAnswer() {
    Observe blocks = Observe.of(new BlockObservation());
    AtomicInteger calls = new AtomicInteger();
    LanguageModel model =
        new FakeModel(
            requests -> {
              calls.incrementAndGet();
              return List.of();
            });
    assertThatThrownBy(() -> run(new ToyTask(3, blocks), model))
        .isInstanceOf(BadInputException.class)
        .hasMessage("task toys/doubling@1: needs selected_blocks, which model fake cannot observe");
    assertThat(calls).hasValue(0);
  }

  @Test
  void aTaskWithoutSamplesIsBadInput() {
    assertThatThrownBy(() -> run(ToyTask.of(0), doubling()))
        .isInstanceOf(BadInputException.class)
        .hasMessage("task toys/doubling@1: has no samples");
  }

  @Test
  void anAnswerOfAnotherKindIsABugThatNamesTheSample() {
    LanguageModel model =
        new ScriptedModel(
            request ->
                new ContinuationRating(-1, 1, false, false, ContextFit.whole(1), Optional.empty()));
    assertThatThrownBy(() -> run(ToyTask.of(1), model))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "sample toy-0 of task toys/doubling@1 asked for a Generation and got a"
                + " ContinuationRating");
  }

  @Test
  void aMissingAnswerIsABug() {
    LanguageModel inner = doubling();
    LanguageModel model = new FakeModel(requests -> inner.answer(requests).subList(1, 2));
    assertThatThrownBy(() -> run(ToyTask.of(2), model))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("2 requests with 1 answers");
  }

  @Test
  void aScorerThatThrowsIsABugThatNamesTheSample() {
    assertThatThrownBy(
            () ->
                run(
                    scoring(
                        sample -> {
                          throw new ArithmeticException("by zero");
                        }),
                    doubling()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("toy-0")
        .hasRootCauseInstanceOf(ArithmeticException.class);
  }

  @Test
  void aMetricThatTheAggregateDoesNotListIsABug() {
    assertThatThrownBy(() -> run(scoring(s -> scored(Measure.of("speed", 1, 1))), doubling()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("metric 'speed' is not in the aggregate");
  }

  @Test
  void aMetricThatASampleMeasuresTwiceIsABug() {
    Measure measure = Measure.of("m", 1, 1);
    assertThatThrownBy(() -> run(scoring(s -> scored(measure, measure)), doubling()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("metric 'm' is measured twice");
  }

  @Test
  void aMetricOfWeightZeroOnlyHasNoResult() {
    assertThat(run(scoring(s -> scored(Measure.of("m", 1, 0))), doubling()).metrics()).isEmpty();
  }

  @Test
  void progressCountsSamplesAndEnds() {
    List<String> calls = new ArrayList<>();
    run(ToyTask.of(3), doubling(), OptionalInt.empty(), 2, recording(calls));
    assertThat(calls)
        .containsExactly("begin doubling, scripted 3", "advance 2", "advance 1", "end");
  }

  @Test
  void longTextsMakeSmallerBatches() {
    List<String> calls = new ArrayList<>();
    run(new LongToys(5, 60_000), doubling(), OptionalInt.empty(), 32, recording(calls));
    assertThat(calls)
        .containsExactly(
            "begin doubling, scripted 5", "advance 2", "advance 2", "advance 1", "end");
  }

  @Test
  void progressEndsWhenTheModelFails() {
    List<String> calls = new ArrayList<>();
    LanguageModel model =
        new FakeModel(
            requests -> {
              throw new IllegalStateException("out of order");
            });
    assertThatThrownBy(() -> run(ToyTask.of(3), model, OptionalInt.empty(), 2, recording(calls)))
        .hasMessage("out of order");
    assertThat(calls).containsExactly("begin doubling, fake 3", "end");
  }

  private static Progress recording(List<String> calls) {
    return new Progress() {
      @Override
      public void begin(String label, long units) {
        calls.add("begin " + label + " " + units);
      }

      @Override
      public void advance(long units) {
        calls.add("advance " + units);
      }

      @Override
      public void end() {
        calls.add("end");
      }
    };
  }

  private TaskResult run(Task<?> task, LanguageModel model) {
    return run(task, model, OptionalInt.empty(), 2, Progress.silent());
  }

  private TaskResult run(
      Task<?> task, LanguageModel model, OptionalInt limit, int batch, Progress progress) {
    try (SampleLog samples = SampleLog.create(log())) {
      return TaskRunner.run(task, model, limit, batch, samples, progress);
    }
  }

  private Path log() {
    return folder.resolve("samples.jsonl");
  }

  private List<JsonNode> lines() {
    List<JsonNode> lines = new ArrayList<>();
    DataFile.of(log()).forEachJsonLine(line -> lines.add(line.object()));
    return lines;
  }

  private static LanguageModel doubling() {
    return answering(n -> Integer.toString(2 * n));
  }

  /** Answers "2 * n =" by a function of n; each prompt has 7 tokens of which 2 are cut. */
  private static LanguageModel answering(Function<Integer, String> answer) {
    return new ScriptedModel(
        request -> {
          String prompt = ((Generate) request).prompt();
          int number = Integer.parseInt(prompt.strip().replaceAll("^2 \\* | =$", ""));
          return new Generation(answer.apply(number), 1, new ContextFit(7, 5), Optional.empty());
        });
  }

  private static Optional<Facet> parity(String value) {
    return Optional.of(new Facet("parity", value));
  }

  private static Score scored(Measure... measures) {
    return new Scored(List.of(measures), Optional.empty());
  }

  private static Task<ToySample> scoring(Function<ToySample, Score> scorer) {
    return new ScoringTask(scorer);
  }

  /** The toy task with another scorer and the metric m alone. */
  private record ScoringTask(Function<ToySample, Score> scorer) implements LikeToys {
    @Override
    public ToyTask toys() {
      return ToyTask.of(1);
    }

    @Override
    public Score score(ToySample sample, List<Response> responses) {
      return scorer.apply(sample);
    }

    @Override
    public Aggregate aggregate() {
      return new Aggregate(
          List.of(new MetricRule("m", Transform.IDENTITY, MetricRule.Better.HIGHER)));
    }
  }

  /** A model named fake that sees its requests a batch at a time. */
  private record FakeModel(Function<List<Request<?>>, List<Response>> answers)
      implements LanguageModel {
    @Override
    public ModelCard card() {
      return new ModelCard("fake", "full", OptionalInt.empty(), Map.of());
    }

    @Override
    public boolean observes(Observation<?> asked) {
      return false;
    }

    @Override
    public List<Response> answer(List<Request<?>> requests) {
      return answers.apply(requests);
    }

    @Override
    public Work work() {
      return Work.NONE;
    }

    @Override
    public void close() {}
  }
}
