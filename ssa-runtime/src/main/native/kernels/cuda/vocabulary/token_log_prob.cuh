// token_log_prob.cuh: what strips of the vocabulary leave of a row, and how it is joined
#pragma once

#include "kernels/cuda/call.h"
#include "kernels/cuda/tile/tensor_core.cuh"

namespace ssa::cuda {

constexpr int kStripIds = 1024;

// What a strip leaves of a row.
struct Part {
  float largest;
  float sum;  // of exponentials below the largest
  int32_t argmax;
};

struct Head {
  int tokens;
  int width;
  int vocabulary;
  const int64_t* targets;
  Part* parts;    // [strips, T]
  float* target;  // [T] logit of the target
};

// Joins what two disjoint sets of ids leave of a row. Sums are in units of e^(largest).
__device__ inline Part join(const Part& a, const Part& b) {
  Part all;
  all.largest = fmaxf(a.largest, b.largest);
  // While all logits are minus infinity, a finite shift keeps their difference from being NaN.
  float shift = all.largest == -INFINITY ? 0.0f : all.largest;
  all.sum = a.sum * exp2f((a.largest - shift) * kLog2E) +
            b.sum * exp2f((b.largest - shift) * kLog2E);
  bool first = a.largest > b.largest || (a.largest == b.largest && a.argmax < b.argmax);
  all.argmax = first ? a.argmax : b.argmax;
  return all;
}

// Joins what the four lanes of a product's row have.
__device__ inline Part joinLanes(Part mine) {
  for (int lanes = 1; lanes < 4; lanes *= 2) {
    Part other = {__shfl_xor_sync(kWarp, mine.largest, lanes),
                  __shfl_xor_sync(kWarp, mine.sum, lanes),
                  __shfl_xor_sync(kWarp, mine.argmax, lanes)};
    mine = join(mine, other);
  }
  return mine;
}

// Folds a lane's logits at(n, c) of one row, of ids id + 8 n + c, into what it has of that row.
template <int kTiles, typename At>
__device__ void foldRow(At at, int id, int vocabulary, int64_t target, float* target_out,
                        Part* part) {
  float largest = part->largest;
#pragma unroll
  for (int n = 0; n < kTiles; n++) {
#pragma unroll
    for (int c = 0; c < 2; c++) {
      float x = at(n, c);
      int mine = id + n * 8 + c;
      if (mine < vocabulary && x > largest) {
        largest = x;
        part->argmax = mine;
      }
      if (mine == target && mine < vocabulary) {
        *target_out = x;
      }
    }
  }
  float shift = largest == -INFINITY ? 0.0f : largest;
  float sum = part->sum * exp2f((part->largest - shift) * kLog2E);
#pragma unroll
  for (int n = 0; n < kTiles; n++) {
#pragma unroll
    for (int c = 0; c < 2; c++) {
      float e = exp2Fast((at(n, c) - shift) * kLog2E);
      sum += id + n * 8 + c < vocabulary ? e : 0.0f;
    }
  }
  part->largest = largest;
  part->sum = sum;
}

// The products of tokenLogProb, where the device has warp groups, for elements of 16 bits.
Report rateGroups(const TokenLogProbParameters& p, const Head& head);

}  // namespace ssa::cuda
