// cuda_calls.h: the kernels for CUDA, called on libtorch's current stream; or why there are none
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "kernels/packed.h"

namespace ssa {

struct CudaCall {
  int32_t device;
  bool bfloat16;  // else fp32
  PackedProblem problem;
  const int64_t* tensors;  // addresses, see attention_jni.cc
};

// Empty if the kernels are there.
const char* cudaAbsence();

size_t cudaWorkspaceBytes(const CudaCall& call, bool backward);

// What went wrong, or the empty string.
std::string cudaForward(const CudaCall& call);
std::string cudaBackward(const CudaCall& call);

}  // namespace ssa
