package org.ssasuite.trainer.attention;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.params.provider.MethodSource;
import org.ssasuite.core.testing.GpuParameterizedTest;
import org.ssasuite.runtime.engine.Isa;
import org.ssasuite.trainer.engine.ComputeDevice;
import org.ssasuite.trainer.engine.Engine;
import org.ssasuite.trainer.engine.TensorScope;
import org.ssasuite.trainer.recipe.Precision;

/** Full attention in bf16 on a device: our kernels' errors against fp64 beside the library's. */
class LibraryAttentionTest {
  /** How much larger our error may be than the library's on the same inputs. */
  private static final double SHARE = 1.25;

  @SuppressWarnings("ArrayRecordComponent") // handed on to the kernels as it is
  record Shape(int queryHeads, int kvHeads, int dim, int[] starts) {
    @Override
    public String toString() {
      return queryHeads + "/" + kvHeads + "/" + dim + " " + List.of(starts[1], tokens());
    }

    int tokens() {
      return starts[starts.length - 1];
    }
  }

  static Stream<Shape> shapes() {
    return Stream.of(
        new Shape(16, 1, 32, new int[] {0, 1024}),
        new Shape(32, 2, 64, new int[] {0, 1024}),
        new Shape(16, 4, 128, new int[] {0, 700}),
        new Shape(16, 1, 32, new int[] {0, 300, 301, 1000}),
        new Shape(8, 2, 64, new int[] {0, 300, 301, 1000}));
  }

  private record Found(Tensor out, BranchGradients gradients) {
    double[] distances(Found exact) {
      return new double[] {
        distance(out, exact.out),
        distance(gradients.dq(), exact.gradients.dq()),
        distance(gradients.dk(), exact.gradients.dk()),
        distance(gradients.dv(), exact.gradients.dv())
      };
    }

    private static double distance(Tensor x, Tensor y) {
      Tensor wide = x.to(new Device(torch.DeviceType.CPU), ScalarType.Double);
      return wide.sub(y).norm().item_double() / y.norm().item_double();
    }
  }

  @GpuParameterizedTest
  @MethodSource("shapes")
  void ourErrorIsNoLargerThanFiveQuartersOfTheLibrarys(Shape shape) {
    Engine.open(ComputeDevice.CUDA, Precision.BF16, 1);
    TensorScope.run(() -> requireClose(shape));
  }

  private static void requireClose(Shape shape) {
    AttentionKernels own = new NativeAttention(Isa.AUTO, 1);
    Tensor q = random(1, shape.tokens(), shape.queryHeads(), shape.dim());
    Tensor k = random(2, shape.tokens(), shape.kvHeads(), shape.dim());
    Tensor v = random(3, shape.tokens(), shape.kvHeads(), shape.dim());
    Tensor gradient = random(4, shape.tokens(), shape.queryHeads(), shape.dim());
    Tensor[] inputs = {q, k, v, gradient};
    Tensor[] exact = new Tensor[4];
    Tensor[] narrow = new Tensor[4];
    for (int i = 0; i < 4; i++) {
      exact[i] = inputs[i].to(ScalarType.Double);
      narrow[i] = inputs[i].to(new Device(torch.DeviceType.CUDA), ScalarType.BFloat16);
    }
    Found wanted = found(new FormulaAttention(), exact, shape.starts());
    double[] ours = found(own, narrow, shape.starts()).distances(wanted);
    for (boolean deterministic : new boolean[] {true, false}) {
      AttentionKernels library = LibraryAttention.always(own, deterministic);
      double[] theirs = found(library, narrow, shape.starts()).distances(wanted);
      for (int i = 0; i < ours.length; i++) {
        assertThat(ours[i])
            .as(List.of("out", "dq", "dk", "dv").get(i))
            .isLessThan(SHARE * theirs[i]);
      }
    }
  }

  private static Found found(AttentionKernels kernels, Tensor[] inputs, int[] starts) {
    AttentionBranch branch = new AttentionBranch.Full();
    BranchForward forward = kernels.forward(branch, inputs[0], inputs[1], inputs[2], starts);
    BranchGradients gradients =
        kernels.backward(branch, inputs[0], inputs[1], inputs[2], starts, forward, inputs[3]);
    return new Found(forward.out(), gradients);
  }

  /** Values of bf16. */
  private static Tensor random(long seed, long... shape) {
    torch.manual_seed(seed);
    return torch.randn(shape).to(ScalarType.BFloat16).to(ScalarType.Double);
  }
}
