// cuda_stream.cc: kernels run on libtorch's current stream of a device
//
// libtorch is not linked: the one function that is needed is looked up in the library that the JVM has
// loaded. The kernels' own copy of the CUDA runtime shares the device's context with libtorch's.
#include "cuda_stream.h"

#include <cuda_runtime.h>
#include <dlfcn.h>

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

}  // namespace

std::string onDevice(int32_t device, const std::function<cuda::Report(void* stream)>& run) {
  static const CurrentStream current = currentStream();
  if (current == nullptr) {
    return "libtorch_cuda.so, which knows the current stream, is not loaded";
  }
  void* stream = nullptr;
  if (current(device, &stream) != 0) {
    return "libtorch does not tell its current stream";
  }
  cudaError_t error = cudaSetDevice(device);
  if (error != cudaSuccess) {
    return cudaGetErrorString(error);
  }
  cuda::Report report = run(stream);
  return report.done ? "" : report.why;
}

}  // namespace ssa
