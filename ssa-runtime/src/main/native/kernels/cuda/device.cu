// device.cu: the device's facts, its memory, and copies
//
// Nothing of the calls that follow needs a device to be there: without one they say so.
#include "kernels/cuda/launch.cuh"

namespace ssa::cuda {

Report describeDevice(Device* out) {
  *out = Device{};
  out->runtime = CUDART_VERSION;
  cudaError_t error = cudaDriverGetVersion(&out->driver);
  int device = 0;
  int major = 0;
  int minor = 0;
  size_t free_bytes = 0;
  size_t total_bytes = 0;
  auto then = [&](cudaError_t next) { error = error == cudaSuccess ? next : error; };
  then(cudaGetDevice(&device));
  if (error == cudaSuccess) {
    then(cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, device));
    then(cudaDeviceGetAttribute(&minor, cudaDevAttrComputeCapabilityMinor, device));
    then(cudaMemGetInfo(&free_bytes, &total_bytes));
  }
  cudaDeviceProp properties;
  if (error == cudaSuccess) {
    then(cudaGetDeviceProperties(&properties, device));
  }
  if (error == cudaSuccess) {
    std::snprintf(out->name, sizeof out->name, "%s", properties.name);
  }
  out->compute_capability = 10 * major + minor;
  out->free_bytes = static_cast<int64_t>(free_bytes);
  out->total_bytes = static_cast<int64_t>(total_bytes);
  cudaGetLastError();  // a failure here is told, and must not surface in a later launch
  return error == cudaSuccess ? Report() : failed("the device", error);
}

void* acquireDevice(size_t bytes) {
  void* memory = nullptr;
  if (cudaMalloc(&memory, bytes) != cudaSuccess) {
    cudaGetLastError();
    return nullptr;
  }
  return memory;
}

void releaseDevice(void* memory) { cudaFree(memory); }

Report upload(const void* host, void* device, size_t bytes, void* stream) {
  if (bytes == 0) {
    return Report();
  }
  // From pageable memory: the runtime has staged it all when the call returns.
  cudaError_t error = cudaMemcpyAsync(device, host, bytes, cudaMemcpyHostToDevice,
                                      static_cast<cudaStream_t>(stream));
  return error == cudaSuccess ? Report() : failed("upload", error);
}

Report copyDevice(const void* from, void* to, size_t bytes, void* stream) {
  cudaError_t error = cudaMemcpyAsync(to, from, bytes, cudaMemcpyDeviceToDevice,
                                      static_cast<cudaStream_t>(stream));
  return error == cudaSuccess ? Report() : failed("copy of a page", error);
}

}  // namespace ssa::cuda
