// device.h: memory of the device for the drivers, and random values that any thread can make
#pragma once

#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <cuda_runtime.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "kernels/cuda/cuda.h"

namespace ssa::bench {

inline void require(cudaError_t error, const char* what) {
  if (error != cudaSuccess) {
    std::fprintf(stderr, "%s: %s\n", what, cudaGetErrorString(error));
    std::exit(2);
  }
}

inline void require(const cuda::Report& report) {
  if (!report.done) {
    std::fprintf(stderr, "%s\n", report.why);
    std::exit(2);
  }
}

// Memory of the device, given back with the object; filled with bytes 0xff, NaN in every type.
class Buffer {
 public:
  explicit Buffer(size_t bytes) : bytes_(bytes) {
    require(cudaMalloc(&memory_, bytes == 0 ? 1 : bytes), "cudaMalloc");
    poison();
  }
  template <typename T>
  explicit Buffer(const std::vector<T>& values) : Buffer(values.size() * sizeof(T)) {
    require(cudaMemcpy(memory_, values.data(), bytes_, cudaMemcpyHostToDevice), "copy");
  }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer() { cudaFree(memory_); }

  void poison() { require(cudaMemset(memory_, 0xff, bytes_), "cudaMemset"); }

  template <typename T>
  T* as() const {
    return static_cast<T*>(memory_);
  }
  size_t bytes() const { return bytes_; }

  template <typename T>
  std::vector<T> read() const {
    std::vector<T> values(bytes_ / sizeof(T));
    require(cudaMemcpy(values.data(), memory_, bytes_, cudaMemcpyDeviceToHost), "copy back");
    return values;
  }

 private:
  void* memory_ = nullptr;
  size_t bytes_;
};

// Runs item(0 … n - 1) on all processors.
inline void onAllThreads(int64_t n, const std::function<void(int64_t)>& item) {
  int64_t threads = std::max(1u, std::thread::hardware_concurrency());
  std::vector<std::thread> running;
  for (int64_t i = 0; i < threads; i++) {
    running.emplace_back([=, &item] {
      for (int64_t at = n * i / threads; at < n * (i + 1) / threads; at++) {
        item(at);
      }
    });
  }
  for (std::thread& thread : running) {
    thread.join();
  }
}

inline uint64_t mix(uint64_t x) {  // splitmix64
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

// About normal with variance 1: four uniform numbers of 16 bits.
inline float randomValue(uint64_t seed, uint64_t index) {
  uint64_t bits = mix(seed * 0x100000001b3u + index);
  double sum = 0;
  for (int i = 0; i < 4; i++) {
    sum += static_cast<double>(bits >> (16 * i) & 0xffff) / 65536.0 - 0.5;
  }
  return static_cast<float>(sum * std::sqrt(3.0));
}

inline float rounded(cuda::Element element, double x) {
  float f = static_cast<float>(x);
  switch (element) {
    case cuda::Element::kFloat32:
      return f;
    case cuda::Element::kFloat16:
      return __half2float(__double2half(x));
    default:
      return __bfloat162float(__double2bfloat16(x));
  }
}

// Values as the device stores them.
inline std::vector<char> stored(cuda::Element element, const std::vector<float>& values) {
  size_t width = element == cuda::Element::kFloat32 ? 4 : 2;
  std::vector<char> bytes(values.size() * width);
  onAllThreads(static_cast<int64_t>(values.size()), [&](int64_t i) {
    if (element == cuda::Element::kFloat32) {
      reinterpret_cast<float*>(bytes.data())[i] = values[i];
    } else if (element == cuda::Element::kFloat16) {
      reinterpret_cast<__half*>(bytes.data())[i] = __float2half_rn(values[i]);
    } else {
      reinterpret_cast<__nv_bfloat16*>(bytes.data())[i] = __float2bfloat16_rn(values[i]);
    }
  });
  return bytes;
}

inline float valueAt(cuda::Element element, const std::vector<char>& bytes, int64_t i) {
  switch (element) {
    case cuda::Element::kFloat32:
      return reinterpret_cast<const float*>(bytes.data())[i];
    case cuda::Element::kFloat16:
      return __half2float(reinterpret_cast<const __half*>(bytes.data())[i]);
    default:
      return __bfloat162float(reinterpret_cast<const __nv_bfloat16*>(bytes.data())[i]);
  }
}

}  // namespace ssa::bench
