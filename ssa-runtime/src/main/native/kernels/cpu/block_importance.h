// block_importance.h: how much each complete block matters to a query token and KV head
//
// in    queries  [rows, D]  fp64, rotated and scaled by 1/sqrt(D); a token's G heads side by side
//       means    [D, 64] at a time, fp64, from block_mean
// out   importance [N]  fp64
// math  p_g        = softmax over the complete blocks n < (t + 1) / S of q_g . mean_n
//       importance = sum over the G heads of p_g(n)
// cost  2 G N D flop and G N exponentials per token
// num.  fp64: an importance is right to about 1e-14, so that the top-k is exact
// use   where block_estimate cannot prove a choice
// twin  none; oracle  oracle/BlockSelectionOracle.java
// from  NSA arXiv:2502.11089 (8) to (10), SSA arXiv:2511.20102
#pragma once

namespace ssa::SSA_ISA {

// Turns one head's scores over `complete` blocks into exponentials below their maximum; returns
// 1 / their sum, the factor that makes them a softmax.
inline double blockExponentials(double* scores, int64_t complete) {
  int64_t padded = ceilDivide(complete, kDoubles) * kDoubles;
  for (int64_t n = complete; n < padded; n++) {
    scores[n] = -__builtin_inf();
  }
  Doubles top = load(scores);
  for (int64_t n = kDoubles; n < padded; n += kDoubles) {
    top = larger(top, load(scores + n));
  }
  Doubles shift = splat(largestLane<double>(top));
  Doubles sum = {};
  for (int64_t n = 0; n < padded; n += kDoubles) {
    Doubles e = exponential(load(scores + n) - shift);
    store(scores + n, e);
    sum += e;
  }
  return 1.0 / sumOfLanes<double>(sum);
}

// Sums the heads' softmaxes, given as exponentials [heads, stride] and factors [heads].
inline void blockImportance(const double* exponentials, const double* factors, int64_t heads,
                            int64_t stride, int64_t complete, double* importance) {
  int64_t padded = ceilDivide(complete, kDoubles) * kDoubles;
  for (int64_t n = 0; n < padded; n += kDoubles) {
    Doubles sum = {};
    for (int64_t g = 0; g < heads; g++) {
      sum = sum + load(exponentials + g * stride + n) * factors[g];
    }
    store(importance + n, sum);
  }
}

inline bool anyNaN(const double* values, int64_t count) {
  bool any = false;
  for (int64_t i = 0; i < count; i++) {
    any |= values[i] != values[i];
  }
  return any;
}

// A block whose score is no number, or infinite, leaves no softmax over any block. It is chosen
// before all others: whatever attends to it is no number either, and so is not taken for an answer.
inline void preferBroken(const double* scores, int64_t heads, int64_t stride, int64_t complete,
                         double* importance) {
  for (int64_t n = 0; n < complete; n++) {
    bool broken = false;
    for (int64_t g = 0; g < heads; g++) {
      broken |= !(scores[g * stride + n] < __builtin_inf());
    }
    importance[n] = broken ? __builtin_inf() : 0.0;
  }
}

}  // namespace ssa::SSA_ISA
