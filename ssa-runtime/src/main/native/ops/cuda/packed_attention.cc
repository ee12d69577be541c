// ops/cuda/packed_attention.cc: ssa.PackedAttention, its shapes, types and checks
//
// inputs   0 packed [T, (HQ + 2 H) D + 3 HQ] float, float16 or bfloat16: of each token q, k, v and, if
//            gated, the gates; tokens behind the last sequence are padding
//          1 positions [T] int64  2 cos [P, D]  3 sin [P, D] float  (P = 0: no rotary)
//          4 page_table  5 sequence_table  6 storage: of ssa.PageTable, which has checked what follows
//          on the host: 7 sequence_starts [S + 1] int64  8 mode [4] int64 (random blocks:
//            [4 + S], see readMode)
//          9 decoding [1] int64: whether one new token of a sequence is decoded, else it is read as
//            several are  10 past_tokens [S] int64 (optional: 0)
//          11 … what is asked beside the answer (ops/asked.h; optional)
// outputs  0 out [T, HQ D] as packed  1 selected [T, H, k] int32 (k = 0 in full mode)
//          2 … what is told of that, fp64
// attributes  query_heads, kv_heads, head_dim, layer, pool (-1: none),
//          gated (0: no gates, 1: before the sigmoid, 2: behind it)
#include <algorithm>
#include <new>
#include <utility>

#include "kernels/cuda/asked.h"
#include "kernels/pool.h"
#include "ops/asked.h"
#include "ops/cuda/call.h"

namespace ssa {
namespace {

constexpr const char* kName = "ssa.PackedAttention";
constexpr AskedList kAsked(true);
constexpr size_t kOwnOutputs = 2;
enum Input : size_t {
  kPacked,
  kPositions,
  kCos,
  kSin,
  kPageTable,
  kSequenceTable,
  kStorage,
  kStarts,
  kMode,
  kDecoding,
  kPast,
  kOwnInputs
};
constexpr size_t kInputs = kOwnInputs + kAsked.inputs();
constexpr InputKind kOwnKinds[kOwnInputs] = {{ort::kAnyType},
                                       {ort::kInt64},
                                       {ort::kFloat},
                                       {ort::kFloat},
                                       {ort::kInt64},
                                       {ort::kInt64},
                                       {ort::kUint8},
                                       {ort::kInt64, ort::kHostInput},
                                       {ort::kInt64, ort::kHostInput},
                                       {ort::kInt64, ort::kHostInput},
                                       {ort::kInt64, ort::kHostInput, ort::kOptional}};

InputKind kindOf(size_t input) {
  if (input < kOwnInputs) {
    return kOwnKinds[input];
  }
  AskedInput asked = kAsked.input(input - kOwnInputs);
  return {asked.type, asked.memory, ort::kOptional};
}

struct PackedAttentionKernel {
  int64_t query_heads;
  int64_t kv_heads;
  int64_t head_dim;
  int64_t gated;
  int64_t layer;
  int64_t pool;

