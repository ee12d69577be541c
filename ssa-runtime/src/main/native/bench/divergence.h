// divergence.h: token_divergence against its definition in fp64
#pragma once

#include <cstring>

#include "bench/world.h"

namespace ssa::bench {

// What the two sides are to each other.
enum class Pair { kApart, kNear, kSame, kEqualWeights };

struct DivergenceCase {
  Element element;
  int64_t tokens;
  int64_t vocabulary;
  int64_t width_a;
  int64_t width_b;  // that of A where the sides are near or the same
  float scale;      // of logits
  Pair pair;
};

struct HeadValues {
  int64_t width;
  std::vector<float> hidden;  // [T, E]
  std::vector<float> weight;  // [V, E]

  std::vector<double> logits(int64_t row, int64_t vocabulary) const {
    std::vector<double> z(vocabulary);
    for (int64_t id = 0; id < vocabulary; id++) {
      z[id] = dot(&hidden[row * width], &weight[id * width], width);
    }
    return z;
  }
};

struct DivergenceWorld {
  HeadValues a;
  HeadValues b;
  std::vector<int64_t> targets;
};

inline DivergenceWorld makeDivergence(const DivergenceCase& d) {
  Case c = {"", d.element, 0, 0, 0, {}, {}, {}};
  DivergenceWorld world;
  world.a = {d.width_a, randomValues(c, 17, d.tokens * d.width_a, 1),
             randomValues(c, 18, d.vocabulary * d.width_a, d.scale)};
  if (d.pair == Pair::kNear || d.pair == Pair::kSame) {
    world.b = world.a;
    for (size_t i = 0; d.pair == Pair::kNear && i < world.b.hidden.size(); i++) {
      world.b.hidden[i] = rounded(d.element, world.b.hidden[i] + 0.02 * randomValue(19, i));
    }
  } else {
    world.b = {d.width_b, randomValues(c, 20, d.tokens * d.width_b, 1),
               randomValues(c, 21, d.vocabulary * d.width_b, d.scale)};
  }
  for (int64_t i = d.width_b; d.pair == Pair::kEqualWeights && i < d.vocabulary * d.width_b; i++) {
    world.b.weight[i] = world.b.weight[i % d.width_b];
  }
  for (int64_t t = 0; t < d.tokens; t++) {
    world.targets.push_back(static_cast<int64_t>(mix(t) % static_cast<uint64_t>(d.vocabulary)));
  }
  return world;
}

struct DivergenceResult {
  std::vector<double> figures;  // [T, 5]
  std::vector<int32_t> argmax;  // [T, 2]
};

inline DivergenceResult runDivergence(const DivergenceCase& d, const DivergenceWorld& world,
                                      int64_t first, int64_t rows) {
  auto part = [&](const HeadValues& side) {
    return stored(d.element,
                  std::vector<float>(side.hidden.begin() + first * side.width,
                                     side.hidden.begin() + (first + rows) * side.width));
  };
  Buffer hidden_a(part(world.a)), hidden_b(part(world.b));
  Buffer weight_a(stored(d.element, world.a.weight)), weight_b(stored(d.element, world.b.weight));
  Buffer targets(std::vector<int64_t>(world.targets.begin() + first,
                                      world.targets.begin() + first + rows));
  Buffer figures(rows * 5 * sizeof(double)), argmax(rows * 2 * sizeof(int32_t));
  cuda::TokenDivergenceParameters p = {};
  p.tokens = rows;
  p.vocabulary = d.vocabulary;
  p.element = d.element;
  p.a = {world.a.width, hidden_a.as<void>(), weight_a.as<void>()};
  p.b = {world.b.width, hidden_b.as<void>(), weight_b.as<void>()};
  p.targets = targets.as<int64_t>();
  p.figures = figures.as<double>();
  p.argmax = argmax.as<int32_t>();
  Buffer workspace(workspaceBytes(p));
  p.workspace = workspace.as<void>();
  require(tokenDivergence(p));
  require(cudaDeviceSynchronize(), "token_divergence");
  return {figures.read<double>(), argmax.read<int32_t>()};
}

inline double logSum(const std::vector<double>& z) {
  double top = *std::max_element(z.begin(), z.end());
  double sum = 0;
  for (double x : z) {
    sum += std::exp(x - top);
  }
  return top + std::log(sum);
}

// Whether a share on B's ten best is one that ten ids have which are the best but for `slack`.
inline bool topTenHolds(double share, const std::vector<double>& za, const std::vector<double>& zb,
                        double log_a, double slack) {
  std::vector<double> sorted = zb;
  std::sort(sorted.begin(), sorted.end(), std::greater<double>());
  size_t best = std::min<size_t>(10, sorted.size());
  double least = sorted[best - 1];
  double certain = 0;
  size_t left = best;
  std::vector<double> doubtful;
  for (size_t id = 0; id < zb.size(); id++) {
    double p = std::exp(za[id] - log_a);
    if (zb[id] > least + slack) {
      certain += p;
      left--;
    } else if (zb[id] >= least - slack) {
      doubtful.push_back(p);
    }
  }
  std::sort(doubtful.begin(), doubtful.end());
  double low = certain, high = certain;
  for (size_t i = 0; i < left; i++) {
    low += doubtful[i];
    high += doubtful[doubtful.size() - 1 - i];
  }
  return share >= low - slack && share <= high + slack;
}

// A row's largest error in units of its logits' size, which are fp32; infinity if it is wrong.
inline double divergenceError(const DivergenceCase& d, const DivergenceWorld& world,
                              const DivergenceResult& result, int64_t t) {
  std::vector<double> za = world.a.logits(t, d.vocabulary), zb = world.b.logits(t, d.vocabulary);
  double log_a = logSum(za), log_b = logSum(zb);
  double kl = 0, reverse = 0, size = 1;
  for (int64_t id = 0; id < d.vocabulary; id++) {
    double apart = (za[id] - log_a) - (zb[id] - log_b);
    kl += std::exp(za[id] - log_a) * apart;
    reverse -= std::exp(zb[id] - log_b) * apart;
    size = std::max({size, std::fabs(za[id]), std::fabs(zb[id])});
  }
  const double* got = &result.figures[5 * t];
  int64_t target = world.targets[t];
  double slack = 2e-5 * size;
  int32_t top_a = result.argmax[2 * t], top_b = result.argmax[2 * t + 1];
  bool right = za[top_a] >= *std::max_element(za.begin(), za.end()) - slack &&
               zb[top_b] >= *std::max_element(zb.begin(), zb.end()) - slack &&
               topTenHolds(got[2], za, zb, log_a, slack);
  if (d.pair == Pair::kSame) {
    right = right && got[0] == 0 && got[1] == 0 && top_a == top_b && got[3] == got[4];
  }
  if (d.pair == Pair::kEqualWeights) {
    // All of B's ids are equal: the lowest are its best.
    double lowest = 0;
    for (int64_t id = 0; id < std::min<int64_t>(10, d.vocabulary); id++) {
      lowest += std::exp(za[id] - log_a);
    }
    right = right && top_b == 0 && std::fabs(got[2] - lowest) <= slack;
  }
  right = right && got[0] >= -1e-9 && got[1] >= -1e-9;
  double error = std::max({std::fabs(got[0] - kl) / (1 + kl), std::fabs(got[1] - reverse) / (1 + reverse),
                           std::fabs(got[3] - (za[target] - log_a)),
                           std::fabs(got[4] - (zb[target] - log_b))}) /
                 size;
  return right && std::isfinite(error) ? error : INFINITY;
}

// Thrice the same bits, a few rows alone the bits that they have among others, and every row (512 of
// a long case) within 2e-5 of the definition.
inline bool divergencePasses(const DivergenceCase& d) {
  const char* pairs[] = {"apart", "near", "same", "equal weights"};
  DivergenceWorld world = makeDivergence(d);
  DivergenceResult result = runDivergence(d, world, 0, d.tokens);
  bool good = true;
  auto sameBits = [&](const DivergenceResult& other, int64_t first) {
    return std::memcmp(&result.figures[5 * first], other.figures.data(),
                       other.figures.size() * sizeof(double)) == 0 &&
           std::memcmp(&result.argmax[2 * first], other.argmax.data(),
                       other.argmax.size() * sizeof(int32_t)) == 0;
  };
  for (int i = 0; i < 2; i++) {
    good = good && sameBits(runDivergence(d, world, 0, d.tokens), 0);
  }
  int64_t first = d.tokens / 2;
  good = good && sameBits(runDivergence(d, world, first, std::min<int64_t>(3, d.tokens - first)), first);
  int64_t checked = std::min<int64_t>(512, d.tokens);
  std::vector<double> errors(checked, 0);
  onAllThreads(checked, [&](int64_t i) {
    errors[i] = divergenceError(d, world, result, i * d.tokens / checked);
  });
  double worst = *std::max_element(errors.begin(), errors.end());
  bool right = worst <= 2e-5;
  std::printf("%-6s %s token_divergence T %lld V %lld E %lld, %lld scale %.2f %s  error %.1e%s\n",
              good && right ? "ok" : "WRONG", nameOf(d.element), static_cast<long long>(d.tokens),
              static_cast<long long>(d.vocabulary), static_cast<long long>(d.width_a),
              static_cast<long long>(world.b.width), d.scale, pairs[static_cast<int>(d.pair)],
              worst, good ? "" : "  BITS DIFFER");
  std::fflush(stdout);
  return good && right;
}

inline std::vector<DivergenceCase> divergenceCases(bool small) {
  std::vector<DivergenceCase> cases;
  for (Element e : {Element::kBFloat16, Element::kFloat16, Element::kFloat32}) {
    cases.push_back({e, 1, 1, 8, 16, 1, Pair::kApart});
    cases.push_back({e, 3, 7, 8, 8, 0.5f, Pair::kApart});
    cases.push_back({e, 3, 130, 40, 24, 0.3f, Pair::kApart});
    cases.push_back({e, 66, 1100, 72, 72, 0.2f, Pair::kNear});
    cases.push_back({e, 130, 4099, 40, 40, 0.2f, Pair::kSame});
    cases.push_back({e, 65, 4161, 40, 72, 0.2f, Pair::kEqualWeights});
    if (!small) {
      cases.push_back({e, 333, 9001, 192, 256, 0.1f, Pair::kApart});
      cases.push_back({e, 129, 8192, 200, 200, 2, Pair::kNear});
      cases.push_back({e, 4200, 4097, 64, 64, 0.3f, Pair::kNear});
      cases.push_back({e, 70, 128256, 64, 64, 0.3f, Pair::kNear});
      cases.push_back({e, 70, 128256, 64, 64, 0.3f, Pair::kSame});
    }
  }
  return cases;
}

}  // namespace ssa::bench
