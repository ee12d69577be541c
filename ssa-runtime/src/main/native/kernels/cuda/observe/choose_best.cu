// choose_best.cu: the blocks that hold most of a group's mass
//
// in    importance [W, H, parts, units]  fp32: the group's mass per unit of 8 or 16 tokens, of count_branch; or
//       shares [W, HQ, units]  bf16 and their weights, of attend_watched
// out   best [W, H, k]  int32 ascending, then -1: the own block and the k - 1 earlier ones with the most
//       mass; of shares: where the chosen blocks have more, values [W, HQ, columns] of the best are theirs
// math  mass of a block = sum of its units' masses, ascending; of a unit, of its heads', ascending
// cost  reads t / unit numbers of 4 bytes per token and KV head; of shares, 2 per query head before
// num.  fp32; equal masses go to the lower index; a NaN is less than everything
// grid  a warp per (token, KV head); a thread per 8 units of a group
// twin  kernels/cpu/capture.h chooseBest      oracle  bench/watched.h
#include "kernels/cuda/carver.h"
#include "kernels/cuda/launch.cuh"
#include "kernels/cuda/observe/shares.cuh"
#include "kernels/cuda/selection/block_choice.cuh"

namespace ssa::cuda {
namespace {

constexpr int kWarps = 4;

// Eight neighbouring units' shares.
struct EightShares {
  static constexpr int kCount = 8;
  uint4 word;

  __device__ float at(int i) const {
    uint32_t w = i / 2 == 0 ? word.x : i / 2 == 1 ? word.y : i / 2 == 2 ? word.z : word.w;
    return shareOfBits(static_cast<uint16_t>(i % 2 == 0 ? w : w >> 16));
  }
};

// Adds up the heads' masses, in their order.
__global__ void __launch_bounds__(kWarps * 32)
    addSharesKernel(View v, CountView c, Shares shares, Answered answered, int parts) {
  constexpr int kAhead = 8;  // heads that are read before one is added
  TokenTile tile;
  if (!findTile(v, blockIdx.x / parts, 1, Form::kPrefill, &tile) ||
      !c.watched(tile.sequence, tile.first) || !answered.here(tile.sequence)) {
    return;
  }
  int i = blockIdx.x % parts * blockDim.x + threadIdx.x;
  if (i * EightShares::kCount * kShareTokens > tile.first) {
    return;
  }
  int64_t head = static_cast<int64_t>(tile.row) * v.query_heads + blockIdx.y * v.group;
  uint16_t* at = shares.of_heads + head * shares.units + i * EightShares::kCount;
  const float* weights = shares.weights + head;
  float mass[EightShares::kCount] = {};
  for (int first = 0; first < v.group; first += kAhead) {
    EightShares share[kAhead];
#pragma unroll
    for (int g = 0; g < kAhead; g++) {
      if (first + g < v.group) {
        share[g].word = __ldcs(reinterpret_cast<const uint4*>(at + (first + g) * shares.units));
      }
    }
#pragma unroll
    for (int g = 0; g < kAhead; g++) {
      if (first + g < v.group) {
        float weight = weights[first + g];
#pragma unroll
        for (int k = 0; k < EightShares::kCount; k++) {
          mass[k] = __fmaf_rn(weight, share[g].at(k), mass[k]);
        }
      }
    }
  }
  // The thread alone has read these.
  *reinterpret_cast<float4*>(at) = make_float4(mass[0], mass[1], mass[2], mass[3]);
  *reinterpret_cast<float4*>(at + shares.units) = make_float4(mass[4], mass[5], mass[6], mass[7]);
}

// The warp's token, if it is one whose blocks are to be chosen.
__device__ bool findToken(const View& v, const CountView& c, TokenTile* tile) {
  return findTile(v, blockIdx.x * kWarps + threadIdx.x / 32, 1, Form::kPrefill, tile) &&
         c.watched(tile->sequence, tile->first);
}

// A group's masses on units, of count_branch.
struct CountedMasses {
  const float* of_units;
  const float* others;  // of the group's other heads, or the same
  bool two;

  __device__ float add(float mass, int unit) const {
    mass += of_units[unit];
    return mass + (two ? others[unit] : 0.0f);
  }
};

// Those that addSharesKernel leaves: eight units' four bytes each in the place of the first two heads' shares.
struct AddedShares {
  const uint16_t* of_heads;
  int64_t units;

  __device__ float add(float mass, int unit) const {
    const uint16_t* eight = of_heads + unit % 8 / 4 * units + unit / 8 * 8;
    return mass + reinterpret_cast<const float*>(eight)[unit % 4];
  }
};

// The shares of a group of one.
struct OwnShares {
  const uint16_t* of_head;

