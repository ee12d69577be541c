// asked.h: an attention call on a device, and what it tells beside its answer
#pragma once

#include "kernels/cuda/cuda.h"

namespace ssa::cuda {

// What a call is asked for, and what the host knows of its sequences. Inputs are the host's, outputs the
// device's.
struct DeviceAsked {
  const Asked& asked;
  const int64_t* sequence_starts;  // host [S + 1]
  const int64_t* past_tokens;      // host [S]; nullptr: none

  bool watches() const { return asked.statistics.totals != nullptr; }
  Watched watched() const { return {asked.statistics, sequence_starts, past_tokens}; }
};

inline size_t workspaceBytes(const AttentionParameters& p, const DeviceAsked& asked) {
  return asked.watches() ? workspaceBytes(p, asked.watched()) : workspaceBytes(p);
}

inline Report attention(const AttentionParameters& p, const DeviceAsked& asked) {
  return asked.watches() ? watchedAttention(p, asked.watched()) : attention(p);
}

}  // namespace ssa::cuda
