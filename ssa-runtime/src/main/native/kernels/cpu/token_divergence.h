// token_divergence.h: how far apart two distributions over one vocabulary are, row by row
//
// in    of both sides hidden [T, E], weight [V, E]; E may differ; targets [T]
// out   per row: KL(p_A || p_B), KL(p_B || p_A), the share of p_A on the ten best ids of B (the lower
//       one of equals), log p of the target in both; both sides' most probable ids
// math  with z = weight hidden, m the largest z, S = sum of e^(z - m) and
//       D_A = sum of e^(z_A - m_A) (z_A - z_B):
//           KL(p_A || p_B) = D_A / S_A - (m_A - m_B) - (ln S_A - ln S_B)
//       as log p_A - log p_B = z_A - z_B - (m_A + ln S_A) + (m_B + ln S_B), whose mean under p_A it is.
//       When m becomes m', S and D get the factor e^(m - m'): the difference z_A - z_B has no m in it.
//       Equal sides: D is 0, and so is each of the other differences.
// cost  2 T V (E_A + E_B) flop and 2 T V exponentials in fp64; each weight is read once per 256 rows;
//       never a [T, V] array: 2 x 64 logits of a row at a time
// num.  logits fp32, one chain over E; all else fp64, ids ascending, so that KL is below 0 by no more
//       than the rounding of fp64. An id of weight 0 under p_A adds nothing, whatever p_B is
// work  items of rows; a row's bits depend neither on the rows beside it nor on threads
// oracle  oracle/TokenDivergenceOracle.java
#pragma once

