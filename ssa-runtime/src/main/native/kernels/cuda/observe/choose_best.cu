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

__device__ float massOf(const CountView& c, const float* importance, int block, int units) {
  float mass = 0;
  for (int u = block * units; u < (block + 1) * units; u++) {
    for (int part = 0; part < c.parts; part++) {
      mass += importance[part * c.units + u];
    }
  }
  return mass;
}

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
    const float* importance = c.importance + at * c.parts * c.units;
    count = keepBestBlocks(own, budget, list, [&](int block) {
      return orderOf(massOf(c, importance, block, units));
    });
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
  return launch("choose_best", chooseBestKernel, grid, p.stream, viewOf(budget.call),
                countView(budget, {}), best);
}

}  // namespace ssa::cuda
