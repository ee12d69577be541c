// rotate.h: rotary position embedding of one head's vector, in fp64
//
// in    x    [D]  one head of one token
//       cos  [D]  the angles' cosines, second half = first half; nullptr: x as it is
//       sin  [D]
// out   y    [D]  y_i = x_i cos_i - x_{i+D/2} sin_i for i < D/2, x_i cos_i + x_{i-D/2} sin_i above
// num.  products of two floats are exact in fp64; what callers round, they round once
// from  Hugging Face's Llama (halves, not pairs); RoFormer arXiv:2104.09864
#pragma once

namespace ssa::SSA_ISA {

inline void rotate(const float* x, const float* cos, const float* sin, int64_t dim, double* y) {
  if (cos == nullptr) {
    for (int64_t i = 0; i < dim; i++) {
      y[i] = x[i];
    }
    return;
  }
  int64_t half = dim / 2;
  for (int64_t i = 0; i < half; i++) {
    double low = x[i];
    double high = x[i + half];
    y[i] = low * cos[i] - high * sin[i];
    y[i + half] = high * cos[i + half] + low * sin[i + half];
  }
}

// The same for a token of the call: looks up the token's row of the table.
inline void rotateToken(const AttentionParameters& p, const float* x, int64_t token, double* y) {
  const float* cos = nullptr;
  const float* sin = nullptr;
  if (p.cos != nullptr) {
    cos = p.cos + p.positions[token] * p.head_dim;
    sin = p.sin + p.positions[token] * p.head_dim;
  }
  rotate(x, cos, sin, p.head_dim, y);
}

}  // namespace ssa::SSA_ISA
