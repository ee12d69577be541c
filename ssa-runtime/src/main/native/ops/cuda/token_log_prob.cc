// ops/cuda/token_log_prob.cc: ssa.TokenLogProb on the CUDA provider, its shapes, types and checks
//
// inputs   0 hidden [T, E]  1 weight [V, E], both float, float16 or bfloat16  2 targets [T] int64, on
//          the host
// outputs  0 logprob [T]  1 argmax [T] int32  2 argmax_logprob [T]
#include "ops/cuda/call.h"

namespace ssa {
namespace {

constexpr const char* kName = "ssa.TokenLogProb";

ort::Status* check(const ort::Tensor& hidden, const ort::Tensor& weight,
                   const ort::Tensor& targets) {
  if (hidden.rank != 2 || weight.rank != 2 || hidden.shape[1] != weight.shape[1] ||
      weight.shape[0] < 1 || weight.shape[0] > INT32_MAX || hidden.type != weight.type ||
      targets.elements() != hidden.shape[0]) {
    return refuse("%s: hidden [%lld, %lld] of type %d, weight [%lld, %lld] of type %d, %lld targets",
                  kName, static_cast<long long>(hidden.shape[0]),
                  static_cast<long long>(hidden.shape[1]), hidden.type,
                  static_cast<long long>(weight.shape[0]), static_cast<long long>(weight.shape[1]),
                  weight.type, static_cast<long long>(targets.elements()));
  }
  const int64_t* target = static_cast<const int64_t*>(targets.data);
  for (int64_t t = 0; t < hidden.shape[0]; t++) {
    if (target[t] < 0 || target[t] >= weight.shape[0]) {
      return refuse("%s: target %lld of row %lld; the vocabulary has %lld ids", kName,
                    static_cast<long long>(target[t]), static_cast<long long>(t),
                    static_cast<long long>(weight.shape[0]));
    }
  }
  return nullptr;
}

ort::Status* compute(void*, ort::KernelContext* context) {
  ort::Tensor in[3];
  for (size_t i = 0; i < 3; i++) {
    if (ort::Status* status = ort::input(context, i, &in[i])) {
      return status;
    }
  }
  if (ort::Status* status = checkType(kName, 2, in[2], ort::kInt64)) {
    return status;
  }
  if (ort::Status* status = check(in[0], in[1], in[2])) {
    return status;
  }
  cuda::TokenLogProbParameters p = {};
  p.tokens = in[0].shape[0];
  p.width = in[0].shape[1];
  p.vocabulary = in[1].shape[0];
  p.hidden = in[0].data;
  p.weight = in[1].data;
  if (ort::Status* status = elementOf(kName, in[0], &p.element)) {
    return status;
  }
  void* out[3] = {};
  for (size_t i = 0; i < 3; i++) {
    if (ort::Status* status = ort::output(context, i, &p.tokens, 1, &out[i])) {
      return status;
    }
    if (out[i] == nullptr && p.tokens > 0) {
      return refuse("%s: all three outputs must be named", kName);
    }
  }
  if (p.tokens == 0) {
    return nullptr;
  }
  p.logprob = static_cast<float*>(out[0]);
  p.argmax = static_cast<int32_t*>(out[1]);
  p.argmax_logprob = static_cast<float*>(out[2]);
  if (ort::Status* status = ort::cudaStream(context, &p.stream)) {
    return status;
  }
  Workspace workspace;
  size_t target_bytes = static_cast<size_t>(p.tokens) * sizeof(int64_t);
  size_t before = (target_bytes + 255) / 256 * 256;
  if (ort::Status* status = workspace.take(kName, context, before + workspaceBytes(p))) {
    return status;
  }
  p.targets = reinterpret_cast<const int64_t*>(workspace.memory());
  p.workspace = workspace.memory() + before;
  cuda::Report report = cuda::upload(in[2].data, workspace.memory(), target_bytes, p.stream);
  if (report.done) {
    report = cuda::tokenLogProb(p);
  }
  return toStatus(kName, report);
}

ort::CustomOp describe() {
  ort::CustomOp op = cudaOp();
  op.GetName = [](const ort::CustomOp*) { return "TokenLogProb"; };
  op.GetInputTypeCount = [](const ort::CustomOp*) { return size_t{3}; };
  op.GetInputType = [](const ort::CustomOp*, size_t i) {
    return static_cast<int>(i == 2 ? ort::kInt64 : ort::kAnyType);
  };
  op.GetInputMemoryType = [](const ort::CustomOp*, size_t i) {
    return static_cast<int>(i == 2 ? ort::kHostInput : ort::kDefaultMemory);
  };
  op.GetOutputTypeCount = [](const ort::CustomOp*) { return size_t{3}; };
  op.GetOutputType = [](const ort::CustomOp*, size_t i) {
    return static_cast<int>(i == 1 ? ort::kInt32 : ort::kFloat);
  };
  op.CreateKernelV2 = [](const ort::CustomOp*, const ort::Api*, const ort::KernelInfo*,
                         void** out) -> ort::Status* {
    // The operator has no state of its own; the kernel only must not be null.
    *out = const_cast<ort::CustomOp*>(&kCudaTokenLogProbOp);
    return nullptr;
  };
  op.KernelComputeV2 = compute;
  op.KernelDestroy = [](void*) {};
  return op;
}

}  // namespace

const ort::CustomOp kCudaTokenLogProbOp = describe();

}  // namespace ssa
