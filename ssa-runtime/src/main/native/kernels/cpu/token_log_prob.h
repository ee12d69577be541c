// token_log_prob.h: vocabulary head, log-softmax and gather in one pass over the vocabulary
//
// in    hidden [T, E], weight [V, E], targets [T]
// out   logprob [T], argmax [T], argmax_logprob [T]
// math  z = weight hidden; logprob = z_target - logsumexp(z); argmax = lowest id of the largest z
// cost  2 T V E flop; the weight is read once per 256 rows; never a [T, V] array
// num.  logits fp32, one chain over E. The vocabulary is cut into stretches of 1,024 ids; a stretch
//       sums exponentials in fp64 across tiles of 64 ids, ascending, and stretches are joined in
//       order: a row's bits depend neither on the rows beside it nor on who computed a stretch
// work  many rows: items of 256 rows, all stretches; few rows: items of one stretch
// oracle  oracle/TokenLogProbOracle.java
#pragma once

namespace ssa::SSA_ISA {

constexpr int64_t kMostRows = 256;
constexpr int64_t kIds = 64;
constexpr int64_t kSlab = 64;
constexpr int64_t kStretchIds = 1024;

// Lanes change places between two rows of a square: the step of a transposition at distance kHalf.
template <int kHalf>
inline __attribute__((always_inline)) void exchange(Floats& a, Floats& b) {
  Ints low, high;
  for (int i = 0; i < kFloats; i++) {
    int at = i % (2 * kHalf);
    low[i] = at < kHalf ? i : static_cast<int>(kFloats) + i - kHalf;
    high[i] = low[i] + kHalf;
  }
  Floats first = __builtin_shuffle(a, b, low);
  b = __builtin_shuffle(a, b, high);
  a = first;
}

template <int kHalf>
inline __attribute__((always_inline)) void exchangeAll(Floats* row) {
  for (int i = 0; i < kFloats; i++) {
    if (i % (2 * kHalf) < kHalf) {
      exchange<kHalf>(row[i], row[i + kHalf]);
    }
  }
  if constexpr (kHalf > 1) {
    exchangeAll<kHalf / 2>(row);
  }
}

// A square of the weight, as many ids as elements, from rows to columns.
inline void transposeSquare(const float* from, int64_t width, float* to) {
  Floats row[kFloats];
  for (int64_t i = 0; i < kFloats; i++) {
    row[i] = load(from + i * width);
  }
  exchangeAll<kFloats / 2>(row);
  for (int64_t i = 0; i < kFloats; i++) {
    store(to + i * kIds, row[i]);
  }
}

// Elements [e0, e1) of 64 ids become [e1 - e0, 64]; ids behind the vocabulary's end are 0.
inline void transposeSlab(const TokenLogProbParameters& p, int64_t first, int64_t count, int64_t e0,
                          int64_t e1, float* to) {
  for (int64_t i = 0; i < kIds; i += kFloats) {
    const float* from = p.weight + (first + i) * p.width;
    int64_t e = e0;
    if (i + kFloats <= count) {
      for (; e + kFloats <= e1; e += kFloats) {
        transposeSquare(from + e, p.width, to + (e - e0) * kIds + i);
      }
    }
    for (int64_t lane = 0; lane < kFloats; lane++) {
      for (int64_t at = e; at < e1; at++) {
        to[(at - e0) * kIds + i + lane] = i + lane < count ? from[lane * p.width + at] : 0.0f;
      }
    }
  }
}

// A row's softmax over some ids.
struct RowChoice {
  double sum;  // of e^(z - largest)
  float largest;
  float target;  // the target's logit, if its id has been met
  int32_t argmax;
};

constexpr RowChoice kNoIds = {0.0, kMinusInfinity, kMinusInfinity, 0};

// While all logits are minus infinity, a finite shift keeps their difference from being NaN.
inline float shiftOf(float largest) { return largest == kMinusInfinity ? 0.0f : largest; }

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
  float shift = shiftOf(row->largest);
  Floats sum = {};
  for (int64_t i = 0; i < kIds; i += kFloats) {
    sum += weight(load(logits + i) - shift);
  }
  row->sum += sumOfLanes<float>(sum);
}

// The sum relative to a larger logit. NaN stays NaN.
inline double sumBelow(const RowChoice& row, double shift) {
  double share = row.largest == kMinusInfinity ? 0.0 : __builtin_exp(row.largest - shift);
  return row.sum * share;
}

// What a later stretch adds to a row.
inline void joinStretch(const RowChoice& later, RowChoice* row) {
  double shift = shiftOf(later.largest > row->largest ? later.largest : row->largest);
  row->sum = sumBelow(*row, shift) + sumBelow(later, shift);
  if (later.largest > row->largest) {
    row->largest = later.largest;
    row->argmax = later.argmax;
  }
  row->target = later.target != kMinusInfinity ? later.target : row->target;
}

