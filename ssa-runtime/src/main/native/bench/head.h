// head.h: token_log_prob against its definition in fp64
#pragma once

#include "bench/world.h"

namespace ssa::bench {

// token_log_prob over random rows, to 2e-5 of the logits' size, which are fp32; `scale` widens the logits, and equal weights tie all ids.
inline bool headPasses(Element element, int64_t tokens, int64_t vocabulary, int64_t width, float scale,
                bool equal) {
  Case c = {"", element, 0, 0, 0, {}, {}, {}};
  std::vector<float> hidden = randomValues(c, 7, tokens * width, 1);
  std::vector<float> weight = randomValues(c, 8, vocabulary * width, scale);
  for (int64_t i = width; equal && i < vocabulary * width; i++) {
    weight[i] = weight[i % width];
  }
  std::vector<int64_t> targets(tokens);
  for (int64_t t = 0; t < tokens; t++) {
    targets[t] = static_cast<int64_t>(mix(t) % static_cast<uint64_t>(vocabulary));
  }
  Buffer hidden_device(stored(element, hidden)), weight_device(stored(element, weight)),
      targets_device(targets);
  cuda::TokenLogProbParameters p = {};
  p.tokens = tokens;
  p.width = width;
  p.vocabulary = vocabulary;
  p.element = element;
  p.hidden = hidden_device.as<void>();
  p.weight = weight_device.as<void>();
  p.targets = targets_device.as<int64_t>();
  std::vector<std::vector<float>> bits;
  std::vector<int32_t> argmaxes;
  for (int i = 0; i < 3; i++) {
    Buffer logprob(tokens * 4), argmax(tokens * 4), best(tokens * 4), workspace(workspaceBytes(p));
    p.logprob = logprob.as<float>();
    p.argmax = argmax.as<int32_t>();
    p.argmax_logprob = best.as<float>();
    p.workspace = workspace.as<void>();
    require(tokenLogProb(p));
    require(cudaDeviceSynchronize(), "token_log_prob");
    bits.push_back(logprob.read<float>());
    bits.push_back(best.read<float>());
    argmaxes = argmax.read<int32_t>();
  }
  bool good = bits[0] == bits[2] && bits[0] == bits[4] && bits[1] == bits[3] && bits[1] == bits[5];
  std::vector<double> errors(tokens, 0);
  onAllThreads(tokens, [&](int64_t t) {
    std::vector<double> z(vocabulary);
    for (int64_t id = 0; id < vocabulary; id++) {
      z[id] = dot(&hidden[t * width], &weight[id * width], width);
    }
    double top = *std::max_element(z.begin(), z.end());
    double sum = 0;
    for (double x : z) {
      sum += std::exp(x - top);
    }
    // fp32 logits: two whose difference is below their rounding may change places.
    double slack = 1e-5 * (1 + std::fabs(top));
    double wanted = z[targets[t]] - top - std::log(sum);
    bool right = z[argmaxes[t]] >= top - slack && (!equal || argmaxes[t] == 0);
    double size = 1 + std::fabs(top) + std::fabs(z[targets[t]]);
    double error = std::max(std::fabs(bits[0][t] - wanted), std::fabs(bits[1][t] + std::log(sum))) /
                   size;
    errors[t] = right && std::isfinite(error) ? error : INFINITY;
  });
  double worst = *std::max_element(errors.begin(), errors.end());
  good = good && worst <= 2e-5;
  std::printf("%-6s %s token_log_prob T %lld V %lld E %lld scale %.2f%s  error %.1e\n",
              good ? "ok" : "WRONG", nameOf(element), static_cast<long long>(tokens),
              static_cast<long long>(vocabulary), static_cast<long long>(width), scale,
              equal ? " equal weights" : "", worst);
  std::fflush(stdout);
  return good;
}

}  // namespace ssa::bench
