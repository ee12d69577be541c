package org.ssasuite.tasks.ruler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ssasuite.core.calibration.OracleModel;
import org.ssasuite.core.calibration.ScriptedModel;
import org.ssasuite.core.calibration.SilentModel;
import org.ssasuite.core.calibration.UniformModel;
import org.ssasuite.core.catalogue.Supplies;
import org.ssasuite.core.catalogue.TaskOffer;
import org.ssasuite.core.request.ContextFit;
import org.ssasuite.core.request.Generate;
import org.ssasuite.core.request.Generation;
import org.ssasuite.core.request.LanguageModel;
import org.ssasuite.core.request.ModelCard;
import org.ssasuite.core.request.Observations;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.request.SpanObservation;
import org.ssasuite.core.request.SpanSelection;
import org.ssasuite.core.run.MetricResult;
import org.ssasuite.core.run.Progress;
import org.ssasuite.core.run.RunFolder;
import org.ssasuite.core.run.SampleLog;
import org.ssasuite.core.run.TaskResult;
import org.ssasuite.core.run.TaskRunner;
import org.ssasuite.core.task.Facet;
import org.ssasuite.tasks.ruler.generator.RulerSample;

/** What models whose every answer is known must get, over whole evaluations. */
class CalibrationTest {
  private static final Supplies NO_SUPPLIES = Supplies.of(Path.of("data"), Path.of("cache"));

  @TempDir Path folder;

  static Stream<String> names() {
    return new RulerTasks()
        .offers().stream()
            .filter(offer -> offer.description(NO_SUPPLIES).missing().isEmpty())
            .map(TaskOffer::name);
  }

  private RulerTask task(String name) {
    return new Bench(folder).task(name, Bench.order("nvidia-2025", 1024, 42, 4));
  }

  private TaskResult run(RulerTask task, LanguageModel model) {
    RunFolder run = RunFolder.create(folder.resolve("run"));
    try (model;
        SampleLog log = run.samples(model.card(), task.id())) {
      return TaskRunner.run(task, model, OptionalInt.empty(), 4, log, Progress.silent());
    }
  }

  private static double value(TaskResult result, String metric, Optional<Facet> facet) {
    return result.metrics().stream()
        .filter(m -> m.metric().equals(metric) && m.facet().equals(facet))
        .mapToDouble(MetricResult::value)
        .findFirst()
        .orElseThrow();
  }

  private static double headline(TaskResult result) {
    return result.metrics().get(0).value();
  }

  @ParameterizedTest
  @MethodSource("names")
  void oracleGetsAHundredPercent(String name) {
    RulerTask task = task(name);
    List<OracleModel.Answer> answers = new ArrayList<>();
    task.samples()
        .forEach(
            sample ->
                answers.add(
                    new OracleModel.Answer(
                        ((Generate) task.requests(sample).get(0)).prompt(),
                        " " + String.join(", ", sample.outputs()) + ".")));

    TaskResult result = run(task, new OracleModel(answers));

    assertThat(headline(result)).isEqualTo(100);
    assertThat(value(result, "nulls", Optional.empty())).isZero();
    assertThat(value(result, "string_match_all", Optional.of(new Facet("length", "1024"))))
        .isEqualTo(100);
  }

  @Test
  void silentModelGetsNothingAndIsCountedAsEmpty() {
    TaskResult result = run(task("niah_multiquery_pd"), new SilentModel());

    assertThat(headline(result)).isZero();
    assertThat(value(result, "nulls", Optional.empty())).isEqualTo(100);
  }

  @Test
  void uniformModelGetsNothing() {
    assertThat(headline(run(task("niah_single_1"), new UniformModel(256)))).isZero();
  }

  /**
   * One step, one layer, two heads: needles of the first half of a prompt are taken by one head.
   */
  @Test
  void needleTraceIsAShareByDepthAndByAnswer() {
    RulerTask task = task("niah_single_1");

    TaskResult result =
        run(
            task,
            new ScriptedModel(
                new ModelCard("scripted", "sparse:16x16", OptionalInt.empty(), Map.of()),
                Set.of(),
                request -> answer(request)));

    long deep = task.samples().filter(sample -> !shallow(sample)).count();
    assertThat(deep).isBetween(1L, 3L);
    assertThat(value(result, "needle_selected", Optional.empty()))
        .isCloseTo(50 + 50.0 * deep / 4, within(1e-9));
    assertThat(value(result, "needle_selected_first", Optional.of(new Facet("length", "1024"))))
        .isCloseTo(50 + 50.0 * deep / 4, within(1e-9));
    assertThat(value(result, "needle_selected", Optional.of(new Facet("answer", "missed"))))
        .isCloseTo(50 + 50.0 * deep / 4, within(1e-9));
  }

  private static boolean shallow(RulerSample sample) {
    return 2 * sample.needles().get(0).from() < sample.input().length();
  }

  private static Generation answer(Request<?> request) {
    Generate generate = (Generate) request;
    int from = generate.observe().observations().get(0).arguments().get(0).get(0);
    boolean first = 2 * from < generate.prompt().lastIndexOf(" The speci");
    BitSet taken = new BitSet();
    taken.set(0);
    taken.set(1, !first);
    return new Generation(
        "no idea",
        1,
        ContextFit.whole(1),
        Optional.of(
            new Observations(
                List.of(new SpanObservation.Taken(List.of(new SpanSelection(1, 1, 2, taken)))))));
  }
}
