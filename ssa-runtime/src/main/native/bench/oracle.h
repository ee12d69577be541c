// oracle.h: attention by its definition, in fp64, one token and KV head at a time
//
// Shares no code with the kernels: nothing is tiled, kept running or split. Inputs are one whole
// sequence, rotated and rounded as the device stores them.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "kernels/parameters.h"

namespace ssa::bench {

// One sequence: q [T, HQ, D], k and v [T, H, D], gates [T, HQ, 3] or empty.
struct Sequence {
  int64_t tokens;
  int64_t query_heads;
  int64_t kv_heads;
  int64_t dim;
  std::vector<float> q, k, v, gates;

  int64_t group() const { return query_heads / kv_heads; }
  const float* query(int64_t t, int64_t head) const {
    return &q[(t * query_heads + head) * dim];
  }
  const float* key(int64_t t, int64_t h) const { return &k[(t * kv_heads + h) * dim]; }
  const float* value(int64_t t, int64_t h) const { return &v[(t * kv_heads + h) * dim]; }
};

inline double dot(const float* a, const float* b, int64_t n) {
  double sum = 0;
  for (int64_t i = 0; i < n; i++) {
    sum += static_cast<double>(a[i]) * b[i];
  }
  return sum;
}

inline double dot(const float* a, const double* b, int64_t n) {
  double sum = 0;
  for (int64_t i = 0; i < n; i++) {
    sum += a[i] * b[i];
  }
  return sum;
}

// Means [N, D] of the complete blocks of one KV head of keys or values [T, H, D].
inline std::vector<double> blockMeans(const Sequence& s, const std::vector<float>& x, int64_t h,
                                      int64_t block) {
  int64_t blocks = s.tokens / block;
  std::vector<double> means(blocks * s.dim, 0.0);
  for (int64_t t = 0; t < blocks * block; t++) {
    for (int64_t d = 0; d < s.dim; d++) {
      means[t / block * s.dim + d] += x[(t * s.kv_heads + h) * s.dim + d];
    }
  }
  for (double& mean : means) {
    mean /= static_cast<double>(block);
  }
  return means;
}

// The importance of each complete block to a token: its heads' softmaxes, summed.
inline std::vector<double> importances(const Sequence& s, const std::vector<double>& means,
                                       int64_t t, int64_t h, int64_t block) {
  int64_t complete = (t + 1) / block;
  std::vector<double> sum(complete, 0.0);
  std::vector<double> score(complete);
  for (int64_t g = 0; g < s.group(); g++) {
    const float* q = s.query(t, h * s.group() + g);
    double top = -std::numeric_limits<double>::infinity();
    for (int64_t n = 0; n < complete; n++) {
      score[n] = dot(q, &means[n * s.dim], s.dim) / std::sqrt(static_cast<double>(s.dim));
      top = std::max(top, score[n]);
    }
    double total = 0;
    for (int64_t n = 0; n < complete; n++) {
      score[n] = std::exp(score[n] - top);
      total += score[n];
    }
    for (int64_t n = 0; n < complete; n++) {
      sum[n] += score[n] / total;
    }
  }
  return sum;
}

// Whether `chosen` of blocks [from, to) are the best `count` of them, up to ties within epsilon;
// all of them if there are not as many.
inline bool isBest(const std::vector<double>& importance, int64_t from, int64_t to, int64_t count,
                   const std::vector<char>& chosen, double epsilon) {
  double least_in = std::numeric_limits<double>::infinity();
  double most_out = 0;
  int64_t n = 0;
  for (int64_t b = from; b < to; b++) {
    if (chosen[b]) {
      n++;
      least_in = std::min(least_in, importance[b]);
    } else {
      most_out = std::max(most_out, importance[b]);
    }
  }
  return n == std::min(count, to - from) && least_in >= most_out * (1 - epsilon);
}

// Whether a token's row of `selected` [k] follows the rule.
inline bool selectionHolds(const Mode& mode, const std::vector<double>& importance, int64_t t,
                           const int32_t* selected, double epsilon) {
  int64_t own = t / mode.block_size;
  int64_t k = mode.block_count;
  std::vector<char> chosen(own + 1, 0);
  int64_t n = 0;
  for (; n < k && selected[n] >= 0; n++) {
    if (selected[n] > own || (n > 0 && selected[n] <= selected[n - 1])) {
      return false;
    }
    chosen[selected[n]] = 1;
  }
  for (int64_t i = n; i < k; i++) {
    if (selected[i] != -1) {
      return false;
    }
  }
  if (!chosen[own]) {
    return false;
  }
  bool halves = mode.kind == ModeKind::kReleased && k == mode.block_size;
  if (own < k && (!halves || own < mode.block_size)) {
    return n == own + 1;
  }
  if (!halves) {
    return isBest(importance, 0, own, k - 1, chosen, epsilon);
  }
  int64_t stretch = own / k * k;
  return isBest(importance, 0, stretch, k / 2, chosen, epsilon) &&
         isBest(importance, stretch, own, k / 2 - 1, chosen, epsilon);
}

// softmax(q k / sqrt(D)) v of one head over listed keys; keys and values by index.
template <typename Key, typename Value>
void attendOver(const Sequence& s, const float* q, const std::vector<int64_t>& keys, Key key,
                Value value, double gate, double* out) {
  if (keys.empty()) {
    return;
  }
  std::vector<double> score(keys.size());
  double top = -std::numeric_limits<double>::infinity();
  for (size_t i = 0; i < keys.size(); i++) {
    score[i] = dot(q, key(keys[i]), s.dim) / std::sqrt(static_cast<double>(s.dim));
    top = std::max(top, score[i]);
  }
  double total = 0;
  for (double& x : score) {
    x = std::exp(x - top);
    total += x;
  }
  for (size_t i = 0; i < keys.size(); i++) {
    auto from = value(keys[i]);
    for (int64_t d = 0; d < s.dim; d++) {
      out[d] += gate * score[i] / total * from[d];
    }
  }
}

inline std::vector<int64_t> upTo(int64_t from, int64_t to) {
  std::vector<int64_t> all;
  for (int64_t i = std::max<int64_t>(0, from); i < to; i++) {
    all.push_back(i);
  }
  return all;
}

// Means of one KV head that the compressed branch attends to; empty in other modes.
struct Compressed {
  std::vector<double> keys;
  std::vector<double> values;
};

// out [G, D] of a token and KV head; `selected` [k] is what the device chose, checked before.
inline std::vector<double> attention(const Sequence& s, const Mode& mode, int64_t t, int64_t h,
                                     const int32_t* selected, const Compressed& compressed) {
  std::vector<double> out(s.group() * s.dim, 0.0);
  auto key = [&](int64_t i) { return s.key(i, h); };
  auto value = [&](int64_t i) { return s.value(i, h); };
  std::vector<int64_t> keys;
  if (mode.kind == ModeKind::kFull) {
    keys = upTo(0, t + 1);
  } else {
    for (int64_t i = 0; i < mode.block_count && selected[i] >= 0; i++) {
      for (int64_t j : upTo(selected[i] * mode.block_size, (selected[i] + 1) * mode.block_size)) {
        if (j <= t) {
          keys.push_back(j);
        }
      }
    }
  }
  for (int64_t g = 0; g < s.group(); g++) {
    int64_t head = h * s.group() + g;
    const float* q = s.query(t, head);
    auto gate = [&](int64_t i) {
      return s.gates.empty() ? 1.0 : s.gates[(t * s.query_heads + head) * 3 + i];
    };
    double* to = &out[g * s.dim];
    attendOver(s, q, keys, key, value, gate(1), to);
    if (mode.kind == ModeKind::kThreeBranch) {
      attendOver(s, q, upTo(t + 1 - mode.window, t + 1), key, value, gate(2), to);
      attendOver(
          s, q, upTo(0, (t + 1) / mode.block_size),
          [&](int64_t i) { return &compressed.keys[i * s.dim]; },
          [&](int64_t i) { return &compressed.values[i * s.dim]; }, gate(0), to);
    }
  }
  return out;
}

}  // namespace ssa::bench
