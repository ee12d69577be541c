package org.ssasuite.trainer.attention;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.LayoutOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.ssasuite.core.BadInputException;

/**
 * What a layer computes beside products and attention, each step one kernel of the native library
 * on libtorch's current stream: {@code trainer/src/main/native/layer/layer.h}. Tensors are
 * contiguous and of one CUDA device; "narrow" is bf16, "wide" fp32.
 */
public final class LayerKernels {
  private LayerKernels() {}

  /** Numbers as in {@code LayerStep} in {@code layer_calls.h}. */
  private enum Step {
    NORM_FORWARD(0),
    NORM_BACKWARD(1),
    HEADS_FORWARD(2),
    HEADS_BACKWARD(3),
    GATING_FORWARD(4),
    GATING_BACKWARD(5),
    SWI_GLU(6),
    TOKEN_LOSS(7),
    ADAM_W(8);

    private final int number;

    Step(int number) {
      this.number = number;
    }
  }

  private static native String run(
      int device, int step, long[] sizes, double[] reals, long[] tensors);

  private static native long partElements(int step, long[] sizes);

  private static native long freeBytes(int device);

  /** Bytes that are free on a CUDA device. */
  public static long freeBytes(Tensor onDevice) {
    return freeBytes(onDevice.device().index());
  }

  /** The arguments of a call, in the order in which the native side takes them. */
  private static final class Call {
    private final Step step;
    private final Tensor onDevice;
    private final List<Long> sizes = new ArrayList<>();
    private final List<Long> tensors = new ArrayList<>();

    Call(Step step, Tensor onDevice) {
      this.step = step;
      this.onDevice = onDevice;
    }

    Call sizes(long... values) {
      for (long value : values) {
        sizes.add(value);
      }
      return this;
    }

    Call tensors(Tensor... values) {
      for (Tensor value : values) {
        tensors.add(value.data_ptr().address());
      }
      return this;
    }

    Call tensor(Optional<Tensor> value) {
      tensors.add(value.map(t -> t.data_ptr().address()).orElse(0L));
      return this;
    }

    long[] sizes() {
      return sizes.stream().mapToLong(Long::longValue).toArray();
    }

    /** A temporary array of the step; freed by the allocator only for later work of the stream. */
    Tensor parts() {
      return torch.empty(
          new long[] {partElements(step.number, sizes())},
          new ScalarTypeOptional(ScalarType.Float),
          new LayoutOptional(),
          new DeviceOptional(onDevice.device()),
          new BoolOptional(),
          new MemoryFormatOptional());
    }

    void run(double... reals) {
      int device = onDevice.device().index();
      long[] addresses = tensors.stream().mapToLong(Long::longValue).toArray();
      String wrong = LayerKernels.run(device, step.number, sizes(), reals, addresses);
      if (wrong != null) {
        throw new BadInputException("layer kernels", wrong);
      }
    }
  }

  /**
   * RMSNorm.
   *
   * @param x [T, E] wide
   * @param weight [E] wide
   */
  public record Norm(Tensor x, Tensor weight, double epsilon) {
    private Call call(Step step) {
      return new Call(step, x).sizes(x.size(0), x.size(1)).tensors(x, weight);
    }

    /**
     * Normalises x, or x + added, which is written to the sum.
     *
     * @param added [T, E] narrow
     * @param sum [T, E] wide; there if {@code added} is
     * @param out [T, E] narrow
     */
    public void forward(Optional<Tensor> added, Optional<Tensor> sum, Tensor out) {
      call(Step.NORM_FORWARD).tensor(added).tensor(sum).tensors(out).run(epsilon);
    }

    /**
     * Goes back.
     *
     * @param gradient [T, E] narrow, of the output
     * @param direct [T, E] wide, what reaches x beside the norm
     * @param wide [T, E] wide gradient of x; may be {@code direct}
     * @param narrow [T, E] the same, narrow
     * @param again [T, E] narrow, gets the output again
     * @param weightGradient [E] wide, is added to
     */
    public void backward(
        Tensor gradient,
        Optional<Tensor> direct,
        Tensor wide,
        Tensor narrow,
        Optional<Tensor> again,
        Tensor weightGradient) {
      Call call = call(Step.NORM_BACKWARD).tensors(gradient).tensor(direct).tensors(wide, narrow);
      try (Tensor parts = call.parts()) {
        call.tensor(again).tensors(weightGradient, parts).run(epsilon);
      }
    }
  }

  /**
   * Columns of the joint projection: queries, keys, values, gates.
   *
   * @param cos [T, D/2] wide
   * @param sin [T, D/2] wide
   */
  public record Heads(long query, long kv, long dim, boolean gated, Tensor cos, Tensor sin) {
    private Call call(Step step, Tensor joint) {
      return new Call(step, joint)
          .sizes(joint.size(0), query, kv, dim, gated ? 1 : 0)
          .tensors(cos, sin);
    }

    /**
     * Cuts them apart; queries and keys are turned, gates go through the sigmoid.
     *
     * @param joint [T, columns] narrow
     * @param q [T, HQ, D] narrow
     * @param k [T, H, D] narrow
     * @param v [T, H, D] narrow
     * @param gates [T, HQ, 3] wide
     */
    public void forward(Tensor joint, Tensor q, Tensor k, Tensor v, Optional<Tensor> gates) {
      call(Step.HEADS_FORWARD, joint).tensors(joint, q, k, v).tensor(gates).run(0);
    }

