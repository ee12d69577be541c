// cuda_calls.cc: the attention kernels for CUDA, called on libtorch's current stream
#include "cuda_calls.h"

#include "cuda_stream.h"
#include "kernels/cuda/packed/packed.h"

namespace ssa {
namespace {

// Tensors by their place in the call, see attention_jni.cc.
template <typename T>
T* tensor(const CudaCall& call, int i) {
  return call.tensors == nullptr ? nullptr : reinterpret_cast<T*>(call.tensors[i]);
}

cuda::Element elementOf(const CudaCall& call) {
  return call.bfloat16 ? cuda::Element::kBFloat16 : cuda::Element::kFloat32;
}

cuda::PackedForward forwardOf(const CudaCall& call, void* stream) {
  return {call.problem,           elementOf(call),          tensor<void>(call, 0),
          tensor<void>(call, 1),  tensor<void>(call, 2),    tensor<void>(call, 3),
          tensor<float>(call, 4), tensor<int32_t>(call, 5), tensor<void>(call, 6),
          stream};
}

cuda::PackedBackward backwardOf(const CudaCall& call, void* stream) {
  return {call.problem,
          elementOf(call),
          tensor<void>(call, 0),
          tensor<void>(call, 1),
          tensor<void>(call, 2),
          tensor<void>(call, 3),
          tensor<float>(call, 4),
          tensor<int32_t>(call, 5),
          tensor<void>(call, 6),
          tensor<void>(call, 7),
          tensor<void>(call, 8),
          tensor<void>(call, 9),
          tensor<void>(call, 10),
          stream};
}

}  // namespace

const char* cudaAbsence() { return ""; }

size_t cudaWorkspaceBytes(const CudaCall& call, bool backward) {
  return backward ? cuda::workspaceBytes(backwardOf(call, nullptr))
                  : cuda::workspaceBytes(forwardOf(call, nullptr));
}

std::string cudaForward(const CudaCall& call) {
  return onDevice(call.device, [&](void* stream) { return cuda::forward(forwardOf(call, stream)); });
}

std::string cudaBackward(const CudaCall& call) {
  return onDevice(call.device, [&](void* stream) { return cuda::backward(backwardOf(call, stream)); });
}

}  // namespace ssa
