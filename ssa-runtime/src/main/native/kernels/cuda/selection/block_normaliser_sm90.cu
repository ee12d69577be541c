// block_normaliser_sm90.cu: block_normaliser for compute capability 9.0, elements of 16 bits, D 64 or 128
//
// in    queries [T, HQ, D]  element, rotated; means [S, H, parts, N, D] from block_mean
// out   normalisers [T, HQ]  fp32; not finite where a sum overflowed: block_normaliser repairs those
// math  log2 of the sum over the complete blocks n < (t + 1) / B of 2^(q . mean_n)
// cost  4 HQ N D flop and HQ N exponentials per token: both units need about the same time at D = 64, so
//       the warp groups' turns at them must overlap
// num.  as block_normaliser.cu: the first scores that a lane meets serve as its shift
// grid  (token tiles of long sequences, H); one group of 4 warps copies tiles of 64 means into a ring (each warp has a stage
//       of its own), 3 groups (2 for D = 128) take 128 columns each, columns = tokens x heads
// twin  kernels/cpu/block_importance.h      oracle  bench/contract.cu
// from  NSA arXiv:2502.11089 (8) to (10), FlashAttention-3 arXiv:2407.08608
#include "kernels/cuda/selection/block_scores.cuh"
#include "kernels/cuda/launch.cuh"
#include "kernels/cuda/tile/warpgroup.cuh"

namespace ssa::cuda {
namespace {

constexpr int kBlocks = 64;    // per stage
constexpr int kColumns = 128;  // per group of warps
constexpr int kTileBytes = kBlocks * 128;
constexpr int kQueryTileBytes = kColumns * 128;
constexpr int kStages = 4;

template <int kDim>
struct GroupShape {
  static constexpr int kGroups = kDim == 64 ? 3 : 2;
  static constexpr int kThreads = kGroups * 128 + 128;
  // Of computing and copying threads: together what the block of threads was launched with.
  static constexpr int kRegisters = kDim == 64 ? 160 : 240;
  static constexpr int kFewRegisters = kDim == 64 ? 32 : 24;
  static constexpr int kTiles = kDim / 64;  // side by side
  static constexpr int kStageBytes = 2 * kTiles * kTileBytes;  // two parts
  static constexpr int kQueryBytes = kTiles * kQueryTileBytes;  // of one group
  static constexpr int kSumBytes = kGroups * 4 * kColumns * 8;
  static constexpr size_t kSharedBytes =
      1024 + 256 + kSumBytes + kGroups * kQueryBytes + kStages * kStageBytes;
};

template <typename Io>
struct GroupNormaliser {
  const Io* queries;
  const Io* means;
  int stride;  // N
  int head_tiles;
  float* out;
};

#if defined(__CUDA_ARCH_FEAT_SM90_ALL)

// The token and head of a group's column.
struct GroupColumns {
  TokenTile tile;
  int head_tiles;
  int skipped;  // tokens of the tile before this group's

