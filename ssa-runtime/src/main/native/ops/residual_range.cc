// ops/residual_range.cc: ssa.ResidualRange, how large the residual stream is that enters a layer
//
// inputs   0 hidden [T, E]  1 sequence_starts [S + 1] int64  2 past_tokens [S] int64
//          3 ranges [S, 2] int64: first token and the one behind the last, by position; [0, 2]: nothing
//            is asked, and the output is empty
//          4 totals [L, S, B, 2] fp64: what earlier calls made
// outputs  0 totals [S, B, 2] fp64: per position bucket (kernels/observation.h) the largest |x| so far,
//          and the sum of the tokens' medians of |x|
// attributes  layer
// math     the median of an even number of values is the mean of the two in the middle
// num.     magnitudes are exact; medians are added in fp64, token after token
// cost     O(T E)
#include <algorithm>
#include <cmath>
#include <cstring>
#include <new>

#include "ops/operators.h"

namespace ssa {
namespace {

constexpr size_t kInputs = 5;
const ort::ElementType kTypes[kInputs] = {ort::kFloat, ort::kInt64, ort::kInt64, ort::kInt64,
                                          ort::kDouble};

struct ResidualKernel {
  int64_t layer;
};

struct TokenRange {
  double largest;
  double median;
};

// NaN where there is one: it must not hide.
TokenRange rangeOf(const float* hidden, int64_t width, float* magnitudes) {
  for (int64_t i = 0; i < width; i++) {
    magnitudes[i] = std::fabs(hidden[i]);
    if (std::isnan(magnitudes[i])) {
      return {magnitudes[i], magnitudes[i]};
    }
  }
  float* middle = magnitudes + width / 2;
  std::nth_element(magnitudes, middle, magnitudes + width);
  double median = *middle;
  if (width % 2 == 0) {
    median = (median + *std::max_element(magnitudes, middle)) / 2;
  }
  return {*std::max_element(middle, magnitudes + width), median};
}

ort::Status* check(const ResidualKernel& kernel, const ort::Tensor* in) {
  int64_t sequences = in[1].elements() - 1;
  const ort::Tensor& totals = in[4];
  if (in[0].rank != 2 || in[0].shape[1] < 1 || sequences < 0 || in[2].elements() != sequences ||
      in[3].elements() != 2 * sequences || totals.rank != 4 || kernel.layer < 0 ||
      kernel.layer >= totals.shape[0] || totals.shape[1] != sequences || totals.shape[2] < 1 ||
      totals.shape[3] != 2) {
    return refuse("ssa.ResidualRange: layer %lld of totals [L, %lld, B, 2], past_tokens and ranges",
                  static_cast<long long>(kernel.layer), static_cast<long long>(sequences));
  }
  const int64_t* start = static_cast<const int64_t*>(in[1].data);
  for (int64_t s = 0; s <= sequences; s++) {
    if (start[s] < 0 || start[s] > in[0].shape[0] || (s > 0 && start[s] < start[s - 1])) {
      return refuse("ssa.ResidualRange: sequence_starts[%lld] = %lld", static_cast<long long>(s),
                    static_cast<long long>(start[s]));
    }
  }
  return nullptr;
}

// The tokens of one sequence that are in its range.
struct Span {
  int64_t first_row;
  int64_t first_position;
  int64_t count;
};

Span spanOf(const ort::Tensor* in, int64_t s) {
  const int64_t* start = static_cast<const int64_t*>(in[1].data);
  int64_t past = static_cast<const int64_t*>(in[2].data)[s];
  const int64_t* range = static_cast<const int64_t*>(in[3].data) + 2 * s;
  int64_t first = std::max(range[0], past);
  int64_t end = std::min(range[1], past + start[s + 1] - start[s]);
  return {start[s] + first - past, first, std::max<int64_t>(0, end - first)};
}

ort::Status* addSpan(const Span& span, const ort::Tensor& hidden, int64_t buckets,
                     const Parallel& parallel, double* totals) {
  if (span.count == 0) {
    return nullptr;
  }
  if (bucketOf(span.first_position + span.count - 1) >= buckets) {
    return refuse("ssa.ResidualRange: position %lld lies behind %lld buckets",
                  static_cast<long long>(span.first_position + span.count - 1),
                  static_cast<long long>(buckets));
  }
  int64_t width = hidden.shape[1];
  TokenRange* found = static_cast<TokenRange*>(acquire(sizeof(TokenRange) * span.count));
  if (found == nullptr) {
    return refuse("ssa.ResidualRange: out of memory");
  }
  constexpr int64_t kTokens = 64;
  auto item = [&](size_t i) {
    float* magnitudes = static_cast<float*>(threadScratch(sizeof(float) * width));
    int64_t first = static_cast<int64_t>(i) * kTokens;
    for (int64_t t = first; t < std::min(first + kTokens, span.count); t++) {
      const float* row = static_cast<const float*>(hidden.data) + (span.first_row + t) * width;
      found[t] = magnitudes == nullptr ? TokenRange{NAN, NAN} : rangeOf(row, width, magnitudes);
    }
  };
  forEach(parallel, (span.count + kTokens - 1) / kTokens, item);
  for (int64_t t = 0; t < span.count; t++) {
    double* total = totals + 2 * bucketOf(span.first_position + t);
    if (!std::isnan(total[0]) && !(found[t].largest <= total[0])) {
      total[0] = found[t].largest;
    }
    total[1] += found[t].median;
  }
  release(found);
  return nullptr;
}

ort::Status* compute(void* self, ort::KernelContext* context) {
  const ResidualKernel& kernel = *static_cast<ResidualKernel*>(self);
  ort::Tensor in[kInputs];
  for (size_t i = 0; i < kInputs; i++) {
    if (ort::Status* status = ort::input(context, i, &in[i])) {
      return status;
    }
  }
  if (in[3].elements() == 0) {
    const int64_t nothing[] = {0, 0, 2};
    void* none = nullptr;
    return ort::output(context, 0, nothing, 3, &none);
  }
  if (ort::Status* status = check(kernel, in)) {
    return status;
  }
  const int64_t shape[] = {in[4].shape[1], in[4].shape[2], 2};
  int64_t count = shape[0] * shape[1] * shape[2];
  void* out = nullptr;
  if (ort::Status* status = ort::output(context, 0, shape, 3, &out)) {
    return status;
  }
  double* totals = static_cast<double*>(out);
  std::memcpy(totals, static_cast<const double*>(in[4].data) + kernel.layer * count,
              sizeof(double) * count);
  Parallel parallel = sessionThreads(context);
  for (int64_t s = 0; s < shape[0]; s++) {
    if (ort::Status* status = addSpan(spanOf(in, s), in[0], shape[1], parallel,
                                      totals + s * shape[1] * 2)) {
      return status;
    }
  }
  return nullptr;
}

ort::Status* create(const ort::CustomOp*, const ort::Api*, const ort::KernelInfo* info,
                    void** out) {
  ResidualKernel made = {};
  if (ort::Status* status = ort::attribute(info, "layer", &made.layer)) {
    return status;
  }
  *out = new (std::nothrow) ResidualKernel(made);
  return *out == nullptr ? refuse("ssa.ResidualRange: out of memory") : nullptr;
}

ort::CustomOp describe() {
  ort::CustomOp op = {};
  op.version = ort::kApiVersion;
  op.GetName = [](const ort::CustomOp*) { return "ResidualRange"; };
  op.GetExecutionProviderType = [](const ort::CustomOp*) -> const char* { return nullptr; };
  op.GetInputTypeCount = [](const ort::CustomOp*) { return kInputs; };
  op.GetInputType = [](const ort::CustomOp*, size_t i) { return static_cast<int>(kTypes[i]); };
  op.GetInputCharacteristic = [](const ort::CustomOp*, size_t) {
    return static_cast<int>(ort::kRequired);
  };
  op.GetInputMemoryType = [](const ort::CustomOp*, size_t) { return 0; };
  op.GetOutputTypeCount = [](const ort::CustomOp*) { return size_t{1}; };
  op.GetOutputType = [](const ort::CustomOp*, size_t) { return static_cast<int>(ort::kDouble); };
  op.GetOutputCharacteristic = [](const ort::CustomOp*, size_t) {
    return static_cast<int>(ort::kRequired);
  };
  op.CreateKernelV2 = create;
  op.KernelComputeV2 = compute;
  op.KernelDestroy = [](void* kernel) { delete static_cast<ResidualKernel*>(kernel); };
  op.GetStartVersion = [](const ort::CustomOp*) { return 1; };
  op.GetEndVersion = [](const ort::CustomOp*) { return 1; };
  return op;
}

}  // namespace

const ort::CustomOp kResidualRangeOp = describe();

}  // namespace ssa
