// key_gradient_gathered.cu: key_gradient in bf16, wherever key_gradient_sm90.cu does not take it
//
// in    as key_gradient.cu
// out   parts [items, 2, R, D]  fp32
// math  as key_gradient.cu
// cost  8 D flop and one exponential per query head and key; 4 D bytes of queries and gradients per query
//       head and tile of keys that its token sees, from the L2 cache: for selected blocks that binds it
// num.  as key_gradient.cu
// grid  a block of threads per item, a warp per 16 keys; tiles of 16 columns = readers x heads are copied
//       ahead into a ring that the warps share
// twin  kernels/cpu/packed_backward.h      oracle  trainer/src/main/native/bench/gradients.cu
// from  FlashAttention-2 arXiv:2307.08691
#include "kernels/cuda/packed/gathered_tile.cuh"
#include "kernels/cuda/packed/key_items.cuh"
#include "kernels/cuda/packed/packed_gradient.h"

namespace ssa::cuda {
namespace {

using Io = __nv_bfloat16;

// What a tile's columns subtract, and which keys they see; none where there is no column.
struct ColumnFacts {
  float log_sum_exp[kTileColumns];
  float delta[kTileColumns];
  int from[kTileColumns];
  int to[kTileColumns];
  int whole;  // whether all columns see all keys of the item
};

template <int kDim>
struct Shape {
  static constexpr int kStages = 4;
  static constexpr int kFactBytes = 384;
  static_assert(sizeof(ColumnFacts) <= kFactBytes, "facts");
  static constexpr int kTileBytes = GatheredTile<kDim>::kBytes;
  static constexpr int kStageBytes = 2 * kTileBytes + kFactBytes;
  static constexpr int kSharedBytes = kStages * kStageBytes;
};

// Copies an item's columns, tile by tile. Lane l knows reader window + l, and the one a window later.
template <int kDim>
struct Columns {
  const PackedView& v;
  const KeyArrays<Io>& a;
  const Item& item;
  int window = 0;
  int row;
  int later;

  __device__ Columns(const PackedView& view, const KeyArrays<Io>& arrays, const Item& of)
      : v(view), a(arrays), item(of), row(look(0)), later(look(32)) {}

  __device__ int tiles() const {
    return (item.readers * v.group + kTileColumns - 1) / kTileColumns;
  }

  // Tiles in order. All threads together.
  __device__ void copy(int tile, char* stage) {
    int lane = threadIdx.x % 32;
    int column = tile * kTileColumns + lane % kTileColumns;
    int reader = column / v.group;
    // 32 readers make whole tiles.
    if (tile * kTileColumns >= (window + 32) * v.group) {
      window += 32;
      row = later;
      later = look(window + 32);
    }
    int mine = __shfl_sync(kWarp, row, reader - window);
    bool there = reader < item.readers;
    int head = there ? mine * v.query_heads + item.h * v.group + column - reader * v.group : -1;
    if (threadIdx.x < 32) {
      ColumnFacts* facts = reinterpret_cast<ColumnFacts*>(stage + 2 * Shape<kDim>::kTileBytes);
      bool upper = lane < kTileColumns;
      const float* from = upper ? a.log_sum_exp : a.delta;
      copyWordAsync((upper ? facts->log_sum_exp : facts->delta) + lane % kTileColumns,
                    from + max(head, 0), there);
      KeyRange seen = {0, 0};
      if (there) {
        seen = keyRange(v.kind, v.block_size, v.window, mine - v.starts[item.sequence]);
      }
      bool whole = seen.from <= item.first && seen.to >= item.first + item.keys;
      bool all_whole = __all_sync(kWarp, whole);
      if (upper) {
        facts->from[lane] = seen.from;
        facts->to[lane] = seen.to;
        facts->whole = all_whole;
      }
    }
    constexpr int kChunks = GatheredTile<kDim>::kChunks;
    if (v.group == kTileColumns) {
      copyRow(head, stage);
      return;
    }
#pragma unroll 4
    for (int i = threadIdx.x; i < kTileColumns * kChunks; i += blockDim.x) {
      int c = i % kChunks;
      int of = __shfl_sync(kWarp, head, i / kChunks);
      int64_t at = static_cast<int64_t>(max(of, 0)) * kDim + c * 8;
      char* to = stage + GatheredTile<kDim>::at(i / kChunks, c);
      copyAsync(to, a.q + at, of >= 0);
      copyAsync(to + Shape<kDim>::kTileBytes, a.d_out + at, of >= 0);
    }
  }

