// count_columns.cuh: sums over keys by products, e of a warp's 16 rows times columns of ones and lengths
//
// math  for every 16 keys  D [16 rows, 8] += E [16 rows, 16] B [16, 8]: columns 0 to 3 of B are 1 at the keys
//       of one of four units of 8 or 16, columns 4 and 5 the lengths of the keys' values, in two parts
// num.  E is rounded to bf16, to the nearest: 2^-9 of a weight at most. Lengths have 2^-17, sums fp32
#pragma once

#include "kernels/cuda/observe/count_units.cuh"

namespace ssa::cuda {

constexpr int kUnitColumns = 4;
constexpr int kSteps = 8;  // of 16 keys, of a tile
constexpr int kColumnBytes = kSteps * 32 * static_cast<int>(sizeof(uint2));

// A tile's B as lanes hold it, [steps][32]: keys 2 j, 2 j + 1 and 2 j + 8, 2 j + 9 of column n for lane 4 n + j.
struct Columns {
  uint2* part;

  // What no tile changes, by all threads of a block.
  template <int kUnit>
  __device__ void begin() const {
    constexpr uint32_t kOnes = 0x3f803f80;
    for (int i = threadIdx.x; i < kSteps * 32; i += blockDim.x) {
      int step = i / 32;
      int n = i % 32 / 4;
      uint2 ones = make_uint2(0, 0);
      if (n < kUnitColumns) {
        ones.x = n == (kUnit == 8 ? step % 2 * 2 : step % 4) ? kOnes : 0;
        ones.y = n == (kUnit == 8 ? step % 2 * 2 + 1 : step % 4) ? kOnes : 0;
      }
      part[i] = ones;
    }
  }

  // Lengths of a tile's values, by one warp.
  __device__ void put(const float* lengths) const {
    int lane = threadIdx.x % 32;
    const float* mine = lengths + lane / 4 * 16 + lane % 4 * 2;
    float2 near = *reinterpret_cast<const float2*>(mine);
    float2 far = *reinterpret_cast<const float2*>(mine + 8);
    uint32_t high[2], low[2];
    cut(near, &high[0], &low[0]);
    cut(far, &high[1], &low[1]);
    uint2* to = part + lane / 4 * 32 + 4 * kUnitColumns + lane % 4;
    to[0] = make_uint2(high[0], high[1]);
    to[4] = make_uint2(low[0], low[1]);
  }

  __device__ static void cut(float2 x, uint32_t* high, uint32_t* low) {
    *high = pack<__nv_bfloat16>(x.x, x.y);
    float first = __uint_as_float(*high << 16);
    float second = __uint_as_float(*high & 0xffff0000u);
    *low = pack<__nv_bfloat16>(x.x - first, x.y - second);
  }
};

// A lane's part of B, from its address in shared memory.
__device__ inline uint2 columnsAt(uint32_t address) {
  uint2 part;
  asm volatile("ld.shared.v2.u32 {%0, %1}, [%2];" : "=r"(part.x), "=r"(part.y) : "r"(address) : "memory");
  return part;
}

// Of a lane: what of its columns goes where. Made once: the compiler would make it anew for every four units.
struct ColumnPlace {
  float* to;         // the first unit of the lane's column
  int stores;        // whether the lane writes
  int odd;           // whether it is left with the second of its columns
  bool has_lengths;  // whether its columns are of lengths

  __device__ void begin(float* units, bool there) {
    int lane = threadIdx.x % 32;
    to = units + lane % 4 * 2 + lane / 16;
    stores = (lane & 14) == 0 && there;
    odd = lane & 16;
    has_lengths = lane % 4 * 2 >= kUnitColumns;
    asm volatile("" : "+l"(to), "+r"(stores), "+r"(odd));
  }

  // Adds up a token's four units from `unit` on over the rows of D, and writes them.
  __device__ void put(const float (&d)[4], int unit) const {
    float first = d[0] + d[2];
    float second = d[1] + d[3];
    float sum = (odd ? second : first) + __shfl_xor_sync(kWarp, odd ? first : second, 16);
    sum += __shfl_xor_sync(kWarp, sum, 8);
    sum += __shfl_xor_sync(kWarp, sum, 4);
    asm volatile("{\n.reg .pred p;\nsetp.ne.b32 p, %2, 0;\n@p st.global.f32 [%0], %1;\n}" ::"l"(
                     to + unit),
                 "f"(sum), "r"(stores)
                 : "memory");
  }
};

// Four units from `unit` on, added up over the heads of each of several tokens, from row `first_row` of the block on.
__device__ inline void putColumnsOfTokens(const View& v, const CountView& c, const WatchedRows& rows,
                                          int first_row, int64_t unit, const float (&d)[4],
                                          float* scratch) {
  int lane = threadIdx.x % 32;
  int column = lane % 4 * 2;
  if (column < kUnitColumns) {
    float* at = scratch + lane / 4 * kScratchPitch + column;
    at[0] = d[0];
    at[1] = d[1];
    at[8 * kScratchPitch] = d[2];
    at[8 * kScratchPitch + 1] = d[3];
  }
  __syncwarp();
  for (int i = lane; i < rows.per_tile * kUnitColumns; i += 32) {
    int token = rows.token(first_row) + i / kUnitColumns;
    float sum = 0;
    for (int g = 0; g < v.group; g++) {
      sum += scratch[(i / kUnitColumns * v.group + g) * kScratchPitch + i % kUnitColumns];
    }
    if (token < rows.tile.last) {
      unitAt(v, c, rows, token, 0, unit)[i % kUnitColumns] = sum;
    }
  }
  __syncwarp();
}

}  // namespace ssa::cuda
