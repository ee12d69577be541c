// key_gradient.cu: the gradients of the keys and values
//
// in    q, d_out [T, HQ, D]; keys, values [K, H, D]  element; log_sum_exp, delta [T, HQ] fp32; who
//       reads which tile of keys (block_readers.cu, or the branch's ranges)
// out   dk, dv [T, H, D]  element; of the compressed branch fp32 gradients of the means
// math  p = e^(q k / sqrt(D) - log_sum_exp), dv = sum of p d_out,
//       dk = 1/sqrt(D) sum of p (d_out . v - delta) q, over the heads of the tokens that see the key
// cost  8 D flop per query head and key; queries and gradients are gathered from the L1 and L2 caches
// num.  fp32 sums in the order of the tokens, cut into items of fixed length whose sums are added in
//       order: no atomics, same bits every time; bf16: both weights are rounded to bf16
// grid  a block of threads per item = (tile of R keys, KV head, stretch of readers), a warp per 16 keys
//       (key_gradient_gathered.cu, key_gradient_sm90.cu, where they can); the sums of items: a thread per
//       element
// twin  kernels/cpu/packed_backward.h      oracle  trainer/src/main/native/bench/gradients.cu
// from  FlashAttention-2 arXiv:2307.08691
#include "kernels/cuda/packed/gradient_rows.cuh"
#include "kernels/cuda/packed/key_items.cuh"
#include "kernels/cuda/packed/packed_gradient.h"

namespace ssa::cuda {
namespace {

constexpr int kMostWarps = 8;

// One column: a head of a reader, and which keys of its sequence it sees.
struct Column {
  int row;  // token * HQ + head, or -1
  KeyRange keys;
  float log2_sum;
  float delta;
};

template <typename Io>
__device__ Column columnAt(const PackedView& v, const KeyArrays<Io>& a, const Item& item, int i) {
  Column column = {-1, {0, 0}, 0, 0};
  int reader = i / v.group;
  if (reader < item.readers) {
    int row = item.listed == nullptr ? item.first_row + reader : item.listed[reader];
    column.row = row * v.query_heads + item.h * v.group + i % v.group;
    column.keys = keyRange(v.kind, v.block_size, v.window, row - v.starts[item.sequence]);
    column.log2_sum = a.log_sum_exp[column.row] * kLog2E;
    column.delta = a.delta[column.row];
  }
  return column;
}

// 16 keys of an item, by one warp.
template <typename Io, int kDim>
struct KeyRows {
  RowOperand<Io, kDim> keys;
  RowOperand<Io, kDim> values;
  RowSums<Io, kDim> dk;
  RowSums<Io, kDim> dv;
  int position[2];  // of rows r and r + 8 in the sequence
  bool there[2];

  __device__ void begin(const PackedView& v, const KeyArrays<Io>& a, const Item& item) {
    int64_t stride = static_cast<int64_t>(v.kv_heads) * kDim;
    int64_t at[2];
#pragma unroll
    for (int half = 0; half < 2; half++) {
      int row = threadIdx.x / 32 * 16 + threadIdx.x % 32 / 4 + 8 * half;
      there[half] = row < item.keys;
      position[half] = item.first + row;
      at[half] = (v.key_starts[item.sequence] + (there[half] ? position[half] : 0)) * stride +
                 item.h * kDim;
    }
    keys.load(a.keys + at[0], there[0], a.keys + at[1], there[1]);
    values.load(a.values + at[0], there[0], a.values + at[1], there[1]);
    dk.clear();
    dv.clear();
  }

  // 16 columns, which lanes [from, from + 16) have looked up.
  __device__ void add(const KeyArrays<Io>& a, const Column& mine, int from) {
    int r = threadIdx.x % 32 / 4;
    int j = threadIdx.x % 4;
    float weight[2][4] = {};
    float slope[2][4] = {};
    Neighbours<Io, kDim / 8> query[4], gradient[4];
#pragma unroll
    for (int n = 0; n < 2; n++) {
      int row = __shfl_sync(kWarp, mine.row, from + n * 8 + r);
      int64_t at = static_cast<int64_t>(max(row, 0)) * kDim + j * (kDim / 4);
      Neighbours<Io, kDim / 4> column;
      column.load(a.q + at, row >= 0);
      keys.multiply(column, weight[n]);
      column.load(a.d_out + at, row >= 0);
      values.multiply(column, slope[n]);
    }
#pragma unroll
    for (int n = 0; n < 2; n++) {
#pragma unroll
      for (int c = 0; c < 2; c++) {
        int lane = from + n * 8 + 2 * j + c;
        int row = __shfl_sync(kWarp, mine.row, lane);
        int first = __shfl_sync(kWarp, mine.keys.from, lane);
        int last = __shfl_sync(kWarp, mine.keys.to, lane);
        float log2_sum = __shfl_sync(kWarp, mine.log2_sum, lane);
        float delta = __shfl_sync(kWarp, mine.delta, lane);
        int64_t at = static_cast<int64_t>(max(row, 0)) * kDim + r * (kDim / 8);
        query[2 * n + c].load(a.q + at, row >= 0);
        gradient[2 * n + c].load(a.d_out + at, row >= 0);
#pragma unroll
        for (int half = 0; half < 2; half++) {
          bool seen = there[half] && position[half] >= first && position[half] < last;
          float& p = weight[n][2 * half + c];
          float& s = slope[n][2 * half + c];
          p = weightOf(p, kScoreScale<kDim>, log2_sum, seen);
          s = seen ? p * (s - delta) : 0.0f;
        }
      }
    }
    dv.add(weight[0], weight[1], gradient);
    dk.add(slope[0], slope[1], query);
  }

