// query_gradient_sm90.cu: query_gradient for compute capability 9.0, bf16, D 32 or 64, keys in ranges
//
// in    as query_gradient.cu
// out   dq [T, HQ, D]  bf16
// math  as query_gradient.cu
// cost  6 D flop and one exponential per query head and key; queries and gradients stay in registers, keys
//       and values come through shared memory in tiles of 64
// num.  as query_gradient.cu
// grid  (token tiles, H); one group of four warps copies, 3 groups (2 for D = 64) compute 64 rows each,
//       rows = tokens x heads
// twin  kernels/cpu/packed_backward.h      oracle  trainer/src/main/native/bench/gradients.cu
// from  FlashAttention-3 arXiv:2407.08608
#include "kernels/cuda/packed/packed_gradient.h"
#include "kernels/cuda/packed/range_gradient.cuh"

namespace ssa::cuda {
namespace {

using Io = __nv_bfloat16;

struct QueryArrays {
  const Io* q;
  const Io* d_out;
  const Io* keys;
  const Io* values;
  const float* log_sum_exp;
  const float* delta;
  Io* dq;
};

// The rows of a block of threads: tokens [first, last) of a sequence, the heads of one group.
struct Tile {
  int sequence;
  int first;
  int last;
  int h;

  __device__ int token(const PackedView& v, int row) const { return first + row / v.group; }
  __device__ KeyRange keys(const PackedView& v, int token) const {
    return keyRange(v.kind, v.block_size, v.window, token);
  }
};

#if defined(__CUDA_ARCH_FEAT_SM90_ALL)

// Tiles of 64 keys from `from` on: copying warp w takes tiles w, w + 4, … into its own stage.
template <int kDim>
__device__ void produce(const PackedView& v, const QueryArrays& a, const Tile& tile, KeyRange all,
                        const Ring<kDim>& ring) {
  constexpr int kChunks = kDim / 8;
  constexpr int kStages = RangeShape<kDim>::kStages;
  int stage = threadIdx.x / 32;
  int lane = threadIdx.x % 32;
  int c = lane % kChunks;
  int64_t stride = static_cast<int64_t>(v.kv_heads) * kDim;
  int64_t origin = v.key_starts[tile.sequence] * stride + tile.h * kDim + c * 8;
  int base = all.from + stage * 64;
  for (int round = 0; base < all.to; round++, base += kStages * 64) {
    await(ring.empty(stage), (round & 1) ^ 1);
#pragma unroll 4
    for (int row = lane / kChunks; row < 64; row += 32 / kChunks) {
      bool there = base + row < all.to;
      int64_t at = there ? origin + (base + row) * stride : 0;
      copyAsync(ring.tile(stage, 0) + swizzled(row, c), a.keys + at, there);
      copyAsync(ring.tile(stage, 1) + swizzled(row, c), a.values + at, there);
    }
    endCopies();
    awaitCopies<0>();
    fenceForTensorCores();
    arrive(ring.full(stage));
  }
}

// 64 rows, by one group of four warps; a lane has rows r and r + 8 of its warp's 16.
template <int kDim>
struct RowGroup {
  HeldRows<kDim> queries;
  HeldRows<kDim> gradients;
  float dq[kDim / 2];
  int64_t head[2];
  KeyRange keys[2];
  float log2_sum[2];
  float delta[2];
  bool there[2];
  KeyRange any;    // what some row of the group sees
  KeyRange every;  // what all of them see

  __device__ void begin(const PackedView& v, const QueryArrays& a, const Tile& tile) {
    int thread = threadIdx.x - 128;
    int row = thread / 32 * 16 + thread % 32 / 4;
#pragma unroll
    for (int half = 0; half < 2; half++) {
      int at = row + 8 * half;
      int token = tile.token(v, at);
      there[half] = token < tile.last;
      head[half] = static_cast<int64_t>(v.starts[tile.sequence] + token) * v.query_heads +
                   tile.h * v.group + at % v.group;
      keys[half] = there[half] ? tile.keys(v, token) : KeyRange{0, 0};
      log2_sum[half] = there[half] ? a.log_sum_exp[head[half]] * kLog2E : INFINITY;
      delta[half] = there[half] ? a.delta[head[half]] : 0.0f;
    }
    queries.load(a.q + head[0] * kDim, there[0], a.q + head[1] * kDim, there[1]);
    gradients.load(a.d_out + head[0] * kDim, there[0], a.d_out + head[1] * kDim, there[1]);
    int first = tile.token(v, thread / 128 * 64);
    int last = tile.token(v, thread / 128 * 64 + 63);
    KeyRange early = tile.keys(v, first);
    KeyRange late = tile.keys(v, min(last, tile.last - 1));
    any = first < tile.last ? KeyRange{early.from, late.to} : KeyRange{0, 0};
    every = {late.from, last < tile.last ? early.to : 0};
#pragma unroll
    for (int i = 0; i < kDim / 2; i++) {
      dq[i] = 0;
    }
    hold(dq);
  }

  // Scores of the 64 keys from `base` on become weights.
  __device__ void weigh(int base, bool masked, float (&scores)[32]) const {
    int j = threadIdx.x % 4;
#pragma unroll
    for (int i = 0; i < 32; i++) {
      scores[i] = exp2Fast(fmaf(scores[i], kScoreScale<kDim>, -log2_sum[i / 2 % 2]));
    }
    if (masked) {
#pragma unroll
      for (int i = 0; i < 32; i++) {
        int key = base + i / 4 * 8 + 2 * j + i % 2;
        const KeyRange& mine = keys[i / 2 % 2];
        scores[i] = key >= mine.from && key < mine.to ? scores[i] : 0.0f;
      }
    }
  }

