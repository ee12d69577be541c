// gathered_keys.cuh: the keys and values of the blocks that a token selected, or of a range, copied ahead by
// one warp into a ring of its own, 16 keys at a time (gathered_tile.cuh)
#pragma once

#include "kernels/cuda/packed/gathered_tile.cuh"

namespace ssa::cuda {

constexpr int kGatherWarps = 4;  // of a block of threads; neighbouring tokens

template <int kDim>
struct GatherShape {
  static constexpr int kStages = 3;
  static constexpr int kTileBytes = GatheredTile<kDim>::kBytes;
  static constexpr int kStageBytes = 2 * kTileBytes;  // keys, then values
  static constexpr int kWarpBytes = kStages * kStageBytes;
  static constexpr int kSharedBytes = kGatherWarps * kWarpBytes;
  static constexpr int kBlocks = kDim <= 64 ? 4 : 2;  // of threads, that share a multiprocessor
};

// What one warp computes: 16 heads of a token.
struct GatherUnit {
  int row;
  int h;
  int first_head;  // within the group

  // `y`: KV heads times tiles of 16 heads.
  __device__ GatherUnit(int group, int x, int y)
      : row(x * kGatherWarps + static_cast<int>(threadIdx.x) / 32),
        h(y / ((group + 15) / 16)),
        first_head(y % ((group + 15) / 16) * 16) {}
};

// Lane l knows entry window + l of the selection.
template <int kDim, bool kSelected>
struct GatheredKeys {
  using Io = __nv_bfloat16;
  const int32_t* selected;  // [k] of the token and KV head; not of a range
  const Io* keys;           // of the sequence and KV head
  const Io* values;
  int stride;  // elements from one key to the next
  int block_size;
  int block_count;
  int count;  // keys that some row sees
  int from;   // of a range
  int window;
  int block;

  __device__ void beginRange(int first, int last) {
    from = first;
    count = last - first;
  }

  // `token`: its place in the sequence.
  __device__ void begin(int token) {
    window = 0;
    block = look(0);
    int entries = __popc(__ballot_sync(kWarp, block >= 0));
    for (int first = 32; first < block_count && entries == first; first += 32) {
      entries += __popc(__ballot_sync(kWarp, look(first) >= 0));
    }
    // Blocks are whole but for the last, which is the token's own.
    count = (entries - 1) * block_size + token % block_size + 1;
  }

  __device__ int tiles() const { return (count + kTileColumns - 1) / kTileColumns; }

  // Tiles in order. All lanes together.
  __device__ void copy(int tile, char* stage) {
    constexpr int kChunks = GatheredTile<kDim>::kChunks;
    int lane = threadIdx.x % 32;
    int mine = keyOf(tile * kTileColumns + lane % kTileColumns);
    int c = lane % kChunks;
#pragma unroll
    for (int column = lane / kChunks; column < kTileColumns; column += 32 / kChunks) {
      int key = __shfl_sync(kWarp, mine, column);
      int64_t at = static_cast<int64_t>(max(key, 0)) * stride + c * 8;
      char* to = stage + GatheredTile<kDim>::at(column, c);
      copyAsync(to, keys + at, key >= 0);
      copyAsync(to + GatherShape<kDim>::kTileBytes, values + at, key >= 0);
    }
  }

  // Calls take(stage, its first key's number of all) for every tile.
  template <typename Begin, typename Take>
  __device__ void forEach(char* ring, Begin begin, Take take) {
    using Shape = GatherShape<kDim>;
    int all = tiles();
#pragma unroll
    for (int i = 0; i < Shape::kStages - 1; i++) {
      if (i < all) {
        copy(i, ring + i * Shape::kStageBytes);
      }
      endCopies();
    }
    begin();
    int stage = 0;
    for (int i = 0; i < all; i++) {
      awaitCopies<Shape::kStages - 2>();
      __syncwarp();
      int ahead = i + Shape::kStages - 1;
      if (ahead < all) {
        int free = stage == 0 ? Shape::kStages - 1 : stage - 1;
        copy(ahead, ring + free * Shape::kStageBytes);
      }
      endCopies();
      take(ring + stage * Shape::kStageBytes, i * kTileColumns);
      stage = stage + 1 == Shape::kStages ? 0 : stage + 1;
    }
  }

 private:
  // The key of a lane's column; -1 if there is none.
  __device__ int keyOf(int column) {
    int key = from + column;
    if constexpr (kSelected) {
      if (column / kTileColumns * kTileColumns >= (window + 32) * block_size) {
        window += 32;
        block = look(window);
      }
      // A block has 8 keys or whole tiles.
      key = __shfl_sync(kWarp, block, column / block_size - window) * block_size +
            column % block_size;
    }
    return column < count ? key : -1;
  }

  __device__ int look(int first) const {
    int entry = first + static_cast<int>(threadIdx.x % 32);
    return entry < block_count ? selected[entry] : -1;
  }
};

}  // namespace ssa::cuda
