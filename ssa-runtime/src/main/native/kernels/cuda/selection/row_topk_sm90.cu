// row_topk_sm90.cu: block_topk of whole sequences, for compute capability 9.0, bf16, D 64 or 128
//
// in    queries [T, HQ, D]  element, rotated; means [S, H, parts, N, D]; normalisers [T, HQ]
// out   selected [T, H, k]  int32 ascending, then -1
// math  as block_topk.cu
// cost  4 HQ N D flop and HQ N exponentials per token: the exponentials bind it
// num.  fp32; equal importance goes to the lower index; a NaN is less than everything; sums over heads run in
//       one order: same input, same bits
// grid  (token tiles, H); see row_scores.cuh. A warp has all blocks of its tokens, latest first: their
//       importances end up spread over its lanes, and those that reach a threshold join the best, which its
//       lanes keep in order
// twin  kernels/cpu/block_importance.h, kernels/cpu/block_topk.h
// oracle  trainer/src/main/native/bench/gradients.cu
// from  NSA arXiv:2502.11089, SSA arXiv:2511.20102 and its released parallel_nsa_kernel_topk
#include "kernels/cuda/selection/block_slots.cuh"
#include "kernels/cuda/selection/row_scores.cuh"

namespace ssa::cuda {
namespace {

using Io = __nv_bfloat16;

struct RowChoice {
  const Io* queries;
  RowMeans means;
  const float* normalisers;
  int32_t* selected;
  Rule rule;
};

constexpr int kMostBudget = 32;  // a key per lane

template <int kDim>
constexpr int kListBytes = RowShape<kDim>::kGroups * 4 * kMostBudget * 8;

#if defined(__CUDA_ARCH_FEAT_SM90_ALL)

// x[i] of the first half becomes x[i] + x[i + n / 2] over the lanes that differ in `bit`, of the half that the
// lane keeps: the upper one where it has the bit.
template <int n>
__device__ inline void addHalves(float (&x)[16], int bit) {
  bool high = threadIdx.x & bit;
#pragma unroll
  for (int i = 0; i < n / 2; i++) {
    float sent = high ? x[i] : x[i + n / 2];
    float kept = high ? x[i + n / 2] : x[i];
    x[i] = kept + __shfl_xor_sync(kWarp, sent, bit);
  }
}

// The best 32 keys (block_choice.cuh) so far, best first, one per lane; 0: none.
struct BestKeys {
  uint64_t mine = 0;

  // The key of one lane; the same in all.
  __device__ void insert(uint64_t key) {
    int lane = threadIdx.x % 32;
    int place = __popc(__ballot_sync(kWarp, mine > key));
    uint64_t before = __shfl_up_sync(kWarp, mine, 1);
    mine = lane < place ? mine : lane == place ? key : before;
  }

  // A key of each lane, or 0.
  __device__ void merge(uint64_t key) {
    int lane = threadIdx.x % 32;
#pragma unroll
    for (int length = 2; length <= 32; length *= 2) {
#pragma unroll
      for (int step = length / 2; step > 0; step /= 2) {
        key = exchanged(key, step, ((lane & length) == 0) == ((lane & step) == 0));
      }
    }
    // The greater of the best and of the newcomers in reverse are the best of both, in no order.
    uint64_t other = __shfl_xor_sync(kWarp, key, 31);
    mine = max(mine, other);
#pragma unroll
    for (int step = 16; step > 0; step /= 2) {
      mine = exchanged(mine, step, (lane & step) == 0);
    }
  }

  // The order of the key in `place`: what a newcomer must reach.
  __device__ uint32_t orderAt(int place) const {
    return __shfl_sync(kWarp, static_cast<uint32_t>(mine >> 32), place);
  }

 private:
  __device__ static uint64_t exchanged(uint64_t key, int step, bool greater) {
    uint64_t other = __shfl_xor_sync(kWarp, key, step);
    return (other > key) == greater ? other : key;
  }
};

// The best blocks so far of a warp's tokens. Where a token takes 16 rows, all lanes have importances of it; where
// it takes 8, of both tokens; where it takes 4, each half of the lanes of two of the four.
template <int kRows>
struct RowChoices {
  static constexpr int kMine = kRows == 16 ? 1 : 2;   // tokens of a lane
  static constexpr int kTokens = 16 / kRows;          // of the warp
  static constexpr int kHalves = kRows == 4 ? 2 : 1;  // of the lanes, that have tokens of their own
  static constexpr int kValues = kRows == 4 ? 4 : 2;  // of a lane and token, of 64 blocks
  static constexpr int kFew = 8;  // newcomers up to which one by one is less work

