// append.cu: new keys and values go into the pages of the cache; queries are rotated, gates opened
//
// in    q [T, HQ, D], k, v [T, H, D], gates [T, HQ, 3]  element, dense or side by side in rows;
//                                     positions of the rotary table
// out   queries [T, HQ, D]            element, rotated
//       gates [T, HQ, 3]              element, 1 / (1 + e^-x) if raw; only of rows that hold all four
//       pages                         keys rotated, values, sums of 8 of both (see PageLayout)
//       out, selected                 0 and -1 for tokens behind the last sequence, of such rows
// math  y_i = x_i cos_i - x_{i+D/2} sin_i for i < D/2, x_i cos_i + x_{i-D/2} sin_i above;
//       key_sum_g = sum of the 8 stored keys of group g, ascending
// cost  reads and writes T (HQ + 2 H) D elements once
// num.  rotation in fp64, rounded once; sums of stored keys in fp32, in one order, so that appending
//       a token again, or in other chunks, gives the same bits
// grid  (groups of 8 tokens), threads over (KV head, pair of dimensions); queries: a thread a pair;
//       gates: a thread each
// twin  kernels/cpu/append.h, kernels/cpu/rotate.h      oracle  bench/contract.cu
// from  Hugging Face's Llama (halves, not pairs); RoFormer arXiv:2104.09864
#include "kernels/cuda/launch.cuh"
#include "kernels/cuda/sequences.cuh"
#include "kernels/cuda/tile/tensor_core.cuh"

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

// Where the queries and gates of a call lie, and where they go.
template <typename Io>
struct Opening {
  const Io* q;
  const Io* gates_in;  // nullptr: none
  int64_t q_stride;
  int64_t gates_stride;
  bool raw_gates;
  Io* queries;
  Io* gates;
  Io* out;
  int32_t* selected;  // nullptr: none
  int64_t pairs;      // T HQ D / 2
  int64_t items;      // and T HQ 3 gates, if there are any
};

template <typename Io>
__global__ void openKernel(View v, Rotary rotary, Opening<Io> p) {
  int64_t item = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (item >= p.items) {
    return;
  }
  if (item >= p.pairs) {
    int64_t gate = item - p.pairs;
    int of_row = 3 * v.query_heads;
    float x = toFloat(p.gates_in[gate / of_row * p.gates_stride + gate % of_row]);
    p.gates[gate] = fromFloat<Io>(p.raw_gates ? 1.0f / (1.0f + expf(-x)) : x);
    return;
  }
  int half = v.head_dim / 2;
  int64_t head = item / half;
  int i = static_cast<int>(item % half);
  int row = static_cast<int>(head / v.query_heads);
  int of_row = static_cast<int>(head % v.query_heads);
  const Io* q = p.q + row * p.q_stride + of_row * v.head_dim;
  Pair pair = rotate(rotary, q, row, i, v.head_dim);
  p.queries[head * v.head_dim + i] = fromFloat<Io>(pair.low);
  p.queries[head * v.head_dim + i + half] = fromFloat<Io>(pair.high);
  if (row < v.sequence_starts[v.sequences]) {
    return;
  }
  p.out[head * v.head_dim + i] = fromFloat<Io>(0.0f);
  p.out[head * v.head_dim + i + half] = fromFloat<Io>(0.0f);
  if (of_row < v.kv_heads && p.selected != nullptr) {
    for (int b = i; b < v.block_count; b += half) {
      p.selected[(static_cast<int64_t>(row) * v.kv_heads + of_row) * v.block_count + b] = -1;
    }
  }
}

// One group of 8 positions: copies what is new, and sums the group if it is complete.
template <typename Io>
__global__ void appendKernel(View v, Rotary rotary, const Io* k, const Io* values,
                             int64_t row_stride, bool value_sums) {
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
        const Io* from = k + row * row_stride + h * dim;
        const Io* value = values + row * row_stride + h * dim;
        Pair key = rotate(rotary, from, static_cast<int>(row), i, dim);
        keys[at] = fromFloat<Io>(key.low);
        keys[at + half] = fromFloat<Io>(key.high);
        page_values[at] = value[i];
        page_values[at + half] = value[i + half];
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
Report open(const Call& call, const Rotary& rotary) {
  const AttentionParameters& p = call.p;
  int64_t dense = p.query_heads * p.layout.head_dim;
  Opening<Io> opening = {static_cast<const Io*>(p.q),
                         static_cast<const Io*>(p.gates),
                         p.row_stride == 0 ? dense : p.row_stride,
                         p.row_stride,
                         p.raw_gates,
                         static_cast<Io*>(call.queries),
                         static_cast<Io*>(call.gates),
                         static_cast<Io*>(p.out),
                         p.mode.kind == ModeKind::kFull ? nullptr : p.selected,
                         p.tokens * dense / 2,
                         0};
  bool gates = p.gates != nullptr && p.row_stride != 0;
  opening.items = opening.pairs + (gates ? p.tokens * p.query_heads * 3 : 0);
  Grid grid = {dim3(parts(opening.items, 256)), 256, 0};
  return launch("rotate", openKernel<Io>, grid, p.stream, viewOf(call), rotary, opening);
}

template <typename Io>
Report appendOf(const Call& call) {
  const AttentionParameters& p = call.p;
  Rotary rotary = {p.cos, p.sin, p.positions};
  int64_t groups = p.tokens / PageLayout::kGroupTokens + 2 * p.sequences + 1;
  Grid grid = {dim3(static_cast<unsigned>(groups)), 64, 0};
  Report report = launch("append", appendKernel<Io>, grid, p.stream, viewOf(call), rotary,
                         static_cast<const Io*>(p.k), static_cast<const Io*>(p.v),
                         p.row_stride == 0 ? p.kv_heads * p.layout.head_dim : p.row_stride,
                         p.layout.value_sums);
  bool as_given = p.cos == nullptr && p.row_stride == 0;
  return !report.done || as_given ? report : open<Io>(call, rotary);
}

}  // namespace

Report append(const Call& call) {
  return dispatch("append", call.p.layout,
                  [&](auto type, auto) { return appendOf<typename decltype(type)::type>(call); });
}

}  // namespace ssa::cuda
