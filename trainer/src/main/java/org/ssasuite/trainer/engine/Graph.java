package org.ssasuite.trainer.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * A recorded piece of computation that libtorch can go back through, from results to leaves.
 *
 * @param leaves what gradients are asked for
 * @param results what gradients are given for
 */
public record Graph(List<Tensor> leaves, List<Tensor> results) {
  public Graph {
    leaves = List.copyOf(leaves);
    results = List.copyOf(results);
  }

  /** A view of the same numbers at which a graph ends. */
  public static Tensor leaf(Tensor tensor) {
    return tensor.detach().requires_grad_(true);
  }

  /** Runs with autograd on. */
  public static <T> T recorded(Supplier<T> computation) {
    return recorded(true, computation);
  }

  /** Runs with autograd off, but for what is {@link #recorded} within. */
  public static <T> T unrecorded(Supplier<T> computation) {
    return recorded(false, computation);
  }

  private static <T> T recorded(boolean on, Supplier<T> computation) {
    boolean before = GradMode.is_enabled();
    GradMode.set_enabled(on);
    try {
      return computation.get();
    } finally {
      GradMode.set_enabled(before);
    }
  }

  /**
   * The gradient of each leaf, absent where no result depends on it. The graph is used up.
   *
   * @param gradients of the results, in their order
   */
  public List<Optional<Tensor>> backward(List<Tensor> gradients) {
    TensorVector found =
        torch.grad(
            vector(results), vector(leaves), vector(gradients), new BoolOptional(), false, true);
    List<Optional<Tensor>> optional = new ArrayList<>();
    for (long i = 0; i < found.size(); i++) {
      Tensor gradient = found.get(i);
      optional.add(gradient.defined() ? Optional.of(gradient) : Optional.empty());
    }
    return optional;
  }

  private static TensorVector vector(List<Tensor> tensors) {
    return new TensorVector(tensors.toArray(Tensor[]::new));
  }
}
