// cuda_absent.cc: what stands for the kernels for CUDA in a build without nvcc
#include "cuda_calls.h"
#include "layer_calls.h"

namespace ssa {

const char* cudaAbsence() { return "the library was built without nvcc: no kernels for CUDA"; }

size_t cudaWorkspaceBytes(const CudaCall&, bool) { return 0; }

std::string cudaForward(const CudaCall&) { return cudaAbsence(); }

std::string cudaBackward(const CudaCall&) { return cudaAbsence(); }

std::string layerStep(const LayerCall&) { return cudaAbsence(); }
int64_t freeBytes(int32_t) { return 0; }
int64_t layerParts(const LayerCall&) { return 0; }

}  // namespace ssa
