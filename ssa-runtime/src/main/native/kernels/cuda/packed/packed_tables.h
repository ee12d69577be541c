// packed_tables.h: hands out a workspace, and fills its beginning with tables made on the host
#pragma once

#include <cuda_runtime.h>

#include <cstring>
#include <vector>

#include "kernels/cuda/packed/packed.h"

namespace ssa::cuda {

constexpr int64_t kWorkspaceAlignment = 256;

inline int64_t aligned(int64_t bytes) {
  return (bytes + kWorkspaceAlignment - 1) / kWorkspaceAlignment * kWorkspaceAlignment;
}

// Hands out a workspace; with a null base it only counts.
struct Workspace {
  char* base;
  int64_t used = 0;

  template <typename T>
  T* take(int64_t count) {
    char* mine = base == nullptr ? nullptr : base + used;
    used += aligned(count * static_cast<int64_t>(sizeof(T)));
    return reinterpret_cast<T*>(mine);
  }
};

// Tables of one call: one copy to the device for all.
class Tables {
 public:
  // The place that a table has behind `base`.
  template <typename T>
  int64_t add(const std::vector<T>& table) {
    int64_t at = static_cast<int64_t>(bytes_.size());
    int64_t size = static_cast<int64_t>(table.size() * sizeof(T));
    bytes_.resize(at + aligned(size));
    if (size > 0) {
      std::memcpy(bytes_.data() + at, table.data(), size);
    }
    return at;
  }
  int64_t bytes() const { return static_cast<int64_t>(bytes_.size()); }
  cudaError_t copyTo(void* device, void* stream) const {
    return cudaMemcpyAsync(device, bytes_.data(), bytes_.size(), cudaMemcpyHostToDevice,
                           static_cast<cudaStream_t>(stream));
  }

 private:
  std::vector<char> bytes_;
};

// What forward takes for attention to selected blocks in bf16, D 64 or 128. starts: [S + 1] on the device.
Report attendGathered(const PackedForward& f, const int64_t* starts);

// Whether the kernels take a problem.
Report checkPacked(const PackedProblem& p, Element element);

}  // namespace ssa::cuda
