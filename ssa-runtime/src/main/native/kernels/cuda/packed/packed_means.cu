// packed_means.cu: mean keys and values of complete blocks, and the way of their gradients back
//
// in    k, v [T, H, D]  element
// out   keys, values [K, H, D]  element, K complete blocks of all sequences
//       back: dk, dv [T, H, D]  element from the means' gradients [K, H, D] fp32
// math  mean_b = 1/B sum of the block's rows; d row = d mean / B, 0 behind the last complete block
// cost  reads k and v once; back: writes dk and dv once
// num.  fp32 sums of 8 rows, then of those, as in append.cu and block_mean.cu: the same bits
// grid  a block of threads per (mean, or token), threads over H D
// twin  kernels/cpu/packed_means.h      oracle  trainer/src/main/native/bench/gradients.cu
#include "kernels/cuda/packed/packed_gradient.h"
#include "kernels/cuda/packed/packed_view.cuh"

namespace ssa::cuda {
namespace {

constexpr int kThreads = 128;

template <typename Io>
__device__ float meanOf(const Io* rows, int64_t width, int block_size) {
  float sum = 0;
  for (int group = 0; group < block_size; group += 8) {
    float part = 0;
    for (int i = group; i < group + 8; i++) {
      part += toFloat(rows[i * width]);
    }
    sum += part;
  }
  return sum / block_size;
}

template <typename Io>
__global__ void meanKernel(PackedView v, int dim, const Io* k, const Io* values, Io* key_means,
                           Io* value_means) {
  int key = blockIdx.x;
  int s = lastAtMost(v.key_starts, v.sequences, key);
  int64_t width = static_cast<int64_t>(v.kv_heads) * dim;
  int64_t from =
      (v.starts[s] + static_cast<int64_t>(key - v.key_starts[s]) * v.block_size) * width;
  for (int d = threadIdx.x; d < width; d += kThreads) {
    key_means[key * width + d] = fromFloat<Io>(meanOf(k + from + d, width, v.block_size));
    value_means[key * width + d] = fromFloat<Io>(meanOf(values + from + d, width, v.block_size));
  }
}

template <typename Io>
__global__ void spreadKernel(PackedView v, int dim, const float* mean_keys,
                             const float* mean_values, Io* dk, Io* dv) {
  int row = blockIdx.x;
  int s = lastAtMost(v.starts, v.sequences, row);
  int block = (row - v.starts[s]) / v.block_size;
  bool complete = block < v.keysOf(s);
  int64_t width = static_cast<int64_t>(v.kv_heads) * dim;
  int64_t from = (v.key_starts[s] + block) * width;
  for (int d = threadIdx.x; d < width; d += kThreads) {
    dk[row * width + d] = fromFloat<Io>(complete ? mean_keys[from + d] / v.block_size : 0.0f);
    dv[row * width + d] = fromFloat<Io>(complete ? mean_values[from + d] / v.block_size : 0.0f);
  }
}

}  // namespace

Report compressKeys(const GradientCall& call, void* keys, void* values) {
  const PackedBackward& b = call.b;
  return dispatchPacked(b.problem, b.element, [&](auto type, auto dim) {
    using Io = typename decltype(type)::type;
    int64_t count = 0;
    for (int64_t s = 0; s < b.problem.sequences; s++) {
      count += (b.problem.starts[s + 1] - b.problem.starts[s]) / b.problem.branch.block_size;
    }
    if (count == 0) {
      return Report();
    }
    Grid grid = {dim3(static_cast<unsigned>(count)), kThreads, 0};
    return launch("packed_means", meanKernel<Io>, grid, b.stream, call.view,
                  static_cast<int>(decltype(dim)::value), static_cast<const Io*>(b.k),
                  static_cast<const Io*>(b.v), static_cast<Io*>(keys), static_cast<Io*>(values));
  });
}

Report spreadGradients(const GradientCall& call) {
  const PackedBackward& b = call.b;
  return dispatchPacked(b.problem, b.element, [&](auto type, auto dim) {
    using Io = typename decltype(type)::type;
    Grid grid = {dim3(static_cast<unsigned>(b.problem.tokens)), kThreads, 0};
    return launch("packed_means spread", spreadKernel<Io>, grid, b.stream, call.view,
                  static_cast<int>(decltype(dim)::value),
                  static_cast<const float*>(call.mean_keys),
                  static_cast<const float*>(call.mean_values), static_cast<Io*>(b.dk),
                  static_cast<Io*>(b.dv));
  });
}

}  // namespace ssa::cuda
