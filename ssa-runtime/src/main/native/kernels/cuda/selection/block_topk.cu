// block_topk.cu: for each query token and key/value head, the blocks that it attends to
//
// in    queries [T, HQ, D]  element, rotated; means [S, H, parts, N, D]; normalisers from
//       block_normaliser
// out   selected [T, H, k]  int32 ascending, then -1
// math  importance_n = sum over the group's heads of 2^(q . mean_n - normaliser)
//       exact:    the own block and the k - 1 most important blocks before it
//       released: with k = B, in stretches of B blocks: in the first stretch every block up to the
//                 own; later the best k/2 of all earlier stretches, the own block, and the best
//                 k/2 - 1 before it in its own stretch. With 2 k <= B: the exact rule. That is the
//                 best of one range, then of another, so two launches with a budget each.
// cost  2 parts HQ N D flop and HQ N exponentials per token; a candidate that reaches the threshold
//       costs one write, and blocks come latest first, so that few do
// num.  fp32; equal importance goes to the lower index; a NaN is less than everything; sums over
//       heads run in one order: same input, same bits
// grid  (token tiles, H, chunks of blocks), warps of 64 columns; decoding sequences: chunks leave
//       their best, and mergeKernel (sequences x H warps) takes the best of those
// twin  kernels/cpu/block_importance.h, kernels/cpu/block_topk.h      oracle  bench/contract.cu
// from  NSA arXiv:2502.11089, SSA arXiv:2511.20102 and its released parallel_nsa_kernel_topk
#include "kernels/cuda/selection/block_choice.cuh"
#include "kernels/cuda/selection/block_scores.cuh"
#include "kernels/cuda/launch.cuh"

