// vector.h: vectors of floats and doubles, and the exponential of each
//
// num.  Lanes are folded in halves: a fixed order.
//       exponential(x) for x <= 0: x = n ln 2 + r with |r| <= ln 2 / 2; 2^n from the exponent bits;
//       e^r by its Taylor series (float: to r^7, remainder 5e-9; double: to r^13, remainder 4e-18).
//       Below the smallest normal result it is 0; NaN stays NaN.
//       weight(x), the same in fewer instructions: x log2(e) = n + r with |r| <= 1/2; 2^r by its
//       polynomial of least relative error of degree 6 (2e-8 with coefficients in fp32);
//       0 below 2^-126.5.
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

// A vector of N lanes.
template <typename Scalar, int N>
struct Lanes {
  typedef Scalar Vector __attribute__((vector_size(N * sizeof(Scalar))));
};

// Halves are combined until one lane is left.
template <typename Scalar, int N, typename Combine>
inline Scalar fold(typename Lanes<Scalar, N>::Vector v, Combine combine) {
  if constexpr (N == 1) {
    return v[0];
  } else {
    typename Lanes<Scalar, N / 2>::Vector low, high;
    __builtin_memcpy(&low, &v, sizeof low);
    __builtin_memcpy(&high, reinterpret_cast<const char*>(&v) + sizeof low, sizeof high);
    return fold<Scalar, N / 2>(combine(low, high), combine);
  }
}

template <typename Scalar, typename Vector>
inline Scalar sumOfLanes(Vector v) {
  return fold<Scalar, sizeof(Vector) / sizeof(Scalar)>(v, [](auto a, auto b) { return a + b; });
}

template <typename Scalar, typename Vector>
inline Scalar largestLane(Vector v) {
  return fold<Scalar, sizeof(Vector) / sizeof(Scalar)>(v,
                                                       [](auto a, auto b) { return b > a ? b : a; });
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

inline Floats weight(Floats x) {
  const Floats lowest = splat(-88.03f);      // n = -127, whose 2^n has the bits of 0
  const Floats round = splat(12583039.0f);   // 1.5 * 2^23 + 127: the last bits are n's exponent
  Floats clamped = larger(lowest, x);
  Floats shifted = clamped * 1.44269504f + round;
  Floats n = shifted - round;
  Floats r = clamped * 1.44269504f - n;
  Floats e = splat(1.534581243e-4f);
  e = e * r + 1.339993090e-3f;
  e = e * r + 9.618489072e-3f;
  e = e * r + 5.550328642e-2f;
  e = e * r + 2.402264625e-1f;
  e = e * r + 6.931471825e-1f;
  e = e * r + 1.0f;
  Ints bits;
  __builtin_memcpy(&bits, &shifted, sizeof bits);
  bits <<= 23;
  Floats scale;
  __builtin_memcpy(&scale, &bits, sizeof scale);
  return e * scale;
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
