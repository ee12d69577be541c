// cuda_absent.cc: what stands for the kernels for CUDA in a build without nvcc
#include "cuda_calls.h"

namespace ssa {

const char* cudaAbsence() { return "the library was built without nvcc: no kernels for CUDA"; }

size_t cudaWorkspaceBytes(const CudaCall&, bool) { return 0; }

std::string cudaForward(const CudaCall&) { return cudaAbsence(); }

std::string cudaBackward(const CudaCall&) { return cudaAbsence(); }

}  // namespace ssa
