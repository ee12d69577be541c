// ops/spans.cc: the stretches whose mass a call tells and the blocks that it has to take, checked
#include <algorithm>

#include "ops/asked.h"
#include "ops/operators.h"

namespace ssa {
namespace {

// Rows of three numbers whose first is a sequence, in their order.
ort::Status* checkRows(const char* what, const ort::Tensor& in, const AskedCall& call) {
  if (in.rank != 2 || in.shape[1] != 3) {
    return refuse("%s: %s must be [N, 3]", call.op, what);
  }
  const int64_t* rows = static_cast<const int64_t*>(in.data);
  int64_t before = 0;
  for (int64_t i = 0; i < in.shape[0]; i++) {
    int64_t sequence = rows[3 * i];
    if (sequence < before || sequence >= call.sequences) {
      return refuse("%s: %s of sequence %lld; ascending sequences below %lld", call.op, what,
                    static_cast<long long>(sequence), static_cast<long long>(call.sequences));
    }
    before = sequence;
  }
  return nullptr;
}

ort::Status* checkQueries(const ort::Tensor& in, const AskedCall& call) {
  if (in.rank != 2 || in.shape[0] != call.sequences || in.shape[1] != 2) {
    return refuse("%s: queries of stretches must be [%lld, 2]", call.op,
                  static_cast<long long>(call.sequences));
  }
  const int64_t* range = static_cast<const int64_t*>(in.data);
  for (int64_t s = 0; s < call.sequences; s++) {
    if (range[2 * s] < 0 || range[2 * s + 1] < range[2 * s]) {
      return refuse("%s: queries %lld to %lld of sequence %lld", call.op,
                    static_cast<long long>(range[2 * s]), static_cast<long long>(range[2 * s + 1]),
                    static_cast<long long>(s));
    }
  }
  return nullptr;
}

int64_t rowsOf(const SpanMasses& masses, const AskedCall& call) {
  int64_t rows = 0;
  for (int64_t i = 0; i < masses.span_count; i++) {
    int64_t s = masses.spans[3 * i];
    int64_t first = std::max(masses.queries[2 * s], call.past(s));
    rows += std::max<int64_t>(0, std::min(masses.queries[2 * s + 1], call.tokens(s)) - first);
  }
  return rows;
}

ort::Status* readStretches(const ort::Tensor* in, const AskedCall& call, SpanMasses* masses) {
  if (ort::Status* status = checkQueries(in[0], call)) {
    return status;
  }
  if (ort::Status* status = checkRows("stretches", in[1], call)) {
    return status;
  }
  masses->queries = static_cast<const int64_t*>(in[0].data);
  masses->spans = static_cast<const int64_t*>(in[1].data);
  masses->span_count = in[1].shape[0];
  for (int64_t i = 0; i < masses->span_count; i++) {
    const int64_t* span = masses->spans + 3 * i;
    if (span[1] < 0 || span[2] <= span[1]) {
      return refuse("%s: a stretch of keys %lld to %lld", call.op, static_cast<long long>(span[1]),
                    static_cast<long long>(span[2]));
    }
  }
  return nullptr;
}

}  // namespace

ort::Status* readSpanMasses(const ort::Tensor* in, const AskedCall& call, size_t output,
                            Asked* asked) {
  SpanMasses masses = {};
  int64_t rows = 0;
  if (in[1].elements() > 0) {
    if (ort::Status* status = readStretches(in, call, &masses)) {
      return status;
    }
    rows = rowsOf(masses, call);
  }
  const int64_t shape[] = {rows, call.query_heads, 2};
  void* out = nullptr;
  if (ort::Status* status = ort::output(call.context, output, shape, 3, &out)) {
    return status;
  }
  if (rows == 0) {
    return nullptr;
  }
  if (out == nullptr) {
    return refuse("%s: output 'masses' must be named", call.op);
  }
  masses.masses = static_cast<double*>(out);
  asked->spans = masses;
  return nullptr;
}

ort::Status* readForcedBlocks(const ort::Tensor* in, const AskedCall& call, size_t, Asked* asked) {
  if (in->elements() == 0) {
    return nullptr;
  }
  if (ort::Status* status = checkRows("forced blocks", *in, call)) {
    return status;
  }
  if (call.mode.kind == ModeKind::kFull) {
    return refuse("%s: forced blocks in full mode, which selects none", call.op);
  }
  const int64_t* rows = static_cast<const int64_t*>(in->data);
  for (int64_t i = 0; i < in->shape[0]; i++) {
    if (rows[3 * i + 1] < 0 || rows[3 * i + 2] < 0) {
      return refuse("%s: forced block %lld from query %lld on", call.op,
                    static_cast<long long>(rows[3 * i + 1]),
                    static_cast<long long>(rows[3 * i + 2]));
    }
  }
  asked->forced = {rows, in->shape[0]};
  return nullptr;
}

}  // namespace ssa
