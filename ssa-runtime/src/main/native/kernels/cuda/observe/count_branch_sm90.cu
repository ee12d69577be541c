// count_branch_sm90.cu: count_branch of all keys for compute capability 9.0, elements of 16 bits, D 64 or 128
//
// in, out  as count_branch.cu
// math  count_rows.cuh with S = 1: by the answer's sum the weights are e_j up to the rounding of its logarithm,
//       l 2^-24 and some 1e-6 for sums in another order, far below what 16 bits tell; it is written as the
//       mass. Masses of units and the sum of e_j |v_j| are products of e with columns of ones and lengths
//       (count_columns.cuh): what a lane does for each key is its exponent, the exponential, two sums and half
//       a rounding to bf16
// cost  2 (t + 1) HQ D flop and (t + 1) HQ exponentials per token; for 64 rows x 128 keys at D = 64 the tensor
//       cores need 256 cycles, the exponential units 512, each scheduler issues some 430 instructions. None
//       hides another well (docs/log.md)
// num.  fp32 within 64 keys and across them; products as count_columns.cuh
// grid  (token tiles, H); one group of 4 warps copies keys and lengths into a ring (each warp has a stage
//       of its own), 5 groups (4 for D = 128) count 64 rows each, rows = tokens x heads
// twin  kernels/cpu/observe.h      oracle  bench/watched.h
#include "kernels/cuda/branch/group_tiles.cuh"
#include "kernels/cuda/launch.cuh"
#include "kernels/cuda/observe/count_columns.cuh"

namespace ssa::cuda {
namespace {

template <int kDim>
struct CountGroupShape {
  static constexpr int kGroups = kDim == 64 ? 5 : 4;
  static constexpr int kRows = 64 * kGroups;
  static constexpr int kThreads = kGroups * 128 + 128;
  // Of computing and copying threads: together what the block of threads was launched with.
  static constexpr int kRegisters = kDim == 64 ? 88 : 112;
  static constexpr int kFewRegisters = 24;
  static constexpr int kSpan = 64;  // keys that are counted together
  static constexpr int kTiles = kDim / 64;  // side by side
  static constexpr int kStages = 4;
  static constexpr int kStageBytes = kTiles * kTileBytes;
  static constexpr int kQueryBytes = kTiles * kRows * 128;
  static constexpr int kScratchBytes = kGroups * 4 * kScratch * 4;
  static constexpr size_t kSharedBytes =
      1024 + kQueryBytes + kStages * (kStageBytes + kColumnBytes) + kScratchBytes + 256;
};

#if defined(__CUDA_ARCH_FEAT_SM90_ALL)

// The ring of tiles of keys, and of columns to multiply their e by.
struct Ring {
  char* stages;
  uint2* columns;
  Barrier* full;
  Barrier* empty;

  template <int kDim>
  __device__ char* tile(int stage) const {
    return stages + stage * CountGroupShape<kDim>::kStageBytes;
  }
  __device__ Columns columnsAt(int stage) const { return {columns + stage * kSteps * 32}; }
};

// Copies tiles warp, warp + stages, … into the warp's own stage.
template <typename Io, int kDim>
__device__ void produce(const View& v, const Keys<Io>& keys, const WatchedRows& rows, int end,
                        const float* lengths, const Ring& ring) {
  constexpr int kStages = CountGroupShape<kDim>::kStages;
  int stage = threadIdx.x / 32;
  int base = stage * kTileKeys;
  for (int round = 0; base < end; round++, base += kStages * kTileKeys) {
    await(ring.empty + stage, (round & 1) ^ 1);
    const Io* key;
    const Io* value;
    keys.at(v, rows.tile.sequence, rows.h, base, &key, &value);
    copyKeys<Io, kDim>(key, end - base, ring.tile<kDim>(stage));
    endCopies();
    if (lengths != nullptr) {
      ring.columnsAt(stage).put(lengths + base);
    }
    awaitCopies<0>();
    fenceForTensorCores();
    arrive(ring.full + stage);
  }
}

// A warp's 16 rows, and what becomes of them.
struct WarpCounts {
  CountedRow<float> rows[2];
  int first_row;
  int first;  // token, and the last
  int last;
  float* scratch;
  ColumnPlace place;  // of its first token's units

