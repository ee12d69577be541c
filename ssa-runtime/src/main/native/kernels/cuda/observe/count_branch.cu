// count_branch.cu: where the attention of query tokens goes over a range of keys: all, a window, or block
// means
//
// in    queries [T, HQ, D]  element, rotated; pages or key_means; log_sums [T, HQ]  fp32 of the answer;
//       lengths of the values
// out   sums [T, HQ, 8]  fp64: mass, mass times its logarithm, mass squared, mass times length, mass on
//       the last 16, 128, 1,024 keys; values [T, HQ, columns]  fp32: mass of each of the first 64 keys,
//       all not yet over the whole mass; importance [T, H, parts, units]  fp32: the group's mass per unit
//       of 8 or 16 keys
// math  count_rows.cuh
// cost  2 (to - from) HQ D flop and (to - from) HQ exponentials per token; importance writes 4 bytes per
//       unit and KV head
// num.  fp32 within a tile, fp64 across tiles
// grid  (token tiles, H), 4 warps of 32 rows (16 for fp32 or D = 128), rows = tokens x heads
// twin  kernels/cpu/observe.h      oracle  bench/watched.h
#include "kernels/cuda/branch/branch_copies.cuh"
#include "kernels/cuda/launch.cuh"
#include "kernels/cuda/observe/count_units.cuh"

namespace ssa::cuda {
namespace {

// BranchShape without values.
template <typename Io, int kDim>
struct CountShape {
  using Branch = BranchShape<Io, kDim>;
  static constexpr int kStage = Branch::kParts * Branch::kPlane;
  static constexpr int kScratchFloats = kBranchWarps * kScratch;
  static constexpr size_t kSharedBytes =
      sizeof(typename Branch::Element) * (Branch::kQueries + 2 * kStage) +
      sizeof(float) * kScratchFloats;
};

template <typename Io, int kDim>
__global__ void __launch_bounds__(kBranchWarps * 32)
    countBranchKernel(View v, Keys<Io> keys, const Io* q, CountView c) {
  using Shape = BranchShape<Io, kDim>;
  using Element = typename Shape::Element;
  constexpr int kStage = CountShape<Io, kDim>::kStage;
  constexpr int kEights = Shape::kKeys / 8;
  extern __shared__ uint4 shared[];
  Element* queries = reinterpret_cast<Element*>(shared);
  Element* stages = queries + Shape::kQueries;
  int warp = threadIdx.x / 32;
  float* scratch = reinterpret_cast<float*>(stages + 2 * kStage) + warp * kScratch;
  WatchedRows rows;
  // Later tokens see more keys: they go first.
  if (!findWatched(v, c, gridDim.x - 1 - blockIdx.x, Shape::kRows, blockIdx.y, &rows)) {
    return;
  }
  Range all = {rangeOf(v, keys.branch, rows.tile.first).from,
               rangeOf(v, keys.branch, rows.tile.last - 1).to};
  copyQueries<Shape, Io, kDim>(v, rows, q, queries);
  __syncthreads();
  int first_row = warp * Shape::kWarpRows;
  BranchRows<Io, kDim> products;
  products.begin(v, rows, keys.branch, queries, first_row);
  CountedRow<double> counted[Shape::kRowTiles][2];
  Range early[Shape::kRowTiles];
  Range late[Shape::kRowTiles];
#pragma unroll
  for (int m = 0; m < Shape::kRowTiles; m++) {
    int row = first_row + 16 * m + threadIdx.x % 32 / 4;
    counted[m][0].begin(v, c, rows, keys.branch, row);
    counted[m][1].begin(v, c, rows, keys.branch, row + 8);
    // What the tile's rows see together, and what every one of them sees.
    int first = rows.token(first_row + 16 * m);
    int last = min(first + max(rows.per_tile, 1), rows.tile.last) - 1;
    early[m] = first > last ? Range{0, 0} : rangeOf(v, keys.branch, first);
    late[m] = first > last ? Range{0, 0} : rangeOf(v, keys.branch, last);
  }
  const float* lengths = c.lengthsOf(rows.tile.sequence, rows.h);
  auto copy = [&](int base, Element* stage) {
    const Io* key;
    const Io* value;
    keys.at(v, rows.tile.sequence, rows.h, base, &key, &value);
    copyRows<Shape, Io, kDim>(key, Shape::kKeys, all.to - base, stage);
  };
  int base = all.from / Shape::kKeys * Shape::kKeys;
  if (base < all.to) {
    copy(base, stages);
  }
  endCopies();
  for (int i = 0; base < all.to; base += Shape::kKeys, i ^= 1) {
    if (base + Shape::kKeys < all.to) {
      copy(base + Shape::kKeys, stages + (i ^ 1) * kStage);
    }
    endCopies();
    awaitCopies<1>();
    __syncthreads();
    typename BranchRows<Io, kDim>::Scores scores;
    products.score(stages + i * kStage, scores);
#pragma unroll
    for (int m = 0; m < Shape::kRowTiles; m++) {
      bool any = base < late[m].to && base + Shape::kKeys > early[m].from;
      if (any) {
        bool masked = base + Shape::kKeys > early[m].to || base < late[m].from;
        float part[2][kEights];
        countTile<kDim, kEights>(
            [&](int n, int half, int e) -> float& { return scores[m][n][2 * half + e]; }, base,
            masked, lengths == nullptr ? nullptr : lengths + base, counted[m], part);
        if (c.importance != nullptr) {
          addImportance<kEights>(v, c, rows, first_row + 16 * m, base, part, scratch);
        }
      }
    }
    __syncthreads();
  }
#pragma unroll
  for (int m = 0; m < Shape::kRowTiles; m++) {
    int row = first_row + 16 * m + threadIdx.x % 32 / 4;
    counted[m][0].end(v, c, rows, row);
    counted[m][1].end(v, c, rows, row + 8);
  }
}

template <typename Io, int kDim>
Report count(const Wave& wave, Branch branch, const Counted& counted) {
  using Shape = BranchShape<Io, kDim>;
  const Call& call = wave.call;
  View v = viewOf(call);
  Grid grid = {dim3(static_cast<unsigned>(mostTiles(call, watchedTokens(v, Shape::kRows))),
                    static_cast<unsigned>(call.p.kv_heads)),
               kBranchWarps * 32, CountShape<Io, kDim>::kSharedBytes};
  CountView c = countView(wave, counted);
  if (branch == Branch::kCompressed) {
    c.lengths = nullptr;
    c.sinks = false;
  }
  if (branch != Branch::kFull) {
    c.importance = nullptr;
  }
  return launch("count_branch", countBranchKernel<Io, kDim>, grid, call.p.stream, v,
                keysOf<Io>(call, branch), static_cast<const Io*>(call.queries), c);
}

}  // namespace

Report countBranch(const Wave& wave, Branch branch, const Counted& counted) {
  if (branch == Branch::kFull && hasGroupKernels(wave.call)) {
    return countAllKeysByGroups(wave, counted);
  }
  return dispatch("count_branch", wave.call.p.layout, [&](auto type, auto dim) {
    return count<typename decltype(type)::type, decltype(dim)::value>(wave, branch, counted);
  });
}

}  // namespace ssa::cuda
