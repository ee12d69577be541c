package org.ssasuite.trainer.attention;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.attention.SelectionRule;

/** The checked sizes of a call, as the native side takes them. */
record Problem(AttentionBranch branch, Element element, long tokens, Heads heads, long headDim) {

  /** Element types, by their numbers on the native side. */
  enum Element {
    FLOAT32(0, ScalarType.Float),
    BFLOAT16(1, ScalarType.BFloat16);

    private final long number;
    private final ScalarType type;

    Element(long number, ScalarType type) {
      this.number = number;
      this.type = type;
    }

    static Element of(Tensor q) {
      for (Element element : values()) {
        if (q.scalar_type().intern() == element.type) {
          return element;
        }
      }
      throw refused("element type " + q.scalar_type() + "; float32, or bfloat16 on CUDA");
    }
  }

  record Heads(long query, long kv) {}

  // Branches, by their numbers on the native side.
  private static final long FULL = 0;
  private static final long SELECTED = 1;
  private static final long COMPRESSED = 2;
  private static final long WINDOW = 3;

  static Problem of(AttentionBranch branch, Tensor q, Tensor k, Tensor v, int[] starts) {
    Element element = Element.of(q);
    if (q.dim() != 3 || k.dim() != 3) {
      throw refused("q " + shape(q) + ", k " + shape(k) + "; [T, HQ, D] and [T, H, D]");
    }
    Heads heads = new Heads(q.size(1), k.size(1));
    if (heads.kv() < 1 || heads.query() < 1 || heads.query() % heads.kv() != 0) {
      throw refused(heads.query() + " query heads for " + heads.kv() + " KV heads; a multiple");
    }
    long dim = q.size(2);
    if (dim != 32 && dim != 64 && dim != 128) {
      throw refused("head dimension " + dim + "; 32, 64 or 128");
    }
    Problem problem = new Problem(branch, element, q.size(0), heads, dim);
    problem.requireLike("q", q, q, heads.query());
    problem.requireLike("k", k, q, heads.kv());
    problem.requireLike("v", v, q, heads.kv());
    problem.requireStarts(starts);
    return problem;
  }

  /** A tensor [T, heads, D] of the element type and on the device of q. */
  void requireLike(String name, Tensor x, Tensor q, long headCount) {
    if (x.dim() != 3 || x.size(0) != tokens || x.size(1) != headCount || x.size(2) != headDim) {
      throw refused(
          name + " " + shape(x) + "; [" + tokens + ", " + headCount + ", " + headDim + "]");
    }
    if (x.scalar_type().intern() != element.type
        || x.is_cuda() != q.is_cuda()
        || (x.is_cuda() && x.device().index() != q.device().index())) {
      throw refused(name + " is not of " + element.type + " and on the device of q");
    }
    if (!x.is_contiguous()) {
      throw refused(name + " is not contiguous");
    }
  }

  private void requireStarts(int[] starts) {
    boolean ascending = starts.length > 0 && starts[0] == 0;
    for (int i = 1; i < starts.length; i++) {
      ascending = ascending && starts[i] >= starts[i - 1];
    }
    if (!ascending || starts[starts.length - 1] != tokens) {
      throw refused("sequence starts do not ascend from 0 to " + tokens);
    }
  }

  long selectedBlocks() {
    return branch instanceof AttentionBranch.Selected s ? s.blockCount() : 0;
  }

  /** The order of {@code Word} in {@code attention_jni.cc}. */
  long[] words() {
    long kind;
    long blockSize = 1;
    long blockCount = 1;
    long released = 0;
    long window = 1;
    if (branch instanceof AttentionBranch.Selected s) {
      kind = SELECTED;
      blockSize = s.blockSize();
      blockCount = s.blockCount();
      released = s.rule() == SelectionRule.RELEASED ? 1 : 0;
    } else if (branch instanceof AttentionBranch.Compressed c) {
      kind = COMPRESSED;
      blockSize = c.blockSize();
    } else if (branch instanceof AttentionBranch.Window w) {
      kind = WINDOW;
      window = w.tokens();
    } else {
      kind = FULL;
    }
    return new long[] {
      element.number,
      tokens,
      heads.query(),
      heads.kv(),
      headDim,
      kind,
      blockSize,
      blockCount,
      released,
      window
    };
  }

  static BadInputException refused(String fact) {
    return new BadInputException("attention kernels", fact);
  }

  private static String shape(Tensor x) {
    StringBuilder text = new StringBuilder("[");
    for (long i = 0; i < x.dim(); i++) {
      text.append(i == 0 ? "" : ", ").append(x.size(i));
    }
    return text.append("]").toString();
  }
}
