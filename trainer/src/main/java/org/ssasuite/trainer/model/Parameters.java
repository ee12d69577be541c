package org.ssasuite.trainer.model;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.ssasuite.runtime.checkpoint.Checkpoint;
import org.ssasuite.runtime.random.RandomStreams;
import org.ssasuite.trainer.engine.Engine;
import org.ssasuite.trainer.engine.Graph;
import org.ssasuite.trainer.engine.TensorOwner;
import org.ssasuite.trainer.engine.TensorScope;

/**
 * A model's master weights and their gradients, each in one flat tensor, and the leaves that the
 * layers' graphs end at: views of the master weights, or of a copy of the matrices rounded to bf16.
 * Mutable; of one thread.
 */
public final class Parameters implements AutoCloseable {
  private final ParameterLayout layout;
  private final TensorOwner owner = new TensorOwner();
  private final Tensor master;
  private final Tensor gradients;
  private final Optional<Tensor> rounded;
  private final Map<String, Tensor> leaves = new HashMap<>();

  private Parameters(ParameterLayout layout, Engine engine) {
    this.layout = layout;
    try (TensorScope scope = new TensorScope()) {
      this.master = owner.own(scope.keep(engine.zeros(layout.elements())));
      this.gradients = owner.own(scope.keep(engine.zeros(layout.elements())));
      this.rounded =
          engine.narrow() == engine.wide()
              ? Optional.empty()
              : Optional.of(owner.own(scope.keep(matrices().to(engine.narrow()))));
      for (ParameterLayout.Weight weight : layout.weights().values()) {
        Tensor home = weight.isMatrix() ? rounded.orElse(master) : master;
        leaves.put(weight.name(), owner.own(scope.keep(Graph.leaf(view(home, weight)))));
      }
    }
  }

  /** Weights of 0, to be filled; {@link #round} follows. */
  static Parameters empty(ParameterLayout layout, Engine engine) {
    return new Parameters(layout, engine);
  }

  /**
   * The weights of a checkpoint.
   *
   * @throws org.ssasuite.core.BadInputException if its model is none that is trained here
   */
  public static Parameters of(Checkpoint checkpoint, Engine engine) {
    TrainableModel.require(checkpoint);
    Parameters parameters = new Parameters(ParameterLayout.of(checkpoint.layout()), engine);
    for (ParameterLayout.Weight weight : parameters.layout.weights().values()) {
      FloatBuffer values = checkpoint.tensor(weight.name()).floats();
      TensorScope.run(() -> parameters.set(weight, engine.numbers(values, weight.axes())));
    }
    parameters.round();
    return parameters;
  }

  /**
   * The weights that training starts from: element i (row-major) of a matrix is float32(deviation ·
   * z_i), z_i of the stream of {@link RandomStreams} that the matrix's name names; norms are 1.
   */
  public static Parameters random(
      ParameterLayout layout, long seed, double deviation, Engine engine) {
    Parameters parameters = new Parameters(layout, engine);
    RandomStreams streams = new RandomStreams(seed);
    for (ParameterLayout.Weight weight : layout.weights().values()) {
      float[] values = initial(weight, streams, deviation);
      TensorScope.run(() -> parameters.set(weight, engine.numbers(values, weight.axes())));
    }
    parameters.round();
    return parameters;
  }

  private static float[] initial(
      ParameterLayout.Weight weight, RandomStreams streams, double deviation) {
    int count = Math.toIntExact(weight.elements());
    if (weight.isMatrix()) {
      return streams.named(weight.name()).normals(count, deviation);
    }
    float[] ones = new float[count];
    Arrays.fill(ones, 1);
    return ones;
  }

  private void set(ParameterLayout.Weight weight, Tensor values) {
    view(master, weight).copy_(values);
  }

  public ParameterLayout layout() {
    return layout;
  }

  /** [elements], fp32 or fp64. */
  public Tensor master() {
    return master;
  }

  /** The matrices' part of the master weights as products take them. */
  Tensor rounded() {
    return rounded.orElse(master);
  }

  /** [matrix elements], the matrices rounded to bf16, where products take these. */
  public Optional<Tensor> roundedCopy() {
    return rounded;
  }

  /** [elements], as the master weights. */
  public Tensor gradients() {
    return gradients;
  }

  /** A weight's part of a flat tensor, in the weight's shape. */
  public static Tensor view(Tensor flat, ParameterLayout.Weight weight) {
    return flat.narrow(0, weight.offset(), weight.elements()).view(weight.axes());
  }

  /** What products compute with; asked for gradients. */
  Tensor leaf(String name) {
    return leaves.get(name);
  }

  /** A weight's gradient, in its shape; may be added to. */
  public Tensor gradient(String name) {
    return view(gradients, layout.weights().get(name));
  }

  /** Adds to a weight's gradient. */
  void addGradient(String name, Tensor gradient) {
    gradient(name).add_(gradient.to(gradients.scalar_type()));
  }

  /** Adds to several weights' gradients; where a list has none, nothing. */
  void addGradients(List<String> names, List<Optional<Tensor>> found) {
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      found.get(i).ifPresent(gradient -> addGradient(name, gradient));
    }
  }

  /** Makes the leaves follow the master weights; to be called when these have changed. */
  public void round() {
    rounded.ifPresent(copy -> copy.copy_(matrices()));
  }

  private Tensor matrices() {
    return master.narrow(0, 0, layout.matrixElements());
  }

  @Override
  public void close() {
    owner.close();
  }
}
