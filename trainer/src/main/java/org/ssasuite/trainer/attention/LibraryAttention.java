package org.ssasuite.trainer.attention;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Full attention by libtorch's fused kernels where they are the faster ones, on CUDA in bf16; all
 * else by our own. Deterministic: FlashAttention with its sums in a fixed order. Fast: cuDNN where
 * sequences are of one length, else FlashAttention; neither gives the same bits twice.
 */
public final class LibraryAttention implements AttentionKernels {
  private static final String CUDNN = "aten::_scaled_dot_product_cudnn_attention";
  private static final String CUDNN_BACKWARD = CUDNN + "_backward";
  private static final String FLASH = "aten::_flash_attention_forward";
  private static final String FLASH_BACKWARD = "aten::_flash_attention_backward";

  // The least head dimension at which the library is faster than we are; see docs/training.md.
  private static final long FLASH_DIM = 128;
  private static final long CUDNN_DIM = 64;

  private final AttentionKernels own;
  private final boolean deterministic;
  private final long leastFlash;
  private final long leastCudnn;

  /**
   * The library's kernels beside others.
   *
   * @param own for what the library lacks or is slower at
   */
  public LibraryAttention(AttentionKernels own, boolean deterministic) {
    this(own, deterministic, FLASH_DIM, CUDNN_DIM);
  }

  private LibraryAttention(
      AttentionKernels own, boolean deterministic, long leastFlash, long leastCudnn) {
    this.own = own;
    this.deterministic = deterministic;
    this.leastFlash = leastFlash;
    this.leastCudnn = leastCudnn;
  }

  /** The library's kernels wherever it has them. */
  static LibraryAttention always(AttentionKernels own, boolean deterministic) {
    return new LibraryAttention(own, deterministic, 1, 1);
  }

  private boolean takes(AttentionBranch branch, Tensor q, int[] starts) {
    return branch instanceof AttentionBranch.Full
        && q.is_cuda()
        && q.scalar_type().intern() == ScalarType.BFloat16
        && q.size(0) > 0
        && q.size(2) >= (dense(starts) ? leastCudnn : leastFlash);
  }

  @Override
  public BranchForward forward(AttentionBranch branch, Tensor q, Tensor k, Tensor v, int[] starts) {
    if (!takes(branch, q, starts)) {
      return own.forward(branch, q, k, v, starts);
    }
    return dense(starts) ? cudnnForward(new Batch(starts), q, k, v) : flashForward(q, k, v, starts);
  }

  @Override
  public BranchGradients backward(
      AttentionBranch branch,
      Tensor q,
      Tensor k,
      Tensor v,
      int[] starts,
      BranchForward forward,
      Tensor gradient) {
    if (!takes(branch, q, starts)) {
      return own.backward(branch, q, k, v, starts, forward, gradient);
    }
    return dense(starts)
        ? cudnnBackward(new Batch(starts), q, k, v, forward, gradient)
        : flashBackward(q, k, v, starts, forward, gradient);
  }

  private boolean dense(int[] starts) {
    int length = starts[1] - starts[0];
    boolean same = !deterministic;
    for (int i = 1; i < starts.length; i++) {
      same = same && starts[i] - starts[i - 1] == length;
    }
    return same;
  }

  /** Sequences of one length, as cuDNN takes them. */
  private record Batch(long sequences) {
    Batch(int[] starts) {
      this(starts.length - 1L);
    }

    /** [T, heads, D] as [B, heads, T / B, D]. */
    Tensor in(Tensor x) {
      return x.view(sequences, -1, x.size(1), x.size(2)).transpose(1, 2);
    }

    Tensor out(Tensor x) {
      return x.transpose(1, 2).contiguous().view(-1, x.size(1), x.size(3));
    }
  }

  private static BranchForward cudnnForward(Batch batch, Tensor q, Tensor k, Tensor v) {
    List<IValue> arguments = new ArrayList<>();
    for (Tensor x : List.of(q, k, v)) {
      arguments.add(new IValue(batch.in(x)));
    }
    arguments.add(new IValue());
    arguments.add(new IValue(true));
    arguments.add(new IValue(0.0));
    arguments.add(new IValue(true));
    arguments.add(new IValue(false));
    IValueVector found = call(CUDNN, arguments, 1);
    return new BranchForward(
        batch.out(taken(found, 0)),
        taken(found, 1),
        Optional.empty(),
        List.of(taken(found, 6), taken(found, 7)));
  }

