// ops/token_log_prob.cc: ssa.TokenLogProb, its shapes, types and checks
//
// inputs   0 hidden [T, E]  1 weight [V, E]  2 targets [T] int64
// outputs  0 logprob [T]  1 argmax [T] int32  2 argmax_logprob [T]
// attributes  isa
#include <cstdint>
#include <new>

#include "ops/operators.h"

namespace ssa {
namespace {

struct TokenLogProbKernel {
  const Kernels* kernels;
};

ort::Status* compute(void* self, ort::KernelContext* context) {
  ort::Tensor hidden;
  ort::Tensor weight;
  ort::Tensor targets;
  ort::Tensor* in[] = {&hidden, &weight, &targets};
  for (size_t i = 0; i < 3; i++) {
    if (ort::Status* status = ort::input(context, i, in[i])) {
      return status;
    }
  }
  if (hidden.rank != 2 || weight.rank != 2 || hidden.shape[1] != weight.shape[1] ||
      weight.shape[0] < 1 || weight.shape[0] > INT32_MAX || targets.elements() != hidden.shape[0]) {
    return refuse(
        "ssa.TokenLogProb: hidden [%lld, %lld], weight [%lld, %lld], %lld targets",
        static_cast<long long>(hidden.shape[0]), static_cast<long long>(hidden.shape[1]),
        static_cast<long long>(weight.shape[0]), static_cast<long long>(weight.shape[1]),
        static_cast<long long>(targets.elements()));
  }
  TokenLogProbParameters p = {};
  p.tokens = hidden.shape[0];
  p.width = hidden.shape[1];
  p.vocabulary = weight.shape[0];
  p.hidden = static_cast<const float*>(hidden.data);
  p.weight = static_cast<const float*>(weight.data);
  p.targets = static_cast<const int64_t*>(targets.data);
  for (int64_t t = 0; t < p.tokens; t++) {
    if (p.targets[t] < 0 || p.targets[t] >= p.vocabulary) {
      return refuse("ssa.TokenLogProb: target %lld of row %lld; the vocabulary has %lld ids",
                    static_cast<long long>(p.targets[t]), static_cast<long long>(t),
                    static_cast<long long>(p.vocabulary));
    }
  }
  void* out[3] = {};
  for (size_t i = 0; i < 3; i++) {
    if (ort::Status* status = ort::output(context, i, &p.tokens, 1, &out[i])) {
      return status;
    }
    if (out[i] == nullptr) {
      return refuse("ssa.TokenLogProb: all three outputs must be named");
    }
  }
  p.logprob = static_cast<float*>(out[0]);
  p.argmax = static_cast<int32_t*>(out[1]);
  p.argmax_logprob = static_cast<float*>(out[2]);
  const Kernels& kernels = *static_cast<TokenLogProbKernel*>(self)->kernels;
  if (kernels.token_log_prob(p, sessionThreads(context)) != Outcome::kDone) {
    return refuse("ssa.TokenLogProb: out of memory at width %lld", static_cast<long long>(p.width));
  }
  return nullptr;
}

ort::Status* create(const ort::CustomOp*, const ort::Api*, const ort::KernelInfo* info,
                    void** out) {
  TokenLogProbKernel made = {};
  if (ort::Status* status = kernelsOf(info, &made.kernels)) {
    return status;
  }
  *out = new (std::nothrow) TokenLogProbKernel(made);
  return *out == nullptr ? refuse("ssa.TokenLogProb: out of memory") : nullptr;
}

ort::CustomOp describe() {
  ort::CustomOp op = {};
  op.version = ort::kApiVersion;
  op.GetName = [](const ort::CustomOp*) { return "TokenLogProb"; };
  op.GetExecutionProviderType = [](const ort::CustomOp*) -> const char* { return nullptr; };
  op.GetInputTypeCount = [](const ort::CustomOp*) { return size_t{3}; };
  op.GetInputType = [](const ort::CustomOp*, size_t i) {
    return static_cast<int>(i == 2 ? ort::kInt64 : ort::kFloat);
  };
  op.GetInputCharacteristic = [](const ort::CustomOp*, size_t) {
    return static_cast<int>(ort::kRequired);
  };
  op.GetInputMemoryType = [](const ort::CustomOp*, size_t) { return 0; };
  op.GetOutputTypeCount = [](const ort::CustomOp*) { return size_t{3}; };
  op.GetOutputType = [](const ort::CustomOp*, size_t i) {
    return static_cast<int>(i == 1 ? ort::kInt32 : ort::kFloat);
  };
  op.GetOutputCharacteristic = [](const ort::CustomOp*, size_t) {
    return static_cast<int>(ort::kRequired);
  };
  op.CreateKernelV2 = create;
  op.KernelComputeV2 = compute;
  op.KernelDestroy = [](void* kernel) { delete static_cast<TokenLogProbKernel*>(kernel); };
  op.GetStartVersion = [](const ort::CustomOp*) { return 1; };
  op.GetEndVersion = [](const ort::CustomOp*) { return 1; };
  return op;
}

}  // namespace

const ort::CustomOp kTokenLogProbOp = describe();

}  // namespace ssa
