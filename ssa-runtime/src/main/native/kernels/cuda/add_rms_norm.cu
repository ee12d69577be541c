// add_rms_norm.cu: the residual stream takes a sublayer's output, and is normed for the next one
//
// in    delta [T, E] element   weight [E] fp32   residual [T, E] fp32 (absent: 0)
// out   sum [T, E] fp32 = residual + delta      normed [T, E] element
// math  normed = sum * weight / sqrt(mean(sum^2) + epsilon)
// cost  3 T E flop; reads and writes T E elements and T E fp32 once each
// num.  fp32; squares summed per thread, then in a tree of fixed shape: a row's bits depend on that row
//       alone. The residual stays fp32, however small the element: it is summed over all layers.
// grid  a block of threads per row
// twin  ONNX's Add and RMSNormalization      oracle  bench/rows.h
// from  Hugging Face's LlamaRMSNorm; arXiv:1910.07467
#include "kernels/cuda/launch.cuh"
#include "kernels/cuda/limits.h"
#include "kernels/cuda/tile/tensor_core.cuh"

namespace ssa::cuda {
namespace {

constexpr int kThreads = 256;

struct Rows {
  int width;
  float epsilon;
  const float* weight;
  const float* residual;
  float* sum;
};

// Four neighbouring values of a row.
struct Four {
  float x[4];
};

__device__ inline Four load(const float* at) {
  float4 v = *reinterpret_cast<const float4*>(at);
  return {{v.x, v.y, v.z, v.w}};
}

template <typename Io>
__device__ inline Four load(const Io* at) {
  uint2 v = *reinterpret_cast<const uint2*>(at);
  const Io* x = reinterpret_cast<const Io*>(&v);
  return {{toFloat(x[0]), toFloat(x[1]), toFloat(x[2]), toFloat(x[3])}};
}

__device__ inline void store(float* at, const Four& v) {
  *reinterpret_cast<float4*>(at) = {v.x[0], v.x[1], v.x[2], v.x[3]};
}

template <typename Io>
__device__ inline void store(Io* at, const Four& v) {
  uint2 packed;
  Io* x = reinterpret_cast<Io*>(&packed);
#pragma unroll
  for (int i = 0; i < 4; i++) {
    x[i] = fromFloat<Io>(v.x[i]);
  }
  *reinterpret_cast<uint2*>(at) = packed;
}

__device__ inline float sumOfBlock(float mine) {
  __shared__ float of_warp[kThreads / 32];
  for (int step = 16; step > 0; step /= 2) {
    mine += __shfl_xor_sync(0xffffffffu, mine, step);
  }
  if (threadIdx.x % 32 == 0) {
    of_warp[threadIdx.x / 32] = mine;
  }
  __syncthreads();
  float sum = 0;
#pragma unroll
  for (int i = 0; i < kThreads / 32; i++) {
    sum += of_warp[i];
  }
  return sum;
}

template <typename Io>
__global__ void __launch_bounds__(kThreads)
    addRmsNormKernel(Rows rows, const Io* delta, Io* normed) {
  extern __shared__ float row[];
  int64_t at = static_cast<int64_t>(blockIdx.x) * rows.width;
  float squares = 0;
  for (int e = threadIdx.x * 4; e < rows.width; e += kThreads * 4) {
    Four x = load(delta + at + e);
    if (rows.residual != nullptr) {
      Four before = load(rows.residual + at + e);
#pragma unroll
      for (int i = 0; i < 4; i++) {
        x.x[i] += before.x[i];
      }
    }
#pragma unroll
    for (int i = 0; i < 4; i++) {
      squares += x.x[i] * x.x[i];
    }
    store(row + e, x);
    if (rows.sum != nullptr) {
      store(rows.sum + at + e, x);
    }
  }
  float scale = 1.0f / sqrtf(sumOfBlock(squares) / static_cast<float>(rows.width) + rows.epsilon);
  for (int e = threadIdx.x * 4; e < rows.width; e += kThreads * 4) {
    Four x = load(row + e);
    Four weight = load(rows.weight + e);
#pragma unroll
    for (int i = 0; i < 4; i++) {
      x.x[i] = x.x[i] * scale * weight.x[i];
    }
    store(normed + at + e, x);
  }
}

template <typename Io>
Report normOf(const AddRmsNormParameters& p) {
  Rows rows = {static_cast<int>(p.width), p.epsilon, p.weight, p.residual, p.sum};
  Grid grid = {dim3(static_cast<unsigned>(p.tokens)), kThreads, p.width * sizeof(float)};
  return launch("add_rms_norm", addRmsNormKernel<Io>, grid, p.stream, rows,
                static_cast<const Io*>(p.delta), static_cast<Io*>(p.normed));
}

}  // namespace

Report addRmsNorm(const AddRmsNormParameters& p) {
  Report report;
  if (p.tokens == 0) {
    return report;
  }
  if (p.width < kFeedMultiple || p.width % kFeedMultiple != 0 || p.width > kMostWidth) {
    report.done = false;
    std::snprintf(report.why, sizeof report.why,
                  "add_rms_norm: width %lld; multiples of 4 up to 32,768",
                  static_cast<long long>(p.width));
    return report;
  }
  switch (p.element) {
    case Element::kFloat32:
      return normOf<float>(p);
    case Element::kFloat16:
      return normOf<__half>(p);
    default:
      return normOf<__nv_bfloat16>(p);
  }
}

}  // namespace ssa::cuda
