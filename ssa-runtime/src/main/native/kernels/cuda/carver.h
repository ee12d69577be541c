// carver.h: hands out a workspace, or counts what it would hand out
#pragma once

#include <cstdint>

namespace ssa::cuda {

inline int64_t ceilDivide(int64_t a, int64_t b) { return (a + b - 1) / b; }

// With a null base it only counts.
struct Carver {
  static constexpr int64_t kAlignment = 256;

  char* base;
  int64_t used = 0;

  template <typename T>
  T* take(int64_t bytes) {
    char* mine = base == nullptr ? nullptr : base + used;
    used += ceilDivide(bytes, kAlignment) * kAlignment;
    return reinterpret_cast<T*>(mine);
  }
};

}  // namespace ssa::cuda