  private static BranchGradients cudnnBackward(
      Batch batch, Tensor q, Tensor k, Tensor v, BranchForward forward, Tensor gradient) {
    List<IValue> arguments = new ArrayList<>();
    for (Tensor x : List.of(gradient, q, k, v, forward.out())) {
      arguments.add(new IValue(batch.in(x)));
    }
    arguments.add(new IValue(forward.logSumExp()));
    arguments.add(new IValue(forward.rest().get(0)));
    arguments.add(new IValue(forward.rest().get(1)));
    // No bias; all sequences are of one length.
    Tensor none = new Tensor();
    for (int i = 0; i < 3; i++) {
      arguments.add(new IValue(none));
    }
    long length = q.size(0) / batch.sequences();
    arguments.add(new IValue(length));
    arguments.add(new IValue(length));
    arguments.add(new IValue(0.0));
    arguments.add(new IValue(true));
    IValueVector found = call(CUDNN_BACKWARD, arguments, 1);
    return new BranchGradients(
        batch.out(taken(found, 0)), batch.out(taken(found, 1)), batch.out(taken(found, 2)));
  }

  /** Boundaries of the sequences on the device, and the longest one. */
  private record Lengths(Tensor starts, long most) {
    static Lengths of(int[] starts, Tensor q) {
      int most = 0;
      for (int i = 1; i < starts.length; i++) {
        most = Math.max(most, starts[i] - starts[i - 1]);
      }
      return new Lengths(torch.tensor(starts).to(q.device(), ScalarType.Int), most);
    }

    void addTo(List<IValue> arguments) {
      arguments.add(new IValue(starts));
      arguments.add(new IValue(starts));
      arguments.add(new IValue(most));
      arguments.add(new IValue(most));
      arguments.add(new IValue(0.0));
      arguments.add(new IValue(true));
    }
  }

  private static BranchForward flashForward(Tensor q, Tensor k, Tensor v, int[] starts) {
    List<IValue> arguments = new ArrayList<>();
    for (Tensor x : List.of(q, k, v)) {
      arguments.add(new IValue(x));
    }
    Lengths.of(starts, q).addTo(arguments);
    arguments.add(new IValue(false));
    IValueVector found = call(FLASH, arguments, 5);
    return new BranchForward(
        taken(found, 0),
        taken(found, 1),
        Optional.empty(),
        List.of(taken(found, 2), taken(found, 3)));
  }

  private BranchGradients flashBackward(
      Tensor q, Tensor k, Tensor v, int[] starts, BranchForward forward, Tensor gradient) {
    List<IValue> arguments = new ArrayList<>();
    for (Tensor x : List.of(gradient, q, k, v, forward.out(), forward.logSumExp())) {
      arguments.add(new IValue(x));
    }
    Lengths.of(starts, q).addTo(arguments);
    forward.rest().forEach(x -> arguments.add(new IValue(x)));
    // The library asks for the order of sums nowhere else; switched on for good, it would refuse
    // products.
    torch.globalContext().setDeterministicAlgorithms(deterministic, false);
    try {
      IValueVector found = call(FLASH_BACKWARD, arguments, 3);
      return new BranchGradients(taken(found, 0), taken(found, 1), taken(found, 2));
    } finally {
      torch.globalContext().setDeterministicAlgorithms(false, false);
    }
  }

  /** A result of its own: what the vector gives lives no longer than the vector. */
  private static Tensor taken(IValueVector found, long i) {
    Tensor result = found.get(i).toTensor();
    return result.defined() ? result.detach() : new Tensor();
  }

  /**
   * Calls an operator.
   *
   * @param defaults arguments behind the given ones, which stay none
   */
  private static IValueVector call(String name, List<IValue> arguments, int defaults) {
    OperatorHandle operator = Dispatcher.singleton().findSchemaOrThrow(name, "");
    IValueVector stack = new IValueVector();
    arguments.forEach(stack::push_back);
    for (int i = 0; i < defaults; i++) {
      stack.push_back(new IValue());
    }
    operator.callBoxed(stack);
    return stack;
  }
}
