// select_unseen.cu: blocks that are chosen without a look at any key
//
// in    the mode; for random blocks the layer and a seed per sequence
// out   selected [T, H, k]  int32 ascending, then -1
// math  window: the own block, block 0 and the k - 2 blocks before the own one; k = 1: the own block
//       random: the own block and the k - 1 blocks before it with the largest keys
//           key(b) = mix(mix(mix(mix(mix(seed) xor layer) xor KV head) xor token) xor b) >> 32,
//       mix SplitMix64's: twin
// num.  integers, the twin's; equal keys go to the lower index
// cost  window k, random t / S mixes per token and KV head
// grid  a warp per (token, KV head)
// twin  kernels/cpu/select_unseen.h      oracle  bench/controls.h
#include "kernels/cuda/launch.cuh"
#include "kernels/cuda/selection/block_choice.cuh"
#include "kernels/cuda/sequences.cuh"

namespace ssa::cuda {
namespace {

constexpr int kWarps = 4;

struct Draws {
  bool random;
  uint64_t layer;
  const int64_t* seeds;  // [S]
};

__device__ uint64_t mixed(uint64_t x) {
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

__global__ void __launch_bounds__(kWarps * 32)
    selectUnseenKernel(View v, Form form, Draws draws, int32_t* selected) {
  extern __shared__ uint64_t lists[];
  TokenTile tile;
  int warp = threadIdx.x / 32;
  int lane = threadIdx.x % 32;
  int h = blockIdx.y;
  if (!findTile(v, blockIdx.x * kWarps + warp, 1, form, &tile)) {
    return;
  }
  int32_t* to = selected + (static_cast<int64_t>(tile.row) * v.kv_heads + h) * v.block_count;
  int own = tile.first / v.block_size;
  int budget = v.block_count - 1;
  int count = min(own, budget);
  if (own < v.block_count || !draws.random) {
    for (int i = lane; i < count; i += 32) {
      bool all = own < v.block_count || i == 0;
      to[i] = all ? i : own - count + i;
    }
  } else if (budget > 0) {
    uint64_t* list = lists + warp * capacityFor(budget);
    uint64_t state = mixed(static_cast<uint64_t>(draws.seeds[tile.sequence]));
    state = mixed(state ^ draws.layer);
    state = mixed(state ^ static_cast<uint64_t>(h));
    state = mixed(state ^ static_cast<uint64_t>(tile.first));
    keepBestBlocks(own, budget, list, [&](int block) {
      return static_cast<uint32_t>(mixed(state ^ static_cast<uint64_t>(block)) >> 32);
    });
    writeAscending(list, count, to);
  }
  for (int i = count + lane; i < v.block_count; i += 32) {
    to[i] = i == count ? own : -1;
  }
}

}  // namespace

Report selectUnseen(const Call& call) {
  const AttentionParameters& p = call.p;
  bool random = p.mode.kind == ModeKind::kRandomBlocks;
  Report report;
  if (random) {
    report = upload(p.draws.document_seeds, call.seeds, static_cast<size_t>(p.sequences) * 8,
                    p.stream);
  }
  Draws draws = {random, static_cast<uint64_t>(p.draws.layer), call.seeds};
  size_t list_bytes = sizeof(uint64_t) * capacityFor(static_cast<int>(p.mode.block_count) - 1);
  Grid grid = {dim3(parts(mostTiles(call, 1), kWarps), static_cast<unsigned>(p.kv_heads)),
               kWarps * 32, random ? kWarps * list_bytes : 0};
  for (Form form : {Form::kPrefill, Form::kDecode}) {
    if (report.done && (form == Form::kDecode ? call.decode : call.prefill)) {
      report = launch("select_unseen", selectUnseenKernel, grid, p.stream, viewOf(call), form,
                      draws, p.selected);
    }
  }
  return report;
}

}  // namespace ssa::cuda