  // To parts [2, R, D] of the item.
  __device__ void write(const PackedView& v, float* part) const {
    int j = threadIdx.x % 4;
    float scale = kScoreScale<kDim> / kLog2E;
#pragma unroll
    for (int half = 0; half < 2; half++) {
      int row = threadIdx.x / 32 * 16 + threadIdx.x % 32 / 4 + 8 * half;
      if (!there[half]) {
        continue;
      }
#pragma unroll
      for (int c = 0; c < 2; c++) {
#pragma unroll
        for (int n = 0; n < kDim / 8; n++) {
          int at = row * kDim + (2 * j + c) * (kDim / 8) + n;
          part[at] = dk.sum[n][2 * half + c] * scale;
          part[v.tile_keys * kDim + at] = dv.sum[n][2 * half + c];
        }
      }
    }
  }
};

template <typename Io, int kDim>
__global__ void __launch_bounds__(kMostWarps * 32)
    keyGradientKernel(PackedView v, KeyArrays<Io> a) {
  Item item;
  if (!findItem(v, a, blockIdx.x, &item)) {
    return;
  }
  KeyRows<Io, kDim> rows;
  rows.begin(v, a, item);
  int columns = item.readers * v.group;
  for (int base = 0; base < columns; base += 32) {
    Column mine = columnAt(v, a, item, base + threadIdx.x % 32);
    rows.add(a, mine, 0);
    if (base + 16 < columns) {
      rows.add(a, mine, 16);
    }
  }
  rows.write(v, a.parts + static_cast<int64_t>(item.index) * 2 * v.tile_keys * kDim);
}

constexpr int kAdders = 4;  // blocks of threads per slot

// Adds a slot's items in order.
template <typename To>
__global__ void addItemsKernel(PackedView v, int dim, const int* item_starts, const float* parts,
                               To* dk, To* dv) {
  int slot = blockIdx.x;
  int h = slot / v.tiles;
  int tile = slot % v.tiles;
  int s = lastAtMost(v.tile_starts, v.sequences, tile);
  int first = (tile - v.tile_starts[s]) * v.tile_keys;
  int keys = min(v.tile_keys, v.keysOf(s) - first);
  int size = v.tile_keys * dim;
  int from = item_starts[slot];
  int to = item_starts[slot + 1];
  for (int i = blockIdx.y * blockDim.x + threadIdx.x; i < 2 * keys * dim;
       i += kAdders * blockDim.x) {
    bool value = i >= keys * dim;
    int within = value ? i - keys * dim : i;
    float sum = 0;
    for (int item = from; item < to; item++) {
      sum += parts[static_cast<int64_t>(item) * 2 * size + (value ? size : 0) + within];
    }
    int64_t key = v.key_starts[s] + first + within / dim;
    To* out = value ? dv : dk;
    out[(key * v.kv_heads + h) * dim + within % dim] = fromFloat<To>(sum);
  }
}

template <typename To>
Report addItems(const GradientCall& call, To* dk, To* dv) {
  const PackedView& v = call.view;
  Grid grid = {dim3(static_cast<unsigned>(v.kv_heads * v.tiles), kAdders), 256, 0};
  return launch("key_gradient sums", addItemsKernel<To>, grid, call.b.stream, v,
                static_cast<int>(call.b.problem.head_dim),
                static_cast<const int*>(call.readers.item_starts),
                static_cast<const float*>(call.parts), dk, dv);
}

}  // namespace

Report keyGradients(const GradientCall& call) {
  const PackedBackward& b = call.b;
  const PackedView& v = call.view;
  return dispatchPacked(b.problem, b.element, [&](auto type, auto dim) {
    using Io = typename decltype(type)::type;
    KeyArrays<Io> arrays = keyArraysOf<Io>(call);
    Grid grid = {dim3(static_cast<unsigned>(call.readers.most_items)), (v.tile_keys + 15) / 16 * 32,
                 0};
    Report report = call.groups    ? keyGradientGroups(call)
                    : call.gathers ? keyGradientGathered(call)
                                   : launch("key_gradient",
                                            keyGradientKernel<Io, decltype(dim)::value>, grid,
                                            b.stream, v, arrays);
    if (!report.done) {
      return report;
    }
    return v.kind == BranchKind::kCompressed
               ? addItems<float>(call, call.mean_keys, call.mean_values)
               : addItems<Io>(call, static_cast<Io*>(b.dk), static_cast<Io*>(b.dv));
  });
}

}  // namespace ssa::cuda
