package org.ssasuite.core.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.request.Bos;
import org.ssasuite.core.request.Observe;
import org.ssasuite.core.request.RateDocument;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.request.Response;
import org.ssasuite.core.request.Windows;

class BosTaskTest {
  private record Text(String id, String document) implements Sample {}

  private record Asking(String protocol, Windows windows) implements Task<Text> {
    @Override
    public TaskId id() {
      return new TaskId("toy", "asking", 1);
    }

    @Override
    public String dataDigest() {
      return "da".repeat(32);
    }

    @Override
    public Stream<Text> samples() {
      return Stream.of(new Text("s", "d"));
    }

    @Override
    public List<Request<?>> requests(Text sample) {
      return List.of(new RateDocument("a text", windows, Observe.nothing()));
    }

    @Override
    public Score score(Text sample, List<Response> responses) {
      return new Unscored("never");
    }

    @Override
    public Aggregate aggregate() {
      return new Aggregate(
          List.of(new MetricRule("m", Transform.IDENTITY, MetricRule.Better.LOWER)));
    }
  }

  private static String protocol(String own, Bos bos) {
    return new BosTask<>(new Asking(own, new Windows.First(4)), bos).protocol();
  }

  @Test
  void protocolSaysItInPlaceOfWhatItSaidOrBehindAllElse() {
    assertThat(protocol("book/no-bos/corpus", Bos.YES)).isEqualTo("book/bos/corpus");
    assertThat(protocol("left-64/greedy", Bos.YES)).isEqualTo("left-64/greedy/bos");
    assertThat(protocol("left-64/greedy", Bos.NO)).isEqualTo("left-64/greedy/no-bos");
    assertThat(protocol("RULER, seed 42", Bos.YES)).isEqualTo("RULER, seed 42, bos");
  }

  @Test
  void everyRequestSaysIt() {
    BosTask<Text> task = new BosTask<>(new Asking("book/no-bos", new Windows.First(4)), Bos.YES);

    assertThat(task.requests(new Text("s", "d")))
        .allMatch(request -> ((Request<?>) request).bos() == Bos.YES);
  }

  /** A method with a body of its own in Task would else answer for the task. */
  @Test
  void everythingElseIsAskedOfTheTask() {
    assertThat(BosTask.class.getDeclaredMethods())
        .extracting(Method::getName)
        .containsAll(Stream.of(Task.class.getMethods()).map(Method::getName).toList());
  }

  @Test
  void rollingWindowsHaveNoPlaceForIt() {
    BosTask<Text> task = new BosTask<>(new Asking("page", new Windows.Rolling(4)), Bos.YES);

    assertThatThrownBy(() -> task.requests(new Text("s", "d")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("BOS yes before rolling:4");
  }
}
