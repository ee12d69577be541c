// count_branch_sm90.cu: count_branch of all keys for compute capability 9.0, elements of 16 bits, D 64 or 128
//
// in, out, math  as count_branch.cu
// cost  2 (t + 1) HQ D flop and (t + 1) HQ exponentials per token, and 5 fp32 operations for each of the
//       latter: at D = 64 the tensor cores need 256 cycles for a tile of 64 x 128, the exponential units
//       512 and the issue of instructions about 450. So it takes half to two thirds of the answer.
// num.  fp32 within a tile of 128 keys and across tiles
// grid  (token tiles, H); one group of 4 warps copies keys and lengths into a ring (each warp has a stage
//       of its own), 3 groups count 64 rows each, rows = tokens x heads
// twin  kernels/cpu/observe.h      oracle  bench/watched.h
#include "kernels/cuda/branch/group_tiles.cuh"
#include "kernels/cuda/launch.cuh"
#include "kernels/cuda/observe/count_rows.cuh"

namespace ssa::cuda {
namespace {

template <int kDim>
struct CountGroupShape {
  static constexpr int kGroups = 3;
  static constexpr int kRows = 64 * kGroups;
  static constexpr int kThreads = kGroups * 128 + 128;
  // Of computing and copying threads: together what the block of threads was launched with.
  static constexpr int kRegisters = 160;
  static constexpr int kFewRegisters = 32;
  static constexpr int kTiles = kDim / 64;  // side by side
  static constexpr int kStages = 4;
  static constexpr int kLengthBytes = kTileKeys * 4;
  static constexpr int kStageBytes = kTiles * kTileBytes;
  static constexpr int kQueryBytes = kTiles * kRows * 128;
  static constexpr int kScratchBytes = kGroups * 4 * kScratch * 4;
  static constexpr size_t kSharedBytes = 1024 + kQueryBytes + kStages * (kStageBytes + kLengthBytes) +
                                         kScratchBytes + 256;
};

#if defined(__CUDA_ARCH_FEAT_SM90_ALL)

// Copies tiles warp, warp + stages, … into the warp's own stage.
template <typename Io, int kDim>
__device__ void produce(const View& v, const Keys<Io>& keys, const WatchedRows& rows, int end,
                        const float* lengths, char* stages, float* stage_lengths, Barrier* full,
                        Barrier* empty) {
  using Shape = CountGroupShape<kDim>;
  int stage = threadIdx.x / 32;
  int lane = threadIdx.x % 32;
  char* to = stages + stage * Shape::kStageBytes;
  float* to_lengths = stage_lengths + stage * kTileKeys;
  int base = stage * kTileKeys;
  for (int round = 0; base < end; round++, base += Shape::kStages * kTileKeys) {
    await(empty + stage, (round & 1) ^ 1);
    const Io* key;
    const Io* value;
    keys.at(v, rows.tile.sequence, rows.h, base, &key, &value);
    copyKeys<Io, kDim>(key, end - base, to);
    bool there = lengths != nullptr;
    copyAsync(to_lengths + 4 * lane, there ? static_cast<const void*>(lengths + base + 4 * lane) : key,
              there);
    endCopies();
    awaitCopies<0>();
    fenceForTensorCores();
    arrive(full + stage);
  }
}

template <typename Io, int kDim>
__device__ void consume(const View& v, const CountView& c, const WatchedRows& rows, int end,
                        const char* queries, const char* stages, const float* stage_lengths,
                        float* scratch, Barrier* full, Barrier* empty) {
  using Shape = CountGroupShape<kDim>;
  int thread = threadIdx.x - 128;
  int first_row = thread / 32 * 16;
  int row = first_row + thread % 32 / 4;
  float* my_scratch = scratch + thread / 32 * kScratch;
  CountedRow<float> counted[2];
  counted[0].begin(v, c, rows, Branch::kFull, row);
  counted[1].begin(v, c, rows, Branch::kFull, row + 8);
  // What every row of the warp sees, and what one of them sees.
  int first = rows.token(first_row);
  int last = min(first + max(rows.per_tile, 1), rows.tile.last) - 1;
  bool idle = first > last;
  const char* my_queries = queries + thread / 128 * 64 * 128;
  int stage = 0;
  int round = 0;
  for (int base = 0; base < end; base += kTileKeys) {
    const char* tile = stages + stage * Shape::kStageBytes;
    await(full + stage, round & 1);
    float scores[64];
    multiplyQueries<Shape, Io, kDim>(my_queries, tile, scores);
    awaitProducts<0>();
    hold(scores);
    if (!idle && base <= last) {
      float part[2][16];
      countTile<kDim, 16>(
          [&](int n, int half, int e) -> float& { return scores[4 * n + 2 * half + e]; }, base,
          base + kTileKeys > first + 1, stage_lengths + stage * kTileKeys, counted, part);
      if (c.importance != nullptr) {
        addImportance<16>(v, c, rows, first_row, base, part, my_scratch);
      }
    }
    __syncwarp();
    if (threadIdx.x % 32 == 0) {
      arrive(empty + stage);
    }
    stage = stage + 1 == Shape::kStages ? 0 : stage + 1;
    round += stage == 0;
  }
  counted[0].end(v, c, rows, row);
  counted[1].end(v, c, rows, row + 8);
}

#endif

template <typename Io, int kDim>
__global__ void __launch_bounds__(CountGroupShape<kDim>::kThreads, 1)
    countBranchGroupsKernel(View v, Keys<Io> keys, const Io* q, CountView c) {
#if defined(__CUDA_ARCH_FEAT_SM90_ALL)
  using Shape = CountGroupShape<kDim>;
  extern __shared__ uint4 shared[];
  char* memory = reinterpret_cast<char*>(shared);
  Barrier* full = reinterpret_cast<Barrier*>(memory);
  Barrier* empty = full + Shape::kStages;
  // Tiles begin at multiples of 1,024 bytes.
  uint32_t behind = sharedAddress(memory) + 256;
  char* queries = memory + 256 + ((behind + 1023) / 1024 * 1024 - behind);
  char* stages = queries + Shape::kQueryBytes;
  float* lengths = reinterpret_cast<float*>(stages + Shape::kStages * Shape::kStageBytes);
  float* scratch = lengths + Shape::kStages * kTileKeys;
  WatchedRows rows;
  // Later tokens see more keys: they go first.
  if (!findWatched(v, c, gridDim.x - 1 - blockIdx.x, Shape::kRows, blockIdx.y, &rows)) {
    return;
  }
  if (threadIdx.x == 0) {
    for (int i = 0; i < Shape::kStages; i++) {
      makeBarrier(full + i, 32);
      makeBarrier(empty + i, Shape::kGroups * 4);
    }
  }
  copyQueries<Shape, Io, kDim>(v, rows, q, queries);
  fenceForTensorCores();
  __syncthreads();
  if (threadIdx.x < 128) {
    shrinkRegisters<Shape::kFewRegisters>();
    produce<Io, kDim>(v, keys, rows, rows.tile.last, c.lengthsOf(rows.tile.sequence, rows.h),
                      stages, lengths, full, empty);
  } else {
    growRegisters<Shape::kRegisters>();
    consume<Io, kDim>(v, c, rows, rows.tile.last, queries, stages, lengths, scratch, full, empty);
  }
#endif
}

template <typename Io, int kDim>
Report count(const Wave& wave, Branch branch, const Counted& counted) {
  using Shape = CountGroupShape<kDim>;
  const Call& call = wave.call;
  View v = viewOf(call);
  Grid grid = {dim3(static_cast<unsigned>(mostTiles(call, watchedTokens(v, Shape::kRows))),
                    static_cast<unsigned>(call.p.kv_heads)),
               Shape::kThreads, Shape::kSharedBytes};
  return launch("count_branch sm90", countBranchGroupsKernel<Io, kDim>, grid, call.p.stream, v,
                keysOf<Io>(call, branch), static_cast<const Io*>(call.queries),
                countView(wave, counted));
}

}  // namespace

Report countBranchGroups(const Wave& wave, Branch branch, const Counted& counted) {
  bool half = wave.call.p.layout.element == Element::kFloat16;
  if (wave.call.p.layout.head_dim == 64) {
    return half ? count<__half, 64>(wave, branch, counted)
                : count<__nv_bfloat16, 64>(wave, branch, counted);
  }
  return half ? count<__half, 128>(wave, branch, counted)
              : count<__nv_bfloat16, 128>(wave, branch, counted);
}

}  // namespace ssa::cuda
