package org.ssasuite.trainer.model;

import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ssasuite.core.BadInputException;
import org.ssasuite.runtime.checkpoint.ModelLayout;
import org.ssasuite.runtime.checkpoint.ModelLayout.Role;

/**
 * Where each weight lies in one flat array of all of them, so that the optimiser, the norm of the
 * gradients and rounding to bf16 take a few operations, not a few per weight. Matrices come first,
 * norms behind them; between weights there are zeros that never change.
 *
 * @param model whose weights they are
 * @param weights by Hugging Face name, in a checkpoint's order
 * @param matrixElements the part that holds the matrices, which decay
 * @param elements all of it
 */
public record ParameterLayout(
    ModelLayout model, Map<String, Weight> weights, long matrixElements, long elements) {
  /** Rows of 128 bytes of bf16: what matrix products want their operands to start at. */
  private static final long ALIGNMENT = 64;

  /** What the layers here are computed with. */
  private static final Set<Role> COMPUTED =
      EnumSet.of(
          Role.EMBEDDING,
          Role.INPUT_NORM,
          Role.QUERY,
          Role.KEY,
          Role.VALUE,
          Role.OUTPUT,
          Role.GATES,
          Role.POST_NORM,
          Role.FEED_GATE,
          Role.FEED_UP,
          Role.FEED_DOWN,
          Role.FINAL_NORM,
          Role.HEAD);

  /**
   * One weight.
   *
   * @param offset of its first element
   */
  public record Weight(String name, List<Long> shape, long offset) {
    public Weight {
      shape = List.copyOf(shape);
    }

    public long elements() {
      return shape.stream().reduce(1L, (a, b) -> a * b);
    }

    /** Whether it is one that decays. */
    public boolean isMatrix() {
      return shape.size() == 2;
    }

    /** The shape as libtorch takes it. */
    public long[] axes() {
      return shape.stream().mapToLong(Long::longValue).toArray();
    }
  }

  public ParameterLayout {
    weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
  }

  /**
   * The weights of a model.
   *
   * @throws BadInputException if it has some that are not trained here
   */
  public static ParameterLayout of(ModelLayout model) {
    Map<String, Weight> placed = new LinkedHashMap<>();
    model
        .tensors()
        .forEach(
            (name, tensor) -> {
              if (!COMPUTED.contains(tensor.role())) {
                throw new BadInputException("tensor '" + name + "'", "is not trained here");
              }
              placed.put(name, new Weight(name, tensor.shape(), 0));
            });
    long end = place(model, placed, true, 0);
    return new ParameterLayout(model, placed, end, place(model, placed, false, end));
  }

  /** Weights that one product takes together lie behind one another, without a gap. */
  private static long place(
      ModelLayout model, Map<String, Weight> weights, boolean matrices, long from) {
    long offset = from;
    for (ModelLayout.Tensor tensor : model.tensors().values()) {
      List<ModelLayout.Tensor> together = model.together(tensor);
      if (weights.get(tensor.name()).isMatrix() != matrices || !together.get(0).equals(tensor)) {
        continue;
      }
      for (ModelLayout.Tensor part : together) {
        Weight weight = weights.get(part.name());
        weights.put(part.name(), new Weight(part.name(), weight.shape(), offset));
        offset += weight.elements();
      }
      offset = (offset + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
    return offset;
  }

  /**
   * The weights that lie together from a weight of a layer on, as one matrix.
   *
   * @param first its name
   */
  Weight joint(String first) {
    List<Weight> parts =
        model.together(model.get(first)).stream().map(part -> weights.get(part.name())).toList();
    long rows = parts.stream().mapToLong(w -> w.shape().get(0)).sum();
    Weight start = parts.get(0);
    return new Weight(first, List.of(rows, start.shape().get(1)), start.offset());
  }

  /** The vocabulary head: the embedding where the two are tied. */
  String head() {
    return model.head().name();
  }

  /** Parameters of all weights, the zeros between them not counted. */
  public long parameters() {
    return weights.values().stream().mapToLong(Weight::elements).sum();
  }
}