    /**
     * Adds the branches' gradients up, turned back; columns of gates are left alone.
     *
     * @param joint [T, columns] narrow, is overwritten
     */
    public void backward(List<BranchGradients> branches, Tensor joint) {
      Call call = call(Step.HEADS_BACKWARD, joint).sizes(branches.size()).tensors(joint);
      branches.forEach(b -> call.tensors(b.dq(), b.dk(), b.dv()));
      call.run(0);
    }
  }

  /**
   * A branch's output and its gate.
   *
   * @param out [T, HQ, D] narrow
   * @param gradient [T, HQ, D] narrow, is overwritten going back
   */
  public record Gated(int gate, Tensor out, Tensor gradient) {}

  /**
   * How streams are aligned; without a counterpart nothing of it counts.
   *
   * @param factor of the alignment loss in the loss whose gradients are taken
   */
  public record Pull(
      boolean afterGate, boolean square, boolean main, boolean counterpart, double factor) {}

  /**
   * The sum of gate times output over a stream's branches.
   *
   * @param gates [T, HQ, 3] wide; absent: all 1
   * @param outs [T, HQ, D] narrow, of the stream's branches
   * @param numbers of the gates, one for each
   * @param joined [T, HQ, D] narrow
   */
  public static void gate(
      Optional<Tensor> gates, List<Tensor> outs, List<Integer> numbers, Tensor joined) {
    Call call =
        new Call(Step.GATING_FORWARD, joined)
            .sizes(joined.size(0), joined.size(1), joined.size(2))
            .tensor(gates)
            .tensors(joined)
            .sizes(outs.size());
    for (int i = 0; i < outs.size(); i++) {
      call.sizes(numbers.get(i)).tensors(outs.get(i));
    }
    call.run(0);
  }

  /**
   * Both streams of a layer, going back through the gates.
   *
   * @param gates [T, HQ, 3] wide; absent: all 1
   */
  public record Streams(
      Optional<Tensor> gates, List<Gated> main, List<Gated> counterpart, Pull pull) {
    /**
     * Goes back.
     *
     * @param gradient [T, HQ, D] narrow, of what was joined
     * @param joined [T, HQ, D] narrow, gets the sum again
     * @param joint [T, columns] narrow, gets the gates' gradients from column {@code from} on
     * @param loss a double on the device; the alignment loss is added to it
     */
    public void backward(Tensor gradient, Tensor joined, Tensor joint, long from, Tensor loss) {
      Call call =
          new Call(Step.GATING_BACKWARD, joined)
              .sizes(joined.size(0), joined.size(1), joined.size(2))
              .tensor(gates)
              .tensors(joined);
      for (List<Gated> stream : List.of(main, counterpart)) {
        call.sizes(stream.size());
        stream.forEach(b -> call.sizes(b.gate()).tensors(b.out(), b.gradient()));
      }
      call.sizes(
          pull.afterGate() ? 1 : 0,
          pull.square() ? 1 : 0,
          pull.main() ? 1 : 0,
          pull.counterpart() ? 1 : 0,
          joint.size(1));
      call.tensors(gradient);
      // The first gate of the first token, 2 bytes a column.
      call.tensors.add(joint.data_ptr().address() + 2 * from);
      try (Tensor parts = call.parts()) {
        call.tensors(parts, loss).run(pull.factor());
      }
    }
  }

  /**
   * The gated unit.
   *
   * @param gateUp [T, 2 F] narrow
   * @param out [T, F] narrow
   */
  public static void swiGlu(Tensor gateUp, Tensor out) {
    swiGlu(gateUp, out, Optional.empty());
  }

  /**
   * The gated unit's way back.
   *
   * @param gateUp [T, 2 F] narrow, becomes its gradient
   * @param out [T, F] narrow, gets the output again
   * @param gradient [T, F] narrow, of the output
   */
  public static void swiGluBackward(Tensor gateUp, Tensor out, Tensor gradient) {
    swiGlu(gateUp, out, Optional.of(gradient));
  }

  private static void swiGlu(Tensor gateUp, Tensor out, Optional<Tensor> gradient) {
    new Call(Step.SWI_GLU, out)
        .sizes(out.size(0), out.size(1))
        .tensors(gateUp, out)
        .tensor(gradient)
        .run(0);
  }

  /**
   * Cross-entropy.
   *
   * @param logits [R, V] narrow, become gradients of scale × counted × loss
   * @param targets [R] ids
   * @param counted [R] wide, 0 or 1
   * @param losses [R] wide, get counted × −log p(target), nats
   */
  public static void tokenLoss(
      Tensor logits, Tensor targets, Tensor counted, double scale, Tensor losses) {
    new Call(Step.TOKEN_LOSS, logits)
        .sizes(logits.size(0), logits.size(1))
        .tensors(logits, targets, counted, losses)
        .run(scale);
  }

  /**
   * AdamW on flat tensors, all but the gradients overwritten.
   *
   * @param weights [n] wide
   * @param rounded [n] narrow, gets the weights; absent: none does
   * @param gradients [n] wide
   * @param mean [n] wide
   * @param square [n] wide
   */
  public record AdamStep(
      Tensor weights, Optional<Tensor> rounded, Tensor gradients, Tensor mean, Tensor square) {
    /**
     * Makes a step: gradients are multiplied with {@code clip}, weights with {@code decay}.
     *
     * @param rate over the mean's bias
     * @param root the square root of the square's bias
     */
    public void run(
        double clip,
        double beta1,
        double beta2,
        double decay,
        double rate,
        double root,
        double epsilon) {
      new Call(Step.ADAM_W, weights)
          .sizes(weights.numel())
          .tensors(weights)
          .tensor(rounded)
          .tensors(gradients, mean, square)
          .run(clip, beta1, beta2, decay, rate, root, epsilon);
    }
  }
}
