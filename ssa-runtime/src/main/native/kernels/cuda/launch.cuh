// launch.cuh: from an element type and a head dimension to the kernel compiled for them; launches
// with every status checked
#pragma once

#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <cuda_runtime.h>

#include <cstdio>

#include "kernels/cuda/call.h"

namespace ssa::cuda {

template <typename T>
struct TypeOf {
  using type = T;
};

template <int n>
struct Number {
  static constexpr int value = n;
};

inline Report failed(const char* kernel, cudaError_t error) {
  Report report;
  report.done = false;
  std::snprintf(report.why, sizeof report.why, "%s: %s", kernel, cudaGetErrorString(error));
  return report;
}

// Calls with (TypeOf<element>, Number<D>).
template <typename Launch>
Report dispatch(const char* kernel, const PageLayout& layout, Launch launch) {
  auto over_dim = [&](auto type) {
    switch (layout.head_dim) {
      case 32:
        return launch(type, Number<32>());
      case 64:
        return launch(type, Number<64>());
      case 128:
        return launch(type, Number<128>());
      default: {
        Report report;
        report.done = false;
        std::snprintf(report.why, sizeof report.why, "%s: head dimension %lld; 32, 64 or 128",
                      kernel, static_cast<long long>(layout.head_dim));
        return report;
      }
    }
  };
  switch (layout.element) {
    case Element::kFloat32:
      return over_dim(TypeOf<float>());
    case Element::kFloat16:
      return over_dim(TypeOf<__half>());
    default:
      return over_dim(TypeOf<__nv_bfloat16>());
  }
}

// Shared memory that the current device grants a block of threads; the baseline's if it will not say.
inline size_t mostSharedBytes() {
  int device = 0;
  int bytes = 0;
  bool known = cudaGetDevice(&device) == cudaSuccess &&
               cudaDeviceGetAttribute(&bytes, cudaDevAttrMaxSharedMemoryPerBlockOptin, device) ==
                   cudaSuccess;
  return known ? static_cast<size_t>(bytes) : 163 * 1024;
}

struct Grid {
  dim3 blocks;
  int threads;
  size_t shared_bytes;
};

template <typename... Parameters, typename... Arguments>
Report launch(const char* name, void (*kernel)(Parameters...), const Grid& grid, void* stream,
              const Arguments&... arguments) {
  if (grid.shared_bytes > 48 * 1024) {
    cudaError_t error =
        cudaFuncSetAttribute(reinterpret_cast<const void*>(kernel),
                             cudaFuncAttributeMaxDynamicSharedMemorySize,
                             static_cast<int>(grid.shared_bytes));
    if (error != cudaSuccess) {
      return failed(name, error);
    }
  }
  kernel<<<grid.blocks, grid.threads, grid.shared_bytes, static_cast<cudaStream_t>(stream)>>>(
      arguments...);
  cudaError_t error = cudaGetLastError();
  return error == cudaSuccess ? Report() : failed(name, error);
}

inline unsigned parts(int64_t n, int64_t size) {
  return static_cast<unsigned>((n + size - 1) / size);
}

}  // namespace ssa::cuda
