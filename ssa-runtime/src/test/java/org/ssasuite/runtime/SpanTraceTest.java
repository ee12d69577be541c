package org.ssasuite.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.attention.BlockSparse;
import org.ssasuite.core.attention.Full;
import org.ssasuite.core.attention.SelectionRule;
import org.ssasuite.core.request.BlockObservation;
import org.ssasuite.core.request.Observe;
import org.ssasuite.core.request.SelectedBlocks;
import org.ssasuite.core.request.SpanObservation;
import org.ssasuite.core.request.SpanSelection;
import org.ssasuite.core.request.TextSpan;
import org.ssasuite.core.request.Work;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.engine.Device;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.observation.RequestWatch;
import org.ssasuite.runtime.observation.Scene;
import org.ssasuite.runtime.observation.TokenSpan;
import org.ssasuite.runtime.statistics.QueryRange;

/** What is noted while a model writes, against the blocks of one pass over the same tokens. */
class SpanTraceTest {
  private static final String TEXT =
      "It was the best of times, it was the worst of times, it was the age of wisdom. ".repeat(9);
  private static final int STEPS = 7;
  private static SsaModel model;
  private static int[] prompt;

  @BeforeAll
  static void load() {
    Path folder = Path.of(System.getProperty("ssa.root"), "models", "ssa-mini");
    model = SsaModel.load(Checkpoint.open(folder), RuntimeOptions.cpu(2), Optional.empty());
    prompt = model.tokenize(TEXT);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  static Stream<AttentionMode> sparse() {
    return Stream.of(
        new BlockSparse(8, 4, SelectionRule.EXACT), new BlockSparse(16, 3, SelectionRule.EXACT));
  }

  /** What was written, and the stretches' selections; none if the mode selects nothing. */
  @SuppressWarnings("ArrayRecordComponent") // read once, never compared
  private record Traced(int[] ids, List<SpanSelection> spans) {}

  /** Stretches are of tokens: the text has one character for each. */
  private static Traced generated(AttentionMode mode, List<TokenSpan> spans) {
    Observe observe =
        Observe.of(spans.stream().map(span -> new TextSpan(span.from(), span.to())).toList());
    RequestWatch watch = RequestWatch.of(observe, Device.CPU);
    Scene scene =
        new Scene(
            model.checkpoint().config(),
            mode,
            new QueryRange(prompt.length - 1, prompt.length - 1 + STEPS),
            true,
            () -> IntStream.rangeClosed(1, prompt.length).toArray());
    GreedyDecoder.Job job = new GreedyDecoder.Job(prompt, STEPS, List.of(), watch.watches(scene));
    int[] ids = model.decoder(mode).run(List.of(job)).get(0).ids();
    return new Traced(
        ids,
        watch
            .observations()
            .flatMap(all -> all.of(SpanObservation.Taken.class))
            .map(SpanObservation.Taken::spans)
            .orElse(List.of()));
  }

  private static List<SelectedBlocks> selected(int[] ids, AttentionMode mode) {
    RequestWatch watch = RequestWatch.of(Observe.of(new BlockObservation()), Device.CPU);
    Scene scene =
        new Scene(
            model.checkpoint().config(),
            mode,
            new QueryRange(ids.length - 1, ids.length),
            false,
            () -> new int[0]);
    Pass pass = Pass.ratingLast(ids, new int[] {0}).watchedBy(watch.watches(scene));
    model.run(List.of(pass), mode);
    return watch
        .observations()
        .flatMap(all -> all.of(BlockObservation.Layers.class))
        .orElseThrow()
        .layers();
  }

  @ParameterizedTest
  @MethodSource("sparse")
  void stretchesAreTakenWhereThePassSelectsTheirBlocks(AttentionMode mode) {
    int size = ((BlockSparse) mode).blockSize();
    List<TokenSpan> spans =
        List.of(new TokenSpan(3, 5), new TokenSpan(40, 58), new TokenSpan(150, 151));
    Traced generated = generated(mode, spans);
    int[] ids = Arrays.copyOf(prompt, prompt.length + STEPS - 1);
    System.arraycopy(generated.ids(), 0, ids, prompt.length, STEPS - 1);
    List<SelectedBlocks> layers = selected(ids, mode);

    assertThat(generated.spans()).hasSize(spans.size());
    for (int i = 0; i < spans.size(); i++) {
      TokenSpan span = spans.get(i);
      SpanSelection selection = generated.spans().get(i);
      assertThat(selection.steps()).isEqualTo(STEPS);
      for (int step = 0; step < STEPS; step++) {
        for (int layer = 0; layer < layers.size(); layer++) {
          int[] blocks = layers.get(layer).at(prompt.length - 1 + step, 0);
          boolean holds =
              Arrays.stream(blocks)
                  .anyMatch(b -> b >= span.from() / size && b <= (span.to() - 1) / size);
          assertThat(selection.taken(step, layer, 0)).isEqualTo(holds);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("sparse")
  void tracingChangesNoToken(AttentionMode mode) {
    assertThat(generated(mode, List.of(new TokenSpan(0, 9))).ids())
        .isEqualTo(generated(mode, List.of()).ids());
  }

  @ParameterizedTest
  @MethodSource("sparse")
  void tracingAsksTheModelForNothingMore(AttentionMode mode) {
    Work before = model.work();
    generated(mode, List.of());
    Work plain = model.work();
    generated(mode, List.of(new TokenSpan(0, 9)));
    Work traced = model.work();

    assertThat(traced.runs() - plain.runs()).isEqualTo(plain.runs() - before.runs());
    assertThat(traced.tokens() - plain.tokens()).isEqualTo(plain.tokens() - before.tokens());
  }

  @Test
  void fullAttentionSelectsNothing() {
    assertThat(generated(new Full(), List.of(new TokenSpan(0, 9))).spans()).isEmpty();
  }

  @Test
  void tokensOfAStretchAreThoseThatShareACharacter() {
    int[] ends = {2, 5, 5, 9};

    assertThat(TokenSpan.of(new TextSpan(0, 1), ends)).isEqualTo(new TokenSpan(0, 1));
    assertThat(TokenSpan.of(new TextSpan(1, 3), ends)).isEqualTo(new TokenSpan(0, 2));
    assertThat(TokenSpan.of(new TextSpan(2, 5), ends)).isEqualTo(new TokenSpan(1, 2));
    assertThat(TokenSpan.of(new TextSpan(4, 9), ends)).isEqualTo(new TokenSpan(1, 4));
    assertThat(TokenSpan.of(new TextSpan(6, 7), ends)).isEqualTo(new TokenSpan(3, 4));
  }
}
