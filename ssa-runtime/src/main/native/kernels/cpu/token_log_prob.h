// token_log_prob.h: vocabulary head, log-softmax and gather in one pass over the vocabulary
//
// in    hidden [T, E], weight [V, E], targets [T]
// out   logprob [T], argmax [T], argmax_logprob [T]
// math  z = weight hidden; logprob = z_target - logsumexp(z); argmax = lowest id of the largest z
// cost  2 T V E flop; the weight is read once per 256 rows; never a [T, V] array
// num.  logits fp32, their exponentials' sum fp64 across tiles of 64 ids, ascending; a row's bits
//       do not depend on the rows beside it
// work  items of up to 256 rows
// oracle  oracle/TokenLogProbOracle.java
#pragma once

namespace ssa::SSA_ISA {

constexpr int64_t kMostRows = 256;
constexpr int64_t kIds = 64;

// [64, E] rows of the weight become [E, 64]; ids behind the vocabulary's end are 0.
inline void transposeWeight(const TokenLogProbParameters& p, int64_t first, int64_t count,
                            float* to) {
  constexpr int64_t step = 16;
  for (int64_t e0 = 0; e0 < p.width; e0 += step) {
    int64_t e1 = least(e0 + step, p.width);
    for (int64_t i = 0; i < kIds; i++) {
      const float* from = p.weight + (first + i) * p.width;
      for (int64_t e = e0; e < e1; e++) {
        to[e * kIds + i] = i < count ? from[e] : 0.0f;
      }
    }
  }
}

struct RowChoice {
  double sum;
  float largest;
  float target;
  int32_t argmax;
};

inline void foldLogits(float* logits, int64_t first, int64_t count, int64_t target,
                       RowChoice* row) {
  for (int64_t i = count; i < kIds; i++) {
    logits[i] = kMinusInfinity;
  }
  if (target >= first && target < first + count) {
    row->target = logits[target - first];
  }
  Floats top = load(logits);
  for (int64_t i = kFloats; i < kIds; i += kFloats) {
    top = larger(top, load(logits + i));
  }
  float largest = largestLane<float>(top);
  if (largest > row->largest) {
    row->sum *= __builtin_exp(static_cast<double>(row->largest) - largest);
    row->largest = largest;
    for (int64_t i = 0; i < count; i++) {
      if (logits[i] == largest) {
        row->argmax = static_cast<int32_t>(first + i);
        break;
      }
    }
  }
  // While all logits are minus infinity, a finite shift keeps their difference from being NaN.
  float shift = row->largest == kMinusInfinity ? 0.0f : row->largest;
  Floats sum = {};
  for (int64_t i = 0; i < kIds; i += kFloats) {
    sum += exponential(load(logits + i) - shift);
  }
  row->sum += sumOfLanes<float>(sum);
}

inline bool rateRows(const TokenLogProbParameters& p, int64_t from, int64_t to) {
  int64_t rows = to - from;
  size_t bytes = sizeof(float) * (p.width * kIds + rows * kIds) + sizeof(RowChoice) * rows + 256;
  char* memory = static_cast<char*>(threadScratch(bytes));
  if (memory == nullptr) {
    return false;
  }
  float* weight = carveFloats(memory, p.width * kIds);
  float* logits = carveFloats(memory, rows * kIds);
  RowChoice* row = reinterpret_cast<RowChoice*>(memory);
  for (int64_t r = 0; r < rows; r++) {
    row[r] = {0.0, kMinusInfinity, kMinusInfinity, 0};
  }
  for (int64_t first = 0; first < p.vocabulary; first += kIds) {
    int64_t count = least(kIds, p.vocabulary - first);
    transposeWeight(p, first, count, weight);
    multiply(rows, kIds, p.hidden + from * p.width, p.width, weight, kIds, p.width, logits, kIds,
             false);
    for (int64_t r = 0; r < rows; r++) {
      foldLogits(logits + r * kIds, first, count, p.targets[from + r], &row[r]);
    }
  }
  for (int64_t r = 0; r < rows; r++) {
    double log_sum = __builtin_log(row[r].sum);
    double target = static_cast<double>(row[r].target) - row[r].largest;
    p.logprob[from + r] = static_cast<float>(target - log_sum);
    p.argmax[from + r] = row[r].argmax;
    p.argmax_logprob[from + r] = static_cast<float>(-log_sum);
  }
  return true;
}

inline Outcome tokenLogProb(const TokenLogProbParameters& p, const Parallel& parallel) {
  // Small calls are cut finer, so that two threads share them; a cut never changes a row.
  int64_t rows = most(8, least(kMostRows, ceilDivide(ceilDivide(p.tokens, 8), 8) * 8));
  int failed = 0;
  auto item = [&](size_t i) {
    int64_t from = static_cast<int64_t>(i) * rows;
    if (!rateRows(p, from, least(from + rows, p.tokens))) {
      __atomic_store_n(&failed, 1, __ATOMIC_RELAXED);
    }
  };
  forEach(parallel, ceilDivide(p.tokens, rows), item);
  return failed == 0 ? Outcome::kDone : Outcome::kOutOfMemory;
}

}  // namespace ssa::SSA_ISA