namespace ssa::SSA_ISA {

constexpr int64_t kBest = 10;

// One side's softmax over the ids so far.
struct SideSums {
  double sum;         // S
  double difference;  // D
  float largest;
  float target;
  int32_t argmax;
};

struct RowDivergence {
  SideSums a;
  SideSums b;
  int64_t best;       // of the ten best ids of B, how many there are
  float best_b[kBest];  // their logits, descending
  float best_a[kBest];
};

constexpr SideSums kNoSide = {0.0, 0.0, kMinusInfinity, kMinusInfinity, 0};

inline void raiseLargest(const float* logits, int64_t first, int64_t count, SideSums* side) {
  Floats top = load(logits);
  for (int64_t i = kFloats; i < kIds; i += kFloats) {
    top = larger(top, load(logits + i));
  }
  float largest = largestLane<float>(top);
  if (!(largest > side->largest)) {
    return;
  }
  if (side->largest != kMinusInfinity) {
    double scale = __builtin_exp(static_cast<double>(side->largest) - largest);
    side->sum *= scale;
    side->difference *= scale;
  }
  side->largest = largest;
  for (int64_t i = 0; i < count; i++) {
    if (logits[i] == largest) {
      side->argmax = static_cast<int32_t>(first + i);
      break;
    }
  }
}

inline Doubles widened(const float* from) {
  typename Lanes<float, kDoubles>::Vector narrow;
  __builtin_memcpy(&narrow, from, sizeof narrow);
  return __builtin_convertvector(narrow, Doubles);
}

// Adds 64 ids to one side's sums.
inline void addIds(const float* own, const float* other, SideSums* side) {
  double shift = shiftOf(side->largest);
  Doubles sum = {};
  Doubles difference = {};
  for (int64_t i = 0; i < kIds; i += kDoubles) {
    Doubles z = widened(own + i);
    Doubles share = exponential(z - shift);
    sum += share;
    Doubles apart = share * (z - widened(other + i));
    difference += share > 0.0 ? apart : Doubles{};
  }
  side->sum += sumOfLanes<double>(sum);
  side->difference += sumOfLanes<double>(difference);
}

inline void keepBest(const float* a, const float* b, int64_t count, RowDivergence* row) {
  for (int64_t i = 0; i < count; i++) {
    if (row->best == kBest && !(b[i] > row->best_b[kBest - 1])) {
      continue;
    }
    int64_t at = row->best < kBest ? row->best++ : kBest - 1;
    for (; at > 0 && b[i] > row->best_b[at - 1]; at--) {
      row->best_b[at] = row->best_b[at - 1];
      row->best_a[at] = row->best_a[at - 1];
    }
    row->best_b[at] = b[i];
    row->best_a[at] = a[i];
  }
}

// Folds 64 ids of both sides into a row. Lanes behind the vocabulary's end weigh nothing: their
// logits are the lowest finite ones, whose difference is 0.
inline void foldBoth(float* a, float* b, int64_t first, int64_t count, int64_t target,
                     RowDivergence* row) {
  for (int64_t i = count; i < kIds; i++) {
    a[i] = kLowest;
    b[i] = kLowest;
  }
  if (target >= first && target < first + count) {
    row->a.target = a[target - first];
    row->b.target = b[target - first];
  }
  raiseLargest(a, first, count, &row->a);
  raiseLargest(b, first, count, &row->b);
  addIds(a, b, &row->a);
  addIds(b, a, &row->b);
  keepBest(a, b, count, row);
}

inline void finishDivergence(const TokenDivergenceParameters& p, int64_t row,
                             const RowDivergence& d) {
  double apart = (static_cast<double>(d.a.largest) - d.b.largest) +
                 (__builtin_log(d.a.sum) - __builtin_log(d.b.sum));
  double best = 0.0;
  for (int64_t i = 0; i < d.best; i++) {
    best += __builtin_exp(static_cast<double>(d.best_a[i]) - d.a.largest);
  }
  double* out = p.figures + row * kDivergenceFigures;
  out[0] = d.a.difference / d.a.sum - apart;
  out[1] = d.b.difference / d.b.sum + apart;
  out[2] = best / d.a.sum;
  out[3] = static_cast<double>(d.a.target) - d.a.largest - __builtin_log(d.a.sum);
  out[4] = static_cast<double>(d.b.target) - d.b.largest - __builtin_log(d.b.sum);
  p.argmax[2 * row] = d.a.argmax;
  p.argmax[2 * row + 1] = d.b.argmax;
}

struct DivergenceScratch {
  float* slab;  // [64, 64]
  float* a;     // [rows, 64]
  float* b;
  RowDivergence* row;
};

inline bool carveDivergence(int64_t rows, DivergenceScratch* scratch) {
  size_t bytes =
      sizeof(float) * (kSlab + 2 * rows) * kIds + sizeof(RowDivergence) * rows + 5 * 64;
  char* memory = static_cast<char*>(threadScratch(bytes));
  if (memory == nullptr) {
    return false;
  }
  scratch->slab = carveFloats(memory, kSlab * kIds);
  scratch->a = carveFloats(memory, rows * kIds);
  scratch->b = carveFloats(memory, rows * kIds);
  scratch->row = reinterpret_cast<RowDivergence*>(memory);
  return true;
}

// Logits of `rows` rows over 64 ids of one side.
inline void sideLogits(const DivergenceSide& side, int64_t vocabulary, int64_t from, int64_t rows,
                       int64_t first, int64_t count, float* slab, float* logits) {
  TokenLogProbParameters head = {};
  head.width = side.width;
  head.vocabulary = vocabulary;
  head.weight = side.weight;
  for (int64_t e = 0; e < side.width; e += kSlab) {
    int64_t depth = least(kSlab, side.width - e);
    transposeSlab(head, first, count, e, e + depth, slab);
    multiply(rows, kIds, side.hidden + from * side.width + e, side.width, slab, kIds, depth, logits,
             kIds, e > 0);
  }
}

// Rows [from, to) over the whole vocabulary.
inline bool divergeRows(const TokenDivergenceParameters& p, int64_t from, int64_t to) {
  int64_t rows = to - from;
  DivergenceScratch scratch;
  if (!carveDivergence(rows, &scratch)) {
    return false;
  }
  for (int64_t r = 0; r < rows; r++) {
    scratch.row[r] = {};
    scratch.row[r].a = kNoSide;
    scratch.row[r].b = kNoSide;
  }
  for (int64_t first = 0; first < p.vocabulary; first += kIds) {
    int64_t count = least(kIds, p.vocabulary - first);
    sideLogits(p.a, p.vocabulary, from, rows, first, count, scratch.slab, scratch.a);
    sideLogits(p.b, p.vocabulary, from, rows, first, count, scratch.slab, scratch.b);
    for (int64_t r = 0; r < rows; r++) {
      foldBoth(scratch.a + r * kIds, scratch.b + r * kIds, first, count, p.targets[from + r],
               &scratch.row[r]);
    }
  }
  for (int64_t r = 0; r < rows; r++) {
    finishDivergence(p, from + r, scratch.row[r]);
  }
  return true;
}

inline Outcome tokenDivergence(const TokenDivergenceParameters& p, const Parallel& parallel) {
  // At least four items, so that threads share a call that is smaller than one.
  int64_t items = most(4, ceilDivide(p.tokens, kMostRows));
  int64_t rows = most(1, ceilDivide(ceilDivide(p.tokens, items), 8) * 8);
  int failed = 0;
  auto item = [&](size_t i) {
    int64_t from = static_cast<int64_t>(i) * rows;
    if (!divergeRows(p, from, least(from + rows, p.tokens))) {
      __atomic_store_n(&failed, 1, __ATOMIC_RELAXED);
    }
  };
  forEach(parallel, ceilDivide(p.tokens, rows), item);
  return failed == 0 ? Outcome::kDone : Outcome::kOutOfMemory;
}

}  // namespace ssa::SSA_ISA
