// landing.cuh: where a row's attention goes: its gate, the branches before it, the output
#pragma once

#include "kernels/cuda/call.h"
#include "kernels/cuda/tile/tensor_core.cuh"

namespace ssa::cuda {

constexpr float kLn2 = 0.69314718055994531f;

template <typename Io>
struct Output {
  const Io* gates;  // [T, HQ, 3] or nullptr
  Landing landing;
  Io* out;

  __device__ float gate(int64_t head) const {
    return gates == nullptr ? 1.0f : toFloat(gates[head * 3 + landing.gate]);
  }

  // x: element d of head (row * HQ + head), gated.
  __device__ void put(int64_t head, int dim, int d, float x) const {
    int64_t at = head * dim + d;
    if (landing.earlier != nullptr) {
      x += landing.earlier[at];
    }
    if (landing.later != nullptr) {
      landing.later[at] = x;
    } else {
      out[at] = fromFloat<Io>(x);
    }
  }

  // The state of a row's softmax, in units of log2; minus infinity for a row without keys.
  __device__ void putSum(int64_t head, float largest, float sum) const {
    if (landing.log_sum_exp != nullptr) {
      landing.log_sum_exp[head] = (largest + log2f(sum)) * kLn2;
    }
  }
};

template <typename Io>
Output<Io> outputOf(const Call& call, const Landing& landing) {
  return {static_cast<const Io*>(call.gates), landing, static_cast<Io*>(call.p.out)};
}

// The running softmax of rows r and r + 8 of a product's lane.
struct RowState {
  float largest[2];
  float sum[2];
};

// A row without keys is 0; one whose keys all score minus infinity is 0 / 0.
__device__ inline float shareOf(float largest, float sum) {
  return largest == -INFINITY ? 0.0f : 1.0f / sum;
}

}  // namespace ssa::cuda
