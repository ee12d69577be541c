// query_gradient_gathered.cu: query_gradient in bf16, wherever query_gradient_sm90.cu does not take it
//
// in    as query_gradient.cu, but for delta
// out   dq [T, HQ, D]  bf16; delta [T, HQ] = d_out . out
// math  as query_gradient.cu
// cost  6 D flop and one exponential per query head and key; 4 D bytes per key and tile of 16 rows, from the L2
//       cache: for selected blocks that binds it
// num.  as query_gradient.cu
// grid  a warp per (16 query rows, KV head), as query_gradient.cu; neighbours share a block of threads
// twin  kernels/cpu/packed_backward.h      oracle  trainer/src/main/native/bench/gradients.cu
// from  FlashAttention-2 arXiv:2307.08691
#include "kernels/cuda/packed/gathered_keys.cuh"
#include "kernels/cuda/packed/packed_gradient.h"
#include "kernels/cuda/packed/query_tile.cuh"

namespace ssa::cuda {
namespace {

using Io = __nv_bfloat16;

struct QueryArrays {
  const Io* q;
  const Io* out;
  const Io* d_out;
  const Io* keys;
  const Io* values;
  const float* log_sum_exp;
  const int32_t* selected;
  float* delta;
  Io* dq;
};

// 16 rows, by one warp; a lane has rows r and r + 8.
template <int kDim, bool kSelected>
struct QueryRows {
  GatheredRows<kDim> queries;
  GatheredRows<kDim> gradients;
  GatheredSums<kDim> dq;
  int64_t head[2];
  bool there[2];
  float log2_sum[2];
  float delta[2];
  // Keys that a row sees, numbered as they come; of selected blocks all rows see the same.
  int from[kSelected ? 1 : 2];
  int to[kSelected ? 1 : 2];

  __device__ void begin(const PackedView& v, const QueryArrays& a, const QueryTile& tile,
                        const GatheredKeys<kDim, kSelected>& keys) {
    if constexpr (kSelected) {
      from[0] = 0;
      to[0] = keys.count;
    }
#pragma unroll
    for (int half = 0; half < 2; half++) {
      int row = threadIdx.x % 32 / 4 + 8 * half;
      int token = tile.token(row);
      there[half] = row < v.row_tokens * tile.heads && token < v.tokensOf(tile.sequence);
      head[half] = static_cast<int64_t>(v.starts[tile.sequence] + token) * v.query_heads +
                   tile.h * v.group + tile.first_head + row % tile.heads;
      log2_sum[half] = there[half] ? a.log_sum_exp[head[half]] * kLog2E : 0.0f;
      if constexpr (!kSelected) {
        KeyRange seen = keyRange(v.kind, v.block_size, v.window, token);
        from[half] = seen.from - keys.from;
        to[half] = there[half] ? seen.to - keys.from : 0;
      }
    }
    queries.load(a.q + head[0] * kDim, there[0], a.q + head[1] * kDim, there[1]);
    gradients.load(a.d_out + head[0] * kDim, there[0], a.d_out + head[1] * kDim, there[1]);
#pragma unroll
    for (int half = 0; half < 2; half++) {
      delta[half] = gradients.dot(half, a.out + head[half] * kDim, there[half]);
      if (there[half] && threadIdx.x % 4 == 0) {
        a.delta[head[half]] = delta[half];
      }
    }
    dq.clear();
  }

  // A tile whose first key is number `first`.
  __device__ void add(const char* stage, int first) {
    int j = threadIdx.x % 4;
    float weight[2][4] = {};
    float slope[2][4] = {};
    queries.multiply(stage, weight);
    gradients.multiply(stage + GatherShape<kDim>::kTileBytes, slope);
#pragma unroll
    for (int n = 0; n < 2; n++) {
#pragma unroll
      for (int i = 0; i < 4; i++) {
        int key = first + n * 8 + 2 * j + i % 2;
        float p = exp2Fast(fmaf(weight[n][i], kScoreScale<kDim>, -log2_sum[i / 2]));
        float s = p * (slope[n][i] - delta[i / 2]);
        int row = kSelected ? 0 : i / 2;
        // A masked weight is 0 whatever its score is.
        slope[n][i] = (kSelected || key >= from[row]) && key < to[row] ? s : 0.0f;
      }
    }
    dq.add(slope, stage);
  }