 private:
  // A tile that is the heads of one reader, side by side in memory. `head`: the lane's column's.
  __device__ void copyRow(int head, char* stage) const {
    constexpr int kChunks = GatheredTile<kDim>::kChunks;
    int64_t first = static_cast<int64_t>(head - static_cast<int>(threadIdx.x % kTileColumns)) * kDim;
    const Io* q = a.q + first;
    const Io* d_out = a.d_out + first;
#pragma unroll 4
    for (int i = threadIdx.x; i < kTileColumns * kChunks; i += blockDim.x) {
      char* to = stage + GatheredTile<kDim>::at(i / kChunks, i % kChunks);
      copyAsync(to, q + i * 8, true);
      copyAsync(to + Shape<kDim>::kTileBytes, d_out + i * 8, true);
    }
  }

  __device__ int look(int first) const {
    int reader = first + static_cast<int>(threadIdx.x % 32);
    if (item.listed == nullptr) {
      return item.first_row + reader;
    }
    return reader < item.readers ? item.listed[reader] : 0;
  }
};

// 16 keys of an item, by one warp.
template <int kDim>
struct KeyRows {
  GatheredRows<kDim> keys;
  GatheredRows<kDim> values;
  GatheredSums<kDim> dk;
  GatheredSums<kDim> dv;
  int row;       // within the item
  int position;  // in the sequence

  __device__ void begin(const PackedView& v, const KeyArrays<Io>& a, const Item& item) {
    int64_t stride = static_cast<int64_t>(v.kv_heads) * kDim;
    row = threadIdx.x / 32 * 16 + threadIdx.x % 32 / 4;
    position = item.first + row;
    bool upper = row < item.keys;
    bool lower = row + 8 < item.keys;
    int64_t at = (v.key_starts[item.sequence] + position) * stride + item.h * kDim;
    keys.load(a.keys + at, upper, a.keys + at + 8 * stride, lower);
    values.load(a.values + at, upper, a.values + at + 8 * stride, lower);
    dk.clear();
    dv.clear();
  }

  __device__ void add(const char* stage) {
    const char* queries = stage;
    const char* gradients = stage + Shape<kDim>::kTileBytes;
    const ColumnFacts& facts =
        *reinterpret_cast<const ColumnFacts*>(stage + 2 * Shape<kDim>::kTileBytes);
    int j = threadIdx.x % 4;
    float weight[2][4] = {};
    float slope[2][4] = {};
    keys.multiply(queries, weight);
    values.multiply(gradients, slope);
#pragma unroll
    for (int n = 0; n < 2; n++) {
      float2 sums = reinterpret_cast<const float2*>(facts.log_sum_exp)[n * 4 + j];
      float2 delta = reinterpret_cast<const float2*>(facts.delta)[n * 4 + j];
#pragma unroll
      for (int i = 0; i < 4; i++) {
        float shift = (i % 2 == 0 ? sums.x : sums.y) * kLog2E;
        weight[n][i] = exp2Fast(fmaf(weight[n][i], kScoreScale<kDim>, -shift));
        slope[n][i] = weight[n][i] * (slope[n][i] - (i % 2 == 0 ? delta.x : delta.y));
      }
    }
    if (!facts.whole) {
      mask(facts, weight, slope);
    }
    dv.add(weight, gradients);
    dk.add(slope, queries);
  }

