package org.ssasuite.leaderboards.run.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.request.CompareDocument;
import org.ssasuite.core.request.Generate;
import org.ssasuite.core.request.Observe;
import org.ssasuite.core.request.RateContinuation;
import org.ssasuite.core.request.RateDocument;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.request.Response;
import org.ssasuite.core.request.Windows;
import org.ssasuite.core.task.Aggregate;
import org.ssasuite.core.task.FollowUp;
import org.ssasuite.core.task.Sample;
import org.ssasuite.core.task.Score;
import org.ssasuite.core.task.Task;
import org.ssasuite.core.task.TaskId;

/** Counted by hand, at two characters a token. */
class LoadCounterTest {
  private static final LoadCounter SHARED = new LoadCounter(2, true);
  private static final LoadCounter ALONE = new LoadCounter(2, false);

  /** A sample's requests. */
  private record Asking(List<Request<?>> requests) implements Sample {
    @Override
    public String id() {
      return "asking";
    }

    @Override
    public String document() {
      return "asking";
    }
  }

  /** A task of one sample. */
  private record OneSample(Optional<FollowUp> then) implements Task<Asking> {
    @Override
    public TaskId id() {
      throw new UnsupportedOperationException();
    }

    @Override
    public String protocol() {
      return "";
    }

    @Override
    public String dataDigest() {
      return "";
    }

    @Override
    public Stream<Asking> samples() {
      return Stream.of();
    }

    @Override
    public List<Request<?>> requests(Asking sample) {
      return sample.requests();
    }

    @Override
    public Optional<FollowUp> followUp(Asking sample) {
      return then;
    }

    @Override
    public Score score(Asking sample, List<Response> responses) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Aggregate aggregate() {
      throw new UnsupportedOperationException();
    }
  }

  private static UnitLoad of(LoadCounter counter, Request<?>... requests) {
    return counter.of(new OneSample(Optional.empty()), List.of(new Asking(List.of(requests))));
  }

  private static RateDocument document(int characters, Windows windows) {
    return new RateDocument("x".repeat(characters), windows, Observe.nothing());
  }

  private static RateContinuation choice(String context, String ending) {
    return new RateContinuation(context, ending, Observe.nothing());
  }

  private static Generate writing(String prompt, int most) {
    return new Generate(prompt, most, List.of(), Observe.nothing());
  }

  @Test
  void aDocumentIsReadUpToItsWindow() {
    assertThat(of(SHARED, document(1000, new Windows.First(300))).readings())
        .containsExactly(new Reading(0, 300, 300));
  }

  @Test
  void aShortDocumentIsReadWhole() {
    assertThat(of(SHARED, document(100, new Windows.First(300))).readings())
        .containsExactly(new Reading(0, 50, 50));
  }

  @Test
  void rollingWindowsRateEachTokenOnce() {
    assertThat(of(SHARED, document(1000, new Windows.Rolling(200))).readings())
        .containsExactly(
            new Reading(0, 200, 200), new Reading(0, 200, 200), new Reading(0, 200, 100));
  }

  @Test
  void aStretchIsReadInItsPasses() {
    assertThat(of(SHARED, document(1000, new Windows.Stretch(400, 100, 150))).readings())
        .containsExactly(new Reading(0, 149, 75), new Reading(0, 149, 25));
  }

  @Test
  void whatChoicesBeginWithIsReadOnce() {
    String context = "c".repeat(100);

    assertThat(of(SHARED, choice(context, "aaaa"), choice(context, "bbbbbb")).readings())
        .containsExactlyInAnyOrder(new Reading(0, 52, 2), new Reading(50, 3, 3));
  }

  @Test
  void withoutSharingItIsReadEachTime() {
    String context = "c".repeat(100);

    assertThat(of(ALONE, choice(context, "aaaa"), choice(context, "bbbbbb")).readings())
        .containsExactlyInAnyOrder(new Reading(0, 52, 2), new Reading(0, 53, 3));
  }

  @Test
  void aGenerationTakesAStepForEachTokenButTheFirst() {
    UnitLoad load = of(SHARED, writing("p".repeat(80), 16));

    assertThat(load.readings()).containsExactly(new Reading(0, 40, 1));
    assertThat(load.writings()).containsExactly(new Writing(40, 15));
    assertThat(load.tokens()).isEqualTo(55);
  }

  @Test
  void aSecondQuestionIsReadAndAnsweredToo() {
    FollowUp then = new FollowUp("b".repeat(30), "e".repeat(10), 6);
    UnitLoad load =
        SHARED.of(
            new OneSample(Optional.of(then)),
            List.of(new Asking(List.of(writing("p".repeat(80), 16)))));

    assertThat(load.writings()).containsExactlyInAnyOrder(new Writing(40, 15), new Writing(20, 5));
  }

  @Test
  void aComparisonIsReadInBothModes() {
    UnitLoad load =
        of(SHARED, new CompareDocument("x".repeat(400), 150, "full", Observe.nothing()));

    assertThat(load.compared()).containsExactly(new Reading(0, 150, 150));
    assertThat(load.tokens()).isEqualTo(300);
  }
}
