// ops/spans.cc: the stretches whose mass a call tells and the blocks that it has to take, checked
#include "ops/spans.h"

#include <algorithm>

#include "ops/operators.h"

namespace ssa {
namespace {

// A tensor of no elements is there, and may have no memory.
bool absent(const ort::Tensor& tensor) { return tensor.rank == 0 && tensor.data == nullptr; }

// Rows of three numbers whose first is a sequence, in their order.
ort::Status* checkRows(const char* what, const ort::Tensor& in, int64_t sequences) {
  if (in.rank != 2 || in.shape[1] != 3) {
    return refuse("ssa.Attention: %s must be [N, 3]", what);
  }
  const int64_t* rows = static_cast<const int64_t*>(in.data);
  int64_t before = 0;
  for (int64_t i = 0; i < in.shape[0]; i++) {
    int64_t sequence = rows[3 * i];
    if (sequence < before || sequence >= sequences) {
      return refuse("ssa.Attention: %s of sequence %lld; ascending sequences below %lld", what,
                    static_cast<long long>(sequence), static_cast<long long>(sequences));
    }
    before = sequence;
  }
  return nullptr;
}

ort::Status* readForced(const ort::Tensor& in, AttentionParameters* p) {
  if (in.elements() == 0) {
    return nullptr;
  }
  if (ort::Status* status = checkRows("forced blocks", in, p->sequences)) {
    return status;
  }
  if (p->mode.kind == ModeKind::kFull) {
    return refuse("ssa.Attention: forced blocks in full mode, which selects none");
  }
  const int64_t* rows = static_cast<const int64_t*>(in.data);
  for (int64_t i = 0; i < in.shape[0]; i++) {
    if (rows[3 * i + 1] < 0 || rows[3 * i + 2] < 0) {
      return refuse("ssa.Attention: forced block %lld from query %lld on",
                    static_cast<long long>(rows[3 * i + 1]),
                    static_cast<long long>(rows[3 * i + 2]));
    }
  }
  p->forced = {rows, in.shape[0]};
  return nullptr;
}

}  // namespace

ort::Status* CallSpans::checkSpans(const SpanInputs& in, const AttentionParameters& p) {
  if (in.queries->rank != 2 || in.queries->shape[0] != p.sequences || in.queries->shape[1] != 2) {
    return refuse("ssa.Attention: queries of stretches must be [%lld, 2]",
                  static_cast<long long>(p.sequences));
  }
  if (ort::Status* status = checkRows("stretches", *in.spans, p.sequences)) {
    return status;
  }
  masses_.queries = static_cast<const int64_t*>(in.queries->data);
  masses_.spans = static_cast<const int64_t*>(in.spans->data);
  masses_.span_count = in.spans->shape[0];
  for (int64_t s = 0; s < p.sequences; s++) {
    const int64_t* range = masses_.queries + 2 * s;
    if (range[0] < 0 || range[1] < range[0]) {
      return refuse("ssa.Attention: queries %lld to %lld of sequence %lld",
                    static_cast<long long>(range[0]), static_cast<long long>(range[1]),
                    static_cast<long long>(s));
    }
  }
  for (int64_t i = 0; i < masses_.span_count; i++) {
    const int64_t* span = masses_.spans + 3 * i;
    if (span[1] < 0 || span[2] <= span[1]) {
      return refuse("ssa.Attention: a stretch of keys %lld to %lld",
                    static_cast<long long>(span[1]), static_cast<long long>(span[2]));
    }
  }
  return nullptr;
}

int64_t CallSpans::rowsOf(const AttentionParameters& p) const {
  int64_t rows = 0;
  for (int64_t i = 0; i < masses_.span_count; i++) {
    int64_t s = masses_.spans[3 * i];
    int64_t past = p.past_tokens[s];
    int64_t tokens = past + p.sequence_starts[s + 1] - p.sequence_starts[s];
    int64_t first = std::max(masses_.queries[2 * s], past);
    rows += std::max<int64_t>(0, std::min(masses_.queries[2 * s + 1], tokens) - first);
  }
  return rows;
}

ort::Status* CallSpans::resolve(const SpanInputs& in, ort::KernelContext* context, size_t output,
                                AttentionParameters* p) {
  if (absent(*in.queries) && absent(*in.spans) && absent(*in.forced)) {
    return nullptr;
  }
  if (absent(*in.queries) || absent(*in.spans) || absent(*in.forced)) {
    return refuse("ssa.Attention: queries, stretches and forced blocks come together");
  }
  if (ort::Status* status = readForced(*in.forced, p)) {
    return status;
  }
  int64_t rows = 0;
  if (in.spans->elements() > 0) {
    if (ort::Status* status = checkSpans(in, *p)) {
      return status;
    }
    rows = rowsOf(*p);
  }
  const int64_t shape[] = {rows, p->query_heads, 2};
  void* out = nullptr;
  if (ort::Status* status = ort::output(context, output, shape, 3, &out)) {
    return status;
  }
  if (rows == 0) {
    return nullptr;
  }
  if (out == nullptr) {
    return refuse("ssa.Attention: output 'masses' must be named");
  }
  masses_.masses = static_cast<double*>(out);
  p->spans = &masses_;
  return nullptr;
}

}  // namespace ssa
