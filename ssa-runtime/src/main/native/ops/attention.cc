// ops/attention.cc: ssa.Attention, its shapes, types and checks
//
// inputs   0 q [T, HQ D]  1 k [T, H D]  2 v [T, H D]  3 gates [T, 3 HQ] (optional)
//          4 positions [T] int64  5 cos [P, D]  6 sin [P, D]  (optional, together)
//          7 sequence_starts [S + 1] int64  8 mode [4] int64: kind, block size, block count, window
//          (random blocks: [4 + S], see readMode)
//          9 pages [S, P] int64  10 past_tokens [S] int64  11 copies [C, 2] int64 (with a pool)
//          12 … what is asked beside the answer (ops/asked.h; optional)
// outputs  0 out [T, HQ D]  1 selected [T, H, k] int32 (k = 0 in full mode)
//          2 … what is told of that, fp64
// attributes  query_heads, kv_heads, isa, pool (-1: none, the sequences are whole), layer
#include <cstring>
#include <initializer_list>
#include <new>

#include "ops/asked.h"
#include "ops/operators.h"
#include "ops/pages.h"

namespace ssa {
namespace {

constexpr const char* kName = "ssa.Attention";
constexpr AskedList kAsked(false);
constexpr size_t kOwnOutputs = 2;
enum Input : size_t {
  kQ,
  kK,
  kV,
  kGates,
  kPositions,
  kCos,
  kSin,
  kStarts,
  kMode,
  kPages,
  kPast,
  kCopies,
  kOwnInputs
};
constexpr size_t kInputs = kOwnInputs + kAsked.inputs();
constexpr ort::ElementType kOwnTypes[kOwnInputs] = {
    ort::kFloat, ort::kFloat, ort::kFloat, ort::kFloat, ort::kInt64, ort::kFloat,
    ort::kFloat, ort::kInt64, ort::kInt64, ort::kInt64, ort::kInt64, ort::kInt64};

ort::ElementType typeOf(size_t input) {
  return input < kOwnInputs ? kOwnTypes[input] : kAsked.input(input - kOwnInputs).type;
}

struct AttentionKernel {
  int64_t query_heads;
  int64_t kv_heads;
  int64_t pool;
  int64_t layer;
  const Kernels* kernels;
};

ort::Status* checkSequences(const ort::Tensor& starts, AttentionParameters* p) {
  p->sequences = starts.elements() - 1;
  p->sequence_starts = static_cast<const int64_t*>(starts.data);
  if (starts.rank != 1 || p->sequences < 0) {
    return refuse("ssa.Attention: sequence_starts needs one axis and at least one entry");
  }
  int64_t before = 0;
  for (int64_t s = 0; s <= p->sequences; s++) {
    int64_t at = p->sequence_starts[s];
    if (at < before || at > p->tokens || (s == 0 && at != 0) ||
        (s == p->sequences && at != p->tokens)) {
      return refuse("ssa.Attention: sequence_starts[%lld] = %lld; ascending from 0 to %lld",
                    static_cast<long long>(s), static_cast<long long>(at),
                    static_cast<long long>(p->tokens));
    }
    before = at;
  }
  return nullptr;
}

ort::Status* checkRotary(const ort::Tensor* in, AttentionParameters* p) {
  const ort::Tensor& cos = in[kCos];
  const ort::Tensor& sin = in[kSin];
  const ort::Tensor& positions = in[kPositions];
  if (cos.data == nullptr && sin.data == nullptr && positions.data == nullptr) {
    return nullptr;
  }
  if (cos.data == nullptr || sin.data == nullptr || positions.data == nullptr) {
    return refuse("ssa.Attention: positions, cos and sin come together");
  }
  if (cos.rank != 2 || sin.rank != 2 || cos.shape[1] != p->head_dim ||
      sin.shape[1] != p->head_dim || cos.shape[0] != sin.shape[0]) {
    return refuse("ssa.Attention: cos and sin must be [P, %lld]",
                  static_cast<long long>(p->head_dim));
  }
  if (positions.elements() != p->tokens) {
    return refuse("ssa.Attention: %lld positions for %lld tokens",
                  static_cast<long long>(positions.elements()), static_cast<long long>(p->tokens));
  }
  const int64_t* position = static_cast<const int64_t*>(positions.data);
  for (int64_t t = 0; t < p->tokens; t++) {
    if (position[t] < 0 || position[t] >= cos.shape[0]) {
      return refuse("ssa.Attention: position %lld of token %lld; the table has %lld rows",
                    static_cast<long long>(position[t]), static_cast<long long>(t),
                    static_cast<long long>(cos.shape[0]));
    }
  }
  p->cos = static_cast<const float*>(cos.data);
  p->sin = static_cast<const float*>(sin.data);
  p->positions = position;
  return nullptr;
}

ort::Status* checkHeads(const AttentionKernel& kernel, const ort::Tensor* in,
                        AttentionParameters* p) {
  const ort::Tensor& q = in[kQ];
  const ort::Tensor& k = in[kK];
  const ort::Tensor& v = in[kV];
  p->query_heads = kernel.query_heads;
  p->kv_heads = kernel.kv_heads;
  if (q.rank != 2 || k.rank != 2 || v.rank != 2 || q.shape[1] % p->query_heads != 0) {
    return refuse("ssa.Attention: q, k, v must be [T, heads x D]");
  }
  p->tokens = q.shape[0];
  p->head_dim = q.shape[1] / p->query_heads;
  if (p->head_dim < 16 || p->head_dim > 256 || p->head_dim % 16 != 0) {
    return refuse("ssa.Attention: head dimension %lld; multiples of 16 from 16 to 256",
                  static_cast<long long>(p->head_dim));
  }
  for (const ort::Tensor* kv : {&k, &v}) {
    if (kv->shape[0] != p->tokens || kv->shape[1] != p->kv_heads * p->head_dim) {
      return refuse("ssa.Attention: k or v is [%lld, %lld], q asks for [%lld, %lld]",
                    static_cast<long long>(kv->shape[0]), static_cast<long long>(kv->shape[1]),
                    static_cast<long long>(p->tokens),
                    static_cast<long long>(p->kv_heads * p->head_dim));
    }
  }
  const ort::Tensor& gates = in[kGates];
  if (gates.data != nullptr && gates.elements() != p->tokens * p->query_heads * 3) {
    return refuse("ssa.Attention: %lld gates for %lld tokens of %lld heads",
                  static_cast<long long>(gates.elements()), static_cast<long long>(p->tokens),
                  static_cast<long long>(p->query_heads));
  }
  p->q = static_cast<const float*>(q.data);
  p->k = static_cast<const float*>(k.data);
  p->v = static_cast<const float*>(v.data);
  p->gates = static_cast<const float*>(gates.data);
  return nullptr;
}

ort::Status* compute(void* self, ort::KernelContext* context) {
  const AttentionKernel& kernel = *static_cast<AttentionKernel*>(self);
  ort::Tensor in[kInputs];
  for (size_t i = 0; i < kInputs; i++) {
    if (ort::Status* status = ort::input(context, i, &in[i])) {
      return status;
    }
    if (in[i].data != nullptr && in[i].type != typeOf(i)) {
      return refuse("ssa.Attention: input %zu has element type %d", i, in[i].type);
    }
  }
  AttentionParameters p = {};
  if (ort::Status* status = checkHeads(kernel, in, &p)) {
    return status;
  }
  if (ort::Status* status = readMode("ssa.Attention", in[kMode], &p.mode)) {
    return status;
  }
  if (ort::Status* status = checkSequences(in[kStarts], &p)) {
    return status;
  }
  if (ort::Status* status =
          readDraws("ssa.Attention", in[kMode], p.sequences, kernel.layer, &p.draws)) {
    return status;
  }
  if (ort::Status* status = checkRotary(in, &p)) {
    return status;
  }
  const int64_t out_shape[] = {p.tokens, p.query_heads * p.head_dim};
  const int64_t selected_shape[] = {p.tokens, p.kv_heads, p.mode.block_count};
  void* out = nullptr;
  void* selected = nullptr;
  if (ort::Status* status = ort::output(context, 0, out_shape, 2, &out)) {
    return status;
  }
  if (ort::Status* status = ort::output(context, 1, selected_shape, 3, &selected)) {
    return status;
  }
  p.out = static_cast<float*>(out);
  p.selected = static_cast<int32_t*>(selected);
  if (p.mode.kind != ModeKind::kFull && p.selected == nullptr) {
    return refuse("ssa.Attention: output 'selected' must be named");
  }
  if (p.tokens == 0 && absent(in[kOwnInputs])) {
    return nullptr;
  }
  CallPages pages;
  PageInputs paged = {kernel.pool, kernel.layer, &in[kPages], &in[kPast], &in[kCopies]};
  if (ort::Status* status = pages.resolve(paged, &p)) {
    return status;
  }
  auto copy = [](const void* from, void* to, size_t bytes, void*) -> ort::Status* {
    std::memcpy(to, from, bytes);
    return nullptr;
  };
  AskedCall call = {kName,         kernel.layer,      p.mode,  p.query_heads, p.sequences,
                    p.sequence_starts, p.past_tokens, context, copy,          nullptr};
  if (ort::Status* status = kAsked.read(in + kOwnInputs, call, kOwnOutputs, &p.asked)) {
    return status;
  }
  if (p.tokens == 0) {
    return nullptr;
  }
  if (kernel.kernels->attention(p, sessionThreads(context)) != Outcome::kDone) {
    return refuse("ssa.Attention: out of memory at %lld tokens, %lld query heads",
                  static_cast<long long>(p.tokens), static_cast<long long>(p.query_heads));
  }
  return nullptr;
}

ort::Status* create(const ort::CustomOp*, const ort::Api*, const ort::KernelInfo* info,
                    void** out) {
  AttentionKernel made = {};
  if (ort::Status* status = ort::attribute(info, "query_heads", &made.query_heads)) {
    return status;
  }
  if (ort::Status* status = ort::attribute(info, "kv_heads", &made.kv_heads)) {
    return status;
  }
  if (ort::Status* status = ort::attribute(info, "pool", &made.pool)) {
    return status;
  }
  if (ort::Status* status = ort::attribute(info, "layer", &made.layer)) {
    return status;
  }
  if (ort::Status* status = kernelsOf(info, &made.kernels)) {
    return status;
  }
  if (made.kv_heads < 1 || made.query_heads < 1 || made.query_heads % made.kv_heads != 0) {
    return refuse("ssa.Attention: %lld query heads over %lld KV heads",
                  static_cast<long long>(made.query_heads), static_cast<long long>(made.kv_heads));
  }
  *out = new (std::nothrow) AttentionKernel(made);
  return *out == nullptr ? refuse("ssa.Attention: out of memory") : nullptr;
}

ort::CustomOp describe() {
  ort::CustomOp op = {};
  op.version = ort::kApiVersion;
  op.GetName = [](const ort::CustomOp*) { return "Attention"; };
  op.GetExecutionProviderType = [](const ort::CustomOp*) -> const char* { return nullptr; };
  op.GetInputTypeCount = [](const ort::CustomOp*) { return kInputs; };
  op.GetInputType = [](const ort::CustomOp*, size_t i) { return static_cast<int>(typeOf(i)); };
  op.GetInputCharacteristic = [](const ort::CustomOp*, size_t i) {
    bool optional = (i >= kGates && i <= kSin) || i >= kPages;
    return static_cast<int>(optional ? ort::kOptional : ort::kRequired);
  };
  op.GetInputMemoryType = [](const ort::CustomOp*, size_t) { return 0; };
  op.GetOutputTypeCount = [](const ort::CustomOp*) { return kOwnOutputs + kAsked.outputs(); };
  op.GetOutputType = [](const ort::CustomOp*, size_t i) {
    return static_cast<int>(i == 0 ? ort::kFloat : i == 1 ? ort::kInt32 : ort::kDouble);
  };
  op.GetOutputCharacteristic = [](const ort::CustomOp*, size_t i) {
    return static_cast<int>(i >= kOwnOutputs ? ort::kOptional : ort::kRequired);
  };
  op.CreateKernelV2 = create;
  op.KernelComputeV2 = compute;
  op.KernelDestroy = [](void* kernel) { delete static_cast<AttentionKernel*>(kernel); };
  op.GetStartVersion = [](const ort::CustomOp*) { return 1; };
  op.GetEndVersion = [](const ort::CustomOp*) { return 1; };
  return op;
}

}  // namespace

const ort::CustomOp kAttentionOp = describe();

}  // namespace ssa
