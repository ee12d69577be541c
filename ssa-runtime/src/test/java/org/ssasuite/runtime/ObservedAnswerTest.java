package org.ssasuite.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.attention.BlockSparse;
import org.ssasuite.core.attention.Full;
import org.ssasuite.core.attention.SelectionRule;
import org.ssasuite.core.request.AttentionStatistics;
import org.ssasuite.core.request.AttentionStatistics.Statistic;
import org.ssasuite.core.request.DocumentRating;
import org.ssasuite.core.request.Generate;
import org.ssasuite.core.request.Generation;
import org.ssasuite.core.request.LanguageModel;
import org.ssasuite.core.request.Observe;
import org.ssasuite.core.request.RateContinuation;
import org.ssasuite.core.request.RateDocument;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.request.Response;
import org.ssasuite.core.request.StatisticsObservation;
import org.ssasuite.core.request.Windows;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.engine.RuntimeOptions;
import org.ssasuite.runtime.statistics.HeadStatistics;
import org.ssasuite.runtime.statistics.QueryRange;
import org.ssasuite.runtime.statistics.StatisticsRequest;

/** Statistics beside answers: whose queries they are of, and that they change no answer. */
class ObservedAnswerTest {
  private static final String TEXT =
      "It was the best of times, it was the worst of times, it was the age of wisdom. ".repeat(12);
  private static final StatisticsObservation ALL =
      new StatisticsObservation(List.of("sinks", "capture", "error"), List.of("16x2"), false);
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

  private static List<Response> answers(AttentionMode mode, List<Request<?>> requests) {
    try (LanguageModel view = model.in(mode)) {
      return view.answer(requests);
    }
  }

  private static AttentionStatistics seen(AttentionMode mode, Request<?> request) {
    return answers(mode, List.of(request)).get(0).observations().stream()
        .flatMap(all -> all.of(AttentionStatistics.class).stream())
        .findFirst()
        .orElseThrow();
  }

  private static RateDocument document(Windows windows) {
    return new RateDocument(TEXT, windows, Observe.nothing());
  }

