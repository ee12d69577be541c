// tensor_core.cuh: products of small tiles, and how values become their operands
//
// A value of 16 bits is an operand as it is. A value of fp32 is the exact sum of three bf16 parts;
// a product of such values takes the six part products that matter (the rest is below 2^-24).
//
// Fragments of mma.m16n8k16, lane = 4 r + j: a row r and r + 8; b column r; c row r and r + 8,
// columns 2 j and 2 j + 1. Along k a lane holds 2 j, 2 j + 1 and 2 j + 8, 2 j + 9: any two operands
// may permute k in the same way, which turns their loads into wide ones.
// from  PTX ISA, Matrix fragments for mma.m16n8k16
#pragma once

#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include <cstdint>

namespace ssa::cuda {

constexpr float kLog2E = 1.4426950408889634f;
constexpr unsigned kWarp = 0xffffffffu;

template <typename Io>
struct Operand {
  using Element = Io;
  static constexpr int kParts = 1;
};
template <>
struct Operand<float> {
  using Element = __nv_bfloat16;
  static constexpr int kParts = 3;
};

__device__ inline float toFloat(float x) { return x; }
__device__ inline float toFloat(__half x) { return __half2float(x); }
__device__ inline float toFloat(__nv_bfloat16 x) { return __bfloat162float(x); }

template <typename Io>
__device__ inline Io fromFloat(float x);
template <>
__device__ inline float fromFloat<float>(float x) {
  return x;
}
template <>
__device__ inline __half fromFloat<__half>(float x) {
  return __float2half_rn(x);
}
template <>
__device__ inline __nv_bfloat16 fromFloat<__nv_bfloat16>(float x) {
  return __float2bfloat16_rn(x);
}

// Two values side by side in a register, the first in the low half.
template <typename Element>
__device__ inline uint32_t pack(float x, float y);
template <>
__device__ inline uint32_t pack<__half>(float x, float y) {
  __half2 both = __floats2half2_rn(x, y);
  return *reinterpret_cast<uint32_t*>(&both);
}
template <>
__device__ inline uint32_t pack<__nv_bfloat16>(float x, float y) {
  __nv_bfloat162 both = __floats2bfloat162_rn(x, y);
  return *reinterpret_cast<uint32_t*>(&both);
}

template <typename Element>
__device__ inline float2 unpack(uint32_t both);
template <>
__device__ inline float2 unpack<__half>(uint32_t both) {
  return __half22float2(*reinterpret_cast<__half2*>(&both));
}
template <>
__device__ inline float2 unpack<__nv_bfloat16>(uint32_t both) {
  return make_float2(__uint_as_float(both << 16), __uint_as_float(both & 0xffff0000u));
}

// x and y as sums of parts, largest first.
template <typename Element, int kParts>
__device__ inline void split(float x, float y, uint32_t (&part)[kParts]) {
#pragma unroll
  for (int i = 0; i < kParts; i++) {
    part[i] = pack<Element>(x, y);
    float2 rounded = unpack<Element>(part[i]);
    x -= rounded.x;
    y -= rounded.y;
  }
}

// c += a b
template <typename Element>
__device__ inline void multiplyAdd(float (&c)[4], const uint32_t (&a)[4], uint32_t b0, uint32_t b1);
template <>
__device__ inline void multiplyAdd<__nv_bfloat16>(float (&c)[4], const uint32_t (&a)[4],
                                                  uint32_t b0, uint32_t b1) {
  asm(
      "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, "
      "{%0,%1,%2,%3};"
      : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}
template <>
__device__ inline void multiplyAdd<__half>(float (&c)[4], const uint32_t (&a)[4], uint32_t b0,
                                           uint32_t b1) {
  asm(
      "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, "
      "{%0,%1,%2,%3};"
      : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

// Whether the product of part i of one operand and part j of the other counts.
template <int kA, int kB>
__device__ constexpr bool counts(int i, int j) {
  return i + j < (kA > kB ? kA : kB);
}

__device__ inline float exp2Fast(float x) {
  float y;
  asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
  return y;
}

__device__ inline uint32_t sharedAddress(const void* p) {
  return static_cast<uint32_t>(__cvta_generic_to_shared(p));
}

// Four matrices of 8 x 8, one row's address per lane.
__device__ inline void loadMatrices(uint32_t (&x)[4], const void* row) {
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];"
               : "=r"(x[0]), "=r"(x[1]), "=r"(x[2]), "=r"(x[3])
               : "r"(sharedAddress(row))
               : "memory");
}
__device__ inline void loadMatricesTransposed(uint32_t (&x)[4], const void* row) {
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0,%1,%2,%3}, [%4];"
               : "=r"(x[0]), "=r"(x[1]), "=r"(x[2]), "=r"(x[3])
               : "r"(sharedAddress(row))
               : "memory");
}

// 16 bytes into shared memory while the warp goes on; zeros where there is nothing to copy.
__device__ inline void copyAsync(void* to, const void* from, bool there) {
  int bytes = there ? 16 : 0;
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;"
               :
               : "r"(sharedAddress(to)), "l"(from), "r"(bytes)
               : "memory");
}
// The same of what is there, to an address in shared memory.
__device__ inline void copyAsync(uint32_t to, const void* from) {
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" : : "r"(to), "l"(from) : "memory");
}
__device__ inline void endCopies() { asm volatile("cp.async.commit_group;" ::: "memory"); }
template <int kLeft>
__device__ inline void awaitCopies() {
  asm volatile("cp.async.wait_group %0;" ::"n"(kLeft) : "memory");
}

}  // namespace ssa::cuda
