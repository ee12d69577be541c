// row_scores.cuh: scores of query heads over tiles of block means, for compute capability 9.0, bf16, D 64 or
// 128: what the kernels of whole sequences share
//
// Unlike block_scores.cuh the heads are the rows of the product and the blocks its columns: a token's heads
// lie in one warp, which so sees all blocks of its tokens; queries stay in registers. A group of four warps
// has 64 rows; a token takes kRows of them, a power of two. Four copying warps together fill a ring of stages
// of 64 blocks' means, both parts; the copies themselves say when a stage is full.
#pragma once

#include "kernels/cuda/launch.cuh"
#include "kernels/cuda/sequences.cuh"
#include "kernels/cuda/tile/warpgroup_held.cuh"

namespace ssa::cuda {

template <int kDim>
struct RowShape {
  static constexpr int kGroups = kDim == 64 ? 4 : 3;
  static constexpr int kThreads = kGroups * 128 + 128;
  // Of computing and copying threads: together what the block of threads was launched with.
  static constexpr int kRegisters = kDim == 64 ? 112 : 160;
  static constexpr int kFewRegisters = kDim == 64 ? 24 : 32;
  static constexpr int kStages = 4;
  static constexpr int kBlocks = 64;  // per stage
  static constexpr int kPieceBytes = kBlocks * 128;  // 64 elements of each
  static constexpr int kPartBytes = kDim / 64 * kPieceBytes;
  static constexpr int kStageBytes = 2 * kPartBytes;
  static constexpr int kHeadBytes = 256;  // barriers
  // To which a kernel adds what it needs itself.
  static constexpr size_t kSharedBytes = 1024 + kHeadBytes + kStages * kStageBytes;
};

// Rows that a token takes, or 0 if its heads do not fit a warp as the kernels want it.
inline int tokenRows(int64_t group) {
  for (int rows : {4, 8, 16}) {
    if (group <= rows && group > rows / 2) {
      return rows;
    }
  }
  return 0;
}

struct RowMeans {
  const __nv_bfloat16* parts;  // [S, H, 2, N, D]
  int stride;                  // N
};

#if defined(__CUDA_ARCH_FEAT_SM90_ALL)

// A block's shared memory: barriers, what the kernel keeps, then stages from a multiple of 1,024 bytes on.
template <int kDim>
struct RowRing {
  using Shape = RowShape<kDim>;
  Barrier* full;
  Barrier* empty;
  char* own;
  char* stages;

  __device__ RowRing(char* memory, int own_bytes) {
    full = reinterpret_cast<Barrier*>(memory);
    empty = full + Shape::kStages;
    own = memory + Shape::kHeadBytes;
    uint32_t behind = sharedAddress(own) + own_bytes;
    stages = own + own_bytes + ((behind + 1023) / 1024 * 1024 - behind);
  }
  // One thread, before all meet.
  __device__ void make() const {
    for (int i = 0; i < Shape::kStages; i++) {
      makeBarrier(full + i, 128);
      makeBarrier(empty + i, Shape::kGroups * 4);
    }
  }
};

// Arrives when the thread's copies so far have landed.
__device__ inline void arriveWithCopies(Barrier* barrier) {
  asm volatile("cp.async.mbarrier.arrive.noinc.shared::cta.b64 [%0];" ::"r"(sharedAddress(barrier))
               : "memory");
}

// Copies stages of blocks: the i-th from block at(i) on, i in [0, count). A warp takes a quarter of each.
template <int kDim, typename At>
__device__ void produceMeans(const RowMeans& means, int64_t head, const RowRing<kDim>& ring, int count,
                             At at) {
  using Shape = RowShape<kDim>;
  constexpr int kChunks = kDim / 8;
  constexpr int kStep = 32 / kChunks;  // rows of one copy, fewer than 8
  constexpr int kRows = Shape::kBlocks / 4;
  int lane = threadIdx.x % 32;
  int c = lane % kChunks;
  int first_row = threadIdx.x / 32 * kRows + lane / kChunks;
  // Rows of a warp begin at a multiple of 8: that of a copy only flips bits of the chunk's place.
  int offset = first_row * 128 + c / 8 * Shape::kPieceBytes;
  int turn = ((c % 8) ^ (lane / kChunks)) << 4;
  const __nv_bfloat16* origin =
      means.parts + (head * 2 * means.stride + first_row) * kDim + c * 8;
  for (int i = 0; i < count; i++) {
    int stage = i % Shape::kStages;
    await(ring.empty + stage, (i / Shape::kStages & 1) ^ 1);
    int first = at(i);
    char* to = ring.stages + stage * Shape::kStageBytes + offset;
#pragma unroll
    for (int part = 0; part < 2; part++) {
      const __nv_bfloat16* from = origin + (static_cast<int64_t>(part) * means.stride + first) * kDim;
#pragma unroll
      for (int row = 0; row < kRows; row += kStep) {
        bool there = first + first_row + row < means.stride;
        copyAsync(to + part * Shape::kPartBytes + row * 128 + (turn ^ (row % 8 << 4)),
                  there ? from + row * kDim : means.parts, there);
      }
    }
    arriveWithCopies(ring.full + stage);
  }
  endCopies();
  awaitCopies<0>();
}

// A computing warp's tokens: rows r and r + 8 of a lane.
template <int kRows>
struct RowTokens {
  static constexpr int kTokens = 16 / kRows;  // of a warp
  TokenTile tile;
  int first;  // of the warp, within the sequence