  int budget;
  Range range[kTokens];
  uint32_t threshold[kTokens];
  BestKeys best[kTokens];

  // Importances of 64 blocks from `base` on: x[i][u] of the lane's token i is that of blockOf(u).
  __device__ void offer(const float (&x)[kMine][16], int base) {
    int half = kRows == 4 ? threadIdx.x % 32 / 16 : 0;
    int first = base + tileOfLane() * 8 + threadIdx.x % 4 * 2;
#pragma unroll
    for (int i = 0; i < kMine; i++) {
      // Of the lane's own token.
      int mine = kHalves * i + half;
      Range all = kHalves == 1 || half == 0 ? range[kHalves * i] : range[kHalves * i + kHalves - 1];
      uint32_t least =
          kHalves == 1 || half == 0 ? threshold[kHalves * i] : threshold[kHalves * i + kHalves - 1];
      bool any = false;
      uint32_t order[kValues];
#pragma unroll
      for (int u = 0; u < kValues; u++) {
        int block = first + u / 2 * 8 + u % 2;
        bool there = block >= all.first && block < all.last;
        order[u] = orderOf(x[i][u]);
        any = any || (there && order[u] >= least);
      }
      if (!__any_sync(kWarp, any)) {
        continue;
      }
#pragma unroll
      for (int u = 0; u < kValues; u++) {
        int block = first + u / 2 * 8 + u % 2;
        bool there = block >= all.first && block < all.last;
#pragma unroll
        for (int n = 0; n < kHalves; n++) {
          take(kHalves * i + n, there && mine == kHalves * i + n, order[u], block);
        }
      }
    }
  }

 private:
  // The first of the lane's tiles of 8 blocks.
  __device__ static int tileOfLane() {
    int row = threadIdx.x % 32 / 4;
    return kRows == 4 ? row % 4 * 2 : row;
  }

  __device__ void take(int token, bool there, uint32_t order, int block) {
    uint64_t key = keyOf(order, block);
    unsigned left = __ballot_sync(kWarp, there && order >= threshold[token]);
    if (__popc(left) > kFew) {
      best[token].merge(there && order >= threshold[token] ? key : 0);
      threshold[token] = best[token].orderAt(budget - 1);
      return;
    }
    while (left != 0) {
      int from = __ffs(left) - 1;
      best[token].insert(__shfl_sync(kWarp, key, from));
      threshold[token] = best[token].orderAt(budget - 1);
      left &= left - 1;
      left &= __ballot_sync(kWarp, order >= threshold[token]);
    }
  }
};

// Scores of 64 blocks become the importances that the lane keeps.
template <int kRows>
__device__ void sumHeads(const float (&scores)[32], const float (&shift)[2],
                         float (&x)[RowChoices<kRows>::kMine][16]) {
#pragma unroll
  for (int i = 0; i < 16; i++) {
    int at = i / 2 * 4 + i % 2;
    float upper = exp2Fast(scores[at] - shift[0]);
    float lower = exp2Fast(scores[at + 2] - shift[1]);
    if constexpr (kRows == 16) {
      x[0][i] = upper + lower;
    } else {
      x[0][i] = upper;
      x[1][i] = lower;
    }
  }
#pragma unroll
  for (int i = 0; i < RowChoices<kRows>::kMine; i++) {
    if constexpr (kRows == 4) {
      addHalves<16>(x[i], 8);
      addHalves<8>(x[i], 4);
    } else {
      addHalves<16>(x[i], 16);
      addHalves<8>(x[i], 8);
      addHalves<4>(x[i], 4);
    }
  }
}

// The blocks of a tile's tokens, a stage at a time, latest first.
struct Stages {
  int begin;
  int count;
  int blocks;  // per stage

