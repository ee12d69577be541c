// shares.cuh: single heads' masses on units of 16 keys, as attend_watched_sm90.cu leaves them
#pragma once

#include "kernels/cuda/observe/count_rows.cuh"

namespace ssa::cuda {

// Lengths of values are operands an eighth of themselves, so that those of 64 numbers of 16 bits are numbers.
constexpr float kLengthScale = 0.125f;

// The sequences of a call that are counted as they are answered.
struct Answered {
  const int64_t* starts;  // of the whole call
  bool decodes;           // single new tokens are cut over their keys: they are answered elsewhere

  __device__ bool here(int s) const { return !decodes || starts[s + 1] - starts[s] != 1; }
};

inline Answered answeredOf(const Wave& wave) { return {wave.call_starts, wave.decodes}; }

// Where the length of key k of a page's 128 lies among the page's: as m16n8k16 reads a column of second
// operands, four lanes' 8 numbers of two units after another.
__device__ inline int lengthPlace(int k) {
  int unit = k / kShareTokens;
  return unit / 2 * 32 + k % 8 / 2 * 8 + unit % 2 * 4 + k / 8 % 2 * 2 + k % 2;
}
__device__ inline const uint16_t* lengthsOf(const Shares& shares, const CountView& c, int s, int h) {
  return shares.lengths == nullptr
             ? nullptr
             : shares.lengths + c.length_starts[s] + h * c.length_tokens[s];
}

// A share is a bf16, whose range is that of fp32.
__device__ inline uint16_t shareBits(float x) { return __bfloat16_as_ushort(__float2bfloat16_rn(x)); }
__device__ inline float shareOfBits(uint16_t x) { return __uint_as_float(static_cast<uint32_t>(x) << 16); }

}  // namespace ssa::cuda