  __device__ void begin(const View& v, const CountView& c, const WatchedRows& watched,
                        float* all_scratch) {
    int warp = (threadIdx.x - 128) / 32;
    first_row = warp * 16;
    scratch = all_scratch + warp * kScratch;
    first = watched.token(first_row);
    last = min(first + max(watched.per_tile, 1), watched.tile.last) - 1;
    int part = watched.per_tile == 0 ? warp % 2 : 0;
    place.begin(unitAt(v, c, watched, first, part, 0),
                c.importance != nullptr && first < watched.tile.last);
    int row = first_row + threadIdx.x % 32 / 4;
    rows[0].begin(v, c, watched, Branch::kFull, row);
    rows[1].begin(v, c, watched, Branch::kFull, row + 8);
  }

  __device__ void end(const View& v, const CountView& c, const WatchedRows& watched) {
    int row = first_row + threadIdx.x % 32 / 4;
    // Other lanes have added up the units that they hold, or zeros.
    bool lengths = threadIdx.x % 4 * 2 == kUnitColumns;
#pragma unroll
    for (int half = 0; half < 2; half++) {
      rows[half].all = threadIdx.x % 4 == 0 ? 1.0f : 0.0f;
      rows[half].lengths = lengths ? rows[half].lengths : 0.0f;
      rows[half].end(v, c, watched, row + 8 * half);
    }
  }
};

// Four units' masses from `unit` on, and their keys' part of the lengths; with kKeep those go on in D.
template <bool kOneToken, bool kKeep>
__device__ inline void putColumns(const View& v, const CountView& c, const WatchedRows& watched,
                                  int unit, float (&d)[4], WarpCounts* warp) {
  if constexpr (kOneToken) {
    warp->place.put(d, unit);
  } else if (c.importance != nullptr) {
    putColumnsOfTokens(v, c, watched, warp->first_row, unit, d, warp->scratch);
  }
  if constexpr (!kKeep) {
    warp->rows[0].lengths += d[0] + d[1];
    warp->rows[1].lengths += d[2] + d[3];
  }
#pragma unroll
  for (int i = 0; i < 4; i++) {
    d[i] = kKeep && warp->place.has_lengths ? d[i] : 0.0f;
  }
}

// Scores of n times 8 keys from `base` on become e, and are counted. kEdge: rows may see a part of them, or
// keep more of some.
template <int kDim, int n, int kUnit, bool kOneToken, bool kEdge>
__device__ void countSpan(const View& v, const CountView& c, const WatchedRows& watched, int base,
                          uint32_t columns, float (&scores)[4 * n], WarpCounts* warp) {
  auto at = [&](int i, int half, int e) -> float& { return scores[4 * i + 2 * half + e]; };
  if (kEdge && base + 8 * n > warp->first + 1) {
    maskTile<n>(at, base, warp->rows);
  }
  float all[2] = {0, 0};
  float logs[2] = {0, 0};
  float squares[2] = {0, 0};
  float d[4] = {0, 0, 0, 0};
#pragma unroll
  for (int step = 0; step < n / 2; step++) {
    uint32_t packed[4];
#pragma unroll
    for (int i = 0; i < 2; i++) {
#pragma unroll
      for (int half = 0; half < 2; half++) {
        float e[2];
#pragma unroll
        for (int k = 0; k < 2; k++) {
          float& score = at(2 * step + i, half, k);
          float x = fmaf(score, kScoreScale<kDim>, -warp->rows[half].shift);
          e[k] = exp2Fast(x);
          logs[half] = fmaf(e[k], x, logs[half]);
          squares[half] = fmaf(e[k], e[k], squares[half]);
          if constexpr (kEdge) {
            score = e[k];
          }
        }
        if constexpr (kEdge) {
          all[half] += e[0] + e[1];
        }
        packed[2 * i + half] = pack<__nv_bfloat16>(e[0], e[1]);
      }
    }
    uint2 ones = columnsAt(columns + step * 256);
    multiplyAdd<__nv_bfloat16>(d, packed, ones.x, ones.y);
    if (kUnit == 8 && step % 4 == 1) {
      putColumns<kOneToken, true>(v, c, watched, base / kUnit + 2 * step - 2, d, warp);
    }
    if (step % 4 == 3) {
      int back = kUnit == 8 ? 2 : 6;
      putColumns<kOneToken, false>(v, c, watched, base / kUnit + (2 * step - back) * 8 / kUnit, d, warp);
    }
  }
#pragma unroll
  for (int half = 0; half < 2; half++) {
    warp->rows[half].logs += logs[half];
    warp->rows[half].squares += squares[half];
  }
  if constexpr (kEdge) {
    countLast<n>(at, base, all, warp->rows);
    if (base < kFirstKeys) {
      keepFirst<n>(at, base, warp->rows);
    }
  }
}

// The lower half of a tile's description, whose upper half is the same for all (see describe): 32 bits that
// are counted on instead of 64.
__device__ inline uint32_t lowOf(const void* tile) {
  return static_cast<uint32_t>(describe(tile, 0));
}
__device__ inline uint64_t described(uint32_t low) {
  constexpr uint64_t kHigh = uint64_t{1024 >> 4} << 32 | uint64_t{1} << 62;
  return kHigh | low;
}

// What all lanes of a warp have: said so that it stays in uniform registers, where descriptions of tiles
// have to be. Otherwise each is moved there again for every product.
template <typename T>
__device__ inline T sameInWarp(T x) {
  return __reduce_max_sync(kWarp, x);
}

// Scores of a group's 64 queries and of as many keys as there is room for.
template <typename Io, int kDim, int n>
__device__ inline void multiplyTiles(uint32_t queries, uint32_t keys, float (&scores)[n]) {
  using Shape = CountGroupShape<kDim>;
  beginProducts();
#pragma unroll
  for (int step = 0; step < kDim / 16; step++) {
    uint64_t a = described(queries + step / 4 * (Shape::kRows * 128 / 16) + step % 4 * 2);
    uint64_t b = described(keys + step / 4 * (kTileBytes / 16) + step % 4 * 2);
    if constexpr (n == 32) {
      if (step == 0) {
        multiplyFresh<Io>(scores, a, b);
        continue;
      }
    }
    multiplyShared<Io, 2 * n>(scores, a, b, step > 0);
  }
  endProducts();
  awaitProducts<0>();
  hold(scores);
}

// Groups wait for their products while others count: there are enough of them for that.
template <typename Io, int kDim, int kUnit, bool kOneToken>
__device__ void consume(const View& v, const CountView& c, const WatchedRows& watched,
                        const char* queries, const Ring& ring, float* scratch) {
  using Shape = CountGroupShape<kDim>;
  constexpr int kSpan = Shape::kSpan;
  WarpCounts warp;
  warp.begin(v, c, watched, scratch);
  uint32_t mine = sameInWarp(lowOf(queries + (threadIdx.x / 128 - 1) * 64 * 128));
  uint32_t tiles = lowOf(ring.stages);
  uint32_t columns = sharedAddress(ring.columns + threadIdx.x % 32);
  asm volatile("" : "+r"(columns));  // not made again for every tile
  int end = sameInWarp(watched.tile.last);
  // From here on a row of the tile may have its last keys, or see a part.
  int far = sameInWarp(lastBegins(watched.tile.first) / kTileKeys * kTileKeys);
  int stage = 0;
  int round = 0;
  for (int base = 0; base < end; base += kTileKeys) {
    await(ring.full + stage, round & 1);
    bool edge = base < kFirstKeys || base >= far;
#pragma unroll
    for (int i = 0; i < kTileKeys / kSpan; i++) {
      int from = base + i * kSpan;
      uint32_t part = columns + stage * kColumnBytes + i * kSpan / 16 * 256;
      float scores[kSpan / 2];
      multiplyTiles<Io, kDim>(mine, tiles + stage * (Shape::kStageBytes / 16) + i * kSpan * 8,
                              scores);
      if (!edge) {
        countSpan<kDim, kSpan / 8, kUnit, kOneToken, false>(v, c, watched, from, part, scores,
                                                            &warp);
      } else if (warp.first < watched.tile.last && from <= warp.last) {
        countSpan<kDim, kSpan / 8, kUnit, kOneToken, true>(v, c, watched, from, part, scores,
                                                           &warp);
      }
      __syncwarp();
    }
    arrive(ring.empty + stage);
    stage = stage + 1 == Shape::kStages ? 0 : stage + 1;
    round += stage == 0;
  }
  warp.end(v, c, watched);
}

#endif

template <typename Io, int kDim, int kUnit, bool kOneToken>
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
  uint2* columns = reinterpret_cast<uint2*>(stages + Shape::kStages * Shape::kStageBytes);
  float* scratch = reinterpret_cast<float*>(columns + Shape::kStages * kSteps * 32);
  Ring ring = {stages, columns, full, empty};
  WatchedRows rows;
  // Later tokens see more keys: they go first.
  if (!findWatched(v, c, gridDim.x - 1 - blockIdx.x, Shape::kRows, blockIdx.y, &rows)) {
    return;
  }
  if (threadIdx.x == 0) {
    for (int i = 0; i < Shape::kStages; i++) {
      makeBarrier(full + i, 32);
      makeBarrier(empty + i, Shape::kGroups * kWarpGroup);
    }
  }
  for (int i = 0; i < Shape::kStages; i++) {
    ring.columnsAt(i).template begin<kUnit>();
  }
  copyQueries<Shape, Io, kDim>(v, rows, q, queries);
  fenceForTensorCores();
  __syncthreads();
  if (threadIdx.x < 128) {
    shrinkRegisters<Shape::kFewRegisters>();
    produce<Io, kDim>(v, keys, rows, rows.tile.last, c.lengthsOf(rows.tile.sequence, rows.h), ring);
  } else {
    growRegisters<Shape::kRegisters>();
    consume<Io, kDim, kUnit, kOneToken>(v, c, rows, queries, ring, scratch);
  }
#endif
}

template <typename Io, int kDim, int kUnit, bool kOneToken>
Report count(const Wave& wave, const Counted& counted) {
  using Shape = CountGroupShape<kDim>;
  const Call& call = wave.call;
  View v = viewOf(call);
  Grid grid = {dim3(static_cast<unsigned>(mostTiles(call, watchedTokens(v, Shape::kRows))),
                    static_cast<unsigned>(call.p.kv_heads)),
               Shape::kThreads, Shape::kSharedBytes};
  return launch("count_branch sm90", countBranchGroupsKernel<Io, kDim, kUnit, kOneToken>, grid,
                call.p.stream, v, keysOf<Io>(call, Branch::kFull),
                static_cast<const Io*>(call.queries), countView(wave, counted));
}

template <typename Io, int kDim, int kUnit>
Report countTokens(const Wave& wave, const Counted& counted) {
  bool one = tokensPerTile(static_cast<int>(wave.call.p.query_heads / wave.call.p.kv_heads)) <= 1;
  return one ? count<Io, kDim, kUnit, true>(wave, counted)
             : count<Io, kDim, kUnit, false>(wave, counted);
}

template <typename Io, int kDim>
Report countUnits(const Wave& wave, const Counted& counted) {
  bool small = wave.importance != nullptr && wave.unit_tokens == 8;
  return small ? countTokens<Io, kDim, 8>(wave, counted)
               : countTokens<Io, kDim, 16>(wave, counted);
}

}  // namespace

int64_t wholeRounds(const Call& call, int64_t rows) {
  int device = 0;
  int processors = 0;
  bool known = hasGroupKernels(call) && cudaGetDevice(&device) == cudaSuccess &&
               cudaDeviceGetAttribute(&processors, cudaDevAttrMultiProcessorCount, device) ==
                   cudaSuccess;
  int64_t tokens = watchedTokens(viewOf(call), CountGroupShape<64>::kRows);
  int64_t tiles = rows / tokens;
  int64_t rounds = known ? tiles * call.p.kv_heads / processors : 0;
  return rounds == 0 ? rows : rounds * processors / call.p.kv_heads * tokens;
}

Report countAllKeysByGroups(const Wave& wave, const Counted& counted) {
  bool half = wave.call.p.layout.element == Element::kFloat16;
  if (wave.call.p.layout.head_dim == 64) {
    return half ? countUnits<__half, 64>(wave, counted)
                : countUnits<__nv_bfloat16, 64>(wave, counted);
  }
  return half ? countUnits<__half, 128>(wave, counted)
              : countUnits<__nv_bfloat16, 128>(wave, counted);
}

}  // namespace ssa::cuda
