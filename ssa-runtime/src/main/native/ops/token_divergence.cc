// ops/token_divergence.cc: ssa.TokenDivergence, its shapes, types and checks
//
// inputs   0 hidden_a [T, EA]  1 weight_a [V, EA]  2 hidden_b [T, EB]  3 weight_b [V, EB]
//          4 targets [T] int64
// outputs  0 figures [T, 5] fp64: KL(A, B), KL(B, A), A's mass on B's ten best ids, log p of the target
//            in A and in B; nats
//          1 argmax [T, 2] int32: the most probable ids of A and of B
// attributes  isa
#include <cstdint>
#include <new>

#include "ops/operators.h"

namespace ssa {
namespace {

constexpr size_t kInputs = 5;

struct TokenDivergenceKernel {
  const Kernels* kernels;
};

bool isHead(const ort::Tensor& hidden, const ort::Tensor& weight) {
  return hidden.rank == 2 && weight.rank == 2 && hidden.shape[1] == weight.shape[1];
}

ort::Status* check(const ort::Tensor* in) {
  if (!isHead(in[0], in[1]) || !isHead(in[2], in[3]) || in[0].shape[0] != in[2].shape[0] ||
      in[1].shape[0] != in[3].shape[0] || in[1].shape[0] < 1 || in[1].shape[0] > INT32_MAX ||
      in[4].elements() != in[0].shape[0]) {
    return refuse(
        "ssa.TokenDivergence: hidden [%lld, %lld] and [%lld, %lld], weight [%lld, %lld] and "
        "[%lld, %lld], %lld targets",
        static_cast<long long>(in[0].shape[0]), static_cast<long long>(in[0].shape[1]),
        static_cast<long long>(in[2].shape[0]), static_cast<long long>(in[2].shape[1]),
        static_cast<long long>(in[1].shape[0]), static_cast<long long>(in[1].shape[1]),
        static_cast<long long>(in[3].shape[0]), static_cast<long long>(in[3].shape[1]),
        static_cast<long long>(in[4].elements()));
  }
  const int64_t* target = static_cast<const int64_t*>(in[4].data);
  for (int64_t t = 0; t < in[4].elements(); t++) {
    if (target[t] < 0 || target[t] >= in[1].shape[0]) {
      return refuse("ssa.TokenDivergence: target %lld of row %lld; the vocabulary has %lld ids",
                    static_cast<long long>(target[t]), static_cast<long long>(t),
                    static_cast<long long>(in[1].shape[0]));
    }
  }
  return nullptr;
}

DivergenceSide side(const ort::Tensor& hidden, const ort::Tensor& weight) {
  return {hidden.shape[1], static_cast<const float*>(hidden.data),
          static_cast<const float*>(weight.data)};
}

ort::Status* compute(void* self, ort::KernelContext* context) {
  ort::Tensor in[kInputs];
  for (size_t i = 0; i < kInputs; i++) {
    if (ort::Status* status = ort::input(context, i, &in[i])) {
      return status;
    }
  }
  if (ort::Status* status = check(in)) {
    return status;
  }
  TokenDivergenceParameters p = {};
  p.tokens = in[0].shape[0];
  p.vocabulary = in[1].shape[0];
  p.a = side(in[0], in[1]);
  p.b = side(in[2], in[3]);
  p.targets = static_cast<const int64_t*>(in[4].data);
  const int64_t figures[] = {p.tokens, kDivergenceFigures};
  const int64_t argmax[] = {p.tokens, 2};
  void* out[2] = {};
  for (size_t i = 0; i < 2; i++) {
    if (ort::Status* status = ort::output(context, i, i == 0 ? figures : argmax, 2, &out[i])) {
      return status;
    }
    if (out[i] == nullptr) {
      return refuse("ssa.TokenDivergence: both outputs must be named");
    }
  }
  p.figures = static_cast<double*>(out[0]);
  p.argmax = static_cast<int32_t*>(out[1]);
  const Kernels& kernels = *static_cast<TokenDivergenceKernel*>(self)->kernels;
  if (kernels.token_divergence(p, sessionThreads(context)) != Outcome::kDone) {
    return refuse("ssa.TokenDivergence: out of memory at widths %lld and %lld",
                  static_cast<long long>(p.a.width), static_cast<long long>(p.b.width));
  }
  return nullptr;
}

ort::Status* create(const ort::CustomOp*, const ort::Api*, const ort::KernelInfo* info,
                    void** out) {
  TokenDivergenceKernel made = {};
  if (ort::Status* status = kernelsOf(info, &made.kernels)) {
    return status;
  }
  *out = new (std::nothrow) TokenDivergenceKernel(made);
  return *out == nullptr ? refuse("ssa.TokenDivergence: out of memory") : nullptr;
}

ort::CustomOp describe() {
  ort::CustomOp op = {};
  op.version = ort::kApiVersion;
  op.GetName = [](const ort::CustomOp*) { return "TokenDivergence"; };
  op.GetExecutionProviderType = [](const ort::CustomOp*) -> const char* { return nullptr; };
  op.GetInputTypeCount = [](const ort::CustomOp*) { return kInputs; };
  op.GetInputType = [](const ort::CustomOp*, size_t i) {
    return static_cast<int>(i == kInputs - 1 ? ort::kInt64 : ort::kFloat);
  };
  op.GetInputCharacteristic = [](const ort::CustomOp*, size_t) {
    return static_cast<int>(ort::kRequired);
  };
  op.GetInputMemoryType = [](const ort::CustomOp*, size_t) { return 0; };
  op.GetOutputTypeCount = [](const ort::CustomOp*) { return size_t{2}; };
  op.GetOutputType = [](const ort::CustomOp*, size_t i) {
    return static_cast<int>(i == 0 ? ort::kDouble : ort::kInt32);
  };
  op.GetOutputCharacteristic = [](const ort::CustomOp*, size_t) {
    return static_cast<int>(ort::kRequired);
  };
  op.CreateKernelV2 = create;
  op.KernelComputeV2 = compute;
  op.KernelDestroy = [](void* kernel) { delete static_cast<TokenDivergenceKernel*>(kernel); };
  op.GetStartVersion = [](const ort::CustomOp*) { return 1; };
  op.GetEndVersion = [](const ort::CustomOp*) { return 1; };
  return op;
}

}  // namespace

const ort::CustomOp kTokenDivergenceOp = describe();

}  // namespace ssa
