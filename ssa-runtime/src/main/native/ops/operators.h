// operators.h: the operators of the domain ssa
#pragma once

#include "abi/ort.h"
#include "kernels/parameters.h"

namespace ssa {

extern const ort::CustomOp kAttentionOp;
extern const ort::CustomOp kPoolOp;
extern const ort::CustomOp kTokenLogProbOp;
extern const ort::CustomOp kTokenDivergenceOp;
extern const ort::CustomOp kResidualRangeOp;

// Of the CUDA provider, where the library was built with nvcc.
extern const ort::CustomOp kPageTableOp;
extern const ort::CustomOp kPackedAttentionOp;
extern const ort::CustomOp kCudaTokenLogProbOp;
extern const ort::CustomOp kCudaTokenDivergenceOp;
extern const ort::CustomOp kCudaResidualRangeOp;
extern const ort::CustomOp kAddRmsNormOp;
extern const ort::CustomOp kSwiGluOp;

// A status that names the operator, with printf's arguments.
__attribute__((format(printf, 1, 2))) ort::Status* refuse(const char* format, ...);

// Whether there are kernels for blocks of so many tokens.
bool isBlockSize(int64_t size);

// The attention mode in an input [4]: kind, block size, block count, window. Of random blocks it is
// [4 + S], its fourth entry a number of layers that come before the graph's, and each sequence has a
// seed: readDraws reads those, once the sequences are known.
ort::Status* readMode(const char* op, const ort::Tensor& in, Mode* out);

// What random blocks are drawn by, for a node of so many sequences; no seeds in another mode.
ort::Status* readDraws(const char* op, const ort::Tensor& in, int64_t sequences, int64_t layer,
                       RandomDraws* out);

// The kernels that a node's attribute `isa` asks for.
ort::Status* kernelsOf(const ort::KernelInfo* info, const Kernels** out);

// The session's threads for one call.
Parallel sessionThreads(ort::KernelContext* context);

}  // namespace ssa
