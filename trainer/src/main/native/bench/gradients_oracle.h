// gradients_oracle.h: attention and its gradients by their definition, in fp64, one query head at a time
//
// Shares no code with the kernels: nothing is tiled, kept running or split. The selection is the
// device's own, which is held against the rule apart.
#pragma once

#include "bench/device.h"
#include "bench/oracle.h"
#include "kernels/packed.h"

namespace ssa::bench {

// One sequence's results: out, dq [T, HQ, D], log_sum_exp [T, HQ], dk, dv [T, H, D].
struct Gradients {
  std::vector<double> out, log_sum_exp, dq, dk, dv;
};

// A key and its value as a token sees them: the mean of rows [first, first + size).
struct SeenKey {
  int64_t first;
  int64_t size;
};

inline std::vector<SeenKey> keysSeen(const Branch& branch, int64_t t, const int32_t* selected) {
  std::vector<SeenKey> keys;
  int64_t size = branch.block_size;
  switch (branch.kind) {
    case BranchKind::kCompressed:
      for (int64_t b = 0; b < (t + 1) / size; b++) {
        keys.push_back({b * size, size});
      }
      break;
    case BranchKind::kSelected:
      for (int64_t i = 0; i < branch.block_count && selected[i] >= 0; i++) {
        for (int64_t j = selected[i] * size; j < (selected[i] + 1) * size && j <= t; j++) {
          keys.push_back({j, 1});
        }
      }
      break;
    default: {
      bool window = branch.kind == BranchKind::kWindow;
      for (int64_t j = window ? std::max<int64_t>(0, t + 1 - branch.window) : 0; j <= t; j++) {
        keys.push_back({j, 1});
      }
    }
  }
  return keys;
}

// One query head of one token; adds to the gradients of its KV head's keys and values [T, D].
struct HeadOracle {
  const Sequence& s;
  const Branch& branch;
  int64_t head;
  const std::vector<float>& d_out;  // [T, HQ, D]
  std::vector<double> dk, dv;       // [T, D]

  int64_t h() const { return head / s.group(); }

  std::vector<double> mean(const std::vector<float>& rows, const SeenKey& key) const {
    std::vector<double> sum(s.dim, 0.0);
    for (int64_t t = key.first; t < key.first + key.size; t++) {
      for (int64_t d = 0; d < s.dim; d++) {
        sum[d] += static_cast<double>(rows[(t * s.kv_heads + h()) * s.dim + d]) / key.size;
      }
    }
    return sum;
  }

  void token(int64_t t, const int32_t* selected, Gradients* to) {
    std::vector<SeenKey> seen = keysSeen(branch, t, selected);
    const float* q = s.query(t, head);
    const float* gradient = &d_out[(t * s.query_heads + head) * s.dim];
    double scale = 1 / std::sqrt(static_cast<double>(s.dim));
    std::vector<std::vector<double>> keys, values;
    std::vector<double> p;
    double top = -std::numeric_limits<double>::infinity();
    for (const SeenKey& key : seen) {
      keys.push_back(mean(s.k, key));
      values.push_back(mean(s.v, key));
      p.push_back(dot(q, keys.back().data(), s.dim) * scale);
      top = std::max(top, p.back());
    }
    double total = 0;
    for (double& x : p) {
      x = std::exp(x - top);
      total += x;
    }
    double* out = &to->out[(t * s.query_heads + head) * s.dim];
    double delta = 0;
    for (size_t i = 0; i < p.size(); i++) {
      p[i] /= total;
      for (int64_t d = 0; d < s.dim; d++) {
        out[d] += p[i] * values[i][d];
        delta += p[i] * values[i][d] * gradient[d];
      }
    }
    to->log_sum_exp[t * s.query_heads + head] = top + std::log(total);
    for (size_t i = 0; i < p.size(); i++) {
      double slope = p[i] * (dot(gradient, values[i].data(), s.dim) - delta) * scale;
      for (int64_t d = 0; d < s.dim; d++) {
        to->dq[(t * s.query_heads + head) * s.dim + d] += slope * keys[i][d];
        for (int64_t j = seen[i].first; j < seen[i].first + seen[i].size; j++) {
          dk[j * s.dim + d] += slope * q[d] / seen[i].size;
          dv[j * s.dim + d] += p[i] * gradient[d] / seen[i].size;
        }
      }
    }
  }
};

// `selected` [T, H, k] of the sequence.
inline Gradients gradientsOf(const Sequence& s, const Branch& branch,
                             const std::vector<float>& d_out, const int32_t* selected) {
  Gradients all;
  int64_t rows = s.tokens * s.query_heads;
  all.out.assign(rows * s.dim, 0);
  all.dq.assign(rows * s.dim, 0);
  all.log_sum_exp.assign(rows, 0);
  all.dk.assign(s.tokens * s.kv_heads * s.dim, 0);
  all.dv.assign(s.tokens * s.kv_heads * s.dim, 0);
  std::vector<HeadOracle> heads;
  for (int64_t head = 0; head < s.query_heads; head++) {
    std::vector<double> zero(s.tokens * s.dim, 0);
    heads.push_back({s, branch, head, d_out, zero, zero});
  }
  onAllThreads(s.query_heads, [&](int64_t head) {
    for (int64_t t = 0; t < s.tokens; t++) {
      int64_t row = t * s.kv_heads + heads[head].h();
      heads[head].token(t, selected == nullptr ? nullptr : selected + row * branch.block_count,
                        &all);
    }
  });
  for (const HeadOracle& head : heads) {
    for (int64_t i = 0; i < s.tokens * s.dim; i++) {
      int64_t at = (i / s.dim * s.kv_heads + head.h()) * s.dim + i % s.dim;
      all.dk[at] += head.dk[i];
      all.dv[at] += head.dv[i];
    }
  }
  return all;
}

}  // namespace ssa::bench
