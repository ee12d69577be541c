// query_gradient.cu: the gradient of the queries
//
// in    q, out, d_out [T, HQ, D]; keys, values [K, H, D]  element; log_sum_exp, delta [T, HQ]  fp32;
//       selected [T, H, k]
// out   dq [T, HQ, D]  element;  delta [T, HQ] = d_out . out (outputDots)
// math  p = e^(q k / sqrt(D) - log_sum_exp), dq = 1/sqrt(D) sum of p (d_out . v - delta) k
// cost  6 D flop per query head and key; keys and values are gathered from the L1 and L2 caches
// num.  fp32 sums in the order of the keys; bf16: p (…) is rounded to bf16 for the last product
// grid  a warp per (16 query rows, KV head); 4 neighbouring ones share a block of threads, hence the L1
//       cache. Rows are heads of one token, or, where a branch's keys are a range and the group is
//       small, of several (query_gradient_gathered.cu, query_gradient_sm90.cu, where they can)
// twin  kernels/cpu/packed_backward.h      oracle  trainer/src/main/native/bench/gradients.cu
// from  FlashAttention-2 arXiv:2307.08691
#include "kernels/cuda/packed/gradient_rows.cuh"
#include "kernels/cuda/packed/packed_gradient.h"
#include "kernels/cuda/packed/query_tile.cuh"

namespace ssa::cuda {
namespace {

constexpr int kWarps = 4;

template <typename Io>
struct QueryArrays {
  const Io* q;
  const Io* d_out;
  const Io* keys;
  const Io* values;
  const float* log_sum_exp;
  const float* delta;
  const int32_t* selected;
  Io* dq;
};

constexpr int kDotThreads = 256;

// Eight neighbouring elements.
template <typename Io>
struct Dot {
  __device__ static float of(const Io* x, const Io* y) {
    Neighbours<Io, 8> a, b;
    a.load(x, true);
    b.load(y, true);
    float sum = 0;
#pragma unroll
    for (int i = 0; i < Neighbours<Io, 8>::kWords; i++) {
      if constexpr (sizeof(Io) == 4) {
        sum += __uint_as_float(a.word[i]) * __uint_as_float(b.word[i]);
      } else {
        float2 u = unpack<Io>(a.word[i]);
        float2 v = unpack<Io>(b.word[i]);
        sum += u.x * v.x + u.y * v.y;
      }
    }
    return sum;
  }
};

// delta: D / 8 lanes per (token, head).
template <typename Io, int kDim>
__global__ void __launch_bounds__(kDotThreads)
    outputDotKernel(int64_t rows, const Io* out, const Io* d_out, float* delta) {
  constexpr int kLanes = kDim / 8;
  int64_t index = static_cast<int64_t>(blockIdx.x) * kDotThreads + threadIdx.x;
  int64_t row = index / kLanes;
  float sum = row < rows ? Dot<Io>::of(out + index * 8, d_out + index * 8) : 0.0f;
#pragma unroll
  for (int step = kLanes / 2; step > 0; step /= 2) {
    sum += __shfl_xor_sync(kWarp, sum, step);
  }
  if (row < rows && index % kLanes == 0) {
    delta[row] = sum;
  }
}

// What a lane keeps of rows r and r + 8.
struct LaneRows {
  int64_t head[2];
  KeyRange keys[2];
  float log2_sum[2];
  float delta[2];
  bool there[2];
};

// The keys that a warp's rows see together, in steps of 16: two tiles of 8 neighbours.
struct KeySteps {
  const int32_t* blocks;  // or nullptr: a range
  int from;
  int to;
  int steps;