  __device__ int at(int i) const { return begin + (count - 1 - i) * blocks; }
};

__device__ inline Stages stagesOf(const View& v, const Rule& rule, const TokenTile& tile, int blocks) {
  // A token's range never ends before that of an earlier one.
  Range first = rangeOf(v, rule, tile.first);
  Range last = rangeOf(v, rule, tile.last - 1);
  int begin = min(first.first, last.first) / blocks * blocks;
  return {begin, max(0, (last.last - begin + blocks - 1) / blocks), blocks};
}

template <int kDim, int kRows>
__device__ void chooseRows(const View& v, const RowChoice& p, const TokenTile& tile, int h,
                           const Stages& stages, const RowRing<kDim>& ring) {
  RowTokens<kRows> tokens(tile);
  HeldRows<kDim> rows;
  loadQueries<kDim, kRows>(v, p.queries, tokens, h, &rows);
  RowChoices<kRows> choices;
  choices.budget = p.rule.budget;
#pragma unroll
  for (int i = 0; i < choices.kTokens; i++) {
    int token = tokens.first + i;
    choices.range[i] = token < tile.last ? rangeOf(v, p.rule, token) : Range{0, 0};
    choices.threshold[i] = 0;
  }
  float shift[2];
#pragma unroll
  for (int half = 0; half < 2; half++) {
    shift[half] = tokens.there(v, half) ? p.normalisers[tokens.head(v, h, half)] : INFINITY;
  }
  consumeMeans<kDim>(
      rows, ring, stages.count, [&](int i) { return stages.at(i); },
      [&](float (&scores)[32], int base) {
        float x[choices.kMine][16];
        sumHeads<kRows>(scores, shift, x);
        choices.offer(x, base);
      });
  int lane = threadIdx.x % 32;
  uint64_t* list = reinterpret_cast<uint64_t*>(ring.own) + (threadIdx.x / 32 - 4) * kMostBudget;
#pragma unroll
  for (int i = 0; i < choices.kTokens; i++) {
    int token = tokens.first + i;
    uint64_t key = choices.best[i].mine;
    int count = min(p.rule.budget, __popc(__ballot_sync(kWarp, key != 0)));
    list[lane] = key;
    __syncwarp();
    if (token < tile.last) {
      int64_t row = tile.row + token - tile.first;
      writeSelected(v, p.rule, token, list, count,
                    p.selected + (row * v.kv_heads + h) * v.block_count);
    }
    __syncwarp();
  }
}

#endif

template <int kDim, int kRows>
__global__ void __launch_bounds__(RowShape<kDim>::kThreads, 1)
    rowTopKKernel(View v, RowChoice p) {
#if defined(__CUDA_ARCH_FEAT_SM90_ALL)
  using Shape = RowShape<kDim>;
  extern __shared__ uint4 shared[];
  RowRing<kDim> ring(reinterpret_cast<char*>(shared), kListBytes<kDim>);
  TokenTile tile;
  // Later tokens see more blocks: they go first.
  if (!findTile(v, gridDim.x - 1 - blockIdx.x, Shape::kGroups * 64 / kRows, Form::kPrefill, &tile)) {
    return;
  }
  int h = blockIdx.y;
  Stages stages = stagesOf(v, p.rule, tile, Shape::kBlocks);
  if (threadIdx.x == 0) {
    ring.make();
  }
  __syncthreads();
  if (threadIdx.x < 128) {
    shrinkRegisters<Shape::kFewRegisters>();
    produceMeans<kDim>(p.means, static_cast<int64_t>(tile.sequence) * v.kv_heads + h, ring,
                       stages.count, [&](int i) { return stages.at(i); });
  } else {
    growRegisters<Shape::kRegisters>();
    chooseRows<kDim, kRows>(v, p, tile, h, stages, ring);
  }
#endif
}

template <int kDim, int kRows>
Report choose(const Call& call, const Rule& rule) {
  using Shape = RowShape<kDim>;
  RowChoice p = {static_cast<const Io*>(call.queries),
                 {static_cast<const Io*>(call.means), static_cast<int>(call.mean_stride)},
                 call.normalisers,
                 call.p.selected,
                 rule};
  Grid grid = {dim3(static_cast<unsigned>(mostTiles(call, Shape::kGroups * 64 / kRows)),
                    static_cast<unsigned>(call.p.kv_heads)),
               Shape::kThreads, Shape::kSharedBytes + kListBytes<kDim>};
  return launch("row_topk", rowTopKKernel<kDim, kRows>, grid, call.p.stream, viewOf(call), p);
}

template <int kDim>
Report chooseHeads(const Call& call, const Rule& rule) {
  switch (tokenRows(call.p.query_heads / call.p.kv_heads)) {
    case 4:
      return choose<kDim, 4>(call, rule);
    case 8:
      return choose<kDim, 8>(call, rule);
    default:
      return choose<kDim, 16>(call, rule);
  }
}

}  // namespace

bool hasRowTopK(const Call& call, const Rule& rule) {
  return hasRowKernels(call) && rule.budget <= kMostBudget;
}

Report rowTopK(const Call& call, const Rule& rule) {
  return call.p.layout.head_dim == 64 ? chooseHeads<64>(call, rule) : chooseHeads<128>(call, rule);
}

}  // namespace ssa::cuda
