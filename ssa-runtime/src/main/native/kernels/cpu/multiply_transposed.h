// multiply_transposed.h: small matrix products in registers, the first matrix read by columns
//
// in    a    [depth, m]  row stride lda
//       b    [depth, n]  row stride ldb; n a multiple of the vector length
// out   out  [m, n]      row stride ldo; out += a^T b
// cost  2 m n depth flop
// num.  each element is one chain of (fused) multiply-adds over depth, ascending
#pragma once

namespace ssa::SSA_ISA {

template <int R, int C>
inline __attribute__((always_inline)) void multiplyTransposedTile(const float* a, int64_t lda,
                                                                  const float* b, int64_t ldb,
                                                                  int64_t depth, float* out,
                                                                  int64_t ldo) {
  Floats sum[R][C];
  for (int r = 0; r < R; r++) {
    for (int c = 0; c < C; c++) {
      sum[r][c] = load(out + r * ldo + c * kFloats);
    }
  }
  for (int64_t i = 0; i < depth; i++) {
    Floats column[C];
    for (int c = 0; c < C; c++) {
      column[c] = load(b + i * ldb + c * kFloats);
    }
    for (int r = 0; r < R; r++) {
      Floats x = splat(a[i * lda + r]);
      for (int c = 0; c < C; c++) {
        sum[r][c] = sum[r][c] + x * column[c];
      }
    }
  }
  for (int r = 0; r < R; r++) {
    for (int c = 0; c < C; c++) {
      store(out + r * ldo + c * kFloats, sum[r][c]);
    }
  }
}

template <int C>
void multiplyTransposedColumns(int64_t m, const float* a, int64_t lda, const float* b, int64_t ldb,
                               int64_t depth, float* out, int64_t ldo) {
  constexpr int kMany = SSA_VECTOR_BYTES == 64 ? (C <= 2 ? 8 : 6) : (C == 1 ? 8 : 4);
  int64_t r = 0;
  for (; r + kMany <= m; r += kMany) {
    multiplyTransposedTile<kMany, C>(a + r, lda, b, ldb, depth, out + r * ldo, ldo);
  }
  for (; r + 2 <= m; r += 2) {
    multiplyTransposedTile<2, C>(a + r, lda, b, ldb, depth, out + r * ldo, ldo);
  }
  for (; r < m; r++) {
    multiplyTransposedTile<1, C>(a + r, lda, b, ldb, depth, out + r * ldo, ldo);
  }
}

inline void multiplyTransposed(int64_t m, int64_t n, const float* a, int64_t lda, const float* b,
                               int64_t ldb, int64_t depth, float* out, int64_t ldo) {
  int64_t c = 0;
#if SSA_VECTOR_BYTES == 64
  for (; c + 4 * kFloats <= n; c += 4 * kFloats) {
    multiplyTransposedColumns<4>(m, a, lda, b + c, ldb, depth, out + c, ldo);
  }
#endif
  for (; c + 2 * kFloats <= n; c += 2 * kFloats) {
    multiplyTransposedColumns<2>(m, a, lda, b + c, ldb, depth, out + c, ldo);
  }
  for (; c < n; c += kFloats) {
    multiplyTransposedColumns<1>(m, a, lda, b + c, ldb, depth, out + c, ldo);
  }
}

}  // namespace ssa::SSA_ISA
