// group_rows.cuh: rows of attention whose softmax runs along tiles of 128 keys, by four warps together
#pragma once

#include "kernels/cuda/branch/group_tiles.cuh"
#include "kernels/cuda/tile/landing.cuh"

namespace ssa::cuda {

#if defined(__CUDA_ARCH_FEAT_SM90_ALL)

// Two rows of a lane, r and r + 8 of its warp's 16.
struct LaneRows {
  Range range[2];
  RowState state;
};

// A watch of nothing.
struct Unwatched {
  __device__ void shrunk(int, float, float, float) const {}
  __device__ void add(int, float, float) const {}
  __device__ void summed(int, float) const {}
};

// Scores [64, 128] of keys from `base` on become weights; returns by how much the rows shrink what came
// before. `watch` is shown each row's shrinking, its exponents with their powers, and their sum.
template <int kDim, typename Watch>
__device__ void weigh(float (&scores)[64], int base, bool masked, LaneRows* rows,
                      float (&shrink)[2], Watch&& watch) {
  int j = threadIdx.x % 4;
#pragma unroll
  for (int half = 0; half < 2; half++) {
    float top = rows->state.largest[half];
    if (masked) {
#pragma unroll
      for (int n = 0; n < 16; n++) {
#pragma unroll
        for (int c = 0; c < 2; c++) {
          int key = base + n * 8 + 2 * j + c;
          bool seen = key >= rows->range[half].from && key < rows->range[half].to;
          float& x = scores[4 * n + 2 * half + c];
          x = seen ? x : -INFINITY;
        }
      }
    }
#pragma unroll
    for (int n = 0; n < 16; n++) {
      top = fmaxf(top, fmaxf(scores[4 * n + 2 * half], scores[4 * n + 2 * half + 1]));
    }
    top = fmaxf(top, __shfl_xor_sync(kWarp, top, 1));
    top = fmaxf(top, __shfl_xor_sync(kWarp, top, 2));
    // While all scores are minus infinity, a finite shift keeps differences from being NaN.
    float shift = top == -INFINITY ? 0.0f : __fmul_rn(top, kScoreScale<kDim>);
    // Rounded as the shift is: where the largest stays, nothing shrinks, so that a tile of which a row
    // sees no key changes no bit of it.
    float fall = __fsub_rn(__fmul_rn(rows->state.largest[half], kScoreScale<kDim>), shift);
    shrink[half] = exp2Fast(fall);
    rows->state.largest[half] = top;
    watch.shrunk(half, fall, shrink[half], rows->state.sum[half]);
    float sum = 0;
#pragma unroll
    for (int n = 0; n < 16; n++) {
#pragma unroll
      for (int c = 0; c < 2; c++) {
        float& x = scores[4 * n + 2 * half + c];
        float exponent = fmaf(x, kScoreScale<kDim>, -shift);
        x = exp2Fast(exponent);
        sum += x;
        watch.add(half, exponent, x);
      }
    }
    watch.summed(half, sum);
    rows->state.sum[half] = rows->state.sum[half] * shrink[half] + sum;
  }
}

// A lane's weights of 64 rows and a tile's keys as first operands, 16 keys each.
using PackedWeights = uint32_t[kTileKeys / 16][4];

template <typename Io>
__device__ void packWeights(const float (&weights)[64], PackedWeights& a) {
#pragma unroll
  for (int u = 0; u < kTileKeys / 16; u++) {
#pragma unroll
    for (int w = 0; w < 4; w++) {
      const float* x = weights + (2 * u + w / 2) * 4 + w % 2 * 2;
      a[u][w] = pack<Io>(x[0], x[1]);
    }
  }
}

template <typename Io, int kDim>
__device__ void multiplyValues(const PackedWeights& a, const char* values,
                               float (&out)[kDim / 2]) {
  hold(out);
  beginProducts();
#pragma unroll
  for (int u = 0; u < kTileKeys / 16; u++) {
    multiplyRegisters<Io, kDim>(out, a[u], describe(values + u * 2048, kTileBytes));
  }
  endProducts();
}

template <typename Io, int kDim>
__device__ void writeRows(const View& v, const Rows& rows, int row, const Output<Io>& output,
                          const float (&out)[kDim / 2], const RowState& state) {
  int j = threadIdx.x % 4;
#pragma unroll
  for (int half = 0; half < 2; half++) {
    if (!rows.there(row + 8 * half)) {
      continue;
    }
    int64_t head = rows.head(v, row + 8 * half);
    float weight = output.gate(head) * shareOf(state.largest[half], state.sum[half]);
    if (j == 0) {
      // Scores are not scaled here until they become exponents.
      output.putSum(head, state.largest[half] * kScoreScale<kDim>, state.sum[half]);
    }
#pragma unroll
    for (int n = 0; n < kDim / 8; n++) {
#pragma unroll
      for (int c = 0; c < 2; c++) {
        output.put(head, kDim, n * 8 + 2 * j + c, out[4 * n + 2 * half + c] * weight);
      }
    }
  }
}

#endif

}  // namespace ssa::cuda
