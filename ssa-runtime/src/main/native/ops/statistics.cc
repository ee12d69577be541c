// ops/statistics.cc: the attention statistics that a call is asked for, checked
#include <algorithm>

#include "ops/asked.h"
#include "ops/operators.h"

namespace ssa {
namespace {

enum Group : int64_t { kSinks = 1, kCapture = 2, kError = 4, kAll = 7 };

ort::Status* readGroups(const ort::Tensor& in, const AskedCall& call, Asked* asked) {
  int64_t numbers = in.elements();
  if (in.rank != 1 || numbers % 2 != 1 || numbers / 2 > kMostBudgets) {
    return refuse("%s: %lld numbers of statistics; groups, then at most %lld budgets", call.op,
                  static_cast<long long>(numbers), static_cast<long long>(kMostBudgets));
  }
  const int64_t* number = static_cast<const int64_t*>(in.data);
  if (number[0] < 0 || number[0] > kAll) {
    return refuse("%s: groups %lld of statistics; sums of 1, 2 and 4", call.op,
                  static_cast<long long>(number[0]));
  }
  Observation& statistics = asked->statistics;
  statistics.sinks = (number[0] & kSinks) != 0;
  statistics.capture = (number[0] & kCapture) != 0;
  statistics.error = (number[0] & kError) != 0;
  statistics.budgets = asked->budgets;
  statistics.budget_count = numbers / 2;
  if (statistics.watchesBudgets() && call.mode.kind != ModeKind::kFull) {
    return refuse("%s: what budgets capture is known in full mode only", call.op);
  }
  for (int64_t i = 0; i < statistics.budget_count; i++) {
    BlockBudget& budget = asked->budgets[i];
    budget = {number[1 + 2 * i], number[2 + 2 * i]};
    if (!isBlockSize(budget.block_size) || budget.block_count < 1) {
      return refuse("%s: budget %lldx%lld; block sizes are 8, 16, 32, 64, 128, counts >= 1",
                    call.op, static_cast<long long>(budget.block_size),
                    static_cast<long long>(budget.block_count));
    }
  }
  return nullptr;
}

ort::Status* checkRanges(const ort::Tensor& ranges, const AskedCall& call, int64_t buckets) {
  if (ranges.rank != 2 || ranges.shape[0] != call.sequences || ranges.shape[1] != 2) {
    return refuse("%s: ranges of queries must be [%lld, 2]", call.op,
                  static_cast<long long>(call.sequences));
  }
  const int64_t* range = static_cast<const int64_t*>(ranges.data);
  for (int64_t s = 0; s < call.sequences; s++) {
    int64_t last = std::min(range[2 * s + 1], call.tokens(s)) - 1;
    if (range[2 * s] < 0 || range[2 * s + 1] < range[2 * s] ||
        (last >= range[2 * s] && bucketOf(last) >= buckets)) {
      return refuse("%s: queries %lld to %lld of sequence %lld in %lld buckets", call.op,
                    static_cast<long long>(range[2 * s]), static_cast<long long>(range[2 * s + 1]),
                    static_cast<long long>(s), static_cast<long long>(buckets));
    }
  }
  return nullptr;
}

}  // namespace

ort::Status* readStatistics(const ort::Tensor* in, const AskedCall& call, size_t output,
                            Asked* asked) {
  void* out = nullptr;
  if (in[0].elements() == 0) {
    const int64_t nothing[] = {0, 0, 0};
    return ort::output(call.context, output, nothing, 3, &out);
  }
  if (ort::Status* status = readGroups(in[0], call, asked)) {
    return status;
  }
  Observation& statistics = asked->statistics;
  const ort::Tensor& totals = in[2];
  int64_t width = call.query_heads * columnsOf(statistics, call.mode.kind);
  if (totals.rank != 4 || call.layer < 0 || call.layer >= totals.shape[0] ||
      totals.shape[1] != call.sequences || totals.shape[2] < 1 || totals.shape[3] != width) {
    return refuse("%s: totals must be [L, %lld, B, %lld], and have layer %lld", call.op,
                  static_cast<long long>(call.sequences), static_cast<long long>(width),
                  static_cast<long long>(call.layer));
  }
  statistics.buckets = totals.shape[2];
  if (ort::Status* status = checkRanges(in[1], call, statistics.buckets)) {
    return status;
  }
  statistics.ranges = static_cast<const int64_t*>(in[1].data);
  const int64_t shape[] = {call.sequences, statistics.buckets, width};
  if (ort::Status* status = ort::output(call.context, output, shape, 3, &out)) {
    return status;
  }
  if (out == nullptr) {
    return refuse("%s: output 'totals' must be named", call.op);
  }
  int64_t count = shape[0] * shape[1] * shape[2];
  statistics.totals = static_cast<double*>(out);
  return call.copy(static_cast<const double*>(totals.data) + call.layer * count, out,
                   sizeof(double) * count, call.stream);
}

}  // namespace ssa
