// multiply.h: small matrix products in registers
//
// in    a    [m, depth]  row stride lda
//       b    [depth, n]  row stride ldb; n a multiple of the vector length
// out   out  [m, n]      row stride ldo; out = a b, or out += a b
// cost  2 m n depth flop
// num.  each element is one chain of (fused) multiply-adds over depth, ascending, whatever m and n
//       are: a row's bits do not depend on the rows beside it
#pragma once

namespace ssa::SSA_ISA {

template <int R, int C, typename Scalar>
inline __attribute__((always_inline)) void multiplyTile(const Scalar* a, int64_t lda,
                                                        const Scalar* b, int64_t ldb,
                                                        int64_t depth, Scalar* out, int64_t ldo,
                                                        bool add) {
  using Vector = typename VectorOf<Scalar>::type;
  constexpr int64_t lanes = SSA_VECTOR_BYTES / sizeof(Scalar);
  Vector sum[R][C];
  for (int r = 0; r < R; r++) {
    for (int c = 0; c < C; c++) {
      sum[r][c] = add ? load(out + r * ldo + c * lanes) : Vector{};
    }
  }
  for (int64_t i = 0; i < depth; i++) {
    Vector column[C];
    for (int c = 0; c < C; c++) {
      column[c] = load(b + i * ldb + c * lanes);
    }
    for (int r = 0; r < R; r++) {
      Vector x = splat(a[r * lda + i]);
      for (int c = 0; c < C; c++) {
        sum[r][c] = sum[r][c] + x * column[c];
      }
    }
  }
  for (int r = 0; r < R; r++) {
    for (int c = 0; c < C; c++) {
      store(out + r * ldo + c * lanes, sum[r][c]);
    }
  }
}

// Rows per tile are chosen so that the sums fill, and do not spill, the vector registers.
template <int C, typename Scalar>
void multiplyColumns(int64_t m, const Scalar* a, int64_t lda, const Scalar* b, int64_t ldb,
                     int64_t depth, Scalar* out, int64_t ldo, bool add) {
  constexpr int kMany = SSA_VECTOR_BYTES == 64 ? (C <= 2 ? 8 : 6) : (C == 1 ? 8 : 6);
  int64_t r = 0;
  for (; r + kMany <= m; r += kMany) {
    multiplyTile<kMany, C>(a + r * lda, lda, b, ldb, depth, out + r * ldo, ldo, add);
  }
  for (; r + 4 <= m; r += 4) {
    multiplyTile<4, C>(a + r * lda, lda, b, ldb, depth, out + r * ldo, ldo, add);
  }
  for (; r + 2 <= m; r += 2) {
    multiplyTile<2, C>(a + r * lda, lda, b, ldb, depth, out + r * ldo, ldo, add);
  }
  for (; r < m; r++) {
    multiplyTile<1, C>(a + r * lda, lda, b, ldb, depth, out + r * ldo, ldo, add);
  }
}

template <typename Scalar>
void multiply(int64_t m, int64_t n, const Scalar* a, int64_t lda, const Scalar* b, int64_t ldb,
              int64_t depth, Scalar* out, int64_t ldo, bool add) {
  constexpr int64_t lanes = SSA_VECTOR_BYTES / sizeof(Scalar);
  int64_t c = 0;
#if SSA_VECTOR_BYTES == 64
  for (; c + 4 * lanes <= n; c += 4 * lanes) {
    multiplyColumns<4>(m, a, lda, b + c, ldb, depth, out + c, ldo, add);
  }
#endif
  for (; c + 2 * lanes <= n; c += 2 * lanes) {
    multiplyColumns<2>(m, a, lda, b + c, ldb, depth, out + c, ldo, add);
  }
  for (; c < n; c += lanes) {
    multiplyColumns<1>(m, a, lda, b + c, ldb, depth, out + c, ldo, add);
  }
}

}  // namespace ssa::SSA_ISA
