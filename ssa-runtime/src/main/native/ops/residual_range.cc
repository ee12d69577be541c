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

#include "ops/residual_range.h"

namespace ssa {
namespace {

const ort::ElementType kTypes[ResidualInputs::kCount] = {ort::kFloat, ort::kInt64, ort::kInt64, ort::kInt64,
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

ort::Status* addSpan(const ResidualSpan& span, const ort::Tensor& hidden, const Parallel& parallel,
                     double* totals) {
  if (span.count == 0) {
    return nullptr;
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
  ResidualInputs in = {kernel.layer, {}};
  if (ort::Status* status = in.read(context)) {
    return status;
  }
  if (in.nothingAsked()) {
    const int64_t nothing[] = {0, 0, 2};
    void* none = nullptr;
    return ort::output(context, 0, nothing, 3, &none);
  }
  if (ort::Status* status = in.check()) {
    return status;
  }
  const int64_t shape[] = {in.sequences(), in.buckets(), 2};
  int64_t count = shape[0] * shape[1] * shape[2];
  void* out = nullptr;
  if (ort::Status* status = ort::output(context, 0, shape, 3, &out)) {
    return status;
  }
  double* totals = static_cast<double*>(out);
  std::memcpy(totals, static_cast<const double*>(in.totals().data) + kernel.layer * count,
              sizeof(double) * count);
  Parallel parallel = sessionThreads(context);
  for (int64_t s = 0; s < shape[0]; s++) {
    if (ort::Status* status = addSpan(residualSpan(in, s), in.hidden(), parallel,
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
  op.GetInputTypeCount = [](const ort::CustomOp*) { return ResidualInputs::kCount; };
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

ort::Status* ResidualInputs::read(ort::KernelContext* context) {
  for (size_t i = 0; i < kCount; i++) {
    if (ort::Status* status = ort::input(context, i, &in[i])) {
      return status;
    }
  }
  return nullptr;
}

ort::Status* ResidualInputs::check() const {
  const ort::Tensor& sums = totals();
  if (hidden().rank != 2 || hidden().shape[1] < 1 || sequences() < 0 ||
      in[2].elements() != sequences() || in[3].elements() != 2 * sequences() || sums.rank != 4 ||
      layer < 0 || layer >= sums.shape[0] || sums.shape[1] != sequences() || sums.shape[2] < 1 ||
      sums.shape[3] != 2) {
    return refuse("ssa.ResidualRange: layer %lld of totals [L, %lld, B, 2], past_tokens and ranges",
                  static_cast<long long>(layer), static_cast<long long>(sequences()));
  }
  for (int64_t s = 0; s <= sequences(); s++) {
    if (starts()[s] < 0 || starts()[s] > hidden().shape[0] ||
        (s > 0 && starts()[s] < starts()[s - 1])) {
      return refuse("ssa.ResidualRange: sequence_starts[%lld] = %lld", static_cast<long long>(s),
                    static_cast<long long>(starts()[s]));
    }
  }
  for (int64_t s = 0; s < sequences(); s++) {
    ResidualSpan span = residualSpan(*this, s);
    int64_t last = span.first_position + span.count - 1;
    if (span.count > 0 && bucketOf(last) >= buckets()) {
      return refuse("ssa.ResidualRange: position %lld lies behind %lld buckets",
                    static_cast<long long>(last), static_cast<long long>(buckets()));
    }
  }
  return nullptr;
}

ResidualSpan residualSpan(const ResidualInputs& in, int64_t s) {
  int64_t start = in.starts()[s];
  int64_t past = in.past()[s];
  int64_t first = std::max(in.ranges()[2 * s], past);
  int64_t end = std::min(in.ranges()[2 * s + 1], past + in.starts()[s + 1] - start);
  return {start + first - past, first, std::max<int64_t>(0, end - first)};
}

const ort::CustomOp kResidualRangeOp = describe();

}  // namespace ssa
