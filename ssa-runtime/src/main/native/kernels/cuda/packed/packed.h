// packed.h: attention over packed sequences on a CUDA device, forward and backward
//
// Twin of kernels/packed.h; every pointer but the problem's starts is one of the device. Two element
// types: fp32 and bf16. All work is queued on the stream; nothing is waited for but the copy of the
// sequences' tables.
#pragma once

#include "kernels/cuda/cuda.h"
#include "kernels/packed.h"

namespace ssa::cuda {

struct PackedForward {
  PackedProblem problem;
  Element element;     // of q, k, v and out
  const void* q;       // [T, HQ, D]
  const void* k;       // [T, H, D]
  const void* v;       // [T, H, D]
  void* out;           // [T, HQ, D]
  float* log_sum_exp;  // [T, HQ] natural; minus infinity for a token that has no key
  int32_t* selected;   // [T, H, k] ascending, then -1; selected branch only
  void* workspace;     // workspaceBytes(f), 256-byte aligned
  void* stream;        // cudaStream_t
};

struct PackedBackward {
  PackedProblem problem;
  Element element;           // of all that is not said to be another
  const void* q;             // [T, HQ, D]
  const void* k;             // [T, H, D]
  const void* v;             // [T, H, D]
  const void* out;           // [T, HQ, D]
  const float* log_sum_exp;  // [T, HQ]
  const int32_t* selected;   // [T, H, k], selected branch only
  const void* d_out;         // [T, HQ, D]
  void* dq;                  // [T, HQ, D]
  void* dk;                  // [T, H, D]
  void* dv;                  // [T, H, D]
  void* workspace;           // workspaceBytes(b), 256-byte aligned
  void* stream;              // cudaStream_t
};

size_t workspaceBytes(const PackedForward& f);
size_t workspaceBytes(const PackedBackward& b);

Report forward(const PackedForward& f);
Report backward(const PackedBackward& b);

}  // namespace ssa::cuda