  __device__ float add(float mass, int unit) const { return mass + shareOfBits(of_head[unit]); }
};

// Keeps the best `budget` blocks before the own one, of kUnits units each: a loop over these would wait for each
// mass before it asks for the next.
template <int kUnits, typename Masses>
__device__ int keepBestOf(int own, int budget, uint64_t* list, const Masses& masses) {
  return keepBestBlocks(own, budget, list, [&](int block) {
    float mass = 0;
#pragma unroll
    for (int u = 0; u < kUnits; u++) {
      mass = masses.add(mass, block * kUnits + u);
    }
    return orderOf(mass);
  });
}

// Writes the own block and the k - 1 earlier ones with the most mass, by a warp.
template <typename Masses>
__device__ void choose(const View& v, int token, int unit_tokens, uint64_t* lists, int32_t* to,
                       const Masses& masses) {
  int lane = threadIdx.x % 32;
  int own = token / v.block_size;
  int budget = v.block_count - 1;
  int count = 0;
  if (own < v.block_count) {
    count = own;
    for (int i = lane; i < own; i += 32) {
      to[i] = i;
    }
  } else if (budget > 0) {
    uint64_t* list = lists + threadIdx.x / 32 * capacityFor(budget);
    switch (v.block_size / unit_tokens) {
      case 1:
        count = keepBestOf<1>(own, budget, list, masses);
        break;
      case 2:
        count = keepBestOf<2>(own, budget, list, masses);
        break;
      case 4:
        count = keepBestOf<4>(own, budget, list, masses);
        break;
      case 8:
        count = keepBestOf<8>(own, budget, list, masses);
        break;
      default:
        count = keepBestOf<16>(own, budget, list, masses);
    }
    writeAscending(list, count, to);
  }
  for (int i = count + lane; i < v.block_count; i += 32) {
    to[i] = i == count ? own : -1;
  }
}

__global__ void __launch_bounds__(kWarps * 32) chooseBestKernel(View v, CountView c, int32_t* best) {
  extern __shared__ uint64_t lists[];
  TokenTile tile;
  if (!findToken(v, c, &tile) || !c.counts(tile.sequence)) {
    return;
  }
  int64_t at = static_cast<int64_t>(tile.row) * v.kv_heads + blockIdx.y;
  const float* importance = c.importance + at * c.parts * c.units;
  bool two = c.parts > 1;
  choose(v, tile.first, c.unit_of_8 ? 8 : 16, lists, best + at * v.block_count,
         CountedMasses{importance, two ? importance + c.units : importance, two});
}

__global__ void __launch_bounds__(kWarps * 32)
    chooseBestOfSharesKernel(View v, CountView c, Shares shares, Answered answered, int32_t* best) {
  extern __shared__ uint64_t lists[];
  TokenTile tile;
  if (!findToken(v, c, &tile) || !answered.here(tile.sequence)) {
    return;
  }
  int64_t at = static_cast<int64_t>(tile.row) * v.kv_heads + blockIdx.y;
  int32_t* to = best + at * v.block_count;
  const uint16_t* of_heads = shares.of_heads + at * v.group * shares.units;
  if (v.group == 1) {
    choose(v, tile.first, kShareTokens, lists, to, OwnShares{of_heads});
  } else {
    choose(v, tile.first, kShareTokens, lists, to, AddedShares{of_heads, shares.units});
  }
}

__global__ void __launch_bounds__(kWarps * 32)
    keepLargerKernel(View v, CountView c, int chosen, int best) {
  TokenTile tile;
  int lane = threadIdx.x % 32;
  if (!findToken(v, c, &tile)) {
    return;
  }
  int64_t head = static_cast<int64_t>(tile.row) * v.query_heads + blockIdx.y * v.group + lane;
  float* values = c.values + head * c.columns;
  bool there = lane < v.group;
  float of_chosen = there ? values[chosen] : 0.0f;
  float more = there ? of_chosen - values[best] : 0.0f;
  for (int step = 16; step > 0; step /= 2) {
    more += __shfl_xor_sync(kWarp, more, step);
  }
  if (there && more > 0) {
    values[best] = of_chosen;
  }
}

Grid tokenGrid(const AttentionParameters& p, bool lists) {
  size_t bytes = sizeof(uint64_t) * capacityFor(static_cast<int>(p.mode.block_count) - 1);
  return {dim3(parts(p.tokens, kWarps), static_cast<unsigned>(p.kv_heads)), kWarps * 32,
          lists ? kWarps * bytes : 0};
}

}  // namespace

Report chooseBest(const Wave& budget, int32_t* best) {
  const AttentionParameters& p = budget.call.p;
  return launch("choose_best", chooseBestKernel, tokenGrid(p, true), p.stream,
                viewOf(budget.call), countView(budget, {}), best);
}

Report addShares(const Wave& wave) {
  const AttentionParameters& p = wave.call.p;
  if (p.query_heads == p.kv_heads) {
    return Report();
  }
  int64_t pieces = ceilDivide(wave.shares.units, EightShares::kCount * kWarps * 32);
  Grid grid = {dim3(static_cast<unsigned>(p.tokens * pieces), static_cast<unsigned>(p.kv_heads)),
               kWarps * 32, 0};
  return launch("add_shares", addSharesKernel, grid, p.stream, viewOf(wave.call),
                countView(wave, {}), wave.shares, answeredOf(wave), static_cast<int>(pieces));
}

Report chooseBestOfShares(const Wave& budget, int32_t* best) {
  const AttentionParameters& p = budget.call.p;
  return launch("choose_best of shares", chooseBestOfSharesKernel, tokenGrid(p, true), p.stream,
                viewOf(budget.call), countView(budget, {}), budget.shares, answeredOf(budget), best);
}

Report keepLarger(const Wave& budget, int chosen_column, int best_column) {
  const AttentionParameters& p = budget.call.p;
  return launch("keep_larger", keepLargerKernel, tokenGrid(p, false), p.stream,
                viewOf(budget.call), countView(budget, {}), chosen_column, best_column);
}

}  // namespace ssa::cuda
