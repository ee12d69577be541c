// block_estimate.h: importances of blocks in fp32, and how far they can be from the exact ones
//
// in    queries  [rows, D]      fp32, rotated and scaled by 1/sqrt(D); lengths [rows]
//       means    [tiles, H, D, 64]  fp32, from block_mean; M, the length of the longest
// out   weights  [rows, stride] e^(q . mean_n - shift), 0 behind the last complete block
//       sums     [rows]         of the weights
// math  importance_n = sum over a token's heads g of weight_gn / sum_g
//       shift = |q| M - 60 bounds every exponent by 60, so no pass for the largest score is needed
// num.  With u = 2^-24: a score is off by at most (D + 3) u |q| M (products of rounded factors, one
//       chain), its distance from the shift by 87 u more where the weight is not 0, the exponential
//       by 8 u: a weight is right to rho = u ((D + 3) |q| M + 95), relatively. A sum of weights
//       goes through 32 additions of vectors and 4 folds before it is kept in fp64: rho + 40 u.
//       The importance adds its own factor and G products and sums: 2 rho + (G + 42) u in all; a
//       hundredth more covers the second order while that is below 0.01. Weights below e^-87 are
//       0: what is missing then is at most e^-87 G / (the smallest sum).
// cost  2 G N D flop and G N exponentials per token, once
// twin  none; oracle  block_importance.h, which decides wherever this cannot
#pragma once

namespace ssa::SSA_ISA {

constexpr double kRoom = 60.0;
constexpr double kSmallestSum = 1e-20;
constexpr double kUnit = 0x1p-24;
constexpr int64_t kTilesPerSum = 8;

// Query rows of one stretch, as the estimate takes them.
struct EstimateRows {
  int64_t rows;
  const float* queries;      // [rows, D]
  const float* shifts;       // [rows]
  const int64_t* complete;   // [rows] complete blocks that the row's token sees
};

inline float estimateShift(double length, double longest_mean) {
  return static_cast<float>(length * longest_mean - kRoom);
}

// Weights over tiles [first, last); adds to sums.
inline void estimateTiles(const Call& call, const Sequence& sequence, int64_t kv_head,
                          const EstimateRows& e, int64_t first, int64_t last, float* weights,
                          int64_t stride, double* sums) {
  int64_t dim = call.p->head_dim;
  constexpr int64_t most_rows = 64;
  Floats partial[most_rows];
  for (int64_t r0 = 0; r0 < e.rows; r0 += most_rows) {
    int64_t rows = least(most_rows, e.rows - r0);
    for (int64_t tile = first; tile < last; tile++) {
      bool begins = (tile - first) % kTilesPerSum == 0;
      bool ends = (tile - first) % kTilesPerSum == kTilesPerSum - 1 || tile == last - 1;
      float* to = weights + r0 * stride + tile * kKeyLanes;
      multiply(rows, kKeyLanes, e.queries + r0 * dim, dim,
               call.key_means + meanTileAt(call, sequence, tile, kv_head), kKeyLanes, dim, to,
               stride, false);
      for (int64_t r = 0; r < rows; r++) {
        float* row = to + r * stride;
        for (int64_t j = most(0, e.complete[r0 + r] - tile * kKeyLanes); j < kKeyLanes; j++) {
          row[j] = kMinusInfinity;
        }
        Floats shift = splat(e.shifts[r0 + r]);
        Floats sum = begins ? Floats{} : partial[r];
        for (int64_t j = 0; j < kKeyLanes; j += kFloats) {
          Floats weight = exponential(load(row + j) - shift);
          store(row + j, weight);
          sum += weight;
        }
        partial[r] = sum;
        if (ends) {
          sums[r0 + r] += sumOfLanes<float>(sum);
        }
      }
    }
  }
}

// One token's importances, as weights of its heads and what each head's weight counts.
struct TokenEstimate {
  const float* weights;  // [heads, stride]
  int64_t stride;
  int64_t heads;
  float* factors;        // [heads]
  double relative;       // how far an importance may be off, relatively
  double absolute;       // and in absolute terms
};

// False where no bound can be given.
inline bool boundEstimate(const double* sums, const double* lengths, double longest_mean,
                          int64_t dim, TokenEstimate* token) {
  double length = 0;
  double smallest = __builtin_inf();
  for (int64_t g = 0; g < token->heads; g++) {
    length = length < lengths[g] ? lengths[g] : length;
    smallest = sums[g] < smallest ? sums[g] : smallest;
    token->factors[g] = static_cast<float>(1.0 / sums[g]);
  }
  double rho = kUnit * ((dim + 3) * length * longest_mean + 95);
  token->relative = 1.01 * (2 * rho + (token->heads + 42) * kUnit);
  token->absolute = 2 * __builtin_exp(-87.0) * token->heads / smallest;
  return token->relative < 0.01 && smallest >= kSmallestSum;
}

inline bool anyAbove(Floats x, Floats limit) {
  Ints above = x > limit;
  int64_t words[SSA_VECTOR_BYTES / 8];
  __builtin_memcpy(words, &above, sizeof above);
  int64_t any = 0;
  for (int64_t word : words) {
    any |= word;
  }
  return any != 0;
}

// Offers the importances of blocks [from, to).
inline void offerEstimates(const TokenEstimate& token, int64_t from, int64_t to, Best& best) {
  constexpr int64_t vectors = 4;
  constexpr int64_t chunk = vectors * kFloats;
  for (int64_t n = from / chunk * chunk; n < to; n += chunk) {
    Floats importance[vectors] = {};
    for (int64_t g = 0; g < token.heads; g++) {
      const float* row = token.weights + g * token.stride + n;
      for (int64_t i = 0; i < vectors; i++) {
        importance[i] = importance[i] + load(row + i * kFloats) * token.factors[g];
      }
    }
    Floats top = larger(larger(importance[0], importance[1]), larger(importance[2], importance[3]));
    if (!anyAbove(top, splat(static_cast<float>(threshold(best))))) {
      continue;
    }
    for (int64_t i = 0; i < vectors; i++) {
      if (!anyAbove(importance[i], splat(static_cast<float>(threshold(best))))) {
        continue;
      }
      float lane[kFloats];
      store(lane, importance[i]);
      for (int64_t j = 0; j < kFloats; j++) {
        int64_t block = n + i * kFloats + j;
        if (block >= from && block < to && lane[j] > threshold(best)) {
          offer(best, lane[j], block);
        }
      }
    }
  }
}

// Takes the best blocks of a quota if they are the best beyond doubt. The heap has room for one
// more than the quota's count.
inline bool takeProved(const TokenEstimate& token, const Quota& quota, Candidate* heap,
                       Selection& selection) {
  if (quota.takesEverything()) {
    take(selection, quota.from, quota.to);
    return true;
  }
  if (quota.count <= 0) {
    return true;
  }
  Best best = {heap, quota.count + 1, 0};
  offerEstimates(token, quota.from, quota.to, best);
  if (best.size < best.room) {
    return false;
  }
  double out = dropWorst(best).importance;
  double in = best.heap[0].importance;
  if (!(in * (1 - token.relative) - token.absolute > out * (1 + token.relative) + token.absolute)) {
    return false;
  }
  take(selection, best);
  return true;
}

}  // namespace ssa::SSA_ISA
