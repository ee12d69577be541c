package org.ssasuite.trainer.attention;

import static org.ssasuite.trainer.attention.Problem.refused;

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
import org.ssasuite.runtime.engine.Isa;

/**
 * The kernels of the native library, on the tensors' own memory: fp32 on the CPU, fp32 and bf16 on
 * CUDA (on the stream that libtorch has current). Deterministic: the same bits for any number of
 * threads, with one instruction set or on one device.
 */
public final class NativeAttention implements AttentionKernels {
  private final Isa isa;
  private final int threads;

  /**
   * On all processors, with the widest instruction set.
   *
   * @throws BadInputException if the native library is absent
   */
  public NativeAttention() {
    this(Isa.AUTO, Runtime.getRuntime().availableProcessors());
  }

  /**
   * With a given instruction set and number of threads.
   *
   * @param isa of the CPU's kernels
   * @param threads of the CPU's kernels; at least 1
   * @throws BadInputException if the native library is absent, or the machine has not got the
   *     instruction set
   */
  public NativeAttention(Isa isa, int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1, not " + threads);
    }
    TrainerLibrary.find().require();
    if (!NativeCalls.hasIsa(isa.text())) {
      throw refused("this machine has not got " + isa.text());
    }
    this.isa = isa;
    this.threads = threads;
  }

  @Override
  public BranchForward forward(AttentionBranch branch, Tensor q, Tensor k, Tensor v, int[] starts) {
    Problem problem = Problem.of(branch, q, k, v, starts);
    Tensor out = torch.empty_like(q);
    Tensor logSumExp = like(q, ScalarType.Float, problem.tokens(), problem.heads().query());
    Optional<Tensor> selected = Optional.empty();
    if (problem.selectedBlocks() > 0) {
      selected =
          Optional.of(
              like(
                  q,
                  ScalarType.Int,
                  problem.tokens(),
                  problem.heads().kv(),
                  problem.selectedBlocks()));
    }
    long[] tensors = {
      address(q),
      address(k),
      address(v),
      address(out),
      address(logSumExp),
      selected.map(NativeAttention::address).orElse(0L)
    };
    run(false, problem, q, starts, tensors);
    return new BranchForward(out, logSumExp, selected);
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
    Problem problem = Problem.of(branch, q, k, v, starts);
    problem.requireLike("out", forward.out(), q, problem.heads().query());
    problem.requireLike("gradient of out", gradient, q, problem.heads().query());
    if (forward.selected().isPresent() != (problem.selectedBlocks() > 0)) {
      throw refused("the forward pass was not one of " + branch);
    }
    BranchGradients gradients =
        new BranchGradients(torch.empty_like(q), torch.empty_like(k), torch.empty_like(v));
    long[] tensors = {
      address(q),
      address(k),
      address(v),
      address(forward.out()),
      address(forward.logSumExp()),
      forward.selected().map(NativeAttention::address).orElse(0L),
      address(gradient),
      address(gradients.dq()),
      address(gradients.dk()),
      address(gradients.dv())
    };
    run(true, problem, q, starts, tensors);
    return gradients;
  }

  private void run(boolean backward, Problem problem, Tensor q, int[] starts, long[] tensors) {
    if (problem.tokens() == 0) {
      return;
    }
    String wrong =
        q.is_cuda()
            ? onCuda(backward, problem, q, starts, tensors)
            : onCpu(backward, problem, starts, tensors);
    if (!wrong.isEmpty()) {
      throw refused(wrong);
    }
  }

  private String onCpu(boolean backward, Problem problem, int[] starts, long[] tensors) {
    if (problem.element() != Problem.Element.FLOAT32) {
      throw refused("element type bfloat16 on the CPU; float32");
    }
    return backward
        ? NativeCalls.cpuBackward(isa.text(), threads, problem.words(), starts, tensors)
        : NativeCalls.cpuForward(isa.text(), threads, problem.words(), starts, tensors);
  }

  private static String onCuda(
      boolean backward, Problem problem, Tensor q, int[] starts, long[] tensors) {
    String absence = NativeCalls.cudaAbsence();
    if (!absence.isEmpty()) {
      return absence;
    }
    int device = q.device().index();
    long bytes = NativeCalls.cudaWorkspaceBytes(backward, problem.words(), starts);
    // Freed as soon as the call is queued: the allocator hands it to later work of the stream only.
    try (Tensor workspace = like(q, ScalarType.Byte, bytes)) {
      long[] all = new long[tensors.length + 1];
      System.arraycopy(tensors, 0, all, 0, tensors.length);
      all[tensors.length] = address(workspace);
      return backward
          ? NativeCalls.cudaBackward(device, problem.words(), starts, all)
          : NativeCalls.cudaForward(device, problem.words(), starts, all);
    }
  }

  private static Tensor like(Tensor q, ScalarType type, long... shape) {
    return torch.empty(
        shape,
        new ScalarTypeOptional(type),
        new LayoutOptional(),
        new DeviceOptional(q.device()),
        new BoolOptional(),
        new MemoryFormatOptional());
  }

  private static long address(Tensor x) {
    // A tensor without elements has no memory.
    return x.numel() == 0 ? 0L : x.data_ptr().address();
  }
}
