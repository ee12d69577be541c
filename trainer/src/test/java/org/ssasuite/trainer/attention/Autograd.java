package org.ssasuite.trainer.attention;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Gradients by libtorch's autograd in fp64, through the dense masked formula: softmax over all
 * keys, those that a token does not see lowered by 1e30.
 */
final class Autograd {
  final double[] dq;
  final double[] dk;
  final double[] dv;

  private Autograd(double[] dq, double[] dk, double[] dv) {
    this.dq = dq;
    this.dk = dk;
    this.dv = dv;
  }

  @SuppressWarnings("try") // the scope frees what is made within it
  static Autograd of(Case c, DenseAttention dense) {
    try (PointerScope scope = new PointerScope()) {
      // Matrices this small are faster without waking other threads.
      torch.set_num_threads(1);
      Tensor q = leaf(c.q(), c.tokens(), c.queryHeads(), c.dim());
      Tensor k = leaf(c.k(), c.tokens(), c.kvHeads(), c.dim());
      Tensor v = leaf(c.v(), c.tokens(), c.kvHeads(), c.dim());
      Tensor gradient = tensor(c.gradient(), c.tokens(), c.queryHeads(), c.dim());
      for (int h = 0; h < c.kvHeads(); h++) {
        Keys keys = Keys.of(c, dense, h);
        for (int head = h * c.group(); head < (h + 1) * c.group(); head++) {
          // Keys are rows of k, or means of them: weights times k either way.
          Tensor key = keys.weights().matmul(k.select(1, h));
          Tensor value = keys.weights().matmul(v.select(1, h));
          Tensor scores = q.select(1, head).matmul(key.t()).mul(new Scalar(1 / Math.sqrt(c.dim())));
          Tensor weights = scores.add(keys.lowered()).softmax(1).mul(keys.seen());
          weights.matmul(value).mul(gradient.select(1, head)).sum().backward();
        }
      }
      return new Autograd(array(q.grad()), array(k.grad()), array(v.grad()));
    }
  }

  /**
   * All keys of one KV head.
   *
   * @param weights [N, T] rows of k and v that make a key
   * @param seen [T, N] 1 where a token sees a key, else 0
   * @param lowered [T, N] 0 where a token sees a key, else -1e30
   */
  private record Keys(Tensor weights, Tensor seen, Tensor lowered) {
    static Keys of(Case c, DenseAttention dense, int h) {
      Map<DenseAttention.Key, Integer> numbers = new LinkedHashMap<>();
      List<List<DenseAttention.Key>> visible = new ArrayList<>();
      for (int t = 0; t < c.tokens(); t++) {
        visible.add(dense.visible(t, h));
        visible.get(t).forEach(key -> numbers.putIfAbsent(key, numbers.size()));
      }
      int n = Math.max(1, numbers.size());
      double[] weights = new double[n * c.tokens()];
      numbers.forEach(
          (key, i) -> {
            for (int t = key.first(); t < key.first() + key.size(); t++) {
              weights[i * c.tokens() + t] = 1.0 / key.size();
            }
          });
      double[] seen = new double[c.tokens() * n];
      double[] lowered = new double[c.tokens() * n];
      Arrays.fill(lowered, -1e30);
      for (int t = 0; t < c.tokens(); t++) {
        for (DenseAttention.Key key : visible.get(t)) {
          int i = numbers.get(key);
          seen[t * n + i] = 1;
          lowered[t * n + i] = 0;
        }
      }
      return new Keys(
          Tensor.create(weights, n, c.tokens()),
          Tensor.create(seen, c.tokens(), n),
          Tensor.create(lowered, c.tokens(), n));
    }
  }

  private static Tensor tensor(float[] values, long... shape) {
    double[] wide = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      wide[i] = values[i];
    }
    return Tensor.create(wide, shape);
  }

  private static Tensor leaf(float[] values, long... shape) {
    Tensor leaf = tensor(values, shape);
    leaf.set_requires_grad(true);
    return leaf;
  }

  private static double[] array(Tensor x) {
    double[] values = new double[(int) x.numel()];
    x.contiguous().data_ptr_double().get(values);
    return values;
  }
}
