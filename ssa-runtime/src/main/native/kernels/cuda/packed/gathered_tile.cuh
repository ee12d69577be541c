// gathered_tile.cuh: products of 16 held rows with tiles of 16 gathered columns, which are copied ahead into
// a ring in shared memory
//
// For bf16. A tile is 16 columns of D elements; the 16-byte chunks of a column are permuted so that matrices
// along D and across it are read without two rows in one bank. So each column comes from memory once,
// for the scores (along D) and for the sums (across).
#pragma once

#include "kernels/cuda/packed/packed_view.cuh"

namespace ssa::cuda {

constexpr int kTileColumns = 16;

template <int kDim>
struct GatheredTile {
  static constexpr int kChunks = kDim / 8;
  static constexpr int kBytes = kTileColumns * kDim * 2;

  // Byte offset of 16-byte chunk c of a column.
  __device__ static int at(int column, int c) {
    int turn = kDim == 32 ? column / 2 % 4 : column % 8;
    return column * kDim * 2 + ((c ^ turn) << 4);
  }
};

// 16 rows as first operands: a lane has rows r and r + 8; rows that are not there are 0.
template <int kDim>
struct GatheredRows {
  uint32_t part[kDim / 16][4];

  __device__ void load(const __nv_bfloat16* upper, bool upper_there, const __nv_bfloat16* lower,
                       bool lower_there) {
    int j = threadIdx.x % 4;
#pragma unroll
    for (int step = 0; step < kDim / 16; step++) {
#pragma unroll
      for (int i = 0; i < 2; i++) {
        int at = step * 16 + i * 8 + 2 * j;
        part[step][2 * i] = upper_there ? *reinterpret_cast<const uint32_t*>(upper + at) : 0u;
        part[step][2 * i + 1] = lower_there ? *reinterpret_cast<const uint32_t*>(lower + at) : 0u;
      }
    }
  }

  // Row r + 8 half times a row in memory; the same in the row's four lanes.
  __device__ float dot(int half, const __nv_bfloat16* other, bool there) const {
    int j = threadIdx.x % 4;
    float sum = 0;
#pragma unroll
    for (int step = 0; step < kDim / 16; step++) {
#pragma unroll
      for (int i = 0; i < 2; i++) {
        const __nv_bfloat16* at = other + step * 16 + i * 8 + 2 * j;
        float2 x = unpack<__nv_bfloat16>(part[step][2 * i + half]);
        float2 y = unpack<__nv_bfloat16>(there ? *reinterpret_cast<const uint32_t*>(at) : 0u);
        sum += x.x * y.x + x.y * y.y;
      }
    }
    sum += __shfl_xor_sync(kWarp, sum, 1);
    return sum + __shfl_xor_sync(kWarp, sum, 2);
  }

  // scores [16, 16] += rows times the tile's columns; scores[n]: columns 8 n to 8 n + 7.
  __device__ void multiply(const char* tile, float (&scores)[2][4]) const {
    int lane = threadIdx.x % 32;
    int column = lane / 16 * 8 + lane % 8;
#pragma unroll
    for (int step = 0; step < kDim / 16; step++) {
      uint32_t b[4];
      loadMatrices(b, tile + GatheredTile<kDim>::at(column, 2 * step + lane / 8 % 2));
      multiplyAdd<__nv_bfloat16>(scores[0], part[step], b[0], b[1]);
      multiplyAdd<__nv_bfloat16>(scores[1], part[step], b[2], b[3]);
    }
  }
};

// Sums [16, D]: columns 8 n + 2 j and the next of rows r and r + 8 are sum[n] of lane 4 r + j.
template <int kDim>
struct GatheredSums {
  float sum[kDim / 8][4];

  __device__ void clear() {
#pragma unroll
    for (int n = 0; n < kDim / 8; n++) {
#pragma unroll
      for (int i = 0; i < 4; i++) {
        sum[n][i] = 0;
      }
    }
  }

  // sum += weights [16, 16], as multiply leaves scores, times the tile's columns.
  __device__ void add(const float (&weights)[2][4], const char* tile) {
    int lane = threadIdx.x % 32;
    uint32_t a[4];
#pragma unroll
    for (int i = 0; i < 4; i++) {
      a[i] = pack<__nv_bfloat16>(weights[i / 2][i % 2 * 2], weights[i / 2][i % 2 * 2 + 1]);
    }
#pragma unroll
    for (int n = 0; n < kDim / 8; n += 2) {
      uint32_t b[4];
      loadMatricesTransposed(b, tile + GatheredTile<kDim>::at(lane % 16, n + lane / 16));
      multiplyAdd<__nv_bfloat16>(sum[n], a, b[0], b[1]);
      multiplyAdd<__nv_bfloat16>(sum[n + 1], a, b[2], b[3]);
    }
  }

  // Row r + 8 half times `factor`; `to`: element 2 j of the row.
  __device__ void write(__nv_bfloat16* to, int half, float factor) const {
#pragma unroll
    for (int n = 0; n < kDim / 8; n++) {
      *reinterpret_cast<uint32_t*>(to + n * 8) =
          pack<__nv_bfloat16>(sum[n][2 * half] * factor, sum[n][2 * half + 1] * factor);
    }
  }
};

// Four bytes into shared memory while the warp goes on; zeros where there is nothing to copy.
__device__ inline void copyWordAsync(void* to, const void* from, bool there) {
  int bytes = there ? 4 : 0;
  asm volatile("cp.async.ca.shared.global [%0], [%1], 4, %2;"
               :
               : "r"(sharedAddress(to)), "l"(from), "r"(bytes)
               : "memory");
}

}  // namespace ssa::cuda
