// rms_norm.cu: RMSNorm of the residual stream, with what is added to it before; and back
//
// in    x [T, E] fp32, weight [E] fp32, added [T, E] bf16; back: gradient [T, E] bf16, direct [T, E] fp32
// out   sum [T, E] fp32, out [T, E] bf16; back: dx [T, E] fp32 and bf16, out again, d_weight [E] +=
// math  r = 1 / sqrt(mean x^2 + epsilon), out = x r w;
//       dx = direct + r w g - x r^3 / E sum(w g x), d_weight = sum over rows of g x r
// cost  each array once
// num.  fp32; d_weight: a warp's rows in order, then warps, then blocks of threads: same bits every time
// grid  forward a warp per row; back a fixed number of warps, each every so many rows
// twin  torch::rms_norm under autograd      oracle  ReducedPrecisionTest.java
#include "layer/layer.h"
#include "layer/vectors.cuh"

namespace ssa::layer {
namespace {

using cuda::Grid;
using cuda::launch;
using cuda::parts;

constexpr int kWarps = 8;
constexpr int kBlocks = 528;  // of the way back

__device__ inline float4 bf16s(const Bf16* from) {
  uint2 word = *reinterpret_cast<const uint2*>(from);
  float2 a = cuda::unpack<Bf16>(word.x);
  float2 b = cuda::unpack<Bf16>(word.y);
  return make_float4(a.x, a.y, b.x, b.y);
}
__device__ inline void store(Bf16* to, float4 x) {
  *reinterpret_cast<uint2*>(to) =
      make_uint2(cuda::pack<Bf16>(x.x, x.y), cuda::pack<Bf16>(x.z, x.w));
}
__device__ inline float4 at(const float* from) { return *reinterpret_cast<const float4*>(from); }
__device__ inline float dot(float4 a, float4 b) {
  return a.x * b.x + a.y * b.y + a.z * b.z + a.w * b.w;
}
__device__ inline float4 times(float4 a, float4 b) {
  return make_float4(a.x * b.x, a.y * b.y, a.z * b.z, a.w * b.w);
}
__device__ inline float4 scaled(float4 a, float s) {
  return make_float4(a.x * s, a.y * s, a.z * s, a.w * s);
}
__device__ inline float4 plus(float4 a, float4 b) {
  return make_float4(a.x + b.x, a.y + b.y, a.z + b.z, a.w + b.w);
}

// A row of up to 128 kPer features: lane l has features 4 (l + 32 i).
template <int kPer>
__global__ void __launch_bounds__(kWarps * 32) normForwardKernel(NormForward f) {
  int64_t row = static_cast<int64_t>(blockIdx.x) * kWarps + threadIdx.x / 32;
  int width = static_cast<int>(f.norm.width);
  if (row >= f.norm.rows) {
    return;
  }
  float4 x[kPer];
  float square = 0;
#pragma unroll
  for (int i = 0; i < kPer; i++) {
    int d = 4 * (threadIdx.x % 32 + 32 * i);
    x[i] = make_float4(0, 0, 0, 0);
    if (d < width) {
      x[i] = at(f.norm.x + row * width + d);
      if (f.added != nullptr) {
        x[i] = plus(x[i], bf16s(static_cast<const Bf16*>(f.added) + row * width + d));
        *reinterpret_cast<float4*>(f.sum + row * width + d) = x[i];
      }
    }
    square += dot(x[i], x[i]);
  }
  float root = rsqrtf(warpSum(square) / width + f.norm.epsilon);
#pragma unroll
  for (int i = 0; i < kPer; i++) {
    int d = 4 * (threadIdx.x % 32 + 32 * i);
    if (d < width) {
      store(static_cast<Bf16*>(f.out) + row * width + d,
            times(scaled(x[i], root), at(f.norm.weight + d)));
    }
  }
}

template <int kPer>
__device__ void backRow(const NormBackward& b, int64_t row, float* sums) {
  int width = static_cast<int>(b.norm.width);
  const Bf16* gradient = static_cast<const Bf16*>(b.gradient) + row * width;
  float4 x[kPer];
  float4 g[kPer];
  float square = 0;
  float along = 0;
#pragma unroll
  for (int i = 0; i < kPer; i++) {
    int d = 4 * (threadIdx.x % 32 + 32 * i);
    x[i] = g[i] = make_float4(0, 0, 0, 0);
    if (d < width) {
      x[i] = at(b.norm.x + row * width + d);
      g[i] = bf16s(gradient + d);
      along += dot(times(g[i], at(b.norm.weight + d)), x[i]);
    }
    square += dot(x[i], x[i]);
  }
  float root = rsqrtf(warpSum(square) / width + b.norm.epsilon);
  float pull = -root * root * root * warpSum(along) / width;
#pragma unroll
  for (int i = 0; i < kPer; i++) {
    int d = 4 * (threadIdx.x % 32 + 32 * i);
    if (d >= width) {
      continue;
    }
    float4 weight = at(b.norm.weight + d);
    float4 normed = scaled(x[i], root);
    float4 dx = plus(scaled(times(g[i], weight), root), scaled(x[i], pull));
    if (b.direct != nullptr) {
      dx = plus(dx, at(b.direct + row * width + d));
    }
    *reinterpret_cast<float4*>(b.dx + row * width + d) = dx;
    store(static_cast<Bf16*>(b.dx_rounded) + row * width + d, dx);
    if (b.out != nullptr) {
      store(static_cast<Bf16*>(b.out) + row * width + d, times(normed, weight));
    }
    float4* sum = reinterpret_cast<float4*>(sums + d);
    *sum = plus(*sum, times(g[i], normed));
  }
}

template <int kPer>
__global__ void __launch_bounds__(kWarps * 32) normBackwardKernel(NormBackward b) {
  extern __shared__ float4 shared[];
  float* all = reinterpret_cast<float*>(shared);  // [kWarps, E]
  int width = static_cast<int>(b.norm.width);
  for (int i = threadIdx.x; i < kWarps * width; i += kWarps * 32) {
    all[i] = 0;
  }
  __syncthreads();
  int warp = threadIdx.x / 32;
  for (int64_t row = static_cast<int64_t>(blockIdx.x) * kWarps + warp; row < b.norm.rows;
       row += static_cast<int64_t>(kBlocks) * kWarps) {
    backRow<kPer>(b, row, all + warp * width);
  }
  __syncthreads();
  for (int d = threadIdx.x; d < width; d += kWarps * 32) {
    float sum = 0;
    for (int w = 0; w < kWarps; w++) {
      sum += all[w * width + d];
    }
    b.parts[static_cast<int64_t>(blockIdx.x) * width + d] = sum;
  }
}

// 32 columns by a block of threads [32, 32].
__global__ void addPartsKernel(int width, const float* parts, float* sum) {
  __shared__ float sums[32][33];
  int d = blockIdx.x * 32 + threadIdx.x;
  float mine = 0;
  if (d < width) {
#pragma unroll 4
    for (int i = threadIdx.y; i < kBlocks; i += 32) {
      mine += parts[static_cast<int64_t>(i) * width + d];
    }
  }
  sums[threadIdx.y][threadIdx.x] = mine;
  __syncthreads();
  if (threadIdx.y == 0 && d < width) {
    float all = 0;
    for (int i = 0; i < 32; i++) {
      all += sums[i][threadIdx.x];
    }
    sum[d] += all;
  }
}

// Calls with the number of four features that a lane has.
template <typename Launch>
Report dispatchWidth(const Norm& norm, Launch launched) {
  if (norm.width % 4 != 0 || norm.width > 4096) {
    Report report;
    report.done = false;
    std::snprintf(report.why, sizeof report.why, "rms_norm: %lld features; multiples of 4 up to 4096",
                  static_cast<long long>(norm.width));
    return report;
  }
  if (norm.width <= 256) {
    return launched(cuda::Number<2>());
  }
  if (norm.width <= 1024) {
    return launched(cuda::Number<8>());
  }
  return norm.width <= 2048 ? launched(cuda::Number<16>()) : launched(cuda::Number<32>());
}

}  // namespace

int64_t normParts() { return kBlocks; }

Report normForward(const NormForward& f) {
  Grid grid = {dim3(parts(f.norm.rows, kWarps)), kWarps * 32, 0};
  return dispatchWidth(f.norm, [&](auto per) {
    return launch("rms_norm", normForwardKernel<decltype(per)::value>, grid, f.norm.stream, f);
  });
}

Report normBackward(const NormBackward& b) {
  Grid grid = {dim3(kBlocks), kWarps * 32, kWarps * b.norm.width * sizeof(float)};
  Report report = dispatchWidth(b.norm, [&](auto per) {
    return launch("rms_norm back", normBackwardKernel<decltype(per)::value>, grid, b.norm.stream,
                  b);
  });
  if (!report.done) {
    return report;
  }
  addPartsKernel<<<parts(b.norm.width, 32), dim3(32, 32), 0,
                   static_cast<cudaStream_t>(b.norm.stream)>>>(static_cast<int>(b.norm.width),
                                                                b.parts, b.d_weight);
  cudaError_t error = cudaGetLastError();
  return error == cudaSuccess ? Report() : cuda::failed("rms_norm sums", error);
}

}  // namespace ssa::layer
