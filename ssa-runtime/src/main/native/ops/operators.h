// operators.h: the operators of the domain ssa
#pragma once

#include "abi/ort.h"
#include "kernels/parameters.h"

namespace ssa {

extern const ort::CustomOp kAttentionOp;
extern const ort::CustomOp kPoolOp;
extern const ort::CustomOp kTokenLogProbOp;

// A status that names the operator, with printf's arguments.
__attribute__((format(printf, 1, 2))) ort::Status* refuse(const char* format, ...);

// The kernels that a node's attribute `isa` asks for.
ort::Status* kernelsOf(const ort::KernelInfo* info, const Kernels** out);

// The session's threads for one call.
Parallel sessionThreads(ort::KernelContext* context);

}  // namespace ssa
