// block_choice.cuh: the best few of a stream of blocks, kept by one warp in shared memory
//
// A candidate is a key of 64 bits: the importance's bits, which order as the importance does, above
// the complement of the block's number; so the greater key is the better block, and equal importances
// go to the lower number. Candidates at or above a threshold are appended; when the list is nearly
// full it is cut to the best `budget`, and the threshold rises to the least of them.
#pragma once

#include "kernels/cuda/tile/tensor_core.cuh"

namespace ssa::cuda {

// The bits of an importance in their order; NaN is less than everything.
__device__ inline uint32_t orderOf(float importance) {
  return importance == importance ? __float_as_uint(importance) + 1 : 0;
}
__device__ inline uint64_t keyOf(uint32_t order, int block) {
  return static_cast<uint64_t>(order) << 32 | ~static_cast<uint32_t>(block);
}
__device__ inline int blockOf(uint64_t key) {
  return static_cast<int>(~static_cast<uint32_t>(key));
}

// Room for the best `budget` and at least as many newcomers, in whole warps.
__host__ __device__ inline int capacityFor(int budget) {
  int capacity = 2 * budget + 32;
  return (capacity + 31) / 32 * 32;
}

__device__ inline int countAtLeast(const uint64_t* list, int count, uint64_t bound) {
  int n = 0;
  for (int base = 0; base < count; base += 32) {
    int i = base + threadIdx.x % 32;
    n += __popc(__ballot_sync(kWarp, i < count && list[i] >= bound));
  }
  return n;
}

// Cuts a list of more than `budget` > 0 distinct keys to the best; returns the least order kept.
__device__ inline uint32_t keepBest(uint64_t* list, int count, int budget) {
  int lane = threadIdx.x % 32;
  uint64_t least = ~uint64_t{0};
  uint64_t most = 0;
  for (int i = lane; i < count; i += 32) {
    least = min(least, list[i]);
    most = max(most, list[i]);
  }
  for (int step = 16; step > 0; step /= 2) {
    least = min(least, __shfl_xor_sync(kWarp, least, step));
    most = max(most, __shfl_xor_sync(kWarp, most, step));
  }
  // The greatest bound that `budget` keys reach, bit by bit below what all keys have in common.
  int bit = 63 - __clzll(static_cast<long long>(least ^ most));
  uint64_t bound = bit == 63 ? 0 : most >> (bit + 1) << (bit + 1);
  for (; bit >= 0; bit--) {
    uint64_t trial = bound | uint64_t{1} << bit;
    int reach = countAtLeast(list, count, trial);
    if (reach >= budget) {
      bound = trial;
      if (reach == budget) {
        break;
      }
    }
  }
  __syncwarp();
  int kept = 0;
  uint32_t least_order = 0xffffffffu;
  for (int base = 0; base < count; base += 32) {
    int i = base + lane;
    uint64_t key = i < count ? list[i] : 0;
    bool keep = i < count && key >= bound;
    unsigned keepers = __ballot_sync(kWarp, keep);
    __syncwarp();  // every lane has read its key before one is overwritten
    if (keep) {
      list[kept + __popc(keepers & ((1u << lane) - 1))] = key;
      least_order = min(least_order, static_cast<uint32_t>(key >> 32));
    }
    kept += __popc(keepers);
    __syncwarp();
  }
  return __reduce_min_sync(kWarp, least_order);
}

constexpr int kAheadOfVotes = 8;  // orders that a lane asks for before it looks at one

// Keeps the best `budget` > 0 of blocks [0, own) in a list of capacityFor(budget); returns how many there
// are. `order` gives a block's order.
template <typename Order>
__device__ int keepBestBlocks(int own, int budget, uint64_t* list, Order order_of) {
  int lane = threadIdx.x % 32;
  int capacity = capacityFor(budget);
  uint32_t threshold = 0;
  int count = 0;
  for (int base = 0; base < own; base += 32 * kAheadOfVotes) {
    uint32_t order[kAheadOfVotes];
#pragma unroll
    for (int i = 0; i < kAheadOfVotes; i++) {
      // A block there is, without a branch: behind one, each would wait for its order before the next asks.
      order[i] = order_of(min(base + 32 * i + lane, own - 1));
    }
#pragma unroll
    for (int i = 0; i < kAheadOfVotes; i++) {
      int block = base + 32 * i + lane;
      bool good = block < own && order[i] >= threshold;
      unsigned all = __ballot_sync(kWarp, good);
      if (all == 0) {
        continue;
      }
      if (count + 32 > capacity) {
        threshold = keepBest(list, count, budget);
        count = budget;
      }
      if (good) {
        list[count + __popc(all & ((1u << lane) - 1))] = keyOf(order[i], block);
      }
      count += __popc(all);
      __syncwarp();
    }
  }
  if (count > budget) {
    keepBest(list, count, budget);
    count = budget;
  }
  return count;
}

// Lists of four tokens that are cut together, with one chain of votes instead of four: lane 4 r + j has
// eight keys of list j, or 0 behind its end.
struct FourLists {
  static constexpr int kMostKeys = 64;

