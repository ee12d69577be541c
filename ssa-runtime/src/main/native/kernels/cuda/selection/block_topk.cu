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
#include "kernels/cuda/launch.cuh"
#include "kernels/cuda/selection/block_slots.cuh"

namespace ssa::cuda {
namespace {

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
    report = hasRowTopK(call, rule) ? rowTopK(call, rule)
                                    : choose<Io, kDim>(call, rule, Form::kPrefill);
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
