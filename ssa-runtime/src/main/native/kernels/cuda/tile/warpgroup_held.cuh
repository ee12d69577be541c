// warpgroup_held.cuh: products of four warps whose first operand stays in registers, for gradients
//
// As warpgroup.cuh, of bf16, with the second operand summed along its rows or down them. Tiles of 32
// columns use the first half of a tile's rows of 128 bytes.
// from  PTX ISA, wgmma.mma_async
#pragma once

#include "kernels/cuda/tile/warpgroup.cuh"

namespace ssa::cuda {

#if defined(__CUDA_ARCH_FEAT_SM90_ALL) || !defined(__CUDA_ARCH__)

#define SSA_HELD_8(d, i)                                                                          \
  "+f"(d[i]), "+f"(d[i + 1]), "+f"(d[i + 2]), "+f"(d[i + 3]), "+f"(d[i + 4]), "+f"(d[i + 5]),     \
      "+f"(d[i + 6]), "+f"(d[i + 7])

// d [64, n] = a b, or += a b: a [64, 16] in registers as for m16n8k16; b [n, 16] with the summed
// dimension along rows, or, with kDown, [16, n] with it down rows.
template <int n, bool kDown>
__device__ inline void multiplyHeld(float (&d)[n / 2], const uint32_t (&a)[4], uint64_t b,
                                    bool add) {
  static_assert(n == 32 || n == 64, "columns");
  if constexpr (n == 32) {
    asm volatile(
        "{\n.reg .pred p;\nsetp.ne.b32 p, %21, 0;\n"
        "wgmma.mma_async.sync.aligned.m64n32k16.f32.bf16.bf16 {"
        "%0,%1,%2,%3,%4,%5,%6,%7,%8,%9,%10,%11,%12,%13,%14,%15 "
        "}, {%16,%17,%18,%19}, %20, p, 1, 1, %22;\n}"
        : SSA_HELD_8(d, 0), SSA_HELD_8(d, 8)
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "l"(b), "r"(static_cast<int>(add)),
          "n"(kDown ? 1 : 0));
  } else {
    asm volatile(
        "{\n.reg .pred p;\nsetp.ne.b32 p, %37, 0;\n"
        "wgmma.mma_async.sync.aligned.m64n64k16.f32.bf16.bf16 {"
        "%0,%1,%2,%3,%4,%5,%6,%7,%8,%9,%10,%11,%12,%13,%14,%15, "
        "%16,%17,%18,%19,%20,%21,%22,%23,%24,%25,%26,%27,%28,%29,%30,%31 "
        "}, {%32,%33,%34,%35}, %36, p, 1, 1, %38;\n}"
        : SSA_HELD_8(d, 0), SSA_HELD_8(d, 8), SSA_HELD_8(d, 16), SSA_HELD_8(d, 24)
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "l"(b), "r"(static_cast<int>(add)),
          "n"(kDown ? 1 : 0));
  }
}

#undef SSA_HELD_8

// Rows r and r + 8 of a warp's 16 as first operands; rows that are not there are 0.
template <int kDim>
struct HeldRows {
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

  // scores [64, 64] = rows times the tile's 64 columns, along D.
  __device__ void multiply(const char* tile, float (&scores)[32]) const {
#pragma unroll
    for (int step = 0; step < kDim / 16; step++) {
      multiplyHeld<64, false>(scores, part[step], describe(tile, 0) + step * 2, step > 0);
    }
  }
};

// sums [64, D] += weights [64, 64] (as the tensor cores left them) times the tile's 64 rows.
template <int kDim>
struct HeldWeights {
  uint32_t part[4][4];

  __device__ void take(const float (&weights)[32]) {
#pragma unroll
    for (int u = 0; u < 4; u++) {
#pragma unroll
      for (int w = 0; w < 4; w++) {
        const float* x = weights + (2 * u + w / 2) * 4 + w % 2 * 2;
        part[u][w] = pack<__nv_bfloat16>(x[0], x[1]);
      }
    }
  }

  __device__ void multiply(const char* tile, float (&sums)[kDim / 2]) const {
#pragma unroll
    for (int u = 0; u < 4; u++) {
      multiplyHeld<kDim, true>(sums, part[u], describe(tile + u * 2048, 0), true);
    }
  }
};

#endif

}  // namespace ssa::cuda
