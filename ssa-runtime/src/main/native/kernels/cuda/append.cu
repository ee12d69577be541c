// append.cu: new keys and values go into the pages of the cache; queries are rotated
//
// in    q [T, HQ, D], k, v [T, H, D]  element; positions of the rotary table
// out   queries [T, HQ, D]            element, rotated
//       pages                         keys rotated, values, sums of 8 of both (see PageLayout)
// math  y_i = x_i cos_i - x_{i+D/2} sin_i for i < D/2, x_i cos_i + x_{i-D/2} sin_i above;
//       key_sum_g = sum of the 8 stored keys of group g, ascending
// cost  reads and writes T (HQ + 2 H) D elements once
// num.  rotation in fp64, rounded once; sums of stored keys in fp32, in one order, so that appending
//       a token again, or in other chunks, gives the same bits
// grid  (groups of 8 tokens), threads over (KV head, pair of dimensions); queries: a thread a pair
// twin  kernels/cpu/append.h, kernels/cpu/rotate.h      oracle  bench/contract.cu
// from  Hugging Face's Llama (halves, not pairs); RoFormer arXiv:2104.09864
#include "kernels/cuda/launch.cuh"
#include "kernels/cuda/sequences.cuh"
#include "kernels/cuda/tensor_core.cuh"

namespace ssa::cuda {
namespace {

struct Rotary {
  const float* cos;
  const float* sin;
  const int64_t* positions;
};

struct Pair {
  float low;
  float high;
};

template <typename Io>
__device__ Pair rotate(const Rotary& rotary, const Io* x, int row, int i, int dim) {
  Pair pair = {toFloat(x[i]), toFloat(x[i + dim / 2])};
  if (rotary.cos == nullptr) {
    return pair;
  }
  const float* cos = rotary.cos + rotary.positions[row] * dim;
  const float* sin = rotary.sin + rotary.positions[row] * dim;
  double low = pair.low;
  double high = pair.high;
  int k = i + dim / 2;
  return {static_cast<float>(low * cos[i] - high * sin[i]),
          static_cast<float>(high * cos[k] + low * sin[k])};
}

template <typename Io>
__global__ void rotateKernel(Rotary rotary, int64_t pairs, int heads, int dim, const Io* q,
                             Io* out) {
  int64_t item = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (item >= pairs) {
    return;
  }
  int half = dim / 2;
  int64_t head = item / half;
  int i = static_cast<int>(item % half);
  Pair pair = rotate(rotary, q + head * dim, static_cast<int>(head / heads), i, dim);
  out[head * dim + i] = fromFloat<Io>(pair.low);
  out[head * dim + i + half] = fromFloat<Io>(pair.high);
}

// One group of 8 positions: copies what is new, and sums the group if it is complete.
template <typename Io>
__global__ void appendKernel(View v, Rotary rotary, const Io* k, const Io* values,
                             bool value_sums) {
  int s;
  int local;
  constexpr int kGroup = PageLayout::kGroupTokens;
  auto groups = [&](int i) {
    int n = v.newTokens(i);
    int past = v.past(i);
    return n == 0 ? 0 : (past + n + kGroup - 1) / kGroup - past / kGroup;
  };
  if (!findUnit(v.sequences, blockIdx.x, groups, &s, &local)) {
    return;
  }
  int past = v.past(s);
  int tokens = past + v.newTokens(s);
  int group = past / kGroup + local;
  int first = group * kGroup;
  int last = min(first + kGroup, tokens);
  int dim = v.head_dim;
  int half = dim / 2;
  int start = static_cast<int>(v.sequence_starts[s]) - past;
  for (int item = threadIdx.x; item < v.kv_heads * half; item += blockDim.x) {
    int h = item / half;
    int i = item % half;
    char* page = v.page(s, first, h);
    Io* keys = reinterpret_cast<Io*>(page);
    Io* page_values = keys + PageLayout::kTokens * dim;
    float* sums = reinterpret_cast<float*>(page_values + PageLayout::kTokens * dim);
    Pair key_sum = {0, 0};
    Pair value_sum = {0, 0};
    for (int t = first; t < last; t++) {
      int at = t % PageLayout::kTokens * dim + i;
      if (t >= past) {
        int64_t row = start + t;
        const Io* from = k + (row * v.kv_heads + h) * dim;
        Pair key = rotate(rotary, from, static_cast<int>(row), i, dim);
        keys[at] = fromFloat<Io>(key.low);
        keys[at + half] = fromFloat<Io>(key.high);
        page_values[at] = values[(row * v.kv_heads + h) * dim + i];
        page_values[at + half] = values[(row * v.kv_heads + h) * dim + i + half];
      }
      key_sum.low += toFloat(keys[at]);
      key_sum.high += toFloat(keys[at + half]);
      value_sum.low += toFloat(page_values[at]);
      value_sum.high += toFloat(page_values[at + half]);
    }
    if (last - first < kGroup) {
      continue;
    }
    int slot = group % PageLayout::kGroups * dim + i;
    sums[slot] = key_sum.low;
    sums[slot + half] = key_sum.high;
    if (value_sums) {
      float* of_values = sums + PageLayout::kGroups * dim;
      of_values[slot] = value_sum.low;
      of_values[slot + half] = value_sum.high;
    }
  }
}

template <typename Io>
Report appendOf(const Call& call) {
  const AttentionParameters& p = call.p;
  Rotary rotary = {p.cos, p.sin, p.positions};
  int64_t groups = p.tokens / PageLayout::kGroupTokens + 2 * p.sequences;
  Grid grid = {dim3(static_cast<unsigned>(groups)), 64, 0};
  Report report = launch("append", appendKernel<Io>, grid, p.stream, viewOf(call), rotary,
                         static_cast<const Io*>(p.k), static_cast<const Io*>(p.v),
                         p.layout.value_sums);
  if (!report.done || p.cos == nullptr) {
    return report;
  }
  int64_t pairs = p.tokens * p.query_heads * p.layout.head_dim / 2;
  Grid pairs_grid = {dim3(parts(pairs, 256)), 256, 0};
  return launch("rotate", rotateKernel<Io>, pairs_grid, p.stream, rotary, pairs,
                static_cast<int>(p.query_heads), static_cast<int>(p.layout.head_dim),
                static_cast<const Io*>(p.q), static_cast<Io*>(call.queries));
}

}  // namespace

Report append(const Call& call) {
  return dispatch("append", call.p.layout,
                  [&](auto type, auto) { return appendOf<typename decltype(type)::type>(call); });
}

}  // namespace ssa::cuda