  __device__ explicit RowTokens(const TokenTile& of)
      : tile(of), first(of.first + (static_cast<int>(threadIdx.x) / 32 - 4) * kTokens) {}

  __device__ int token(int half) const { return first + (threadIdx.x % 32 / 4 + 8 * half) / kRows; }
  __device__ int inGroup(int half) const { return (threadIdx.x % 32 / 4 + 8 * half) % kRows; }
  __device__ bool there(const View& v, int half) const {
    return token(half) < tile.last && inGroup(half) < v.group;
  }
  __device__ int64_t head(const View& v, int h, int half) const {
    return static_cast<int64_t>(tile.row + token(half) - tile.first) * v.query_heads +
           h * v.group + inGroup(half);
  }
};

template <int kDim, int kRows>
__device__ void loadQueries(const View& v, const __nv_bfloat16* q, const RowTokens<kRows>& tokens,
                            int h, HeldRows<kDim>* rows) {
  rows->load(q + tokens.head(v, h, 0) * kDim, tokens.there(v, 0),
             q + tokens.head(v, h, 1) * kDim, tokens.there(v, 1));
}

// Starts the products of a group's rows with 64 blocks.
template <int kDim>
__device__ void multiplyBlocks(const HeldRows<kDim>& rows, const char* tile, float (&scores)[32]) {
  using Shape = RowShape<kDim>;
  beginProducts();
#pragma unroll
  for (int part = 0; part < 2; part++) {
#pragma unroll
    for (int step = 0; step < kDim / 16; step++) {
      uint64_t b = describe(tile + part * Shape::kPartBytes + step / 4 * Shape::kPieceBytes, 0);
      multiplyHeld<64, false>(scores, rows.part[step], b + step % 4 * 2, part + step > 0);
    }
  }
  endProducts();
}

// Calls take(scores, first block) for every stage.
template <int kDim, typename At, typename Take>
__device__ void consumeMeans(const HeldRows<kDim>& rows, const RowRing<kDim>& ring, int count, At at,
                             Take take) {
  using Shape = RowShape<kDim>;
  for (int i = 0; i < count; i++) {
    int stage = i % Shape::kStages;
    await(ring.full + stage, i / Shape::kStages & 1);
    fenceForTensorCores();
    float scores[32];
    multiplyBlocks<kDim>(rows, ring.stages + stage * Shape::kStageBytes, scores);
    awaitProducts<0>();
    hold(scores);
    if (threadIdx.x % 32 == 0) {
      arrive(ring.empty + stage);
    }
    take(scores, at(i));
  }
}

#endif

}  // namespace ssa::cuda