  uint32_t high[8];  // order
  uint32_t low[8];   // complement of the block's number
  unsigned mine;     // the lanes of the same list

  __device__ void load(const uint64_t* list, int count) {
    int r = threadIdx.x % 32 / 4;
    mine = 0x11111111u << threadIdx.x % 4;
#pragma unroll
    for (int i = 0; i < 8; i++) {
      uint64_t key = r + 8 * i < count ? list[r + 8 * i] : 0;
      high[i] = static_cast<uint32_t>(key >> 32);
      low[i] = static_cast<uint32_t>(key);
    }
  }

  __device__ bool atLeast(int i, uint32_t order, uint32_t block) const {
    return high[i] > order || (high[i] == order && low[i] >= block);
  }

  __device__ int countAtLeast(uint32_t order) const {
    int n = 0;
#pragma unroll
    for (int i = 0; i < 8; i++) {
      n += __popc(__ballot_sync(kWarp, high[i] >= order) & mine);
    }
    return n;
  }

  __device__ int countAtLeast(uint32_t order, uint32_t block) const {
    int n = 0;
#pragma unroll
    for (int i = 0; i < 8; i++) {
      n += __popc(__ballot_sync(kWarp, atLeast(i, order, block)) & mine);
    }
    return n;
  }
};

// keepBest for the lists of the lanes' tokens: `list`, `count` and `threshold` are those of the lane's
// own. A list of `budget` keys or fewer stays as it is.
__device__ inline void keepBestOfFour(uint64_t* list, int budget, int* count,
                                      uint32_t* threshold) {
  int lane = threadIdx.x % 32;
  FourLists keys;
  keys.load(list, *count);
  __syncwarp();  // every lane has read its keys before one is overwritten
  bool open = *count > budget;
  uint32_t order = 0;
  for (int bit = 31; bit >= 0 && __any_sync(kWarp, open); bit--) {
    uint32_t trial = order | 1u << bit;
    int reach = keys.countAtLeast(trial);
    if (open && reach >= budget) {
      order = trial;
      open = reach > budget;
    }
  }
  // Equal importances: the lower blocks, whose complements are greater.
  uint32_t block = 0;
  for (int bit = 31; bit >= 0 && __any_sync(kWarp, open); bit--) {
    uint32_t trial = block | 1u << bit;
    int reach = keys.countAtLeast(order, trial);
    if (open && reach >= budget) {
      block = trial;
      open = reach > budget;
    }
  }
  bool cut = *count > budget;
  int kept = 0;
  uint32_t least = 0xffffffffu;
#pragma unroll
  for (int i = 0; i < 8; i++) {
    bool keep = lane / 4 + 8 * i < *count && keys.atLeast(i, order, block);
    unsigned keepers = __ballot_sync(kWarp, keep) & keys.mine;
    if (keep) {
      list[kept + __popc(keepers & ((1u << lane) - 1))] =
          static_cast<uint64_t>(keys.high[i]) << 32 | keys.low[i];
      least = min(least, keys.high[i]);
    }
    kept += __popc(keepers);
  }
  for (int step = 4; step < 32; step *= 2) {
    least = min(least, __shfl_xor_sync(kWarp, least, step));
  }
  *count = kept;
  *threshold = cut ? least : *threshold;
  __syncwarp();
}

// Writes the blocks of a list of distinct keys, ascending.
__device__ inline void writeAscending(const uint64_t* list, int count, int32_t* out) {
  for (int i = threadIdx.x % 32; i < count; i += 32) {
    int block = blockOf(list[i]);
    int rank = 0;
    for (int other = 0; other < count; other++) {
      rank += blockOf(list[other]) < block;
    }
    out[rank] = block;
  }
}

}  // namespace ssa::cuda
