package org.ssasuite.trainer.model;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.ssasuite.runtime.checkpoint.ModelLayout.Role;
import org.ssasuite.trainer.engine.TensorOwner;
import org.ssasuite.trainer.engine.TensorScope;

/**
 * A layer's weights as its products take them, with their gradients; views, of the owner's life.
 */
record FusedWeights(
    Scale inputNorm, Product joint, Product output, Scale postNorm, Product gateUp, Product down) {
  private static final Scalar ONE = new Scalar(1.0);

  /**
   * A norm's weight.
   *
   * @param weight [E] wide
   * @param gradient [E] wide
   */
  record Scale(Tensor weight, Tensor gradient) {
    static Scale of(Parameters parameters, String name, TensorOwner owner) {
      try (TensorScope scope = new TensorScope()) {
        ParameterLayout.Weight weight = parameters.layout().weights().get(name);
        return new Scale(
            owner.own(scope.keep(Parameters.view(parameters.master(), weight))),
            owner.own(scope.keep(parameters.gradient(name))));
      }
    }
  }

  /**
   * A matrix.
   *
   * @param weight [out, in] narrow
   * @param transposed the same, [in, out]
   * @param gradient [out, in] wide
   */
  record Product(Tensor weight, Tensor transposed, Tensor gradient) {
    static Product of(Parameters parameters, ParameterLayout.Weight weight, TensorOwner owner) {
      try (TensorScope scope = new TensorScope()) {
        Tensor view = Parameters.view(parameters.rounded(), weight);
        return new Product(
            owner.own(scope.keep(view)),
            owner.own(scope.keep(view.t())),
            owner.own(scope.keep(Parameters.view(parameters.gradients(), weight))));
      }
    }

    /** [T, out] of [T, in]. */
    Tensor of(Tensor x) {
      return torch.mm(x, transposed);
    }

    /** [T, in] of the output's gradient [T, out]. */
    Tensor back(Tensor gradient) {
      return torch.mm(gradient, weight);
    }

    /** Adds the weight's gradient, summed in fp32. */
    void accumulate(Tensor outGradient, Tensor x) {
      torch.addmm_out(gradient, gradient, outGradient.t(), x, ScalarType.Float, ONE, ONE);
    }
  }

  static FusedWeights of(Parameters parameters, int layer, TensorOwner owner) {
    return new FusedWeights(
        Scale.of(parameters, Role.INPUT_NORM.of(layer), owner),
        Product.of(parameters, joint(parameters, layer, Role.QUERY), owner),
        Product.of(parameters, joint(parameters, layer, Role.OUTPUT), owner),
        Scale.of(parameters, Role.POST_NORM.of(layer), owner),
        Product.of(parameters, joint(parameters, layer, Role.FEED_GATE), owner),
        Product.of(parameters, joint(parameters, layer, Role.FEED_DOWN), owner));
  }

  private static ParameterLayout.Weight joint(Parameters parameters, int layer, Role first) {
    return parameters.layout().joint(first.of(layer));
  }
}
