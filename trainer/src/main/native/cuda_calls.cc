// cuda_calls.cc: the kernels for CUDA, called on libtorch's current stream
//
// libtorch is not linked: the one function that is needed is looked up in the library that the JVM has
// loaded. The kernels' own copy of the CUDA runtime shares the device's context with libtorch's.
#include "cuda_calls.h"

#include <cuda_runtime.h>
#include <dlfcn.h>

#include "kernels/cuda/packed.h"

namespace ssa {
namespace {

using CurrentStream = int32_t (*)(int32_t device, void** stream);

CurrentStream currentStream() {
  const char* name = "aoti_torch_get_current_cuda_stream";
  if (void* found = dlsym(RTLD_DEFAULT, name)) {
    return reinterpret_cast<CurrentStream>(found);
  }
  // Libraries that a JVM loads are not in the default scope; their names are known to the loader.
  void* library = dlopen("libtorch_cuda.so", RTLD_LAZY | RTLD_NOLOAD);
  return library == nullptr ? nullptr : reinterpret_cast<CurrentStream>(dlsym(library, name));
}

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
          tensor<void>(call, 1),  tensor<void>(call, 2),    tensor<float>(call, 3),
          tensor<float>(call, 4), tensor<int32_t>(call, 5), tensor<void>(call, 6),
          stream};
}

cuda::PackedBackward backwardOf(const CudaCall& call, void* stream) {
  return {call.problem,
          elementOf(call),
          tensor<void>(call, 0),
          tensor<void>(call, 1),
          tensor<void>(call, 2),
          tensor<float>(call, 3),
          tensor<float>(call, 4),
          tensor<int32_t>(call, 5),
          tensor<void>(call, 6),
          tensor<void>(call, 7),
          tensor<void>(call, 8),
          tensor<void>(call, 9),
          tensor<void>(call, 10),
          stream};
}

// Runs run(stream) with the call's device current.
template <typename Run>
std::string onDevice(const CudaCall& call, Run run) {
  static const CurrentStream current = currentStream();
  if (current == nullptr) {
    return "libtorch_cuda.so, which knows the current stream, is not loaded";
  }
  void* stream = nullptr;
  if (current(call.device, &stream) != 0) {
    return "libtorch does not tell its current stream";
  }
  cudaError_t error = cudaSetDevice(call.device);
  if (error != cudaSuccess) {
    return cudaGetErrorString(error);
  }
  cuda::Report report = run(stream);
  return report.done ? "" : report.why;
}

}  // namespace

const char* cudaAbsence() { return ""; }

size_t cudaWorkspaceBytes(const CudaCall& call, bool backward) {
  return backward ? cuda::workspaceBytes(backwardOf(call, nullptr))
                  : cuda::workspaceBytes(forwardOf(call, nullptr));
}

std::string cudaForward(const CudaCall& call) {
  return onDevice(call, [&](void* stream) { return cuda::forward(forwardOf(call, stream)); });
}

std::string cudaBackward(const CudaCall& call) {
  return onDevice(call, [&](void* stream) { return cuda::backward(backwardOf(call, stream)); });
}

}  // namespace ssa
