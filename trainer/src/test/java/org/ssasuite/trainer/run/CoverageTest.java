package org.ssasuite.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.ssasuite.trainer.attention.FormulaAttention;
import org.ssasuite.trainer.data.PackedBatch;
import org.ssasuite.trainer.engine.ComputeDevice;
import org.ssasuite.trainer.engine.Engine;
import org.ssasuite.trainer.model.GradientStep;
import org.ssasuite.trainer.model.Parameters;
import org.ssasuite.trainer.model.SmallProblem;
import org.ssasuite.trainer.model.Stream;
import org.ssasuite.trainer.model.Transformer;
import org.ssasuite.trainer.recipe.Precision;

/** Rows of 36 tokens, 2 blocks of 8 selected: a late query attends to 16 keys at most. */
class CoverageTest {
  @Test
  void aSparseStepOfSsaReachesEveryKey() {
    Coverage coverage = measured("ssa", "both", Stream.SPARSE);

    assertThat(present(coverage)).hasSize(2).containsOnly(1.0);
  }

  @Test
  void aFullStepReachesEveryKey() {
    assertThat(present(measured("full", "both", Stream.FULL))).hasSize(2).containsOnly(1.0);
  }

  @Test
  void mobaLeavesKeysWithoutGradientAtEveryRank() {
    List<Double> shares = present(measured("moba", "both", Stream.SPARSE));

    assertThat(shares).hasSize(2).allSatisfy(share -> assertThat(share).isLessThan(0.95));
  }

  @Test
  void withoutAlignmentASparseStepOfSsaReachesWhatMobaReaches() {
    assertThat(measured("ssa", "none", Stream.SPARSE))
        .isEqualTo(measured("moba", "both", Stream.SPARSE));
  }

  /** A query in the last layer whose prediction does not count has no gradient to hand on. */
  private static PackedBatch allRated(PackedBatch batch) {
    boolean[] rated = new boolean[batch.rated().length];
    Arrays.fill(rated, true);
    return new PackedBatch(
        batch.rows(),
        batch.length(),
        batch.inputs(),
        batch.positions(),
        batch.targets(),
        rated,
        batch.documentStarts());
  }

  private static List<Double> present(Coverage coverage) {
    return coverage.shares().stream()
        .filter(OptionalDouble::isPresent)
        .map(OptionalDouble::getAsDouble)
        .toList();
  }

  private static Coverage measured(String variant, String directions, Stream stream) {
    ObjectNode vector = SmallProblem.all("gradients").get(0).vector().deepCopy();
    vector.put("variant", variant).put("directions", directions).put("masking", "none");
    SmallProblem problem = new SmallProblem(vector);
    Engine engine = Engine.open(ComputeDevice.CPU, Precision.FP64, 1);
    PackedBatch batch = allRated(problem.batch(0));
    CoverageWatch watch = new CoverageWatch(1, batch.length());
    try (Parameters parameters = problem.parameters(engine);
        Transformer model =
            new Transformer(
                problem.config(), parameters, new FormulaAttention(), engine, batch.length())) {
      new GradientStep(model, parameters)
          .run(
              List.of(
                  new GradientStep.MicroBatch(
                      batch, layer -> problem.method().layer(stream, batch))),
              watch);
    }
    return watch.coverage();
  }
}
