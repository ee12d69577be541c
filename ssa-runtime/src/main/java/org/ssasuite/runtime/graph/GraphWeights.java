package org.ssasuite.runtime.graph;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ssasuite.runtime.checkpoint.ModelLayout;

/**
 * How the tensors of a model lie in a graph.
 *
 * @param all in the order of the layout
 */
public record GraphWeights(List<Weight> all) {
  /**
   * One initializer.
   *
   * @param parts whose rows lie behind one another
   */
  public record Weight(String name, GraphBuilder.Type type, List<ModelLayout.Tensor> parts) {
    public Weight {
      parts = List.copyOf(parts);
    }

    /** The first part's, with the rows of all. */
    public long[] shape() {
      long[] shape = parts.get(0).axes();
      shape[0] = parts.stream().mapToLong(part -> part.shape().get(0)).sum();
      return shape;
    }
  }

  public GraphWeights {
    all = List.copyOf(all);
  }

  /** Each tensor by itself, in fp32, under its own name. */
  public static GraphWeights separate(ModelLayout layout) {
    return new GraphWeights(
        layout.tensors().values().stream()
            .map(tensor -> new Weight(tensor.name(), GraphBuilder.Type.FLOAT, List.of(tensor)))
            .toList());
  }

  /** Those that one product takes in one piece; norms in fp32. */
  public static GraphWeights joint(ModelLayout layout, GraphBuilder.Type type) {
    Set<Weight> weights = new LinkedHashSet<>();
    for (ModelLayout.Tensor tensor : layout.tensors().values()) {
      weights.add(
          new Weight(
              layout.jointName(tensor),
              tensor.role().isNorm() ? GraphBuilder.Type.FLOAT : type,
              layout.together(tensor)));
    }
    return new GraphWeights(List.copyOf(weights));
  }

  /**
   * The weights of a graph while it is written: each is declared where it is first needed. Mutable,
   * one owner.
   */
  static final class Declared {
    private final GraphBuilder graph;
    private final Map<String, Weight> byTensor = new LinkedHashMap<>();
    private final Set<String> declared = new LinkedHashSet<>();

    Declared(GraphWeights weights, GraphBuilder graph) {
      this.graph = graph;
      weights
          .all()
          .forEach(weight -> weight.parts().forEach(part -> byTensor.put(part.name(), weight)));
    }

    /** The name of the weight that holds a tensor. */
    String of(ModelLayout.Tensor tensor) {
      Weight weight = byTensor.get(tensor.name());
      if (declared.add(weight.name())) {
        graph.weight(weight.name(), weight.type(), weight.shape());
      }
      return weight.name();
    }

    /** Makes sure that nothing of the model is left out. */
    void requireAll(ModelLayout layout) {
      for (String tensor : layout.names()) {
        if (!byTensor.containsKey(tensor) || !declared.contains(byTensor.get(tensor).name())) {
          throw new IllegalStateException("the graph leaves out " + tensor);
        }
      }
    }
  }
}
