// ops/cuda/swi_glu.cc: ssa.SwiGlu, its shapes, types and checks
//
// inputs   0 gate_up [T, 2 F] float, float16 or bfloat16: gates, then values
// outputs  0 out [T, F]
#include "ops/cuda/call.h"

namespace ssa {
namespace {

constexpr const char* kName = "ssa.SwiGlu";

ort::Status* compute(void*, ort::KernelContext* context) {
  ort::Tensor gate_up;
  if (ort::Status* status = ort::input(context, 0, &gate_up)) {
    return status;
  }
  if (gate_up.rank != 2 || gate_up.shape[1] % 2 != 0) {
    return refuse("%s: gate_up must be [T, 2 F]", kName);
  }
  cuda::SwiGluParameters p = {};
  p.tokens = gate_up.shape[0];
  p.width = gate_up.shape[1] / 2;
  p.gate_up = gate_up.data;
  if (ort::Status* status = elementOf(kName, gate_up, &p.element)) {
    return status;
  }
  const int64_t shape[] = {p.tokens, p.width};
  if (ort::Status* status = ort::output(context, 0, shape, 2, &p.out)) {
    return status;
  }
  if (ort::Status* status = ort::cudaStream(context, &p.stream)) {
    return status;
  }
  return toStatus(kName, cuda::swiGlu(p));
}

ort::CustomOp describe() {
  ort::CustomOp op = cudaOp();
  op.GetName = [](const ort::CustomOp*) { return "SwiGlu"; };
  op.GetInputTypeCount = [](const ort::CustomOp*) { return size_t{1}; };
  op.GetInputType = [](const ort::CustomOp*, size_t) { return static_cast<int>(ort::kAnyType); };
  op.GetOutputTypeCount = [](const ort::CustomOp*) { return size_t{1}; };
  op.GetOutputType = [](const ort::CustomOp*, size_t) { return static_cast<int>(ort::kAnyType); };
  op.CreateKernelV2 = [](const ort::CustomOp*, const ort::Api*, const ort::KernelInfo*,
                         void** out) -> ort::Status* {
    // The operator has no state of its own; the kernel only must not be null.
    *out = const_cast<ort::CustomOp*>(&kSwiGluOp);
    return nullptr;
  };
  op.KernelComputeV2 = compute;
  op.KernelDestroy = [](void*) {};
  return op;
}

}  // namespace

const ort::CustomOp kSwiGluOp = describe();

}  // namespace ssa