// Scratch of one item: a slab of the weight, and logits of 64 ids.
struct HeadScratch {
  float* slab;    // [64, 64]
  float* logits;  // [rows, 64]
};

// Rows [from, to) over the stretch of ids that begins at `begin`.
inline void rateStretch(const TokenLogProbParameters& p, int64_t from, int64_t to, int64_t begin,
                        const HeadScratch& scratch, RowChoice* row) {
  int64_t rows = to - from;
  int64_t end = least(begin + kStretchIds, p.vocabulary);
  for (int64_t r = 0; r < rows; r++) {
    row[r] = kNoIds;
  }
  for (int64_t first = begin; first < end; first += kIds) {
    int64_t count = least(kIds, end - first);
    for (int64_t e = 0; e < p.width; e += kSlab) {
      int64_t depth = least(kSlab, p.width - e);
      transposeSlab(p, first, count, e, e + depth, scratch.slab);
      multiply(rows, kIds, p.hidden + from * p.width + e, p.width, scratch.slab, kIds, depth,
               scratch.logits, kIds, e > 0);
    }
    for (int64_t r = 0; r < rows; r++) {
      foldLogits(scratch.logits + r * kIds, first, count, p.targets[from + r], &row[r]);
    }
  }
}

inline void finishRow(const TokenLogProbParameters& p, int64_t row, const RowChoice& choice) {
  double log_sum = __builtin_log(choice.sum);
  double target = static_cast<double>(choice.target) - choice.largest;
  p.logprob[row] = static_cast<float>(target - log_sum);
  p.argmax[row] = choice.argmax;
  p.argmax_logprob[row] = static_cast<float>(-log_sum);
}

inline bool carveHead(int64_t rows, int64_t choices, HeadScratch* scratch, RowChoice** choice) {
  size_t bytes = sizeof(float) * (kSlab + rows) * kIds + sizeof(RowChoice) * choices + 256;
  char* memory = static_cast<char*>(threadScratch(bytes));
  if (memory == nullptr) {
    return false;
  }
  scratch->slab = carveFloats(memory, kSlab * kIds);
  scratch->logits = carveFloats(memory, rows * kIds);
  *choice = reinterpret_cast<RowChoice*>(memory);
  return true;
}

// Rows [from, to) over the whole vocabulary.
inline bool rateRows(const TokenLogProbParameters& p, int64_t from, int64_t to) {
  int64_t rows = to - from;
  HeadScratch scratch;
  RowChoice* row;
  if (!carveHead(rows, 2 * rows, &scratch, &row)) {
    return false;
  }
  RowChoice* later = row + rows;
  rateStretch(p, from, to, 0, scratch, row);
  for (int64_t begin = kStretchIds; begin < p.vocabulary; begin += kStretchIds) {
    rateStretch(p, from, to, begin, scratch, later);
    for (int64_t r = 0; r < rows; r++) {
      joinStretch(later[r], &row[r]);
    }
  }
  for (int64_t r = 0; r < rows; r++) {
    finishRow(p, from + r, row[r]);
  }
  return true;
}

// All rows, stretch by stretch on different threads.
inline bool rateByStretches(const TokenLogProbParameters& p, const Parallel& parallel) {
  int64_t stretches = ceilDivide(p.vocabulary, kStretchIds);
  RowChoice* choices =
      static_cast<RowChoice*>(acquire(sizeof(RowChoice) * stretches * p.tokens));
  if (choices == nullptr) {
    return false;
  }
  int failed = 0;
  auto item = [&](size_t i) {
    HeadScratch scratch;
    RowChoice* unused;
    if (!carveHead(p.tokens, 0, &scratch, &unused)) {
      __atomic_store_n(&failed, 1, __ATOMIC_RELAXED);
      return;
    }
    rateStretch(p, 0, p.tokens, i * kStretchIds, scratch, choices + i * p.tokens);
  };
  forEach(parallel, stretches, item);
  for (int64_t r = 0; r < p.tokens && failed == 0; r++) {
    RowChoice row = choices[r];
    for (int64_t s = 1; s < stretches; s++) {
      joinStretch(choices[s * p.tokens + r], &row);
    }
    finishRow(p, r, row);
  }
  release(choices);
  return failed == 0;
}

inline Outcome tokenLogProb(const TokenLogProbParameters& p, const Parallel& parallel) {
  if (p.tokens <= kMostRows) {
    return rateByStretches(p, parallel) ? Outcome::kDone : Outcome::kOutOfMemory;
  }
  // Items of equal size, so that two threads share a call that is not much larger than one item.
  int64_t items = ceilDivide(p.tokens, kMostRows);
  int64_t rows = ceilDivide(ceilDivide(p.tokens, most(items, 4)), 8) * 8;
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
