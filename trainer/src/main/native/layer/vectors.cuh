// vectors.cuh: eight bf16 at a time, as fp32
#pragma once

#include <cuda_bf16.h>

#include "kernels/cuda/launch.cuh"
#include "kernels/cuda/tile/tensor_core.cuh"

namespace ssa::layer {

using Bf16 = __nv_bfloat16;

// Whether rows of so many bf16 begin where 16 bytes can be read at once.
inline bool wideRows(int64_t elements) { return elements % 8 == 0; }

struct Eight {
  float x[8];

  // `count` of them, where not wide.
  __device__ void load(const Bf16* from, bool wide, int count = 8) {
    if (wide) {
      uint4 word = *reinterpret_cast<const uint4*>(from);
      const uint32_t* pair = &word.x;
#pragma unroll
      for (int i = 0; i < 4; i++) {
        float2 both = cuda::unpack<Bf16>(pair[i]);
        x[2 * i] = both.x;
        x[2 * i + 1] = both.y;
      }
    } else {
#pragma unroll
      for (int i = 0; i < 8; i++) {
        x[i] = i < count ? __bfloat162float(from[i]) : 0.0f;
      }
    }
  }

  __device__ void store(Bf16* to, bool wide, int count = 8) const {
    if (wide) {
      uint4 word;
      uint32_t* pair = &word.x;
#pragma unroll
      for (int i = 0; i < 4; i++) {
        pair[i] = cuda::pack<Bf16>(x[2 * i], x[2 * i + 1]);
      }
      *reinterpret_cast<uint4*>(to) = word;
    } else {
#pragma unroll
      for (int i = 0; i < 8; i++) {
        if (i < count) {
          to[i] = __float2bfloat16_rn(x[i]);
        }
      }
    }
  }
};

__device__ inline float sigmoid(float x) { return 1.0f / (1.0f + __expf(-x)); }

// The sum over a warp, in every lane.
__device__ inline float warpSum(float x) {
#pragma unroll
  for (int step = 16; step > 0; step /= 2) {
    x += __shfl_xor_sync(cuda::kWarp, x, step);
  }
  return x;
}

}  // namespace ssa::layer