  __device__ void write(Io* to_memory) const {
    float scale = kScoreScale<kDim> / kLog2E;
#pragma unroll
    for (int half = 0; half < 2; half++) {
      if (there[half]) {
        dq.write(to_memory + head[half] * kDim + threadIdx.x % 4 * 2, half, scale);
      }
    }
  }
};

template <int kDim, bool kSelected>
__device__ GatheredKeys<kDim, kSelected> keysOf(const PackedView& v, const QueryArrays& a,
                                     const QueryTile& tile) {
  int row = v.starts[tile.sequence] + tile.first;
  int64_t origin = (static_cast<int64_t>(v.key_starts[tile.sequence]) * v.kv_heads + tile.h) * kDim;
  GatheredKeys<kDim, kSelected> keys = {nullptr,           a.keys + origin, a.values + origin,
                                        v.kv_heads * kDim, v.block_size,    v.block_count};
  if constexpr (kSelected) {
    keys.selected = a.selected + (static_cast<int64_t>(row) * v.kv_heads + tile.h) * v.block_count;
    keys.begin(tile.first);
  } else {
    int last = min(tile.first + v.row_tokens, v.tokensOf(tile.sequence)) - 1;
    keys.beginRange(keyRange(v.kind, v.block_size, v.window, tile.first).from,
                    keyRange(v.kind, v.block_size, v.window, last).to);
  }
  return keys;
}

template <int kDim, bool kSelected>
__global__ void __launch_bounds__(kGatherWarps * 32, GatherShape<kDim>::kBlocks)
    queryGradientGatheredKernel(PackedView v, QueryArrays a) {
  extern __shared__ uint4 shared[];
  QueryTile tile;
  int warp = threadIdx.x / 32;
  // Later tokens see more keys: they go first.
  if (!findTile(v, (gridDim.x - 1 - blockIdx.x) * kGatherWarps + warp, &tile)) {
    return;
  }
  GatheredKeys<kDim, kSelected> keys = keysOf<kDim, kSelected>(v, a, tile);
  QueryRows<kDim, kSelected> rows;
  keys.forEach(
      reinterpret_cast<char*>(shared) + warp * GatherShape<kDim>::kWarpBytes,
      [&] { rows.begin(v, a, tile, keys); },
      [&](const char* stage, int first) { rows.add(stage, first); });
  rows.write(a.dq);
}

template <int kDim, bool kSelected>
Report gathered(const GradientCall& call) {
  const PackedBackward& b = call.b;
  const PackedView& v = call.view;
  QueryArrays arrays = {static_cast<const Io*>(b.q),
                        static_cast<const Io*>(b.out),
                        static_cast<const Io*>(b.d_out),
                        static_cast<const Io*>(call.keys),
                        static_cast<const Io*>(call.values),
                        b.log_sum_exp,
                        b.selected,
                        call.delta,
                        static_cast<Io*>(b.dq)};
  int64_t tiles = v.tokens / v.row_tokens + v.sequences;
  unsigned heads = static_cast<unsigned>(v.kv_heads * ((v.group + 15) / 16));
  Grid grid = {dim3(parts(tiles, kGatherWarps), heads), kGatherWarps * 32,
               GatherShape<kDim>::kSharedBytes};
  return launch("query_gradient gathered", queryGradientGatheredKernel<kDim, kSelected>, grid,
                b.stream, v, arrays);
}

template <int kDim>
Report gatheredOf(const GradientCall& call) {
  return call.view.kind == BranchKind::kSelected ? gathered<kDim, true>(call)
                                                 : gathered<kDim, false>(call);
}

}  // namespace

Report queryGradientGathered(const GradientCall& call) {
  switch (call.b.problem.head_dim) {
    case 32:
      return gatheredOf<32>(call);
    case 64:
      return gatheredOf<64>(call);
    default:
      return gatheredOf<128>(call);
  }
}

}  // namespace ssa::cuda