  __device__ int slot(int column) const { return skipped + column / 8 / head_tiles; }
  __device__ int token(int column) const { return tile.first + slot(column); }
  __device__ int head(int column) const { return column / 8 % head_tiles * 8 + column % 8; }
  __device__ bool there(const View& v, int column) const {
    return token(column) < tile.last && head(column) < v.group;
  }
  __device__ int64_t at(const View& v, int h, int column) const {
    return static_cast<int64_t>(tile.row + slot(column)) * v.query_heads + h * v.group +
           head(column);
  }
};

template <typename Io, int kDim>
__device__ void copyQueries(const View& v, const Io* q, const GroupColumns& columns, int h,
                            char* to) {
  constexpr int kChunks = kDim / 8;
  for (int i = threadIdx.x % 128; i < kColumns * kChunks; i += 128) {
    int column = i / kChunks;
    int c = i % kChunks;
    uint4 x = make_uint4(0, 0, 0, 0);
    if (columns.there(v, column)) {
      x = *reinterpret_cast<const uint4*>(q + columns.at(v, h, column) * kDim + c * 8);
    }
    *reinterpret_cast<uint4*>(to + c / 8 * kQueryTileBytes + swizzled(column, c % 8)) = x;
  }
}

// Copies tiles warp, warp + stages, … of both parts into the warp's own stage.
template <typename Io, int kDim>
__device__ void produce(const Io* means, int stride, int blocks, char* stages, Barrier* full,
                        Barrier* empty) {
  using Shape = GroupShape<kDim>;
  constexpr int kChunks = kDim / 8;
  int lane = threadIdx.x % 32;
  int stage = threadIdx.x / 32;
  int c = lane % kChunks;
  int round = 0;
  for (int b = stage * kBlocks; b < blocks; b += kStages * kBlocks, round++) {
    await(empty + stage, (round & 1) ^ 1);
#pragma unroll
    for (int part = 0; part < 2; part++) {
      char* to = stages + stage * Shape::kStageBytes + (part * Shape::kTiles + c / 8) * kTileBytes;
      const Io* from = means + (static_cast<int64_t>(part) * stride + b) * kDim + c * 8;
#pragma unroll 4
      for (int row = lane / kChunks; row < kBlocks; row += 32 / kChunks) {
        copyAsync(to + swizzled(row, c % 8), from + row * kDim, true);
      }
    }
    endCopies();
    awaitCopies<0>();
    fenceForTensorCores();
    arrive(full + stage);
  }
}

template <typename Io, int kDim>
__device__ void multiplyMeans(const char* stage, const char* queries, float (&scores)[64]) {
  using Shape = GroupShape<kDim>;
  beginProducts();
#pragma unroll
  for (int part = 0; part < 2; part++) {
#pragma unroll
    for (int step = 0; step < kDim / 16; step++) {
      uint64_t a = describe(stage + (part * Shape::kTiles + step / 4) * kTileBytes, 0);
      uint64_t b = describe(queries + step / 4 * kQueryTileBytes, 0);
      multiplyShared<Io, 128>(scores, a + step % 4 * 2, b + step % 4 * 2, part + step > 0);
    }
  }
  endProducts();
}

// One lane's share of its 32 columns' sums: columns 8 n + 2 j + c.
struct LaneSums {
  float shift[16][2];
  float sum[16][2];
};

template <typename Io, int kDim>
__device__ void consume(const View& v, const GroupColumns& columns, int blocks, const char* queries,
                        const char* stages, Barrier* full, Barrier* empty, LaneSums* sums) {
  using Shape = GroupShape<kDim>;
  int lane = threadIdx.x % 32;
  int row = threadIdx.x % 128 / 32 * 16 + lane / 4;
  int least = (columns.token(0) + 1) / v.block_size;
  auto limit = [&](int n) {
    return (min(columns.token(n * 8), columns.tile.last - 1) + 1) / v.block_size;
  };
  for (int b = 0, i = 0; b < blocks; b += kBlocks, i++) {
    await(full + i % kStages, i / kStages & 1);
    float scores[64];
    multiplyMeans<Io, kDim>(stages + i % kStages * Shape::kStageBytes, queries, scores);
    awaitProducts<0>();
    hold(scores);
    if (lane == 0) {
      arrive(empty + i % kStages);
    }
    if (b + kBlocks > least) {
#pragma unroll
      for (int n = 0; n < 16; n++) {
        int end = limit(n) - b - row;
#pragma unroll
        for (int c = 0; c < 4; c++) {
          scores[4 * n + c] = c / 2 * 8 < end ? scores[4 * n + c] : -INFINITY;
        }
      }
    }
    if (b == 0) {
#pragma unroll
      for (int n = 0; n < 16; n++) {
#pragma unroll
        for (int c = 0; c < 2; c++) {
          float shift = fmaxf(scores[4 * n + c], scores[4 * n + 2 + c]);
          sums->shift[n][c] = fabsf(shift) < INFINITY ? shift : 0.0f;
        }
      }
    }
#pragma unroll
    for (int n = 0; n < 16; n++) {
#pragma unroll
      for (int c = 0; c < 2; c++) {
        sums->sum[n][c] += exp2Fast(scores[4 * n + c] - sums->shift[n][c]) +
                           exp2Fast(scores[4 * n + 2 + c] - sums->shift[n][c]);
      }
    }
  }
}

// Adds up the columns of a group over its lanes and warps, and writes them. part: [4, 128] of the group.
__device__ inline void writeSums(const View& v, const GroupColumns& columns, int h, LaneSums& sums,
                                 float2* part, int barrier, float* out) {
  int lane = threadIdx.x % 32;
  int thread = threadIdx.x % 128;
#pragma unroll
  for (int n = 0; n < 16; n++) {
#pragma unroll
    for (int c = 0; c < 2; c++) {
      float top = sums.sum[n][c] == 0 ? -INFINITY : sums.shift[n][c];
      for (int step = 4; step < 32; step *= 2) {
        top = fmaxf(top, __shfl_xor_sync(kWarp, top, step));
      }
      float sum = sums.sum[n][c] == 0
                      ? 0.0f
                      : sums.sum[n][c] * exp2Fast(sums.shift[n][c] - top);
      for (int step = 4; step < 32; step *= 2) {
        sum += __shfl_xor_sync(kWarp, sum, step);
      }
      if (lane < 4) {
        part[thread / 32 * kColumns + n * 8 + lane * 2 + c] = make_float2(top, sum);
      }
    }
  }
  asm volatile("bar.sync %0, 128;" ::"r"(barrier) : "memory");  // the group's threads
  if (!columns.there(v, thread)) {
    return;
  }
  float top = -INFINITY;
  for (int warp = 0; warp < 4; warp++) {
    top = fmaxf(top, part[warp * kColumns + thread].x);
  }
  float sum = 0;
  for (int warp = 0; warp < 4; warp++) {
    float2 mine = part[warp * kColumns + thread];
    sum += mine.x == -INFINITY ? 0.0f : mine.y * exp2f(mine.x - top);
  }
  out[columns.at(v, h, thread)] = sum == 0 ? -INFINITY : top + log2f(sum);
}

#endif

template <typename Io, int kDim>
__global__ void __launch_bounds__(GroupShape<kDim>::kThreads, 1)
    normaliserGroupsKernel(View v, GroupNormaliser<Io> p) {
#if defined(__CUDA_ARCH_FEAT_SM90_ALL)
  using Shape = GroupShape<kDim>;
  extern __shared__ uint4 shared[];
  char* memory = reinterpret_cast<char*>(shared);
  Barrier* full = reinterpret_cast<Barrier*>(memory);
  Barrier* empty = full + kStages;
  float2* parts = reinterpret_cast<float2*>(memory + 256);
  // Tiles begin at multiples of 1,024 bytes.
  uint32_t behind = sharedAddress(memory) + 256 + Shape::kSumBytes;
  char* queries =
      memory + 256 + Shape::kSumBytes + ((behind + 1023) / 1024 * 1024 - behind);
  char* stages = queries + Shape::kGroups * Shape::kQueryBytes;
  int h = blockIdx.y;
  int group = static_cast<int>(threadIdx.x) / 128 - 1;
  GroupColumns columns;
  columns.head_tiles = p.head_tiles;
  columns.skipped = max(group, 0) * (16 / p.head_tiles);
  int tile_tokens = Shape::kGroups * (16 / p.head_tiles);
  // Later tokens see more blocks: they go first.
  if (!findTile(v, gridDim.x - 1 - blockIdx.x, tile_tokens, Form::kPrefillFar, &columns.tile)) {
    return;
  }
  int blocks = columns.tile.last / v.block_size;
  if (threadIdx.x == 0) {
    for (int i = 0; i < kStages; i++) {
      makeBarrier(full + i, 32);
      makeBarrier(empty + i, Shape::kGroups * 4);
    }
  }
  if (group >= 0) {
    copyQueries<Io, kDim>(v, p.queries, columns, h, queries + group * Shape::kQueryBytes);
    fenceForTensorCores();
  }
  __syncthreads();
  if (group < 0) {
    shrinkRegisters<Shape::kFewRegisters>();
    int64_t head = static_cast<int64_t>(columns.tile.sequence) * v.kv_heads + h;
    produce<Io, kDim>(p.means + head * 2 * p.stride * kDim, p.stride, blocks, stages, full, empty);
  } else {
    growRegisters<Shape::kRegisters>();
    LaneSums sums;
#pragma unroll
    for (int n = 0; n < 16; n++) {
      sums.shift[n][0] = sums.shift[n][1] = 0;
      sums.sum[n][0] = sums.sum[n][1] = 0;
    }
    consume<Io, kDim>(v, columns, blocks, queries + group * Shape::kQueryBytes, stages, full,
                      empty, &sums);
    writeSums(v, columns, h, sums, parts + group * 4 * kColumns, 1 + group, p.out);
  }
#endif
}

template <typename Io, int kDim>
Report normalise(const Call& call) {
  using Shape = GroupShape<kDim>;
  int head_tiles = headTiles(call.p.query_heads / call.p.kv_heads);
  GroupNormaliser<Io> p = {static_cast<const Io*>(call.queries),
                           static_cast<const Io*>(call.means), static_cast<int>(call.mean_stride),
                           head_tiles, call.normalisers};
  int64_t tile_tokens = Shape::kGroups * (16 / head_tiles);
  Grid grid = {dim3(static_cast<unsigned>(mostTiles(call, tile_tokens)),
                    static_cast<unsigned>(call.p.kv_heads)),
               Shape::kThreads, Shape::kSharedBytes};
  return launch("block_normaliser sm90", normaliserGroupsKernel<Io, kDim>, grid, call.p.stream,
                viewOf(call), p);
}

}  // namespace

Report blockNormaliserGroups(const Call& call) {
  bool half = call.p.layout.element == Element::kFloat16;
  if (call.p.layout.head_dim == 64) {
    return half ? normalise<__half, 64>(call) : normalise<__nv_bfloat16, 64>(call);
  }
  return half ? normalise<__half, 128>(call) : normalise<__nv_bfloat16, 128>(call);
}

}  // namespace ssa::cuda
