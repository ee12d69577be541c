// ops/cuda/add_rms_norm.cc: ssa.AddRmsNorm, its shapes, types and checks
//
// inputs   0 delta [T, E] float, float16 or bfloat16  1 weight [E] float
//          2 residual [T, E] float (optional: 0)
// outputs  0 normed [T, E] as delta  1 sum [T, E] float, of residual and delta
// attributes  epsilon
#include <new>

#include "ops/cuda/call.h"

namespace ssa {
namespace {

constexpr const char* kName = "ssa.AddRmsNorm";
constexpr size_t kInputs = 3;
constexpr ort::ElementType kTypes[kInputs] = {ort::kAnyType, ort::kFloat, ort::kFloat};

struct AddRmsNormKernel {
  float epsilon;
};

ort::Status* compute(void* self, ort::KernelContext* context) {
  ort::Tensor in[kInputs];
  for (size_t i = 0; i < kInputs; i++) {
    if (ort::Status* status = ort::input(context, i, &in[i])) {
      return status;
    }
    if (ort::Status* status = checkType(kName, i, in[i], kTypes[i])) {
      return status;
    }
  }
  const ort::Tensor& delta = in[0];
  const ort::Tensor& residual = in[2];
  if (delta.rank != 2 || in[1].elements() != delta.shape[1] ||
      (residual.data != nullptr && residual.elements() != delta.elements())) {
    return refuse("%s: delta [T, E], weight [E], residual [T, E]; they have %lld, %lld, %lld elements",
                  kName, static_cast<long long>(delta.elements()),
                  static_cast<long long>(in[1].elements()),
                  static_cast<long long>(residual.elements()));
  }
  cuda::AddRmsNormParameters p = {};
  p.tokens = delta.shape[0];
  p.width = delta.shape[1];
  p.epsilon = static_cast<AddRmsNormKernel*>(self)->epsilon;
  p.delta = delta.data;
  p.weight = static_cast<const float*>(in[1].data);
  p.residual = static_cast<const float*>(residual.data);
  if (ort::Status* status = elementOf(kName, delta, &p.element)) {
    return status;
  }
  void* sum = nullptr;
  if (ort::Status* status = ort::output(context, 0, delta.shape, 2, &p.normed)) {
    return status;
  }
  if (ort::Status* status = ort::output(context, 1, delta.shape, 2, &sum)) {
    return status;
  }
  p.sum = static_cast<float*>(sum);
  if (ort::Status* status = ort::cudaStream(context, &p.stream)) {
    return status;
  }
  return toStatus(kName, cuda::addRmsNorm(p));
}

ort::Status* create(const ort::CustomOp*, const ort::Api*, const ort::KernelInfo* info,
                    void** out) {
  AddRmsNormKernel made = {};
  if (ort::Status* status = ort::attribute(info, "epsilon", &made.epsilon)) {
    return status;
  }
  *out = new (std::nothrow) AddRmsNormKernel(made);
  return *out == nullptr ? refuse("%s: out of memory", kName) : nullptr;
}

ort::CustomOp describe() {
  ort::CustomOp op = cudaOp();
  op.GetName = [](const ort::CustomOp*) { return "AddRmsNorm"; };
  op.GetInputTypeCount = [](const ort::CustomOp*) { return kInputs; };
  op.GetInputType = [](const ort::CustomOp*, size_t i) { return static_cast<int>(kTypes[i]); };
  op.GetInputCharacteristic = [](const ort::CustomOp*, size_t i) {
    return static_cast<int>(i == 2 ? ort::kOptional : ort::kRequired);
  };
  op.GetOutputTypeCount = [](const ort::CustomOp*) { return size_t{2}; };
  op.GetOutputType = [](const ort::CustomOp*, size_t i) {
    return static_cast<int>(i == 0 ? ort::kAnyType : ort::kFloat);
  };
  op.CreateKernelV2 = create;
  op.KernelComputeV2 = compute;
  op.KernelDestroy = [](void* kernel) { delete static_cast<AddRmsNormKernel*>(kernel); };
  return op;
}

}  // namespace

const ort::CustomOp kAddRmsNormOp = describe();

}  // namespace ssa
