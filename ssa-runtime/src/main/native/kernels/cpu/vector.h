// vector.h: vectors of floats and doubles, and the exponential of each
//
// num.  exponential(x) for x <= 0: x = n ln 2 + r with |r| <= ln 2 / 2; 2^n from the exponent bits;
//       e^r by its Taylor series (float: to r^7, remainder 5e-9; double: to r^13, remainder 4e-18).
//       Below the smallest normal result it is 0; NaN stays NaN.
#pragma once

namespace ssa::SSA_ISA {

typedef float Floats __attribute__((vector_size(SSA_VECTOR_BYTES)));
typedef int32_t Ints __attribute__((vector_size(SSA_VECTOR_BYTES)));
typedef double Doubles __attribute__((vector_size(SSA_VECTOR_BYTES)));
typedef int64_t Longs __attribute__((vector_size(SSA_VECTOR_BYTES)));

constexpr int64_t kFloats = SSA_VECTOR_BYTES / 4;
constexpr int64_t kDoubles = SSA_VECTOR_BYTES / 8;

template <typename Scalar>
struct VectorOf;
template <>
struct VectorOf<float> {
  using type = Floats;
};
template <>
struct VectorOf<double> {
  using type = Doubles;
};

template <typename Scalar>
inline typename VectorOf<Scalar>::type load(const Scalar* from) {
  typename VectorOf<Scalar>::type v;
  __builtin_memcpy(&v, from, sizeof v);
  return v;
}

template <typename Scalar, typename Vector>
inline void store(Scalar* to, Vector v) {
  __builtin_memcpy(to, &v, sizeof v);
}

inline Floats splat(float x) { return x - Floats{}; }
inline Doubles splat(double x) { return x - Doubles{}; }

inline Floats larger(Floats a, Floats b) { return a > b ? a : b; }
inline Doubles larger(Doubles a, Doubles b) { return a > b ? a : b; }

// Lanes are folded in halves: a fixed order.
template <typename Scalar, typename Vector>
inline Scalar sumOfLanes(Vector v) {
  constexpr int n = sizeof(Vector) / sizeof(Scalar);
  Scalar lane[n];
  store(lane, v);
  for (int half = n / 2; half > 0; half /= 2) {
    for (int i = 0; i < half; i++) {
      lane[i] += lane[i + half];
    }
  }
  return lane[0];
}

template <typename Scalar, typename Vector>
inline Scalar largestLane(Vector v) {
  constexpr int n = sizeof(Vector) / sizeof(Scalar);
  Scalar lane[n];
  store(lane, v);
  Scalar best = lane[0];
  for (int i = 1; i < n; i++) {
    best = lane[i] > best ? lane[i] : best;
  }
  return best;
}

inline Floats exponential(Floats x) {
  const Floats lowest = splat(-87.0f);
  const Floats round = splat(12582912.0f);  // 1.5 * 2^23: adding it rounds to an integer
  Floats clamped = x < lowest ? lowest : x;
  Floats shifted = clamped * 1.44269504f + round;
  Floats n = shifted - round;
  Floats r = clamped - n * 0.693359375f;
  r = r - n * -2.12194440e-4f;
  Floats e = splat(1.0f / 5040);
  e = e * r + 1.0f / 720;
  e = e * r + 1.0f / 120;
  e = e * r + 1.0f / 24;
  e = e * r + 1.0f / 6;
  e = e * r + 0.5f;
  e = e * r + 1.0f;
  e = e * r + 1.0f;
  Ints exponent;
  __builtin_memcpy(&exponent, &shifted, sizeof exponent);
  Ints bits = (exponent - 0x4B400000 + 127) << 23;
  Floats scale;
  __builtin_memcpy(&scale, &bits, sizeof scale);
  return x < lowest ? Floats{} : e * scale;
}

inline Doubles exponential(Doubles x) {
  const Doubles lowest = splat(-708.0);
  const Doubles round = splat(6755399441055744.0);  // 1.5 * 2^52
  Doubles clamped = x < lowest ? lowest : x;
  Doubles shifted = clamped * 1.4426950408889634 + round;
  Doubles n = shifted - round;
  Doubles r = clamped - n * 6.93147180369123816490e-01;
  r = r - n * 1.90821492927058770002e-10;
  Doubles e = splat(1.0 / 6227020800.0);
  e = e * r + 1.0 / 479001600.0;
  e = e * r + 1.0 / 39916800.0;
  e = e * r + 1.0 / 3628800.0;
  e = e * r + 1.0 / 362880.0;
  e = e * r + 1.0 / 40320.0;
  e = e * r + 1.0 / 5040.0;
  e = e * r + 1.0 / 720.0;
  e = e * r + 1.0 / 120.0;
  e = e * r + 1.0 / 24.0;
  e = e * r + 1.0 / 6.0;
  e = e * r + 0.5;
  e = e * r + 1.0;
  e = e * r + 1.0;
  Longs exponent;
  __builtin_memcpy(&exponent, &shifted, sizeof exponent);
  Longs bits = (exponent - 0x4338000000000000L + 1023L) << 52;
  Doubles scale;
  __builtin_memcpy(&scale, &bits, sizeof scale);
  return x < lowest ? Doubles{} : e * scale;
}

inline int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
inline int64_t most(int64_t a, int64_t b) { return a > b ? a : b; }
inline int64_t ceilDivide(int64_t a, int64_t b) { return (a + b - 1) / b; }

constexpr float kMinusInfinity = -__builtin_inff();
constexpr float kLowest = -3.40282347e38f;

}  // namespace ssa::SSA_ISA
