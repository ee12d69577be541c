// divergence_row.cuh: what ids leave of two distributions over one vocabulary, and how it is joined
//
// math  kernels/cpu/token_divergence.h has the formula; sums are fp64, with the largest logit so far
//       taken off
#pragma once

#include <cuda_runtime.h>

#include <cstdint>

namespace ssa::cuda {

constexpr int kBest = 10;

struct SideSums {
  double sum = 0;         // of e^(z - largest)
  double difference = 0;  // of e^(z - largest) (z - the other side's z)
  float largest = -INFINITY;
  int32_t argmax = 0;
};

// The ten best ids of side B, best first; equal ones by id. An id below 0: none.
struct BestIds {
  float b[kBest];
  float a[kBest];
  int32_t id[kBest];
};

struct RowSums {
  SideSums a;
  SideSums b;
  BestIds best;
};

__device__ inline RowSums noSums() {
  RowSums row;
#pragma unroll
  for (int i = 0; i < kBest; i++) {
    row.best.b[i] = -INFINITY;
    row.best.a[i] = -INFINITY;
    row.best.id[i] = -1;
  }
  return row;
}

__device__ inline bool isBefore(float b, int32_t id, const BestIds& best, int i) {
  return best.id[i] < 0 || b > best.b[i] || (b == best.b[i] && id < best.id[i]);
}

__device__ inline void insert(float b, float a, int32_t id, BestIds* best) {
  if (!isBefore(b, id, *best, kBest - 1)) {
    return;
  }
#pragma unroll
  for (int i = kBest - 1; i >= 0; i--) {
    if (i > 0 && isBefore(b, id, *best, i - 1)) {
      best->b[i] = best->b[i - 1];
      best->a[i] = best->a[i - 1];
      best->id[i] = best->id[i - 1];
    } else if (isBefore(b, id, *best, i)) {
      best->b[i] = b;
      best->a[i] = a;
      best->id[i] = id;
    }
  }
}

// Takes a larger logit for the one that is taken off.
__device__ inline void raise(float largest, SideSums* side) {
  if (side->largest != -INFINITY) {
    double scale = exp(static_cast<double>(side->largest) - largest);
    side->sum *= scale;
    side->difference *= scale;
  }
  side->largest = largest;
}

// Folds ids first, first + 4, … below `end` of one side; `kCount` of them at most, logits 4 apart.
template <int kCount>
__device__ inline void addIds(const float* own, const float* other, int32_t first, int32_t end,
                              SideSums* side) {
  float largest = side->largest;
  int32_t argmax = side->argmax;
#pragma unroll
  for (int i = 0; i < kCount; i++) {
    if (first + 4 * i < end && own[4 * i] > largest) {
      largest = own[4 * i];
      argmax = first + 4 * i;
    }
  }
  if (largest > side->largest) {
    raise(largest, side);
    side->argmax = argmax;
  }
  // While all logits are minus infinity, a finite shift keeps their difference from being NaN.
  double shift = largest == -INFINITY ? 0.0 : largest;
  for (int i = 0; i < kCount; i++) {
    if (first + 4 * i < end) {
      double z = own[4 * i];
      double share = exp(z - shift);
      side->sum += share;
      side->difference += share > 0 ? share * (z - other[4 * i]) : 0.0;
    }
  }
}

__device__ inline void join(const SideSums& other, SideSums* side) {
  SideSums theirs = other;
  bool theirs_first = theirs.largest > side->largest ||
                      (theirs.largest == side->largest && theirs.argmax < side->argmax);
  int32_t argmax = theirs_first && theirs.largest != -INFINITY ? theirs.argmax : side->argmax;
  if (theirs.largest > side->largest) {
    raise(theirs.largest, side);
  } else if (side->largest > theirs.largest) {
    raise(side->largest, &theirs);
  }
  side->sum += theirs.sum;
  side->difference += theirs.difference;
  side->argmax = argmax;
}

// Joins what two disjoint sets of ids leave of a row.
__device__ inline void join(const RowSums& other, RowSums* row) {
  join(other.a, &row->a);
  join(other.b, &row->b);
  for (int i = 0; i < kBest && other.best.id[i] >= 0; i++) {
    insert(other.best.b[i], other.best.a[i], other.best.id[i], &row->best);
  }
}

}  // namespace ssa::cuda
