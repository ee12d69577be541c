// count_branch_sm90.cu: count_branch of all keys for compute capability 9.0, elements of 16 bits, D 64 or 128
//
// in, out, math  as count_branch.cu
// cost  2 (t + 1) HQ D flop and (t + 1) HQ exponentials per token, and 5 fp32 operations for each of the
//       latter: at D = 64 the tensor cores need 256 cycles for a tile of 64 x 128, the exponential units
//       512 and the issue of instructions about 600. Read from whole calls: some three quarters of the answer.
// num.  fp32 within half a tile, 64 keys, and across them
// grid  (token tiles, H); one group of 4 warps copies keys and lengths into a ring (each warp has a stage
//       of its own), 3 groups count 64 rows each, rows = tokens x heads
// twin  kernels/cpu/observe.h      oracle  bench/watched.h
#include "kernels/cuda/branch/group_tiles.cuh"
#include "kernels/cuda/launch.cuh"
#include "kernels/cuda/observe/count_units.cuh"

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

// Where a group of warps is in the ring of stages.
struct Ring {
  const char* stages;
  const float* lengths;
  Barrier* full;
  Barrier* empty;
  int stage = 0;
  int round = 0;

  __device__ void next(int count) {
    stage = stage + 1 == count ? 0 : stage + 1;
    round += stage == 0;
  }
  __device__ void awaitTile() const { await(full + stage, round & 1); }
};

// A warp's 16 rows, and what becomes of them.
struct WarpCounts {
  CountedRow<float> rows[2];
  int first_row;
  int first;       // token, and the last
  int last;
  float* scratch;
  float* units;    // where the mass of its first token's first unit goes

  __device__ void begin(const View& v, const CountView& c, const WatchedRows& watched,
                        float* all_scratch) {
    int warp = (threadIdx.x - 128) / 32;
    first_row = warp * 16;
    scratch = all_scratch + warp * kScratch;
    first = watched.token(first_row);
    last = min(first + max(watched.per_tile, 1), watched.tile.last) - 1;
    int part = watched.per_tile == 0 ? warp % 2 : 0;
    units = unitAt(v, c, watched, first, part, 0);
    int row = first_row + threadIdx.x % 32 / 4;
    rows[0].begin(v, c, watched, Branch::kFull, row);
    rows[1].begin(v, c, watched, Branch::kFull, row + 8);
  }
};

constexpr int kHalfKeys = kTileKeys / 2;
constexpr int kHalfBytes = kHalfKeys * 128;

// A tile of which rows may see a part, or which some of them keep more of; in halves, as others are, so that
// sums are made in one order.
template <typename Io, int kDim>
__device__ void countWhole(const View& v, const CountView& c, const WatchedRows& watched, int base,
                           const char* queries, Ring* ring, WarpCounts* warp) {
  using Shape = CountGroupShape<kDim>;
  ring->awaitTile();
  const char* tile = ring->stages + ring->stage * Shape::kStageBytes;
  const float* lengths = ring->lengths + ring->stage * kTileKeys;
#pragma unroll 1
  for (int i = 0; i < 2; i++, base += kHalfKeys) {
    float scores[32];
    multiplyQueries<Shape, Io, kDim>(queries, tile + i * kHalfBytes, scores);
    awaitProducts<0>();
    hold(scores);
    if (warp->first < watched.tile.last && base <= warp->last) {
      float part[2][8];
      countTile<kDim, 8>(
          [&](int n, int half, int e) -> float& { return scores[4 * n + 2 * half + e]; }, base,
          base + kHalfKeys > warp->first + 1, lengths + i * kHalfKeys, warp->rows, part);
      if (c.importance != nullptr) {
        addImportance<8>(v, c, watched, warp->first_row, base, part, warp->scratch);
      }
    }
    __syncwarp();
  }
  arrive(ring->empty + ring->stage);
  ring->next(Shape::kStages);
}

// Half a tile that every row sees whole, and that holds neither its first nor its last keys.
template <int kDim, bool kOneToken>
__device__ void countHalf(const View& v, const CountView& c, const WatchedRows& watched, int base,
                          const float* lengths, float (&scores)[32], WarpCounts* warp) {
  float part[2][8];
  float all[2];
  countScores<kDim, 8>(
      [&](int n, int half, int e) -> float& { return scores[4 * n + 2 * half + e]; }, lengths,
      warp->rows, part, all);
  if (c.importance == nullptr) {
    return;
  }
  if constexpr (kOneToken) {
    bool there = warp->first < watched.tile.last;
    if (c.unit_of_8) {
      putUnitsOfToken<8>(part, warp->units + base / 8, there);
    } else {
      float pairs[2][4];
      addPairs<8>(part, pairs);
      putUnitsOfToken<4>(pairs, warp->units + base / 16, there);
    }
  } else {
    addImportance<8>(v, c, watched, warp->first_row, base, part, warp->scratch);
  }
}

