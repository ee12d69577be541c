// ops/cuda/token_divergence.cc: ssa.TokenDivergence on the CUDA provider, its shapes, types and checks
//
// inputs   0 hidden_a [T, EA]  1 weight_a [V, EA]  2 hidden_b [T, EB]  3 weight_b [V, EB], all float,
//          float16 or bfloat16  4 targets [T] int64, on the host
// outputs  0 figures [T, 5] fp64: KL(A, B), KL(B, A), A's mass on B's ten best ids, log p of the target
//            in A and in B; nats
//          1 argmax [T, 2] int32: the most probable ids of A and of B
#include "ops/cuda/call.h"

namespace ssa {
namespace {

constexpr const char* kName = "ssa.TokenDivergence";
constexpr size_t kInputs = 5;

bool isHead(const ort::Tensor& hidden, const ort::Tensor& weight, const ort::Tensor& like) {
  return hidden.rank == 2 && weight.rank == 2 && hidden.shape[1] == weight.shape[1] &&
         hidden.type == like.type && weight.type == like.type;
}

ort::Status* check(const ort::Tensor* in) {
  if (!isHead(in[0], in[1], in[0]) || !isHead(in[2], in[3], in[0]) ||
      in[0].shape[0] != in[2].shape[0] || in[1].shape[0] != in[3].shape[0] ||
      in[1].shape[0] < 1 || in[1].shape[0] > INT32_MAX || in[0].shape[0] > INT32_MAX ||
      in[4].elements() != in[0].shape[0]) {
    return refuse(
        "%s: hidden [%lld, %lld] and [%lld, %lld], weight [%lld, %lld] and [%lld, %lld] of types %d, "
        "%d, %d, %d, %lld targets",
        kName, static_cast<long long>(in[0].shape[0]), static_cast<long long>(in[0].shape[1]),
        static_cast<long long>(in[2].shape[0]), static_cast<long long>(in[2].shape[1]),
        static_cast<long long>(in[1].shape[0]), static_cast<long long>(in[1].shape[1]),
        static_cast<long long>(in[3].shape[0]), static_cast<long long>(in[3].shape[1]), in[0].type,
        in[2].type, in[1].type, in[3].type, static_cast<long long>(in[4].elements()));
  }
  const int64_t* target = static_cast<const int64_t*>(in[4].data);
  for (int64_t t = 0; t < in[0].shape[0]; t++) {
    if (target[t] < 0 || target[t] >= in[1].shape[0]) {
      return refuse("%s: target %lld of row %lld; the vocabulary has %lld ids", kName,
                    static_cast<long long>(target[t]), static_cast<long long>(t),
                    static_cast<long long>(in[1].shape[0]));
    }
  }
  return nullptr;
}

ort::Status* outputs(ort::KernelContext* context, cuda::TokenDivergenceParameters* p) {
  const int64_t figures[] = {p->tokens, kDivergenceFigures};
  const int64_t argmax[] = {p->tokens, 2};
  void* out[2] = {};
  for (size_t i = 0; i < 2; i++) {
    if (ort::Status* status = ort::output(context, i, i == 0 ? figures : argmax, 2, &out[i])) {
      return status;
    }
    if (out[i] == nullptr && p->tokens > 0) {
      return refuse("%s: both outputs must be named", kName);
    }
  }
  p->figures = static_cast<double*>(out[0]);
  p->argmax = static_cast<int32_t*>(out[1]);
  return nullptr;
}

ort::Status* compute(void*, ort::KernelContext* context) {
  ort::Tensor in[kInputs];
  for (size_t i = 0; i < kInputs; i++) {
    if (ort::Status* status = ort::input(context, i, &in[i])) {
      return status;
    }
  }
  if (ort::Status* status = checkType(kName, kInputs - 1, in[kInputs - 1], ort::kInt64)) {
    return status;
  }
  if (ort::Status* status = check(in)) {
    return status;
  }
  cuda::TokenDivergenceParameters p = {};
  p.tokens = in[0].shape[0];
  p.vocabulary = in[1].shape[0];
  p.a = {in[0].shape[1], in[0].data, in[1].data};
  p.b = {in[2].shape[1], in[2].data, in[3].data};
  if (ort::Status* status = elementOf(kName, in[0], &p.element)) {
    return status;
  }
  if (ort::Status* status = outputs(context, &p)) {
    return status;
  }
  if (p.tokens == 0) {
    return nullptr;
  }
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
  cuda::Report report = cuda::upload(in[kInputs - 1].data, workspace.memory(), target_bytes, p.stream);
  if (report.done) {
    report = cuda::tokenDivergence(p);
  }
  return toStatus(kName, report);
}

ort::CustomOp describe() {
  ort::CustomOp op = cudaOp();
  op.GetName = [](const ort::CustomOp*) { return "TokenDivergence"; };
  op.GetInputTypeCount = [](const ort::CustomOp*) { return kInputs; };
  op.GetInputType = [](const ort::CustomOp*, size_t i) {
    return static_cast<int>(i == kInputs - 1 ? ort::kInt64 : ort::kAnyType);
  };
  op.GetInputMemoryType = [](const ort::CustomOp*, size_t i) {
    return static_cast<int>(i == kInputs - 1 ? ort::kHostInput : ort::kDefaultMemory);
  };
  op.GetOutputTypeCount = [](const ort::CustomOp*) { return size_t{2}; };
  op.GetOutputType = [](const ort::CustomOp*, size_t i) {
    return static_cast<int>(i == 0 ? ort::kDouble : ort::kInt32);
  };
  op.CreateKernelV2 = [](const ort::CustomOp*, const ort::Api*, const ort::KernelInfo*,
                         void** out) -> ort::Status* {
    // The operator has no state of its own; the kernel only must not be null.
    *out = const_cast<ort::CustomOp*>(&kCudaTokenDivergenceOp);
    return nullptr;
  };
  op.KernelComputeV2 = compute;
  op.KernelDestroy = [](void*) {};
  return op;
}

}  // namespace

const ort::CustomOp kCudaTokenDivergenceOp = describe();

}  // namespace ssa
