// count_units.cuh: the mass of a KV head's group on units of 8 or 16 keys, from a warp's 16 rows
#pragma once

#include "kernels/cuda/observe/count_rows.cuh"

namespace ssa::cuda {

// Sums of n values over the lanes that differ in bits up to `step`: each lane ends with one of them, whose
// number is the lane's bits from `step` down, the highest first, as many as n has.
template <int n, int step>
__device__ inline float foldLanes(const float (&v)[n]) {
  if constexpr (step == 0) {
    return v[0];
  } else if constexpr (n == 1) {
    float all[1] = {v[0] + __shfl_xor_sync(kWarp, v[0], step)};
    return foldLanes<1, step / 2>(all);
  } else {
    bool high = (threadIdx.x & step) != 0;
    float half[n / 2];
#pragma unroll
    for (int i = 0; i < n / 2; i++) {
      float give = high ? v[i] : v[i + n / 2];
      half[i] = (high ? v[i + n / 2] : v[i]) + __shfl_xor_sync(kWarp, give, step);
    }
    return foldLanes<n / 2, step / 2>(half);
  }
}

constexpr int kScratchPitch = 17;
constexpr int kScratch = 16 * kScratchPitch;  // floats of a warp

// Where the mass of a unit goes.
__device__ inline float* unitAt(const View& v, const CountView& c, const WatchedRows& rows,
                                int token, int part, int64_t unit) {
  int64_t row = rows.tile.row + token - rows.tile.first;
  return c.importance + ((row * v.kv_heads + rows.h) * c.parts + part) * c.units + unit;
}

// Adds up n units' masses over a warp's 16 rows, all of one token, and writes them to `to` if it is there.
template <int n>
__device__ void putUnitsOfToken(const float (&part)[2][n], float* to, bool there) {
  float both[n];
#pragma unroll
  for (int i = 0; i < n; i++) {
    both[i] = part[0][i] + part[1][i];
  }
  float sum = foldLanes<n, 16>(both);
  int lane = threadIdx.x % 32;
  // Without a branch, in which the compiler would wait for products under way.
  asm volatile("{\n.reg .pred p;\nsetp.ne.b32 p, %2, 0;\n@p st.global.f32 [%0], %1;\n}" ::"l"(
                   to + lane / (32 / n)),
               "f"(sum), "r"(static_cast<int>(lane % (32 / n) == 0 && there))
               : "memory");
}

// The same over the heads of each of several tokens, from row `first_row` of the block on.
template <int n>
__device__ void putUnitsOfTokens(const View& v, const CountView& c, const WatchedRows& rows,
                                 int first_row, int64_t unit, const float (&part)[2][n],
                                 float* scratch) {
  int lane = threadIdx.x % 32;
  constexpr int kStep = n < 4 ? n : 4;
#pragma unroll
  for (int half = 0; half < 2; half++) {
#pragma unroll
    for (int i = 0; i < n; i += kStep) {
      float few[kStep];
#pragma unroll
      for (int k = 0; k < kStep; k++) {
        few[k] = part[half][i + k];
      }
      float sum = foldLanes<kStep, 2>(few);
      if (lane % (4 / kStep) == 0) {
        scratch[(lane / 4 + 8 * half) * kScratchPitch + i + lane % 4 / (4 / kStep)] = sum;
      }
    }
  }
  __syncwarp();
  for (int i = lane; i < rows.per_tile * n; i += 32) {
    int token = rows.token(first_row) + i / n;
    float sum = 0;
    for (int g = 0; g < v.group; g++) {
      sum += scratch[(i / n * v.group + g) * kScratchPitch + i % n];
    }
    if (token < rows.tile.last) {
      unitAt(v, c, rows, token, 0, unit)[i % n] = sum;
    }
  }
  __syncwarp();
}

template <int n>
__device__ void putUnits(const View& v, const CountView& c, const WatchedRows& rows, int first_row,
                         int64_t unit, const float (&part)[2][n], float* scratch) {
  if (rows.per_tile > 1) {
    return putUnitsOfTokens<n>(v, c, rows, first_row, unit, part, scratch);
  }
  int token = rows.token(first_row);
  int which = rows.per_tile == 0 ? first_row / 16 % 2 : 0;
  putUnitsOfToken<n>(part, unitAt(v, c, rows, token, which, unit), token < rows.tile.last);
}

// Pairs of neighbours, added up.
template <int n>
__device__ inline void addPairs(const float (&part)[2][n], float (&pairs)[2][n / 2]) {
#pragma unroll
  for (int half = 0; half < 2; half++) {
#pragma unroll
    for (int i = 0; i < n / 2; i++) {
      pairs[half][i] = part[half][2 * i] + part[half][2 * i + 1];
    }
  }
}

// The masses of n times 8 keys from `base` on, as units of 8 or of 16.
template <int n>
__device__ void addImportance(const View& v, const CountView& c, const WatchedRows& rows,
                              int first_row, int base, const float (&part)[2][n], float* scratch) {
  if (c.unit_of_8) {
    putUnits<n>(v, c, rows, first_row, base / 8, part, scratch);
    return;
  }
  float pairs[2][n / 2];
  addPairs<n>(part, pairs);
  putUnits<n / 2>(v, c, rows, first_row, base / 16, pairs, scratch);
}

}  // namespace ssa::cuda