// Tiles [begin, end) that every row sees whole, in halves: the tensor cores make one half's scores while
// the other's are counted.
template <typename Io, int kDim, bool kOneToken>
__device__ void countFar(const View& v, const CountView& c, const WatchedRows& watched, int begin,
                         int end, const char* queries, Ring* ring, WarpCounts* warp) {
  using Shape = CountGroupShape<kDim>;
  int tiles = __shfl_sync(kWarp, (end - begin) / kTileKeys, 0);
  if (tiles <= 0) {
    return;
  }
  float low[32];
  float high[32];
  ring->awaitTile();
  const char* tile = ring->stages + ring->stage * Shape::kStageBytes;
  multiplyQueries<Shape, Io, kDim>(queries, tile, low);
  awaitProducts<0>();
  hold(low);
  int base = begin;
  for (int i = 1; i < tiles; i++, base += kTileKeys) {
    const float* lengths = ring->lengths + ring->stage * kTileKeys;
    Barrier* read = ring->empty + ring->stage;
    multiplyQueries<Shape, Io, kDim>(queries, tile + kHalfBytes, high);
    countHalf<kDim, kOneToken>(v, c, watched, base, lengths, low, warp);
    awaitProducts<0>();
    hold(high);
    ring->next(Shape::kStages);
    tile = ring->stages + ring->stage * Shape::kStageBytes;
    ring->awaitTile();
    multiplyQueries<Shape, Io, kDim>(queries, tile, low);
    countHalf<kDim, kOneToken>(v, c, watched, base + kHalfKeys, lengths + kHalfKeys, high,
                               warp);
    __syncwarp();
    arrive(read);
    awaitProducts<0>();
    hold(low);
  }
  const float* lengths = ring->lengths + ring->stage * kTileKeys;
  multiplyQueries<Shape, Io, kDim>(queries, tile + kHalfBytes, high);
  countHalf<kDim, kOneToken>(v, c, watched, base, lengths, low, warp);
  awaitProducts<0>();
  hold(high);
  countHalf<kDim, kOneToken>(v, c, watched, base + kHalfKeys, lengths + kHalfKeys, high,
                             warp);
  __syncwarp();
  arrive(ring->empty + ring->stage);
  ring->next(Shape::kStages);
}

template <typename Io, int kDim, bool kOneToken>
__device__ void consume(const View& v, const CountView& c, const WatchedRows& watched,
                        const char* queries, Ring ring, float* scratch) {
  WarpCounts warp;
  warp.begin(v, c, watched, scratch);
  const char* my_queries = queries + (threadIdx.x - 128) / 128 * 64 * 128;
  int end = watched.tile.last;
  int far = lastBegins(watched.tile.first) / kTileKeys * kTileKeys;
  int base = 0;
  for (; base < end && base < kFirstKeys; base += kTileKeys) {
    countWhole<Io, kDim>(v, c, watched, base, my_queries, &ring, &warp);
  }
  countFar<Io, kDim, kOneToken>(v, c, watched, base, far, my_queries, &ring, &warp);
  for (base = max(base, far); base < end; base += kTileKeys) {
    countWhole<Io, kDim>(v, c, watched, base, my_queries, &ring, &warp);
  }
  int row = warp.first_row + threadIdx.x % 32 / 4;
  warp.rows[0].end(v, c, watched, row);
  warp.rows[1].end(v, c, watched, row + 8);
}

#endif

template <typename Io, int kDim, bool kOneToken>
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
      makeBarrier(empty + i, Shape::kGroups * 128);
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
    Ring ring = {stages, lengths, full, empty};
    consume<Io, kDim, kOneToken>(v, c, rows, queries, ring, scratch);
  }
#endif
}

template <typename Io, int kDim, bool kOneToken>
Report count(const Wave& wave, const Counted& counted) {
  using Shape = CountGroupShape<kDim>;
  const Call& call = wave.call;
  View v = viewOf(call);
  Grid grid = {dim3(static_cast<unsigned>(mostTiles(call, watchedTokens(v, Shape::kRows))),
                    static_cast<unsigned>(call.p.kv_heads)),
               Shape::kThreads, Shape::kSharedBytes};
  return launch("count_branch sm90", countBranchGroupsKernel<Io, kDim, kOneToken>, grid,
                call.p.stream, v, keysOf<Io>(call, Branch::kFull),
                static_cast<const Io*>(call.queries), countView(wave, counted));
}

template <typename Io, int kDim>
Report countTokens(const Wave& wave, const Counted& counted) {
  bool one = tokensPerTile(static_cast<int>(wave.call.p.query_heads / wave.call.p.kv_heads)) <= 1;
  return one ? count<Io, kDim, true>(wave, counted) : count<Io, kDim, false>(wave, counted);
}

}  // namespace

int64_t countedTokens(const Call& call) {
  return watchedTokens(viewOf(call), CountGroupShape<64>::kRows);
}

int64_t wholeRounds(const Call& call, int64_t rows, int64_t tokens) {
  int device = 0;
  int processors = 0;
  bool known = hasGroupKernels(call) && cudaGetDevice(&device) == cudaSuccess &&
               cudaDeviceGetAttribute(&processors, cudaDevAttrMultiProcessorCount, device) ==
                   cudaSuccess;
  int64_t tiles = rows / tokens;
  int64_t blocks = tiles * call.p.kv_heads;
  int64_t rounds = known ? blocks / processors : 0;
  if (rounds == 0) {
    return rows;
  }
  bool full = blocks % processors * 10 >= processors * 9;
  return full ? tiles * tokens : rounds * processors / call.p.kv_heads * tokens;
}

Report countAllKeysByGroups(const Wave& wave, const Counted& counted) {
  bool half = wave.call.p.layout.element == Element::kFloat16;
  if (wave.call.p.layout.head_dim == 64) {
    return half ? countTokens<__half, 64>(wave, counted)
                : countTokens<__nv_bfloat16, 64>(wave, counted);
  }
  return half ? countTokens<__half, 128>(wave, counted)
              : countTokens<__nv_bfloat16, 128>(wave, counted);
}

}  // namespace ssa::cuda
