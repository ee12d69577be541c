// packed_means.h: mean keys and values of complete blocks, and the way of their gradients back
//
// in    k, v [T, H, D]  fp32
// out   means [K, H, D]  fp32, K complete blocks of all sequences
//       back: dk, dv [T, H, D] from the means' gradients [K, H, D]
// math  mean_b = 1/B sum of the block's rows, ascending; d row = d mean / B, 0 behind the last
//       complete block
// cost  T H D additions; back: T H D multiplications
// num.  fp64 sums, rounded once
// twin  kernels/cuda/selection/block_mean.cu      oracle  DenseAttention.java in the trainer's tests
#pragma once

namespace ssa::SSA_ISA {

inline void meanRows(const PackedCall& call, const float* rows, const PackedSequence& s,
                     int64_t block, float* to) {
  int64_t size = call.p->branch.block_size;
  int64_t width = call.p->kv_heads * call.p->head_dim;
  const float* from = rows + (s.start + block * size) * width;
  for (int64_t d = 0; d < width; d++) {
    double sum = 0;
    for (int64_t i = 0; i < size; i++) {
      sum += from[i * width + d];
    }
    to[d] = static_cast<float>(sum / static_cast<double>(size));
  }
}

// Makes the means the keys and values of the call.
inline bool compressKeys(PackedCall& call, const float* k, const float* v) {
  int64_t width = call.p->kv_heads * call.p->head_dim;
  call.means = static_cast<float*>(acquire(sizeof(float) * (2 * call.key_rows * width + 1)));
  if (call.means == nullptr) {
    return false;
  }
  float* value_means = call.means + call.key_rows * width;
  auto item = [&](size_t i) {
    const PackedSequence& s = call.sequences[i];
    for (int64_t b = 0; b < s.keys; b++) {
      meanRows(call, k, s, b, call.means + (s.key_start + b) * width);
      meanRows(call, v, s, b, value_means + (s.key_start + b) * width);
    }
  };
  forEach(*call.parallel, call.p->sequences, item);
  call.keys = call.means;
  call.values = value_means;
  return true;
}

inline void spreadGradients(const PackedCall& call, const float* of_means, float* of_rows) {
  int64_t size = call.p->branch.block_size;
  int64_t width = call.p->kv_heads * call.p->head_dim;
  float share = 1.0f / static_cast<float>(size);
  auto item = [&](size_t i) {
    const PackedSequence& s = call.sequences[i];
    for (int64_t t = 0; t < s.tokens; t++) {
      float* to = of_rows + (s.start + t) * width;
      int64_t block = t / size;
      const float* from = of_means + (s.key_start + block) * width;
      for (int64_t d = 0; d < width; d++) {
        to[d] = block < s.keys ? from[d] * share : 0.0f;
      }
    }
  };
  forEach(*call.parallel, call.p->sequences, item);
}

}  // namespace ssa::SSA_ISA
