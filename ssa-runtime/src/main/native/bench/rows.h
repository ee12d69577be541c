// rows.h: add_rms_norm, swi_glu and residual_range against their definitions in fp64
#pragma once

#include "bench/world.h"

namespace ssa::bench {

// One rounding of the result, and fp32 within: 2^-11, 2^-9, or sums of up to 2^13 terms in fp32.
inline double rowTolerance(Element element) {
  switch (element) {
    case Element::kFloat32:
      return 2e-6;
    case Element::kFloat16:
      return 1e-3;
    default:
      return 4e-3;
  }
}

inline bool tellRows(const char* name, Element element, int64_t tokens, int64_t width, bool same,
                     double worst) {
  bool good = same && worst <= rowTolerance(element);
  std::printf("%-6s %s %s T %lld width %lld  error %.1e%s\n", good ? "ok" : "WRONG",
              nameOf(element), name, static_cast<long long>(tokens), static_cast<long long>(width),
              worst, same ? "" : "  BITS DIFFER");
  std::fflush(stdout);
  return good;
}

inline double errorOf(double found, double wanted) {
  return std::isfinite(found) ? std::fabs(found - wanted) / (1 + std::fabs(wanted)) : INFINITY;
}

// The last row alone must give the bits that it gives among the others.
inline bool normPasses(Element element, int64_t tokens, int64_t width, bool residual, float scale) {
  Case c = {"", element, 0, 0, 0, {}, {}, {}};
  Case wide = {"", Element::kFloat32, 0, 0, 0, {}, {}, {}};
  std::vector<float> delta = randomValues(c, 3, tokens * width, scale);
  std::vector<float> before = randomValues(wide, 4, tokens * width, scale);
  std::vector<float> weight = randomValues(wide, 5, width, 1);
  Buffer delta_device(stored(element, delta)), before_device(before), weight_device(weight);
  cuda::AddRmsNormParameters p = {};
  p.width = width;
  p.element = element;
  p.epsilon = 1e-5f;
  p.weight = weight_device.as<float>();
  size_t bytes = stored(element, {0}).size();
  auto rows = [&](int64_t from, int64_t n, std::vector<float>* sum) {
    Buffer normed(n * width * bytes), sums(n * width * sizeof(float));
    p.tokens = n;
    p.delta = delta_device.as<char>() + from * width * bytes;
    p.residual = residual ? before_device.as<float>() + from * width : nullptr;
    p.normed = normed.as<void>();
    p.sum = sums.as<float>();
    require(addRmsNorm(p));
    require(cudaDeviceSynchronize(), "add_rms_norm");
    *sum = sums.read<float>();
    return normed.read<char>();
  };
  std::vector<float> sum, sum_of_last;
  std::vector<char> normed = rows(0, tokens, &sum);
  std::vector<char> last = rows(tokens - 1, 1, &sum_of_last);
  bool same = std::equal(last.begin(), last.end(), normed.end() - last.size()) &&
              std::equal(sum_of_last.begin(), sum_of_last.end(), sum.end() - width);
  std::vector<double> errors(tokens, 0);
  onAllThreads(tokens, [&](int64_t t) {
    double squares = 0;
    auto x = [&](int64_t e) {
      return static_cast<double>(delta[t * width + e]) + (residual ? before[t * width + e] : 0.0);
    };
    for (int64_t e = 0; e < width; e++) {
      squares += x(e) * x(e);
    }
    double shrink = 1 / std::sqrt(squares / width + 1e-5);
    for (int64_t e = 0; e < width; e++) {
      double found = valueAt(element, normed, t * width + e);
      double off = errorOf(found, x(e) * shrink * weight[e]);
      // The sum is fp32 whatever the element is: one rounding.
      double sum_off = errorOf(sum[t * width + e], x(e)) > 1e-7 ? INFINITY : 0;
      errors[t] = std::max({errors[t], off, sum_off});
    }
  });
  return tellRows(residual ? "add_rms_norm" : "add_rms_norm, no residual", element, tokens, width,
                  same, *std::max_element(errors.begin(), errors.end()));
}

inline bool gluPasses(Element element, int64_t tokens, int64_t width, float scale) {
  Case c = {"", element, 0, 0, 0, {}, {}, {}};
  std::vector<float> gate_up = randomValues(c, 6, tokens * 2 * width, scale);
  Buffer device(stored(element, gate_up));
  cuda::SwiGluParameters p = {};
  p.width = width;
  p.element = element;
  size_t bytes = stored(element, {0}).size();
  auto rows = [&](int64_t from, int64_t n) {
    Buffer out(n * width * bytes);
    p.tokens = n;
    p.gate_up = device.as<char>() + from * 2 * width * bytes;
    p.out = out.as<void>();
    require(swiGlu(p));
    require(cudaDeviceSynchronize(), "swi_glu");
    return out.read<char>();
  };
  std::vector<char> out = rows(0, tokens);
  std::vector<char> last = rows(tokens - 1, 1);
  bool same = std::equal(last.begin(), last.end(), out.end() - last.size());
  std::vector<double> errors(tokens, 0);
  onAllThreads(tokens, [&](int64_t t) {
    for (int64_t f = 0; f < width; f++) {
      double gate = gate_up[t * 2 * width + f];
      double wanted = gate / (1 + std::exp(-gate)) * gate_up[(t * 2 + 1) * width + f];
      errors[t] = std::max(errors[t], errorOf(valueAt(element, out, t * width + f), wanted));
    }
  });
  return tellRows("swi_glu", element, tokens, width, same,
                  *std::max_element(errors.begin(), errors.end()));
}

// What residual_range adds to totals [S, B, 2] for tokens [from, to) of each sequence in one call.
inline void addResidual(const std::vector<float>& hidden, int64_t width,
                        const std::vector<int64_t>& tokens, const std::vector<int64_t>& from,
                        const std::vector<int64_t>& to, const std::vector<int64_t>& ranges,
                        int64_t buckets, std::vector<double>* totals) {
  std::vector<int64_t> starts = {0};
  std::vector<float> rows;
  int64_t before = 0;
  for (size_t s = 0; s < tokens.size(); s++) {
    starts.push_back(starts.back() + to[s] - from[s]);
    rows.insert(rows.end(), hidden.begin() + (before + from[s]) * width,
                hidden.begin() + (before + to[s]) * width);
    before += tokens[s];
  }
  Buffer rows_device(rows), totals_device(*totals);
  cuda::ResidualRangeParameters p = {
      starts.back(), width,         static_cast<int64_t>(tokens.size()),
      rows_device.as<float>(), starts.data(), from.data(),
      ranges.data(), buckets,       totals_device.as<double>(),
      nullptr,       nullptr};
  Buffer workspace(workspaceBytes(p));
  p.workspace = workspace.as<void>();
  require(residualRange(p));
  require(cudaDeviceSynchronize(), "residual_range");
  *totals = totals_device.read<double>();
}

// Exact but for the order of the sum's additions, which is the oracle's: bits must be equal. Two sequences,
// in one call and in two.
inline bool residualPasses(int64_t tokens, int64_t width, float scale) {
  Case c = {"", Element::kFloat32, 0, 0, 0, {}, {}, {}};
  std::vector<int64_t> lengths = {tokens, tokens / 2 + 1};
  std::vector<int64_t> ranges = {tokens / 3, tokens, 0, tokens / 2};
  int64_t all = lengths[0] + lengths[1];
  std::vector<float> hidden = randomValues(c, 7, all * width, scale);
  int64_t buckets = bucketOf(tokens) + 1;
  std::vector<double> wanted(2 * buckets * 2, 0.0);
  for (int64_t s = 0; s < 2; s++) {
    for (int64_t t = ranges[2 * s]; t < std::min(ranges[2 * s + 1], lengths[s]); t++) {
      std::vector<float> row(width);
      for (int64_t i = 0; i < width; i++) {
        row[i] = std::fabs(hidden[((s == 0 ? 0 : lengths[0]) + t) * width + i]);
      }
      std::sort(row.begin(), row.end());
      double* total = &wanted[(s * buckets + bucketOf(t)) * 2];
      total[0] = std::max<double>(total[0], row.back());
      total[1] += (static_cast<double>(row[(width - 1) / 2]) + row[width / 2]) / 2;
    }
  }
  std::vector<double> whole(wanted.size(), 0.0), cut(wanted.size(), 0.0);
  std::vector<int64_t> zero = {0, 0}, middle = {lengths[0] / 2, lengths[1] / 3};
  addResidual(hidden, width, lengths, zero, lengths, ranges, buckets, &whole);
  addResidual(hidden, width, lengths, zero, middle, ranges, buckets, &cut);
  addResidual(hidden, width, lengths, middle, lengths, ranges, buckets, &cut);
  bool same = whole == wanted && cut == wanted;
  return tellRows("residual_range", Element::kFloat32, tokens, width, same, 0);
}

}  // namespace ssa::bench
