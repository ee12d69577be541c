// watched_tiles.cuh: the shape of attend_watched_sm90.cu: its stages, and the second operands by which a tile's
// weights are counted
#pragma once

#include "kernels/cuda/branch/group_rows.cuh"
#include "kernels/cuda/observe/shares.cuh"

namespace ssa::cuda {

constexpr int kWatchedDim = 64;

struct WatchedShape {
  static constexpr int kGroups = 2;
  static constexpr int kRows = 64 * kGroups;
  static constexpr int kThreads = kGroups * 128 + 128;
  // Of computing and copying threads: together what the block of threads was launched with.
  static constexpr int kRegisters = 232;
  static constexpr int kFewRegisters = 40;
  static constexpr int kStages = 4;
  static constexpr int kStageBytes = 2 * kTileBytes;  // keys, then values
  static constexpr int kQueryBytes = kRows * 128;
  static constexpr int kCounterBytes = 2048;  // see Counters
  static constexpr size_t kSharedBytes =
      1024 + kQueryBytes + kStages * (kStageBytes + kCounterBytes) + 256;
};

// Where what is told beside the answer goes.
struct Told {
  CountView c;
  Shares shares;
  Answered answered;
};

#if defined(__CUDA_ARCH_FEAT_SM90_ALL)

// A tile's second operands of the products that count: [4, 8 columns, 4 lanes, 2 units of 16 keys, 8 bytes] as
// m16n8k16 reads them. Columns 0 to 3 are ones in the units that they count, column 4 has the lengths of the
// tile's values; of eight units 0, 1, 4 and 5 go to one product's columns, 2, 3, 6 and 7 to another's, so
// that a lane ends with four neighbours.
struct Counters {
  static constexpr int kLengthColumn = 4;

  __device__ static int columnOf(int unit) { return unit % 2 + unit / 4 * 2; }

  template <typename Io>
  __device__ static void begin(char* counters) {
    uint32_t one = pack<Io>(1.0f, 1.0f);
    for (int i = threadIdx.x; i < WatchedShape::kStages * WatchedShape::kCounterBytes / 4;
         i += blockDim.x) {
      int column = i / 16 % 8;
      int unit = i / 128 % 4 * 2 + i / 2 % 2;
      if (column != kLengthColumn) {
        reinterpret_cast<uint32_t*>(counters)[i] = columnOf(unit) == column ? one : 0u;
      }
    }
  }

  // By the first 16 lanes of a warp; `lengths` of the tile, in the order of lengthPlace.
  __device__ static void copyLengths(const uint16_t* lengths, const void* anything, char* counters) {
    int lane = threadIdx.x % 32;
    if (lane < 16) {
      bool there = lengths != nullptr;
      copyAsync(counters + lane / 4 * 512 + kLengthColumn * 64 + lane % 4 * 16,
                there ? static_cast<const void*>(lengths + 8 * lane) : anything, there);
    }
  }
};

// Where a group of warps is in the ring of stages.
struct Ring {
  const char* stages;
  const char* counters;
  Barrier* full;
  Barrier* empty;
  int stage = 0;
  int round = 0;

  __device__ void next() {
    stage = stage + 1 == WatchedShape::kStages ? 0 : stage + 1;
    round += stage == 0;
  }
  __device__ void awaitTile() const { await(full + stage, round & 1); }
  __device__ const char* keys() const { return stages + stage * WatchedShape::kStageBytes; }
  __device__ const char* values() const { return keys() + kTileBytes; }
  __device__ const char* counter() const {
    return counters + stage * WatchedShape::kCounterBytes + threadIdx.x % 32 * 16;
  }
};

#endif

}  // namespace ssa::cuda