  // A masked weight is 0 whatever its score is.
  __device__ void mask(const ColumnFacts& facts, float (&weight)[2][4], float (&slope)[2][4]) const {
    int j = threadIdx.x % 4;
#pragma unroll
    for (int n = 0; n < 2; n++) {
      int2 from = reinterpret_cast<const int2*>(facts.from)[n * 4 + j];
      int2 to = reinterpret_cast<const int2*>(facts.to)[n * 4 + j];
#pragma unroll
      for (int i = 0; i < 4; i++) {
        int key = position + i / 2 * 8;
        bool seen = i % 2 == 0 ? key >= from.x && key < to.x : key >= from.y && key < to.y;
        weight[n][i] = seen ? weight[n][i] : 0.0f;
        slope[n][i] = seen ? slope[n][i] : 0.0f;
      }
    }
  }

  // To parts [2, R, D] of the item.
  __device__ void write(const PackedView& v, const Item& item, float* part) const {
    int j = threadIdx.x % 4;
    float scale = kScoreScale<kDim> / kLog2E;
#pragma unroll
    for (int half = 0; half < 2; half++) {
      if (row + 8 * half >= item.keys) {
        continue;
      }
#pragma unroll
      for (int n = 0; n < kDim / 8; n++) {
        int at = (row + 8 * half) * kDim + n * 8 + 2 * j;
        int i = 2 * half;
        *reinterpret_cast<float2*>(part + at) =
            make_float2(dk.sum[n][i] * scale, dk.sum[n][i + 1] * scale);
        *reinterpret_cast<float2*>(part + v.tile_keys * kDim + at) =
            make_float2(dv.sum[n][i], dv.sum[n][i + 1]);
      }
    }
  }
};

// Few warps: with at most 168 registers each, three share a scheduler.
template <int kDim, bool kFew>
__global__ void __launch_bounds__(kFew ? 64 : 256, kFew && kDim <= 64 ? 6 : 1)
    keyGradientGatheredKernel(PackedView v, KeyArrays<Io> a) {
  constexpr int kStages = Shape<kDim>::kStages;
  extern __shared__ uint4 shared[];
  char* stages = reinterpret_cast<char*>(shared);
  Item item;
  if (!findItem(v, a, blockIdx.x, &item)) {
    return;
  }
  Columns<kDim> columns(v, a, item);
  int tiles = columns.tiles();
#pragma unroll
  for (int i = 0; i < kStages - 1; i++) {
    if (i < tiles) {
      columns.copy(i, stages + i * Shape<kDim>::kStageBytes);
    }
    endCopies();
  }
  KeyRows<kDim> rows;
  rows.begin(v, a, item);
  int stage = 0;
  for (int i = 0; i < tiles; i++) {
    awaitCopies<kStages - 2>();
    __syncthreads();
    int ahead = i + kStages - 1;
    if (ahead < tiles) {
      int free = stage == 0 ? kStages - 1 : stage - 1;
      columns.copy(ahead, stages + free * Shape<kDim>::kStageBytes);
    }
    endCopies();
    rows.add(stages + stage * Shape<kDim>::kStageBytes);
    stage = stage + 1 == kStages ? 0 : stage + 1;
  }
  rows.write(v, item, a.parts + static_cast<int64_t>(item.index) * 2 * v.tile_keys * kDim);
}

template <int kDim>
Report gathered(const GradientCall& call) {
  Grid grid = {dim3(static_cast<unsigned>(call.readers.most_items)),
               (call.view.tile_keys + 15) / 16 * 32, Shape<kDim>::kSharedBytes};
  auto kernel = grid.threads <= 64 ? keyGradientGatheredKernel<kDim, true>
                                   : keyGradientGatheredKernel<kDim, false>;
  return launch("key_gradient gathered", kernel, grid, call.b.stream, call.view,
                keyArraysOf<Io>(call));
}

}  // namespace

Report keyGradientGathered(const GradientCall& call) {
  switch (call.b.problem.head_dim) {
    case 32:
      return gathered<32>(call);
    case 64:
      return gathered<64>(call);
    default:
      return gathered<128>(call);
  }
}

}  // namespace ssa::cuda
