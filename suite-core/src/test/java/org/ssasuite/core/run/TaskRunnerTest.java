package org.ssasuite.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.calibration.ScriptedModel;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.request.BlockObservation;
import org.ssasuite.core.request.ContextFit;
import org.ssasuite.core.request.ContinuationRating;
import org.ssasuite.core.request.LanguageModel;
import org.ssasuite.core.request.ModelCard;
import org.ssasuite.core.request.Observation;
import org.ssasuite.core.request.Observe;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.request.Response;
import org.ssasuite.core.request.Work;
import org.ssasuite.core.task.Measure;
import org.ssasuite.core.testing.ToyTask;

/** How a task is asked, logged and followed, and which bugs end it. */
class TaskRunnerTest extends ScriptedRun {
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
