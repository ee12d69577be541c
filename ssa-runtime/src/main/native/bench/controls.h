// controls.h: by what window, random and best blocks are chosen, from their definitions
//
// Shares no code with the kernels. The k - 1 blocks before a token's own one with the highest ranks are
// chosen, equal ones by the lower index (oracle.h, selectionHolds).
#pragma once

#include "bench/oracle.h"

namespace ssa::bench {

// The layer and the seeds that contract.cu's calls draw with; `sequence` counts all of a case's.
constexpr int64_t kDrawnLayer = 3;
inline int64_t seedOf(int64_t sequence) { return sequence * 1000003 - 5; }

// SplitMix64's output function, and the chain of docs/formats.md.
inline uint64_t splitMix(uint64_t x) {
  uint64_t z = x + 0x9e3779b97f4a7c15;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
  z = (z ^ z >> 27) * 0x94d049bb133111eb;
  return z ^ z >> 31;
}

inline std::vector<double> drawnRanks(int64_t seed, int64_t h, int64_t t, int64_t own) {
  uint64_t state = static_cast<uint64_t>(seed);
  for (int64_t part : {kDrawnLayer, h, t}) {
    state = splitMix(state) ^ static_cast<uint64_t>(part);
  }
  state = splitMix(state);
  std::vector<double> rank;
  for (int64_t b = 0; b < own; b++) {
    rank.push_back(static_cast<double>(splitMix(state ^ static_cast<uint64_t>(b)) >> 32));
  }
  return rank;
}

inline std::vector<double> recencyRanks(int64_t own) {
  std::vector<double> rank;
  for (int64_t b = 0; b < own; b++) {
    rank.push_back(b == 0 ? 1e18 : static_cast<double>(b));
  }
  return rank;
}

// The mass of each block before the own one, summed over the group's heads.
inline std::vector<double> massRanks(const Sequence& s, int64_t h, int64_t t, int64_t block) {
  std::vector<double> mass(t / block, 0.0);
  std::vector<double> score(t + 1);
  for (int64_t g = 0; g < s.group(); g++) {
    double top = -std::numeric_limits<double>::infinity();
    for (int64_t j = 0; j <= t; j++) {
      score[j] = dot(s.query(t, h * s.group() + g), s.key(j, h), s.dim) /
                 std::sqrt(static_cast<double>(s.dim));
      top = std::max(top, score[j]);
    }
    double total = 0;
    for (double& x : score) {
      x = std::exp(x - top);
      total += x;
    }
    for (int64_t j = 0; j < static_cast<int64_t>(mass.size()) * block; j++) {
      mass[j / block] += score[j] / total;
    }
  }
  return mass;
}

}  // namespace ssa::bench