  int64_t width() const {
    return (query_heads + 2 * kv_heads) * head_dim + (gated != 0 ? 3 * query_heads : 0);
  }
};

ort::Status* checkShapes(const PackedAttentionKernel& kernel, const ort::Tensor* in) {
  int64_t tokens = in[kPacked].shape[0];
  int64_t sequences = in[kStarts].elements() - 1;
  if (in[kPacked].rank != 2 || in[kPacked].shape[1] != kernel.width()) {
    return refuse("%s: packed is [%lld, %lld]; %lld columns are needed", kName,
                  static_cast<long long>(tokens), static_cast<long long>(in[kPacked].shape[1]),
                  static_cast<long long>(kernel.width()));
  }
  if (in[kPositions].elements() != tokens || in[kCos].elements() != in[kSin].elements() ||
      in[kSequenceTable].elements() != 2 * (sequences + 1) || in[kPageTable].rank != 2 ||
      in[kPageTable].shape[0] != sequences || in[kDecoding].elements() != 1) {
    return refuse("%s: positions, tables and sequences of another run than the %lld tokens", kName,
                  static_cast<long long>(tokens));
  }
  return nullptr;
}

void measure(const ort::Tensor* in, cuda::AttentionParameters* p) {
  const int64_t* starts = static_cast<const int64_t*>(in[kStarts].data);
  const int64_t* past = static_cast<const int64_t*>(in[kPast].data);
  p->sequences = in[kStarts].elements() - 1;
  p->least_new_tokens = p->tokens;
  for (int64_t s = 0; s < p->sequences; s++) {
    int64_t fresh = starts[s + 1] - starts[s];
    p->most_tokens = std::max(p->most_tokens, fresh + (past == nullptr ? 0 : past[s]));
    p->most_new_tokens = std::max(p->most_new_tokens, fresh);
    p->least_new_tokens = fresh > 0 ? std::min(p->least_new_tokens, fresh) : p->least_new_tokens;
  }
}

ort::Status* fill(const PackedAttentionKernel& kernel, const ort::Tensor* in,
                  cuda::AttentionParameters* p) {
  p->tokens = in[kPacked].shape[0];
  p->query_heads = kernel.query_heads;
  p->kv_heads = kernel.kv_heads;
  p->layout = {cuda::Element::kFloat32, kernel.kv_heads, kernel.head_dim,
               p->mode.kind == ModeKind::kThreeBranch};
  if (ort::Status* status = elementOf(kName, in[kPacked], &p->layout.element)) {
    return status;
  }
  if (kernel.pool >= 0) {
    PoolShape shape = {};
    auto format = static_cast<PageFormat>(static_cast<int64_t>(PageFormat::kCudaFloat32) +
                                          static_cast<int64_t>(p->layout.element));
    if (shapeOfPool(kernel.pool, &shape) != PoolOutcome::kDone || shape.format != format ||
        kernel.layer < 0 || kernel.layer >= shape.layers) {
      return refuse("%s: layer %lld does not fit pool %lld", kName,
                    static_cast<long long>(kernel.layer), static_cast<long long>(kernel.pool));
    }
    if (p->mode.kind == ModeKind::kThreeBranch && !shape.value_sums) {
      return refuse("%s: pool %lld keeps no sums of values, which the compressed branch needs",
                    kName, static_cast<long long>(kernel.pool));
    }
    p->layout.value_sums = shape.value_sums;
    p->page_offset = kernel.layer * shape.layer_bytes;
  }
  int64_t width = p->layout.elementBytes();
  const char* row = static_cast<const char*>(in[kPacked].data);
  p->row_stride = kernel.width();
  p->q = row;
  p->k = row + kernel.query_heads * kernel.head_dim * width;
  p->v = row + (kernel.query_heads + kernel.kv_heads) * kernel.head_dim * width;
  p->gates = kernel.gated != 0
                 ? row + (kernel.query_heads + 2 * kernel.kv_heads) * kernel.head_dim * width
                 : nullptr;
  p->raw_gates = kernel.gated == 1;
  bool rotary = in[kCos].elements() > 0;
  p->cos = rotary ? static_cast<const float*>(in[kCos].data) : nullptr;
  p->sin = rotary ? static_cast<const float*>(in[kSin].data) : nullptr;
  p->positions = static_cast<const int64_t*>(in[kPositions].data);
  p->pages = static_cast<char* const*>(in[kPageTable].data);
  p->page_columns = in[kPageTable].shape[1];
  p->sequence_starts = static_cast<const int64_t*>(in[kSequenceTable].data);
  p->past_tokens = p->sequence_starts + in[kStarts].elements();
  p->host_starts = static_cast<const int64_t*>(in[kStarts].data);
  p->host_past = static_cast<const int64_t*>(in[kPast].data);
  p->decoding = *static_cast<const int64_t*>(in[kDecoding].data) != 0;
  measure(in, p);
  return nullptr;
}

ort::Status* readAsked(const PackedAttentionKernel& kernel, const ort::Tensor* in,
                       const cuda::AttentionParameters& p, ort::KernelContext* context,
                       Asked* out) {
  auto copy = [](const void* from, void* to, size_t bytes, void* stream) {
    return toStatus(kName, cuda::copyDevice(from, to, bytes, stream));
  };
  AskedCall call = {kName,
                    kernel.layer,
                    p.mode,
                    p.query_heads,
                    p.sequences,
                    static_cast<const int64_t*>(in[kStarts].data),
                    static_cast<const int64_t*>(in[kPast].data),
                    context,
                    copy,
                    p.stream};
  return kAsked.read(in + kOwnInputs, call, kOwnOutputs, out);
}

ort::Status* attend(cuda::AttentionParameters* p, const Asked& asked, const ort::Tensor* in,
                    ort::KernelContext* context) {
  cuda::DeviceAsked call = {asked, static_cast<const int64_t*>(in[kStarts].data),
                            static_cast<const int64_t*>(in[kPast].data)};
  Workspace workspace;
  if (ort::Status* status = workspace.take(kName, context, workspaceBytes(*p, call))) {
    return status;
  }
  p->workspace = workspace.memory();
  return toStatus(kName, cuda::attention(*p, call));
}

ort::Status* compute(void* self, ort::KernelContext* context) {
  const PackedAttentionKernel& kernel = *static_cast<PackedAttentionKernel*>(self);
  ort::Tensor in[kInputs];
  for (size_t i = 0; i < kInputs; i++) {
    if (ort::Status* status = ort::input(context, i, &in[i])) {
      return status;
    }
    if (ort::Status* status = checkType(kName, i, in[i], kindOf(i).type)) {
      return status;
    }
  }
  if (ort::Status* status = checkShapes(kernel, in)) {
    return status;
  }
  cuda::AttentionParameters p = {};
  if (ort::Status* status = readMode(kName, in[kMode], &p.mode)) {
    return status;
  }
  if (ort::Status* status = fill(kernel, in, &p)) {
    return status;
  }
  if (ort::Status* status =
          readDraws(kName, in[kMode], p.sequences, kernel.layer, &p.draws)) {
    return status;
  }
  const int64_t out_shape[] = {p.tokens, p.query_heads * kernel.head_dim};
  const int64_t selected_shape[] = {p.tokens, p.kv_heads, p.mode.block_count};
  void* selected = nullptr;
  if (ort::Status* status = ort::output(context, 0, out_shape, 2, &p.out)) {
    return status;
  }
  if (ort::Status* status = ort::output(context, 1, selected_shape, 3, &selected)) {
    return status;
  }
  p.selected = static_cast<int32_t*>(selected);
  if (ort::Status* status = ort::cudaStream(context, &p.stream)) {
    return status;
  }
  Asked asked = {};
  if (ort::Status* status = readAsked(kernel, in, p, context, &asked)) {
    return status;
  }
  if (p.tokens == 0) {
    return nullptr;
  }
  if (p.mode.kind != ModeKind::kFull && p.selected == nullptr) {
    return refuse("%s: output 'selected' must be named", kName);
  }
  return attend(&p, asked, in, context);
}

ort::Status* create(const ort::CustomOp*, const ort::Api*, const ort::KernelInfo* info,
                    void** out) {
  PackedAttentionKernel made = {};
  for (auto [name, to] : {std::pair<const char*, int64_t*>{"query_heads", &made.query_heads},
                          {"kv_heads", &made.kv_heads},
                          {"head_dim", &made.head_dim},
                          {"gated", &made.gated},
                          {"layer", &made.layer},
                          {"pool", &made.pool}}) {
    if (ort::Status* status = ort::attribute(info, name, to)) {
      return status;
    }
  }
  if (made.kv_heads < 1 || made.query_heads < 1 || made.query_heads % made.kv_heads != 0) {
    return refuse("%s: %lld query heads over %lld KV heads", kName,
                  static_cast<long long>(made.query_heads), static_cast<long long>(made.kv_heads));
  }
  *out = new (std::nothrow) PackedAttentionKernel(made);
  return *out == nullptr ? refuse("%s: out of memory", kName) : nullptr;
}

ort::CustomOp describe() {
  ort::CustomOp op = cudaOp();
  op.GetName = [](const ort::CustomOp*) { return "PackedAttention"; };
  op.GetInputTypeCount = [](const ort::CustomOp*) { return kInputs; };
  op.GetInputType = [](const ort::CustomOp*, size_t i) { return static_cast<int>(kindOf(i).type); };
  op.GetInputMemoryType = [](const ort::CustomOp*, size_t i) {
    return static_cast<int>(kindOf(i).memory);
  };
  op.GetInputCharacteristic = [](const ort::CustomOp*, size_t i) {
    return static_cast<int>(kindOf(i).characteristic);
  };
  op.GetOutputTypeCount = [](const ort::CustomOp*) { return kOwnOutputs + kAsked.outputs(); };
  op.GetOutputType = [](const ort::CustomOp*, size_t i) {
    return static_cast<int>(i == 0 ? ort::kAnyType : i == 1 ? ort::kInt32 : ort::kDouble);
  };
  op.GetOutputCharacteristic = [](const ort::CustomOp*, size_t i) {
    return static_cast<int>(i >= kOwnOutputs ? ort::kOptional : ort::kRequired);
  };
  op.CreateKernelV2 = create;
  op.KernelComputeV2 = compute;
  op.KernelDestroy = [](void* kernel) { delete static_cast<PackedAttentionKernel*>(kernel); };
  return op;
}

}  // namespace

const ort::CustomOp kPackedAttentionOp = describe();

}  // namespace ssa
