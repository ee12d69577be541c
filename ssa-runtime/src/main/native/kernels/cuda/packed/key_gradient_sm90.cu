// key_gradient_sm90.cu: key_gradient for compute capability 9.0, bf16, D 32 or 64, keys in ranges
//
// in    as key_gradient.cu; a tile of keys is 64 per computing group of four warps
// out   parts [items, 2, R, D]  fp32
// math  as key_gradient.cu: weights [keys, rows] = e^(k q / sqrt(D) - log_sum_exp), rows = tokens x heads;
//       dv += weights d_out, dk += (weights (v d_out - delta)) q
// cost  8 D flop and one exponential per query head and key; keys and values stay in registers, queries and
//       gradients come through shared memory in tiles of 64 rows
// num.  as key_gradient.cu
// grid  a block of threads per item; one group of four warps copies, 3 groups (2 for D = 64) compute
// twin  kernels/cpu/packed_backward.h      oracle  trainer/src/main/native/bench/gradients.cu
// from  FlashAttention-3 arXiv:2407.08608
#include "kernels/cuda/packed/packed_gradient.h"
#include "kernels/cuda/packed/key_items.cuh"
#include "kernels/cuda/packed/range_gradient.cuh"

namespace ssa::cuda {
namespace {

using Io = __nv_bfloat16;

// Of a stage: what its 64 columns subtract, and which keys they see.
struct ColumnFacts {
  float log2_sum[64];
  float delta[64];
  int from[64];
  int to[64];
  int latest_from;  // over the columns
  int earliest_to;
  int latest_to;
};

#if defined(__CUDA_ARCH_FEAT_SM90_ALL)

__device__ inline int64_t headOf(const PackedView& v, const Item& item, int reader, int g) {
  return static_cast<int64_t>(item.first_row + reader) * v.query_heads + item.h * v.group + g;
}

template <int kDim>
__device__ void copyColumns(const PackedView& v, const KeyArrays<Io>& a, const Item& item, int base,
                            char* queries, char* gradients) {
  constexpr int kChunks = kDim / 8;
  constexpr int kStep = 32 / kChunks;
  int lane = threadIdx.x % 32;
  int c = lane % kChunks;
  int reader = (base + lane / kChunks) / v.group;
  int g = base + lane / kChunks - reader * v.group;
#pragma unroll 4
  for (int row = lane / kChunks; row < 64; row += kStep) {
    bool there = reader < item.readers;
    int64_t at = there ? headOf(v, item, reader, g) * kDim + c * 8 : 0;
    copyAsync(queries + swizzled(row, c), a.q + at, there);
    copyAsync(gradients + swizzled(row, c), a.d_out + at, there);
    for (g += kStep; g >= v.group; g -= v.group) {
      reader++;
    }
  }
  endCopies();
}

__device__ inline void lookUpColumns(const PackedView& v, const KeyArrays<Io>& a, const Item& item,
                                     int base, ColumnFacts* facts) {
  int latest_from = 0;
  int earliest_to = kNowhere;
  int latest_to = 0;
#pragma unroll
  for (int i = threadIdx.x % 32; i < 64; i += 32) {
    int reader = (base + i) / v.group;
    bool there = reader < item.readers;
    KeyRange keys = {0, 0};
    float log2_sum = INFINITY;
    float delta = 0;
    if (there) {
      int64_t head = headOf(v, item, reader, base + i - reader * v.group);
      keys = keyRange(v.kind, v.block_size, v.window,
                      item.first_row + reader - v.starts[item.sequence]);
      log2_sum = a.log_sum_exp[head] * kLog2E;
      delta = a.delta[head];
    }
    facts->log2_sum[i] = log2_sum;
    facts->delta[i] = delta;
    facts->from[i] = keys.from;
    facts->to[i] = keys.to;
    latest_from = max(latest_from, keys.from);
    earliest_to = min(earliest_to, keys.to);
    latest_to = max(latest_to, keys.to);
  }
  latest_from = __reduce_max_sync(kWarp, latest_from);
  earliest_to = __reduce_min_sync(kWarp, earliest_to);
  latest_to = __reduce_max_sync(kWarp, latest_to);
  if (threadIdx.x % 32 == 0) {
    facts->latest_from = latest_from;
    facts->earliest_to = earliest_to;
    facts->latest_to = latest_to;
  }
}

template <int kDim>
__device__ void produce(const PackedView& v, const KeyArrays<Io>& a, const Item& item, int tiles,
                        const Ring<kDim>& ring) {
  constexpr int kStages = RangeShape<kDim>::kStages;
  int stage = threadIdx.x / 32;
  for (int t = stage, round = 0; t < tiles; t += kStages, round++) {
    await(ring.empty(stage), (round & 1) ^ 1);
    copyColumns<kDim>(v, a, item, t * 64, ring.tile(stage, 0), ring.tile(stage, 1));
    lookUpColumns(v, a, item, t * 64, reinterpret_cast<ColumnFacts*>(ring.facts(stage)));
    awaitCopies<0>();
    fenceForTensorCores();
    arrive(ring.full(stage));
  }
}

// 64 keys of an item, by one group of four warps; a lane has rows r and r + 8 of its warp's 16.
template <int kDim>
struct KeyGroup {
  HeldRows<kDim> keys;
  HeldRows<kDim> values;
  float dk[kDim / 2];
  float dv[kDim / 2];
  int row;    // within the item
  int first;  // the group's first key in the sequence
  int mine;   // the lane's