namespace ssa::cuda {
namespace {

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

template <typename Io>
struct TopK {
  const Io* queries;
  const typename Operand<Io>::Element* means;
  int stride;  // N
  int head_tiles;
  Form form;
  int chunk_blocks;
  const float* normalisers;  // [T, HQ]
  int32_t* selected;
  uint64_t* candidates;  // [chunks, S, H, budget], decoding sequences
  Rule rule;
};

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

template <typename Io, int kDim>
__global__ void __launch_bounds__(kMostWarps * 32, ScoreShape<Io, kDim>::kResident ? 3 : 1)
    blockTopKKernel(View v, TopK<Io> p) {
  using Shape = ScoreShape<Io, kDim>;
  using Element = typename Shape::Element;
  extern __shared__ uint4 shared[];
  int warps = blockDim.x / 32;
  int warp = threadIdx.x / 32;
  int lane = threadIdx.x % 32;
  int h = blockIdx.y;
  Slots slots;
  slots.budget = p.rule.budget;
  slots.capacity = capacityFor(p.rule.budget);
  slots.tokens = kColumnTiles / p.head_tiles;
  int list_keys = slots.tokens * slots.capacity;
  slots.lists = reinterpret_cast<uint64_t*>(shared) + warp * list_keys;
  Element* stages =
      reinterpret_cast<Element*>(reinterpret_cast<uint64_t*>(shared) + warps * list_keys);
  TokenTile tile;
  if (!findTile(v, gridDim.x - 1 - blockIdx.x, warps * slots.tokens, p.form, &tile)) {
    return;
  }
  Columns columns = columnsOf(tile, p.head_tiles, warp);
  Range chunk = {static_cast<int>(blockIdx.z) * p.chunk_blocks,
                 static_cast<int>(blockIdx.z + 1) * p.chunk_blocks};
#pragma unroll
  for (int s = 0; s < slots.kMine; s++) {
    int slot = 4 * s + lane % 4;
    int token = columns.first_token + slot;
    bool there = slot < slots.tokens && token < columns.last_token;
    Range all = there ? rangeOf(v, p.rule, token) : Range{0, 0};
    slots.range[s] = {max(all.first, chunk.first), min(all.last, chunk.last)};
    slots.threshold[s] = 0;
    slots.count[s] = 0;
  }
  // The earliest and the latest block that any token of the block of threads may choose: a token's
  // range never ends before that of an earlier one.
  Range last = rangeOf(v, p.rule, tile.last - 1);
  Range first = rangeOf(v, p.rule, tile.first);
  int end = min(last.last, chunk.last);
  int begin = max(min(first.first, last.first), chunk.first) / Shape::kTile * Shape::kTile;
  if (begin < end) {
    WarpQueries<Io, kDim> queries;
    queries.load(v, p.queries, columns, h,
                 stages + 2 * Shape::kStageElements + warp * Shape::kWarpElements);
    float shift[kColumnTiles][2];
#pragma unroll
    for (int n = 0; n < kColumnTiles; n++) {
#pragma unroll
      for (int c = 0; c < 2; c++) {
        int token = columns.token(n);
        int head = columns.head(n, lane % 4 * 2 + c);
        bool there = token < columns.last_token && head < v.group;
        int64_t row = columns.row + token - columns.first_token;
        shift[n][c] =
            there ? -p.normalisers[row * v.query_heads + h * v.group + head] : -INFINITY;
      }
    }
    const Element* means = p.means + (static_cast<int64_t>(tile.sequence) * v.kv_heads + h) *
                                         Shape::kParts * p.stride * kDim;
    int b = begin + (end - 1 - begin) / Shape::kTile * Shape::kTile;
    copyMeans<Shape, kDim>(means, p.stride, b, stages);
    endCopies();
    for (int i = 0; b >= begin; b -= Shape::kTile, i ^= 1) {
      if (b > begin) {
        copyMeans<Shape, kDim>(means, p.stride, b - Shape::kTile,
                               stages + (i ^ 1) * Shape::kStageElements);
      }
      endCopies();
      awaitCopies<1>();
      __syncthreads();
#pragma unroll 1
      for (int r = Shape::kTile - Shape::kRows; r >= 0; r -= Shape::kRows) {
        if (b + r >= end) {
          continue;
        }
        Scores<Shape> scores;
#pragma unroll
        for (int m = 0; m < Shape::kRowTiles; m++) {
#pragma unroll
          for (int n = 0; n < kColumnTiles; n++) {
            scores[m][n][0] = scores[m][n][2] = shift[n][0];
            scores[m][n][1] = scores[m][n][3] = shift[n][1];
          }
        }
        addScores<Io, kDim>(scores, stages + i * Shape::kStageElements, r, queries);
#pragma unroll
        for (int m = Shape::kRowTiles - 1; m >= 0; m--) {
          offerScores(scores[m], p.head_tiles, b + r + m * 16 + lane / 4, &slots);
        }
      }
      __syncthreads();
    }
  }
  slots.finish();
  for (int slot = 0; slot < slots.tokens; slot++) {
    int token = columns.first_token + slot;
    int count = __shfl_sync(kWarp, slot < 4 ? slots.count[0] : slots.count[1], slot % 4);
    if (token >= columns.last_token) {
      continue;
    }
    if (p.form == Form::kDecode) {
      uint64_t* out = p.candidates + ((static_cast<int64_t>(blockIdx.z) * v.sequences +
                                       tile.sequence) * v.kv_heads + h) * p.rule.budget;
      for (int i = lane; i < p.rule.budget; i += 32) {
        out[i] = i < count ? slots.list(slot)[i] : 0;
      }
    } else {
      int64_t row = columns.row + slot;
      writeSelected(v, p.rule, token, slots.list(slot), count,
                    p.selected + (row * v.kv_heads + h) * v.block_count);
    }
  }
}

constexpr int kMostCandidates = 4096;

// The best of what the chunks of a decoding sequence left; a warp per (sequence, KV head).
__global__ void mergeKernel(View v, Rule rule, int chunks, int capacity,
                            const uint64_t* candidates, int32_t* selected) {
  extern __shared__ uint4 shared[];
  uint64_t* list = reinterpret_cast<uint64_t*>(shared);
  int lane = threadIdx.x % 32;
  int s = blockIdx.x;
  int h = blockIdx.y;
  if (!hasForm(v, Form::kDecode, s)) {
    return;
  }
  int count = 0;
  for (int i = 0; i < chunks * rule.budget; i += 32) {
    int item = i + lane;
    uint64_t key = 0;
    if (item < chunks * rule.budget) {
      int64_t chunk = item / rule.budget;
      key = candidates[((chunk * v.sequences + s) * v.kv_heads + h) * rule.budget +
                       item % rule.budget];
    }
    unsigned there = __ballot_sync(kWarp, key != 0);
    if (count + __popc(there) > capacity) {
      keepBest(list, count, rule.budget);
      count = rule.budget;
    }
    if (key != 0) {
      list[count + __popc(there & ((1u << lane) - 1))] = key;
    }
    count += __popc(there);
    __syncwarp();
  }
  if (count > rule.budget) {
    keepBest(list, count, rule.budget);
    count = rule.budget;
  }
  int64_t row = v.sequence_starts[s];
  writeSelected(v, rule, v.past(s), list, count,
                selected + (row * v.kv_heads + h) * v.block_count);
}

template <typename Io, int kDim>
Report choose(const Call& call, const Rule& rule, Form form) {
  using Shape = ScoreShape<Io, kDim>;
  bool decode = form == Form::kDecode;
  int head_tiles = headTiles(call.p.query_heads / call.p.kv_heads);
  int tokens = kColumnTiles / head_tiles;
  int chunks = decode ? static_cast<int>(call.block_chunks) : 1;
  size_t list_bytes = sizeof(uint64_t) * tokens * capacityFor(rule.budget);
  int warps = decode ? 1 : warpsThatFit<Shape>(list_bytes, kMostWarps);
  TopK<Io> p = {static_cast<const Io*>(call.queries),
                static_cast<const typename Shape::Element*>(call.means),
                static_cast<int>(call.mean_stride),
                head_tiles,
                form,
                decode ? kDecodeBlocks : static_cast<int>(call.mean_stride),
                call.normalisers,
                call.p.selected,
                call.candidates,
                rule};
  unsigned heads = static_cast<unsigned>(call.p.kv_heads);
  unsigned sequences = static_cast<unsigned>(call.p.sequences);
  Grid grid = {dim3(decode ? sequences : static_cast<unsigned>(mostTiles(call, warps * tokens)),
                    heads, static_cast<unsigned>(chunks)),
               warps * 32, Shape::sharedBytes(warps) + warps * list_bytes};
  Report report = launch("block_topk", blockTopKKernel<Io, kDim>, grid, call.p.stream,
                         viewOf(call), p);
  if (!report.done || !decode) {
    return report;
  }
  // Room for all candidates of most sequences: one cut instead of many.
  int capacity = max(capacityFor(rule.budget), min(chunks * rule.budget, kMostCandidates));
  Grid merge = {dim3(sequences, heads), 32, sizeof(uint64_t) * capacity};
  return launch("block_topk merge", mergeKernel, merge, call.p.stream, viewOf(call), rule, chunks,
                capacity, static_cast<const uint64_t*>(call.candidates), call.p.selected);
}

template <typename Io, int kDim>
Report chooseForms(const Call& call, const Rule& rule) {
  Report report;
  if (call.prefill) {
    report = choose<Io, kDim>(call, rule, Form::kPrefill);
  }
  if (report.done && call.decode) {
    report = choose<Io, kDim>(call, rule, Form::kDecode);
  }
  return report;
}

}  // namespace

Report blockTopK(const Call& call) {
  const Mode& mode = call.p.mode;
  int k = static_cast<int>(mode.block_count);
  bool halves = mode.kind == ModeKind::kReleased && mode.block_count == mode.block_size;
  Rule exact = {Among::kAll, k - 1, 0, 0, true, false};
  Rule earlier = {Among::kEarlierStretches, k / 2, k, 0, false, true};
  Rule own = {Among::kOwnStretch, k / 2 - 1, k, k / 2, true, true};
  return dispatch("block_topk", call.p.layout, [&](auto type, auto dim) {
    using Io = typename decltype(type)::type;
    constexpr int kDim = decltype(dim)::value;
    if (!halves) {
      return chooseForms<Io, kDim>(call, exact);
    }
    Report report = chooseForms<Io, kDim>(call, earlier);
    return report.done ? chooseForms<Io, kDim>(call, own) : report;
  });
}

}  // namespace ssa::cuda
