package org.ssasuite.runtime.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.ssasuite.runtime.checkpoint.ModelConfig;
import org.ssasuite.runtime.checkpoint.ModelLayout;
import org.ssasuite.runtime.checkpoint.ModelLayout.Role;
import org.ssasuite.runtime.checkpoint.TinyCheckpoint;
import org.ssasuite.runtime.engine.Isa;
import org.ssasuite.runtime.engine.Precision;

class GraphWeightsTest {
  private static final ModelConfig CONFIG =
      ModelConfig.of(Path.of("config.json"), TinyCheckpoint.config());
  private static final ModelLayout LAYOUT = ModelLayout.of(CONFIG.sizes(), true);

  /** The layout with a tensor that no graph knows what to do with. */
  private static ModelLayout withSinks() {
    Map<String, ModelLayout.Tensor> tensors = new LinkedHashMap<>(LAYOUT.tensors());
    String name = "model.layers.0.self_attn.sinks";
    tensors.put(name, new ModelLayout.Tensor(name, List.of(128L), Role.QUERY, OptionalInt.of(0)));
    return new ModelLayout(tensors);
  }

  @Test
  void everyTensorIsInOneWeight() {
    for (GraphWeights weights :
        List.of(
            GraphWeights.separate(LAYOUT), GraphWeights.joint(LAYOUT, GraphBuilder.Type.FLOAT16))) {
      assertThat(weights.all())
          .flatExtracting(GraphWeights.Weight::parts)
          .containsExactlyInAnyOrderElementsOf(LAYOUT.tensors().values());
    }
  }

  @Test
  void jointRowsAreThoseOfTheParts() {
    assertThat(GraphWeights.joint(LAYOUT, GraphBuilder.Type.FLOAT16).all())
        .filteredOn(weight -> weight.name().equals(ModelLayout.Joint.ATTENTION.of(0)))
        .singleElement()
        .satisfies(weight -> assertThat(weight.shape()).containsExactly(128 + 64 + 64 + 12, 32));
  }

  @Test
  void aTensorThatAGraphLeavesOutIsABugThatIsSeen() {
    ModelLayout more = withSinks();
    assertThatThrownBy(() -> ModelGraph.write(CONFIG, more, Isa.AUTO, 0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the graph leaves out model.layers.0.self_attn.sinks");
    assertThatThrownBy(() -> CudaGraph.write(CONFIG, more, Precision.BF16, 0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the graph leaves out model.layers.0.self_attn.sinks");
  }
}