  private static Statistic statistic(AttentionStatistics all, String name) {
    return all.statistics().stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** What {@code ssa stats} says of the same tokens and queries. */
  private static List<HeadStatistics> direct(int[] ids, QueryRange queries) {
    StatisticsRequest asked = StatisticsRequest.of(ALL, new Full(), model.checkpoint().config());
    return model.statistics(ids, new Full(), asked, queries).layers();
  }

  private static void assertOf(AttentionStatistics seen, int[] ids, QueryRange queries) {
    List<HeadStatistics> layers = direct(ids, queries);
    Statistic entropy = statistic(seen, "entropy_bits");
    assertThat(entropy.queries()).isEqualTo(queries.queries());
    for (int layer = 0; layer < layers.size(); layer++) {
      for (int head = 0; head < layers.get(layer).heads(); head++) {
        HeadStatistics own = layers.get(layer);
        assertThat(value(seen, "entropy_bits", layer, head)).isEqualTo(own.entropyBits(0, head));
        assertThat(value(seen, "first_4_value", layer, head)).isEqualTo(own.firstValue(0, 1, head));
        assertThat(value(seen, "key_mass_3", layer, head)).isEqualTo(own.keyMass(0, 3, head));
        assertThat(value(seen, "captured_16x2", layer, head)).isEqualTo(own.captured(0, head));
        assertThat(value(seen, "error_bound_16x2", layer, head)).isEqualTo(own.errorBound(0, head));
      }
    }
  }

  private static double value(AttentionStatistics seen, String name, int layer, int head) {
    return statistic(seen, name).layers().get(layer).get(head);
  }

  @Test
  void aDocumentsQueriesAreThoseWhoseNextTokenIsRated() {
    int[] ids = Arrays.copyOf(model.tokenize(TEXT), 99);

    assertOf(
        seen(new Full(), document(new Windows.First(100)).observing(ALL)),
        ids,
        new QueryRange(0, 99));
  }

  @Test
  void aContinuationsQueriesBeginAtTheContextsLastToken() {
    RateContinuation request =
        new RateContinuation("It was the best of", " times, it was", Observe.nothing());
    int[] ids = model.tokenize("It was the best of times, it was");
    int from = model.tokenize("It was the best of").length - 1;

    assertOf(seen(new Full(), request.observing(ALL)), ids, new QueryRange(from, ids.length - 1));
  }

  @Test
  void aGenerationsQueriesAreThoseThatChooseATokenAndThePromptsThoseBefore() {
    String prompt = "It was the best of times, it was the";
    Generate request = new Generate(prompt, 8, List.of(), Observe.nothing());
    Generation generation = (Generation) answers(new Full(), List.of(request)).get(0);
    int[] ids = model.tokenize(prompt);
    int[] written = model.generate(ids, new Full(), 8, List.of()).ids();
    int[] all = Arrays.copyOf(ids, ids.length + written.length - 1);
    System.arraycopy(written, 0, all, ids.length, written.length - 1);
    StatisticsObservation before = new StatisticsObservation(ALL.groups(), ALL.budgets(), true);

    assertThat(generation.tokens()).isEqualTo(written.length);
    assertOf(
        seen(new Full(), request.observing(ALL)), all, new QueryRange(ids.length - 1, all.length));
    assertOf(seen(new Full(), request.observing(before)), ids, new QueryRange(0, ids.length - 1));
  }

  @Test
  void windowsOfADocumentAreOneMean() {
    int tokens = model.tokenize(TEXT).length;
    AttentionStatistics seen = seen(new Full(), document(new Windows.Rolling(50)).observing(ALL));

    assertThat(statistic(seen, "effective_keys").queries()).isEqualTo(tokens);
    assertThat(statistic(seen, "last_16").mean()).isBetween(0.3, 1.0);
    assertThat(statistic(seen, "last_1024").mean()).isCloseTo(1, within(1e-5));
  }

  @Test
  void aSparseModeTellsWhereItAttendsAndNotWhatFullAttentionWould() {
    AttentionMode sparse = new BlockSparse(16, 2, SelectionRule.EXACT);
    AttentionStatistics seen = seen(sparse, document(new Windows.First(100)).observing(ALL));

    assertThat(seen.statistics()).noneMatch(each -> each.name().startsWith("captured"));
    assertThat(statistic(seen, "effective_keys").mean()).isLessThanOrEqualTo(32);
  }

  @Test
  void answersAreThoseThatNobodyWatches() {
    List<Request<?>> plain =
        List.of(
            document(new Windows.First(100)),
            document(new Windows.Rolling(50)),
            new RateContinuation(TEXT, " it was", Observe.nothing()),
            new Generate("It was the best of times", 8, List.of("."), Observe.nothing()));
    List<Request<?>> watched =
        Stream.concat(
                plain.stream().<Request<?>>map(request -> request.observing(ALL)), plain.stream())
            .toList();
    for (AttentionMode mode : List.of(new Full(), new BlockSparse(8, 4, SelectionRule.EXACT))) {
      List<Response> expected = answers(mode, plain);
      List<Response> seen = answers(mode, watched);
      for (int i = 0; i < watched.size(); i++) {
        assertThat(seen.get(i))
            .usingRecursiveComparison()
            .ignoringFields("observations")
            .isEqualTo(expected.get(i % plain.size()));
      }
    }
  }

  @Test
  void aTextWithoutARatedTokenHasNothingToSee() {
    RateDocument request = new RateDocument("a", new Windows.First(50), Observe.nothing());
    DocumentRating rating =
        (DocumentRating) answers(new Full(), List.of(request.observing(ALL))).get(0);

    assertThat(rating.observations().orElseThrow().values()).isEmpty();
  }
}
