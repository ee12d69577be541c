package org.ssasuite.trainer.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ssasuite.trainer.attention.FormulaAttention;
import org.ssasuite.trainer.data.PackedBatch;
import org.ssasuite.trainer.engine.ComputeDevice;
import org.ssasuite.trainer.engine.Engine;
import org.ssasuite.trainer.model.AttentionWatch;
import org.ssasuite.trainer.model.GradientStep;
import org.ssasuite.trainer.model.Parameters;
import org.ssasuite.trainer.model.SmallProblem;
import org.ssasuite.trainer.model.StepLosses;
import org.ssasuite.trainer.model.Stream;
import org.ssasuite.trainer.model.Transformer;
import org.ssasuite.trainer.recipe.Precision;
import org.ssasuite.trainer.recipe.TrainSpec.Optimizer;
import org.ssasuite.trainer.recipe.TrainSpec.Schedule;

class StepsTest {
  private static final Optimizer RULE = new Optimizer(0.9, 0.95, 1e-8, 0.1, 1.0);

  @Test
  void sixStepsOfTwoMicroBatchesAreThoseOfPyTorch() {
    SmallProblem problem = SmallProblem.all("steps").get(0);
    JsonNode log = problem.vector().get("log");
    LearningRate rates =
        new LearningRate(
            new Schedule(
                problem.vector().get("peak").asDouble(),
                0,
                problem.vector().get("warmup").asInt(),
                Schedule.Rise.FROM_FIRST),
            log.size());
    Engine engine = Engine.open(ComputeDevice.CPU, Precision.FP64, 1);
    try (Parameters parameters = problem.parameters(engine);
        Transformer model =
            new Transformer(
                problem.config(),
                parameters,
                new FormulaAttention(),
                engine,
                problem.batch(0).length());
        AdamW optimizer = new AdamW(RULE, parameters)) {
      for (int step = 0; step < log.size(); step++) {
        JsonNode expected = log.get(step);
        StepLosses losses =
            new GradientStep(model, parameters)
                .run(batches(problem, step, expected), AttentionWatch.NONE);
        // DJL's trackers give floats.
        double rate = rates.at(step);
        assertThat(rate).isCloseTo(expected.get("lr").asDouble(), within(1e-9));
        assertThat(losses.nextToken()).isCloseTo(expected.get("loss").asDouble(), within(1e-7));
        assertThat(losses.alignment()).isCloseTo(expected.get("align").asDouble(), within(1e-7));
        assertThat(losses.gradientNorm())
            .isCloseTo(expected.get("gradnorm").asDouble(), within(1e-6));
        optimizer.update(step + 1, rate, losses.gradientNorm());
      }
      requireWeights(problem, parameters);
    }
  }

  private static List<GradientStep.MicroBatch> batches(
      SmallProblem problem, int step, JsonNode expected) {
    Stream stream = SmallProblem.stream(expected.get("mode").asText());
    List<GradientStep.MicroBatch> batches = new ArrayList<>();
    for (int salt = 2 * step; salt < 2 * step + 2; salt++) {
      PackedBatch batch = problem.batch(salt);
      batches.add(
          new GradientStep.MicroBatch(batch, layer -> problem.method().layer(stream, batch)));
    }
    return batches;
  }

  private static void requireWeights(SmallProblem problem, Parameters parameters) {
    parameters
        .layout()
        .weights()
        .forEach(
            (name, weight) -> {
              double[] values = Engine.doubles(Parameters.view(parameters.master(), weight));
              assertThat(SmallProblem.sketch(values)[0])
                  .as(name)
                  .isCloseTo(
                      problem.vector().at("/sketches").get(name).get(0).asDouble(), within(1e-6));
            });
  }

  @Test
  void aRiseFromZeroReachesThePeakWhereTheCosineBegins() {
    LearningRate rates = new LearningRate(new Schedule(2e-3, 0, 28, Schedule.Rise.FROM_ZERO), 1400);

    assertThat(rates.at(0)).isZero();
    assertThat(rates.at(9)).isCloseTo(2e-3 * 9 / 28, within(1e-9));
    assertThat(rates.at(28)).isCloseTo(2e-3, within(1e-9));
    assertThat(rates.at(714)).isCloseTo(1e-3, within(1e-9));
    assertThat(rates.at(1399))
        .isCloseTo(1e-3 * (1 + Math.cos(Math.PI * 1371 / 1372)), within(1e-9));
  }

  @Test
  void withoutWarmUpTheFirstRateIsThePeak() {
    LearningRate rates = new LearningRate(new Schedule(1.0, 0.1, 0, Schedule.Rise.FROM_FIRST), 4);

    assertThat(rates.at(0)).isEqualTo(1.0);
    assertThat(rates.at(2)).isCloseTo(0.55, within(1e-7));
  }
}
