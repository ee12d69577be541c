// block_slots.cuh: which blocks a launch of block_topk.cu chooses among, and the best that a row has seen
#pragma once

#include "kernels/cuda/selection/block_choice.cuh"
#include "kernels/cuda/selection/block_scores.cuh"

namespace ssa::cuda {

// Which blocks before the own one a launch chooses among.
enum class Among : int32_t { kAll, kEarlierStretches, kOwnStretch };

struct Rule {
  Among among;
  int budget;       // blocks to choose
  int stretch;      // blocks; released rule only
  int written;      // entries of `selected` that an earlier launch has written
  bool last;        // writes the own block, and -1 behind it
  bool halves;      // the released rule applies
};

// block_topk for calls that hasRowKernels takes, and budgets that a warp has lanes for.
bool hasRowTopK(const Call& call, const Rule& rule);
Report rowTopK(const Call& call, const Rule& rule);

namespace {

struct Range {
  int first;
  int last;
};

__device__ bool takesAll(const View& v, const Rule& rule, int own) {
  return own < v.block_count && (!rule.halves || own < v.block_size);
}

// The blocks among which a token chooses; none if it takes all.
__device__ Range rangeOf(const View& v, const Rule& rule, int token) {
  int own = token / v.block_size;
  if (takesAll(v, rule, own) || rule.budget == 0) {
    return {0, 0};
  }
  if (rule.among == Among::kAll) {
    return {0, own};
  }
  int stretch = own / rule.stretch * rule.stretch;
  return rule.among == Among::kEarlierStretches ? Range{0, stretch} : Range{stretch, own};
}

// A token's row of `selected`, from its list of chosen blocks.
__device__ void writeSelected(const View& v, const Rule& rule, int token, const uint64_t* list,
                              int count, int32_t* out) {
  int lane = threadIdx.x % 32;
  int own = token / v.block_size;
  if (takesAll(v, rule, own)) {
    for (int i = lane; rule.last && i < v.block_count; i += 32) {
      out[i] = i <= own ? i : -1;
    }
    return;
  }
  writeAscending(list, count, out + rule.written);
  if (!rule.last) {
    return;
  }
  int end = rule.written + count;
  for (int i = end + lane; i < v.block_count; i += 32) {
    out[i] = i == end ? own : -1;
  }
}

// Sums x[slot][half] over the four lanes of a row; lane j gets slot j.
__device__ inline void sumOverLanes(const float (*x)[2], float (&out)[2]) {
  int j = threadIdx.x % 4;
  bool high = j & 2;
  bool odd = j & 1;
#pragma unroll
  for (int half = 0; half < 2; half++) {
    float a = high ? x[2][half] : x[0][half];
    float b = high ? x[3][half] : x[1][half];
    a += __shfl_xor_sync(kWarp, high ? x[0][half] : x[2][half], 2);
    b += __shfl_xor_sync(kWarp, high ? x[1][half] : x[3][half], 2);
    out[half] = (odd ? b : a) + __shfl_xor_sync(kWarp, odd ? a : b, 1);
  }
}

// A warp's tokens, slot by slot: lane j of each four looks after slots j and j + 4, the latter only where
// a token takes one tile of heads.
struct Slots {
  static constexpr int kMine = 2;

  uint64_t* lists;  // [tokens, capacity]
  int capacity;
  int budget;
  int tokens;
  Range range[kMine];
  uint32_t threshold[kMine];
  int count[kMine];

  // Appends what reaches the threshold; cuts lists that might not take another 16.
  __device__ void offer(const float (&importance)[2], int row, int s) {
    bool any = reaches(importance[0], row, s) || reaches(importance[1], row + 8, s);
    if (__any_sync(kWarp, any)) {
      append(importance, row, s);
    }
  }

  __device__ uint64_t* list(int slot) { return lists + slot * capacity; }

 private:
  __device__ bool reaches(float importance, int block, int s) const {
    return block >= range[s].first && block < range[s].last &&
           orderOf(importance) >= threshold[s];
  }

  __device__ void append(const float (&importance)[2], int row, int s) {
    int lane = threadIdx.x % 32;
    int j = lane % 4;
    unsigned mine = 0x11111111u << j;
#pragma unroll
    for (int half = 0; half < 2; half++) {
      int block = row + 8 * half;
      bool good = reaches(importance[half], block, s);
      unsigned all = __ballot_sync(kWarp, good) & mine;
      if (good) {
        list(4 * s + j)[count[s] + __popc(all & ((1u << lane) - 1))] =
            keyOf(orderOf(importance[half]), block);
      }
      count[s] += __popc(all);
    }
    __syncwarp();
    unsigned full = __ballot_sync(kWarp, count[s] + 16 > capacity) & 0xfu;
    if (full != 0) {
      cut(s, full);
    }
  }

  // Cuts the lists of slots 4 s + j for each j of `which`; where lists are short, all of them.
  __device__ void cut(int s, unsigned which) {
    int j = threadIdx.x % 4;
    if (capacity <= FourLists::kMostKeys) {
      keepBestOfFour(list(4 * s + j), budget, &count[s], &threshold[s]);
      return;
    }
    while (which != 0) {
      int slot = __ffs(which) - 1;
      which &= which - 1;
      uint32_t least = keepBest(list(4 * s + slot), __shfl_sync(kWarp, count[s], slot), budget);
      if (j == slot) {
        count[s] = budget;
        threshold[s] = least;
      }
    }
  }

 public:
  // Cuts every list to the best.
  __device__ void finish() {
#pragma unroll
    for (int s = 0; s < kMine; s++) {
      unsigned full = __ballot_sync(kWarp, count[s] > budget) & 0xfu;
      if (full != 0) {
        cut(s, full);
      }
    }
    __syncwarp();
  }
};

// Offers the importances of 16 blocks (rows row and row + 8 of each lane) to every token of the warp.
__device__ inline void offerScores(const float (&scores)[kColumnTiles][4], int head_tiles, int row,
                                   Slots* slots) {
  float sum[kColumnTiles][2];
#pragma unroll
  for (int n = 0; n < kColumnTiles; n++) {
    sum[n][0] = exp2Fast(scores[n][0]) + exp2Fast(scores[n][1]);
    sum[n][1] = exp2Fast(scores[n][2]) + exp2Fast(scores[n][3]);
  }
  // A token's tiles lie side by side: adding neighbours once or twice leaves one sum per token.
  for (int tiles = 1; tiles < head_tiles; tiles *= 2) {
#pragma unroll
    for (int n = 0; n < kColumnTiles; n++) {
      sum[n][0] = n < 4 ? sum[2 * n % 8][0] + sum[(2 * n + 1) % 8][0] : 0.0f;
      sum[n][1] = n < 4 ? sum[2 * n % 8][1] + sum[(2 * n + 1) % 8][1] : 0.0f;
    }
  }
  float importance[2];
  sumOverLanes(sum, importance);
  slots->offer(importance, row, 0);
  if (head_tiles == 1) {
    sumOverLanes(sum + 4, importance);
    slots->offer(importance, row, 1);
  }
}

}  // namespace

}  // namespace ssa::cuda