  __device__ void slope(bool masked, const float (&weights)[32], float (&slopes)[32]) const {
#pragma unroll
    for (int i = 0; i < 32; i++) {
      float x = weights[i] * (slopes[i] - delta[i / 2 % 2]);
      // Not 0 times what may be infinite.
      slopes[i] = masked && weights[i] == 0 ? 0.0f : x;
    }
  }

  __device__ void write(Io* to) const {
    int j = threadIdx.x % 4;
    float scale = kScoreScale<kDim> / kLog2E;
#pragma unroll
    for (int half = 0; half < 2; half++) {
      if (!there[half]) {
        continue;
      }
#pragma unroll
      for (int n = 0; n < kDim / 8; n++) {
        int i = 4 * n + 2 * half;
        *reinterpret_cast<uint32_t*>(to + head[half] * kDim + n * 8 + 2 * j) =
            pack<Io>(dq[i] * scale, dq[i + 1] * scale);
      }
    }
  }
};

template <int kDim>
__device__ void consume(const PackedView& v, const QueryArrays& a, const Tile& tile, KeyRange all,
                        const Ring<kDim>& ring) {
  RowGroup<kDim> group;
  group.begin(v, a, tile);
  Reader<kDim> reader(ring);
  for (int base = all.from; base < all.to; base += 64, reader.next()) {
    reader.wait();
    if (base >= group.any.to || base + 64 <= group.any.from) {
      reader.giveBackAll();
      continue;
    }
    bool masked = base + 64 > group.every.to || base < group.every.from;
    const char* keys = ring.tile(reader.stage, 0);
    float scores[32], slopes[32];
    beginProducts();
    group.queries.multiply(keys, scores);
    endProducts();
    group.gradients.multiply(ring.tile(reader.stage, 1), slopes);
    endProducts();
    awaitProducts<1>();
    hold(scores);
    reader.giveBackPending();
    group.weigh(base, masked, scores);
    awaitProducts<0>();
    hold(slopes);
    group.slope(masked, scores, slopes);
    HeldWeights<kDim> steps;
    steps.take(slopes);
    beginProducts();
    steps.multiply(keys, group.dq);
    endProducts();
  }
  awaitProducts<0>();
  hold(group.dq);
  group.write(a.dq);
}

#endif

template <int kDim>
__global__ void __launch_bounds__(RangeShape<kDim>::kThreads, 1)
    queryGradientGroupsKernel(PackedView v, QueryArrays a) {
#if defined(__CUDA_ARCH_FEAT_SM90_ALL)
  using Shape = RangeShape<kDim>;
  extern __shared__ uint4 shared[];
  // Later tokens see more keys: they go first.
  int index = gridDim.x - 1 - blockIdx.x;
  if (index >= v.row_starts[v.sequences]) {
    return;
  }
  Tile tile;
  tile.sequence = lastAtMost(v.row_starts, v.sequences, index);
  tile.first = (index - v.row_starts[tile.sequence]) * v.row_tokens;
  tile.last = min(tile.first + v.row_tokens, v.tokensOf(tile.sequence));
  tile.h = blockIdx.y;
  KeyRange all = {tile.keys(v, tile.first).from / 64 * 64, tile.keys(v, tile.last - 1).to};
  Ring<kDim> ring(reinterpret_cast<char*>(shared));
  if (threadIdx.x == 0) {
    ring.make();
  }
  __syncthreads();
  if (threadIdx.x < 128) {
    shrinkRegisters<Shape::kFewRegisters>();
    produce<kDim>(v, a, tile, all, ring);
  } else {
    growRegisters<Shape::kRegisters>();
    consume<kDim>(v, a, tile, all, ring);
  }
#endif
}

template <int kDim>
Report groups(const GradientCall& call) {
  using Shape = RangeShape<kDim>;
  const PackedBackward& b = call.b;
  const PackedView& v = call.view;
  QueryArrays arrays = {static_cast<const Io*>(b.q),
                        static_cast<const Io*>(b.d_out),
                        static_cast<const Io*>(call.keys),
                        static_cast<const Io*>(call.values),
                        b.log_sum_exp,
                        call.delta,
                        static_cast<Io*>(b.dq)};
  int64_t tiles = v.tokens / v.row_tokens + v.sequences;
  Grid grid = {dim3(static_cast<unsigned>(tiles), static_cast<unsigned>(v.kv_heads)),
               Shape::kThreads, Shape::kSharedBytes};
  return launch("query_gradient sm90", queryGradientGroupsKernel<kDim>, grid, b.stream, v, arrays);
}

}  // namespace

bool hasRangeKernels(const PackedProblem& problem, Element element) {
  return element == Element::kBFloat16 && problem.branch.kind != BranchKind::kSelected &&
         problem.head_dim <= 64 && hasWarpGroups();
}

int rangeRows(int64_t head_dim) {
  return head_dim == 32 ? RangeShape<32>::kRows : RangeShape<64>::kRows;
}

Report queryGradientGroups(const GradientCall& call) {
  return call.b.problem.head_dim == 32 ? groups<32>(call) : groups<64>(call);
}

}  // namespace ssa::cuda
