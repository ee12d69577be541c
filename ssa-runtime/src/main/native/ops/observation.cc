// ops/observation.cc: the attention statistics that a call is asked for, checked
#include "ops/observation.h"

#include <algorithm>

#include "ops/operators.h"

namespace ssa {
namespace {

enum Group : int64_t { kSinks = 1, kCapture = 2, kError = 4, kAll = 7 };

// A tensor of no elements is there, and may have no memory.
bool absent(const ort::Tensor& tensor) { return tensor.rank == 0 && tensor.data == nullptr; }

}  // namespace

ort::Status* CallObservation::readAsked(const ort::Tensor& asked, const ObservedCallFacts& call) {
  int64_t numbers = asked.elements();
  if (asked.rank != 1 || numbers % 2 != 1 || numbers / 2 > kMostBudgets) {
    return refuse("%s: %lld numbers of statistics; groups, then at most %lld budgets", call.op,
                  static_cast<long long>(numbers), static_cast<long long>(kMostBudgets));
  }
  const int64_t* number = static_cast<const int64_t*>(asked.data);
  if (number[0] < 0 || number[0] > kAll) {
    return refuse("%s: groups %lld of statistics; sums of 1, 2 and 4", call.op,
                  static_cast<long long>(number[0]));
  }
  observation_.sinks = (number[0] & kSinks) != 0;
  observation_.capture = (number[0] & kCapture) != 0;
  observation_.error = (number[0] & kError) != 0;
  observation_.budgets = budgets_;
  observation_.budget_count = numbers / 2;
  if (observation_.watchesBudgets() && call.mode.kind != ModeKind::kFull) {
    return refuse("%s: what budgets capture is known in full mode only", call.op);
  }
  for (int64_t i = 0; i < observation_.budget_count; i++) {
    budgets_[i] = {number[1 + 2 * i], number[2 + 2 * i]};
    if (!isBlockSize(budgets_[i].block_size) || budgets_[i].block_count < 1) {
      return refuse("%s: budget %lldx%lld; block sizes are 8, 16, 32, 64, 128, counts >= 1",
                    call.op, static_cast<long long>(budgets_[i].block_size),
                    static_cast<long long>(budgets_[i].block_count));
    }
  }
  return nullptr;
}

ort::Status* CallObservation::checkRanges(const ort::Tensor& ranges,
                                          const ObservedCallFacts& call) const {
  if (ranges.rank != 2 || ranges.shape[0] != call.sequences || ranges.shape[1] != 2) {
    return refuse("%s: ranges of queries must be [%lld, 2]", call.op,
                  static_cast<long long>(call.sequences));
  }
  const int64_t* range = static_cast<const int64_t*>(ranges.data);
  for (int64_t s = 0; s < call.sequences; s++) {
    int64_t past = call.past_tokens == nullptr ? 0 : call.past_tokens[s];
    int64_t tokens = past + call.sequence_starts[s + 1] - call.sequence_starts[s];
    int64_t last = std::min(range[2 * s + 1], tokens) - 1;
    if (range[2 * s] < 0 || range[2 * s + 1] < range[2 * s] ||
        (last >= range[2 * s] && bucketOf(last) >= observation_.buckets)) {
      return refuse("%s: queries %lld to %lld of sequence %lld in %lld buckets", call.op,
                    static_cast<long long>(range[2 * s]), static_cast<long long>(range[2 * s + 1]),
                    static_cast<long long>(s), static_cast<long long>(observation_.buckets));
    }
  }
  return nullptr;
}

ort::Status* CallObservation::resolve(const ObservationInputs& in, const ObservedCallFacts& call,
                                      ort::KernelContext* context, size_t output, Copy copy,
                                      void* stream) {
  if (absent(*in.asked) && absent(*in.ranges) && absent(*in.totals)) {
    return nullptr;
  }
  if (absent(*in.asked) || absent(*in.ranges) || absent(*in.totals)) {
    return refuse("%s: statistics, ranges and totals come together", call.op);
  }
  if (in.asked->elements() == 0) {
    const int64_t nothing[] = {0, 0, 0};
    void* out = nullptr;
    return ort::output(context, output, nothing, 3, &out);
  }
  if (ort::Status* status = readAsked(*in.asked, call)) {
    return status;
  }
  const ort::Tensor& totals = *in.totals;
  int64_t width = call.query_heads * columnsOf(observation_, call.mode.kind);
  if (totals.rank != 4 || in.layer < 0 || in.layer >= totals.shape[0] ||
      totals.shape[1] != call.sequences || totals.shape[2] < 1 || totals.shape[3] != width) {
    return refuse("%s: totals must be [L, %lld, B, %lld], and have layer %lld", call.op,
                  static_cast<long long>(call.sequences), static_cast<long long>(width),
                  static_cast<long long>(in.layer));
  }
  observation_.buckets = totals.shape[2];
  if (ort::Status* status = checkRanges(*in.ranges, call)) {
    return status;
  }
  observation_.ranges = static_cast<const int64_t*>(in.ranges->data);
  const int64_t shape[] = {call.sequences, totals.shape[2], width};
  void* out = nullptr;
  if (ort::Status* status = ort::output(context, output, shape, 3, &out)) {
    return status;
  }
  if (out == nullptr) {
    return refuse("%s: output 'totals' must be named", call.op);
  }
  int64_t count = shape[0] * shape[1] * shape[2];
  observation_.totals = static_cast<double*>(out);
  asked_ = true;
  return copy(static_cast<const double*>(totals.data) + in.layer * count, out,
              sizeof(double) * count, stream);
}

}  // namespace ssa