  __device__ void begin(const PackedView& v, const KeyArrays<Io>& a, const Item& item) {
    int thread = threadIdx.x - 128;
    row = thread / 32 * 16 + thread % 32 / 4;
    first = item.first + thread / 128 * 64;
    mine = item.first + row;
    int64_t stride = static_cast<int64_t>(v.kv_heads) * kDim;
    int64_t at = (v.key_starts[item.sequence] + mine) * stride + item.h * kDim;
    bool upper = row < item.keys;
    bool lower = row + 8 < item.keys;
    keys.load(a.keys + at, upper, a.keys + at + 8 * stride, lower);
    values.load(a.values + at, upper, a.values + at + 8 * stride, lower);
#pragma unroll
    for (int i = 0; i < kDim / 2; i++) {
      dk[i] = 0;
      dv[i] = 0;
    }
    hold(dk);
    hold(dv);
  }

  // Whether key `half` of the lane is seen by a column.
  __device__ bool seen(const ColumnFacts& facts, int half, int column) const {
    int key = mine + 8 * half;
    return key >= facts.from[column] && key < facts.to[column];
  }

  __device__ void weigh(const ColumnFacts& facts, bool masked, float (&scores)[32]) const {
    int j = threadIdx.x % 4;
#pragma unroll
    for (int n = 0; n < 8; n++) {
      float2 sums = reinterpret_cast<const float2*>(facts.log2_sum)[n * 4 + j];
#pragma unroll
      for (int half = 0; half < 2; half++) {
        float& x = scores[4 * n + 2 * half];
        float& y = scores[4 * n + 2 * half + 1];
        x = exp2Fast(fmaf(x, kScoreScale<kDim>, -sums.x));
        y = exp2Fast(fmaf(y, kScoreScale<kDim>, -sums.y));
      }
    }
    if (masked) {
#pragma unroll
      for (int n = 0; n < 8; n++) {
#pragma unroll
        for (int i = 0; i < 4; i++) {
          float& x = scores[4 * n + i];
          x = seen(facts, i / 2, n * 8 + 2 * j + i % 2) ? x : 0.0f;
        }
      }
    }
  }

  __device__ void slope(const ColumnFacts& facts, bool masked, const float (&weights)[32],
                        float (&slopes)[32]) const {
    int j = threadIdx.x % 4;
#pragma unroll
    for (int n = 0; n < 8; n++) {
      float2 delta = reinterpret_cast<const float2*>(facts.delta)[n * 4 + j];
#pragma unroll
      for (int half = 0; half < 2; half++) {
        int at = 4 * n + 2 * half;
        slopes[at] = weights[at] * (slopes[at] - delta.x);
        slopes[at + 1] = weights[at + 1] * (slopes[at + 1] - delta.y);
      }
    }
    if (masked) {
#pragma unroll
      for (int i = 0; i < 32; i++) {
        // Not 0 times what may be infinite.
        slopes[i] = weights[i] == 0 ? 0.0f : slopes[i];
      }
    }
  }