  // The first key of tile n of a step; kNowhere if there is none.
  __device__ int at(const PackedView& v, int step, int n) const {
    int i = 2 * step + n;
    if (blocks == nullptr) {
      int key = from + 8 * i;
      return key < to ? key : kNowhere;
    }
    int entry = i * 8 / v.block_size;
    int block = entry < v.block_count ? blocks[entry] : -1;
    int key = block * v.block_size + i * 8 % v.block_size;
    return block < 0 || key >= to ? kNowhere : key;
  }
};

__device__ inline LaneRows laneRows(const PackedView& v, const QueryTile& tile,
                                    const float* log_sum_exp, const float* delta) {
  LaneRows rows;
#pragma unroll
  for (int half = 0; half < 2; half++) {
    int row = threadIdx.x % 32 / 4 + 8 * half;
    int token = tile.token(row);
    rows.there[half] = row < v.row_tokens * tile.heads && token < v.tokensOf(tile.sequence);
    rows.head[half] =
        static_cast<int64_t>(v.starts[tile.sequence] + token) * v.query_heads +
        tile.h * v.group + tile.first_head + row % tile.heads;
    rows.keys[half] = {0, 0};
    rows.log2_sum[half] = 0;
    rows.delta[half] = 0;
    if (rows.there[half]) {
      rows.keys[half] = keyRange(v.kind, v.block_size, v.window, token);
      rows.log2_sum[half] = log_sum_exp[rows.head[half]] * kLog2E;
      rows.delta[half] = delta[rows.head[half]];
    }
  }
  return rows;
}

__device__ inline KeySteps keySteps(const PackedView& v, const QueryTile& tile,
                                    const int32_t* selected) {
  int last = min(tile.first + v.row_tokens, v.tokensOf(tile.sequence)) - 1;
  KeyRange early = keyRange(v.kind, v.block_size, v.window, tile.first);
  KeyRange late = keyRange(v.kind, v.block_size, v.window, last);
  if (v.kind == BranchKind::kSelected) {
    int64_t row = static_cast<int64_t>(v.starts[tile.sequence] + tile.first) * v.kv_heads + tile.h;
    return {selected + row * v.block_count, 0, late.to, (v.block_count * v.block_size + 15) / 16};
  }
  int from = early.from / 8 * 8;
  return {nullptr, from, late.to, (late.to - from + 15) / 16};
}

template <typename Io, int kDim>
__device__ void writeRows(const LaneRows& rows, const RowSums<Io, kDim>& sums, Io* dq) {
  int j = threadIdx.x % 4;
  float scale = kScoreScale<kDim> / kLog2E;
#pragma unroll
  for (int half = 0; half < 2; half++) {
    if (!rows.there[half]) {
      continue;
    }
#pragma unroll
    for (int c = 0; c < 2; c++) {
#pragma unroll
      for (int n = 0; n < kDim / 8; n++) {
        dq[rows.head[half] * kDim + (2 * j + c) * (kDim / 8) + n] =
            fromFloat<Io>(sums.sum[n][2 * half + c] * scale);
      }
    }
  }
}

template <typename Io, int kDim>
__global__ void __launch_bounds__(kWarps * 32)
    queryGradientKernel(PackedView v, QueryArrays<Io> a) {
  QueryTile tile;
  // Later tokens see more keys: they go first.
  if (!findTile(v, (gridDim.x - 1 - blockIdx.x) * kWarps + threadIdx.x / 32, &tile)) {
    return;
  }
  int r = threadIdx.x % 32 / 4;
  int j = threadIdx.x % 4;
  LaneRows rows = laneRows(v, tile, a.log_sum_exp, a.delta);
  RowOperand<Io, kDim> queries, gradients;
  queries.load(a.q + rows.head[0] * kDim, rows.there[0], a.q + rows.head[1] * kDim, rows.there[1]);
  gradients.load(a.d_out + rows.head[0] * kDim, rows.there[0], a.d_out + rows.head[1] * kDim,
                 rows.there[1]);
  RowSums<Io, kDim> dq;
  dq.clear();
  KeySteps steps = keySteps(v, tile, a.selected);
  int64_t stride = static_cast<int64_t>(v.kv_heads) * kDim;
  int64_t base = v.key_starts[tile.sequence] * stride + tile.h * kDim;
  for (int step = 0; step < steps.steps; step++) {
    int first[2] = {steps.at(v, step, 0), steps.at(v, step, 1)};
    if (first[0] == kNowhere) {
      break;  // keys ascend: nothing is left
    }
    float weight[2][4] = {};
    float slope[2][4] = {};
    Neighbours<Io, kDim / 8> key[4];
#pragma unroll
    for (int n = 0; n < 2; n++) {
      bool there = first[n] + r < steps.to;
      int64_t at = base + (there ? first[n] + r : 0) * stride + j * (kDim / 4);
      Neighbours<Io, kDim / 4> column;
      column.load(a.keys + at, there);
      queries.multiply(column, weight[n]);
      column.load(a.values + at, there);
      gradients.multiply(column, slope[n]);
#pragma unroll
      for (int k = 0; k < 2; k++) {
        int mine = first[n] + 2 * j + k;
        bool mine_there = mine < steps.to;
        key[2 * n + k].load(a.keys + base + (mine_there ? mine : 0) * stride + r * (kDim / 8),
                            mine_there);
      }
    }
#pragma unroll
    for (int n = 0; n < 2; n++) {
#pragma unroll
      for (int i = 0; i < 4; i++) {
        int half = i / 2;
        int position = first[n] + 2 * j + i % 2;
        bool seen = position >= rows.keys[half].from && position < rows.keys[half].to;
        float p = weightOf(weight[n][i], kScoreScale<kDim>, rows.log2_sum[half], seen);
        slope[n][i] = seen ? p * (slope[n][i] - rows.delta[half]) : 0.0f;
      }
    }
    dq.add(slope[0], slope[1], key);
  }
  writeRows<Io, kDim>(rows, dq, a.dq);
}

}  // namespace

Report outputDots(const GradientCall& call) {
  const PackedBackward& b = call.b;
  return dispatchPacked(b.problem, b.element, [&](auto type, auto dim) {
    using Io = typename decltype(type)::type;
    int64_t rows = static_cast<int64_t>(call.view.tokens) * call.view.query_heads;
    Grid grid = {dim3(parts(rows * (decltype(dim)::value / 8), kDotThreads)), kDotThreads, 0};
    return launch("output_dots", outputDotKernel<Io, decltype(dim)::value>, grid, b.stream, rows,
                  static_cast<const Io*>(b.out), static_cast<const Io*>(b.d_out), call.delta);
  });
}

Report queryGradients(const GradientCall& call) {
  if (call.groups) {
    return queryGradientGroups(call);
  }
  if (call.gathers) {
    return queryGradientGathered(call);
  }
  const PackedBackward& b = call.b;
  const PackedView& v = call.view;
  return dispatchPacked(b.problem, b.element, [&](auto type, auto dim) {
    using Io = typename decltype(type)::type;
    QueryArrays<Io> arrays = {static_cast<const Io*>(b.q),
                              static_cast<const Io*>(b.d_out),
                              static_cast<const Io*>(call.keys),
                              static_cast<const Io*>(call.values),
                              b.log_sum_exp,
                              call.delta,
                              b.selected,
                              static_cast<Io*>(b.dq)};
    int64_t tiles = v.tokens / v.row_tokens + v.sequences;
    unsigned heads = static_cast<unsigned>(v.kv_heads * ((v.group + 15) / 16));
    Grid grid = {dim3(parts(tiles, kWarps), heads), kWarps * 32, 0};
    return launch("query_gradient", queryGradientKernel<Io, decltype(dim)::value>, grid, b.stream,
                  v, arrays);
  });
}

}  // namespace ssa::cuda
