package org.ssasuite.trainer.attention;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.ssasuite.core.attention.SelectionRule;
import org.ssasuite.trainer.attention.AttentionBranch.Compressed;
import org.ssasuite.trainer.attention.AttentionBranch.Selected;
import org.ssasuite.trainer.attention.AttentionBranch.Window;

/** Attention written from its definition, in fp64, with nothing tiled or kept running. */
final class DenseAttention {
  private final Case c;
  private final float[] q;
  private final float[] k;
  private final float[] v;

  DenseAttention(Case c, float[] q, float[] k, float[] v) {
    this.c = c;
    this.q = q;
    this.k = k;
    this.v = v;
  }

  /** A key and its value: a row of k and v, or the mean of several from the first on. */
  record Key(int first, int size) {}

  /** out [T, HQ, D]. */
  double[] out() {
    double[] out = new double[c.tokens() * c.queryHeads() * c.dim()];
    forEachRow(
        (t, head, scores, keys) -> {
          double total = scores.stream().mapToDouble(Math::exp).sum();
          for (int i = 0; i < scores.size(); i++) {
            double[] value = mean(v, keys.get(i), head / c.group());
            for (int d = 0; d < c.dim(); d++) {
              out[(t * c.queryHeads() + head) * c.dim() + d] +=
                  Math.exp(scores.get(i)) / total * value[d];
            }
          }
        });
    return out;
  }

  /** [T, HQ]. */
  double[] logSumExp() {
    double[] all = new double[c.tokens() * c.queryHeads()];
    forEachRow(
        (t, head, scores, keys) ->
            all[t * c.queryHeads() + head] =
                Math.log(scores.stream().mapToDouble(Math::exp).sum()));
    return all;
  }

  private interface Row {
    void visit(int token, int head, List<Double> scores, List<Key> keys);
  }

  private void forEachRow(Row row) {
    for (int t = 0; t < c.tokens(); t++) {
      for (int h = 0; h < c.kvHeads(); h++) {
        List<Key> keys = visible(t, h);
        for (int head = h * c.group(); head < (h + 1) * c.group(); head++) {
          List<Double> scores = new ArrayList<>();
          for (Key key : keys) {
            scores.add(score(t, head, mean(k, key, h)));
          }
          row.visit(t, head, scores, keys);
        }
      }
    }
  }

  /** The keys that a token and KV head see, in order. */
  List<Key> visible(int token, int h) {
    int start = start(token);
    List<Key> rows = new ArrayList<>();
    if (c.branch() instanceof Compressed compressed) {
      int size = compressed.blockSize();
      for (int b = 0; b < (token - start + 1) / size; b++) {
        rows.add(new Key(start + b * size, size));
      }
    } else if (c.branch() instanceof Window window) {
      for (int i = Math.max(start, token + 1 - window.tokens()); i <= token; i++) {
        rows.add(new Key(i, 1));
      }
    } else if (c.branch() instanceof Selected selected) {
      for (int b : chosen(token, h)) {
        int first = start + b * selected.blockSize();
        for (int i = first; i < first + selected.blockSize() && i <= token; i++) {
          rows.add(new Key(i, 1));
        }
      }
    } else {
      for (int i = start; i <= token; i++) {
        rows.add(new Key(i, 1));
      }
    }
    return rows;
  }

  /** The blocks of a token and KV head, ascending. */
  List<Integer> chosen(int token, int h) {
    Selected s = (Selected) c.branch();
    int own = (token - start(token)) / s.blockSize();
    int count = s.blockCount();
    double[] importance = importance(token, h, s.blockSize());
    List<Integer> chosen = new ArrayList<>();
    if (s.rule() == SelectionRule.RELEASED && count == s.blockSize() && own >= count) {
      int stretch = own / count * count;
      chosen.addAll(best(importance, 0, stretch, count / 2));
      chosen.addAll(best(importance, stretch, own, count / 2 - 1));
    } else {
      chosen.addAll(best(importance, 0, own, count - 1));
    }
    chosen.add(own);
    return chosen.stream().sorted().toList();
  }

  private static List<Integer> best(double[] importance, int from, int to, int count) {
    return IntStream.range(from, to)
        .boxed()
        .sorted(
            Comparator.comparingDouble((Integer b) -> -importance[b])
                .thenComparing(Comparator.naturalOrder()))
        .limit(count)
        .toList();
  }

  private double[] importance(int token, int h, int size) {
    int complete = (token - start(token) + 1) / size;
    double[] sum = new double[complete];
    for (int head = h * c.group(); head < (h + 1) * c.group(); head++) {
      double[] e = new double[complete];
      double total = 0;
      for (int b = 0; b < complete; b++) {
        e[b] = Math.exp(score(token, head, mean(k, new Key(start(token) + b * size, size), h)));
        total += e[b];
      }
      for (int b = 0; b < complete; b++) {
        sum[b] += e[b] / total;
      }
    }
    return sum;
  }

  private double score(int token, int head, double[] key) {
    double dot = 0;
    for (int d = 0; d < c.dim(); d++) {
      dot += q[(token * c.queryHeads() + head) * c.dim() + d] * key[d];
    }
    return dot / Math.sqrt(c.dim());
  }

  private double[] mean(float[] rows, Key key, int h) {
    double[] sum = new double[c.dim()];
    for (int i = key.first(); i < key.first() + key.size(); i++) {
      for (int d = 0; d < c.dim(); d++) {
        sum[d] += rows[(i * c.kvHeads() + h) * c.dim() + d] / (double) key.size();
      }
    }
    return sum;
  }

  /** The start of a token's sequence. */
  private int start(int token) {
    int start = 0;
    for (int s : c.starts()) {
      start = s <= token ? s : start;
    }
    return start;
  }
}
