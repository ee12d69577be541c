package org.ssasuite.trainer.model;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.ssasuite.trainer.engine.Engine;
import org.ssasuite.trainer.engine.TensorScope;

/**
 * Cross-entropy behind the vocabulary head, with its gradients in the same pass: softmax minus the
 * target, chunk by chunk of rows, so that there is never more than one chunk of [T, V].
 */
final class NextTokenLoss {
  /** Elements of a chunk of logits: 256 MiB in fp32. */
  private static final long CHUNK_ELEMENTS = 1L << 26;

  private final Engine engine;
  private final Tensor targets;
  private final Tensor counted;

  /**
   * The loss of one batch.
   *
   * @param targets [T] ids
   * @param counted [T] 1 where the prediction counts, else 0, wide
   */
  NextTokenLoss(Engine engine, Tensor targets, Tensor counted) {
    this.engine = engine;
    this.targets = targets;
    this.counted = counted;
  }

  /**
   * The sum over counted rows of −log p(target), nats, a scalar in fp64.
   *
   * @param hidden [T, E] behind the last norm, narrow
   * @param head [V, E], narrow
   */
  Tensor sum(Tensor hidden, Tensor head) {
    Tensor sum = torch.zeros(new long[] {}, counted.options()).to(ScalarType.Double);
    for (Rows rows : chunks(hidden.size(0), head.size(0))) {
      TensorScope.run(
          () -> {
            Tensor logits = logits(rows, hidden, head);
            sum.add_(losses(rows, logits, torch.logsumexp(logits, 1)));
          });
    }
    return sum;
  }

  /**
   * Where gradients of sum × scale go.
   *
   * @param hidden [T, E], narrow, is overwritten
   * @param head [V, E], wide, is added to
   */
  record Slopes(double scale, Tensor hidden, Tensor head) {}

  /** The same, and its gradients. */
  Tensor sum(Tensor hidden, Tensor head, Slopes slopes) {
    Tensor sum = torch.zeros(new long[] {}, counted.options()).to(ScalarType.Double);
    for (Rows rows : chunks(hidden.size(0), head.size(0))) {
      TensorScope.run(
          () -> {
            Tensor logits = logits(rows, hidden, head);
            Tensor normaliser = torch.logsumexp(logits, 1);
            sum.add_(losses(rows, logits, normaliser));
            Tensor slope = logits.sub_(normaliser.unsqueeze(1)).exp_();
            Tensor hit = rows.of(targets).unsqueeze(1);
            slope.scatter_add_(1, hit, torch.ones_like(slope.narrow(1, 0, 1)).neg());
            slope.mul_(rows.of(counted).unsqueeze(1)).mul_(new Scalar(slopes.scale()));
            Tensor rounded = slope.to(engine.narrow());
            rows.of(slopes.hidden()).copy_(rounded.mm(head));
            slopes.head().add_(rounded.t().mm(rows.of(hidden)).to(engine.wide()));
          });
    }
    return sum;
  }

  private Tensor logits(Rows rows, Tensor hidden, Tensor head) {
    return torch.linear(rows.of(hidden), head).to(engine.wide());
  }

  private Tensor losses(Rows rows, Tensor logits, Tensor normaliser) {
    Tensor hit = logits.gather(1, rows.of(targets).unsqueeze(1)).squeeze(1);
    return normaliser.sub(hit).mul(rows.of(counted)).to(ScalarType.Double).sum();
  }

  private record Rows(long from, long count) {
    Tensor of(Tensor x) {
      return x.narrow(0, from, count);
    }
  }

  private static List<Rows> chunks(long tokens, long vocabulary) {
    long size = Math.max(1, CHUNK_ELEMENTS / vocabulary);
    List<Rows> chunks = new ArrayList<>();
    for (long from = 0; from < tokens; from += size) {
      chunks.add(new Rows(from, Math.min(size, tokens - from)));
    }
    return chunks;
  }
}
