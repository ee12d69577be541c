// choose_best.cu: the blocks that hold most of a group's mass
//
// in    importance [W, H, parts, units]  fp32: the group's mass per unit of 8 or 16 tokens, of count_branch
// out   best [W, H, k]  int32 ascending, then -1: the own block and the k - 1 earlier ones with the most
//       mass
// math  mass of a block = sum of its units' masses, ascending
// cost  reads t / unit numbers of 4 bytes per token and KV head
// num.  fp32; equal masses go to the lower index; a NaN is less than everything
// grid  a warp per (token, KV head)
// twin  kernels/cpu/capture.h chooseBest      oracle  bench/watched.h
#include "kernels/cuda/launch.cuh"
#include "kernels/cuda/observe/count_rows.cuh"
#include "kernels/cuda/selection/block_choice.cuh"

namespace ssa::cuda {
namespace {

constexpr int kWarps = 4;
constexpr int kAhead = 8;  // masses that a lane reads while it looks at as many

// Masses of blocks base + lane, base + lane + 32, … as they order, 0 from `own` on. kOneUnit: a block is one
// unit in one part, so that what a lane reads depends on nothing and is under way together.
template <bool kOneUnit>
struct Masses {
  uint32_t order[kAhead];

  __device__ void load(const CountView& c, const float* importance, int base, int own, int units) {
    int lane = threadIdx.x % 32;
    float mass[kAhead];
#pragma unroll
    for (int i = 0; i < kAhead; i++) {
      int block = base + 32 * i + lane;
      mass[i] = 0;
      if constexpr (kOneUnit) {
        mass[i] = block < own ? __ldcs(importance + block) : 0.0f;
      } else if (block < own) {
        for (int u = block * units; u < (block + 1) * units; u++) {
          for (int part = 0; part < c.parts; part++) {
            mass[i] += importance[part * c.units + u];
          }
        }
      }
    }
#pragma unroll
    for (int i = 0; i < kAhead; i++) {
      order[i] = base + 32 * i + lane < own ? orderOf(mass[i]) : 0;
    }
  }

  __device__ uint32_t most() const {
    uint32_t all = 0;
#pragma unroll
    for (int i = 0; i < kAhead; i++) {
      all = max(all, order[i]);
    }
    return all;
  }
};

// Keeps the best `budget` of blocks [0, own) in a list; returns how many there are.
template <bool kOneUnit>
__device__ int keepBestOf(const CountView& c, const float* importance, int own, int units,
                          int budget, uint64_t* list) {
  constexpr int kBlocks = 32 * kAhead;
  int lane = threadIdx.x % 32;
  int capacity = capacityFor(budget);
  uint32_t threshold = 0;
  int count = 0;
  Masses<kOneUnit> next;
  next.load(c, importance, 0, own, units);
  for (int base = 0; base < own; base += kBlocks) {
    Masses<kOneUnit> masses = next;
    next.load(c, importance, base + kBlocks, own, units);
    if (!__any_sync(kWarp, masses.most() >= threshold)) {
      continue;
    }
#pragma unroll
    for (int i = 0; i < kAhead; i++) {
      int block = base + 32 * i + lane;
      bool good = block < own && masses.order[i] >= threshold;
      unsigned all = __ballot_sync(kWarp, good);
      if (all == 0) {
        continue;
      }
      if (count + 32 > capacity) {
        threshold = keepBest(list, count, budget);
        count = budget;
      }
      if (good) {
        list[count + __popc(all & ((1u << lane) - 1))] = keyOf(masses.order[i], block);
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

template <bool kOneUnit>
__global__ void __launch_bounds__(kWarps * 32) chooseBestKernel(View v, CountView c, int32_t* best) {
  extern __shared__ uint64_t lists[];
  TokenTile tile;
  int warp = threadIdx.x / 32;
  int lane = threadIdx.x % 32;
  int h = blockIdx.y;
  if (!findTile(v, blockIdx.x * kWarps + warp, 1, Form::kPrefill, &tile) ||
      !c.watched(tile.sequence, tile.first)) {
    return;
  }
  int64_t at = static_cast<int64_t>(tile.row) * v.kv_heads + h;
  int32_t* to = best + at * v.block_count;
  int own = tile.first / v.block_size;
  int budget = v.block_count - 1;
  int count = 0;
  if (own < v.block_count) {
    count = own;
    for (int i = lane; i < own; i += 32) {
      to[i] = i;
    }
  } else if (budget > 0) {
    uint64_t* list = lists + warp * capacityFor(budget);
    int units = v.block_size / (c.unit_of_8 ? 8 : 16);
    count = keepBestOf<kOneUnit>(c, c.importance + at * c.parts * c.units, own, units, budget, list);
    writeAscending(list, count, to);
  }
  for (int i = count + lane; i < v.block_count; i += 32) {
    to[i] = i == count ? own : -1;
  }
}

}  // namespace

Report chooseBest(const Wave& budget, int32_t* best) {
  const AttentionParameters& p = budget.call.p;
  size_t list_bytes = sizeof(uint64_t) * capacityFor(static_cast<int>(p.mode.block_count) - 1);
  Grid grid = {dim3(parts(p.tokens, kWarps), static_cast<unsigned>(p.kv_heads)), kWarps * 32,
               kWarps * list_bytes};
  CountView c = countView(budget, {});
  bool one = p.mode.block_size == budget.unit_tokens && c.parts == 1;
  return launch("choose_best", one ? chooseBestKernel<true> : chooseBestKernel<false>, grid,
                p.stream, viewOf(budget.call), c, best);
}

}  // namespace ssa::cuda