  __device__ void write(const PackedView& v, const Item& item, float* part) const {
    int j = threadIdx.x % 4;
    float scale = kScoreScale<kDim> / kLog2E;
#pragma unroll
    for (int half = 0; half < 2; half++) {
      int at_row = row + 8 * half;
      if (at_row >= item.keys) {
        continue;
      }
#pragma unroll
      for (int n = 0; n < kDim / 8; n++) {
        int at = at_row * kDim + n * 8 + 2 * j;
        int i = 4 * n + 2 * half;
        *reinterpret_cast<float2*>(part + at) = make_float2(dk[i] * scale, dk[i + 1] * scale);
        *reinterpret_cast<float2*>(part + v.tile_keys * kDim + at) =
            make_float2(dv[i], dv[i + 1]);
      }
    }
  }
};

template <int kDim>
__device__ void consume(const PackedView& v, const KeyArrays<Io>& a, const Item& item, int tiles,
                        const Ring<kDim>& ring, float* part) {
  KeyGroup<kDim> group;
  group.begin(v, a, item);
  Reader<kDim> reader(ring);
  for (int t = 0; t < tiles; t++, reader.next()) {
    reader.wait();
    const ColumnFacts& facts = *reinterpret_cast<const ColumnFacts*>(ring.facts(reader.stage));
    if (facts.latest_to <= group.first) {
      reader.giveBackAll();
      continue;
    }
    bool masked = facts.earliest_to < group.first + 64 || facts.latest_from > group.first;
    const char* queries = ring.tile(reader.stage, 0);
    const char* gradients = ring.tile(reader.stage, 1);
    float scores[32], slopes[32];
    beginProducts();
    group.keys.multiply(queries, scores);
    endProducts();
    group.values.multiply(gradients, slopes);
    endProducts();
    awaitProducts<1>();
    hold(scores);
    reader.giveBackPending();
    group.weigh(facts, masked, scores);
    awaitProducts<0>();
    hold(slopes);
    // Packed only now: registers that products take must not change while products are under way.
    HeldWeights<kDim> weights, steps;
    weights.take(scores);
    group.slope(facts, masked, scores, slopes);
    steps.take(slopes);
    beginProducts();
    weights.multiply(gradients, group.dv);
    steps.multiply(queries, group.dk);
    endProducts();
    if (kDim == 32) {
      // Registers for the next tile's scores beside this one's weights are not there.
      awaitProducts<0>();
      hold(group.dk);
      hold(group.dv);
    }
  }
  awaitProducts<0>();
  hold(group.dk);
  hold(group.dv);
  group.write(v, item, part);
}

#endif

template <int kDim>
__global__ void __launch_bounds__(RangeShape<kDim>::kThreads, 1)
    keyGradientGroupsKernel(PackedView v, KeyArrays<Io> a) {
#if defined(__CUDA_ARCH_FEAT_SM90_ALL)
  using Shape = RangeShape<kDim>;
  extern __shared__ uint4 shared[];
  Item item;
  if (!findItem(v, a, blockIdx.x, &item)) {
    return;
  }
  Ring<kDim> ring(reinterpret_cast<char*>(shared));
  if (threadIdx.x == 0) {
    ring.make();
  }
  __syncthreads();
  int tiles = (item.readers * v.group + 63) / 64;
  if (threadIdx.x < 128) {
    shrinkRegisters<Shape::kFewRegisters>();
    produce<kDim>(v, a, item, tiles, ring);
  } else {
    growRegisters<Shape::kRegisters>();
    consume<kDim>(v, a, item, tiles, ring,
                  a.parts + static_cast<int64_t>(item.index) * 2 * v.tile_keys * kDim);
  }
#endif
}

template <int kDim>
Report groups(const GradientCall& call) {
  using Shape = RangeShape<kDim>;
  Grid grid = {dim3(static_cast<unsigned>(call.readers.most_items)), Shape::kThreads,
               Shape::kSharedBytes};
  return launch("key_gradient sm90", keyGradientGroupsKernel<kDim>, grid, call.b.stream, call.view,
                keyArraysOf<Io>(call));
}

}  // namespace

Report keyGradientGroups(const GradientCall& call) {
  return call.b.problem.head_dim == 32 ? groups<32>(call) : groups<64>(call);
}

}  // namespace ssa::cuda
