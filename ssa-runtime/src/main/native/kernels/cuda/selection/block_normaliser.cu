// block_normaliser.cu: for each query head, the logarithm of its softmax's denominator over blocks
//
// in    queries [T, HQ, D]  element, rotated; means [S, H, parts, N, D] from block_mean
// out   normalisers [T, HQ]  fp32 (decoding sequences: joined from parts [chunks, S, HQ])
// math  log2 of the sum over the complete blocks n < (t + 1) / B of 2^(q . mean_n)
//       (means carry log2(e) / sqrt(D)); minus infinity where there is none
// cost  2 parts HQ N D flop and HQ N exponentials per token: bound by both pipes; a tile of means is
//       read once per 64 columns of each warp of the block
// num.  fp32; the first scores that a lane meets serve as its shift, so that no maximum is taken and
//       nothing rescaled; where that overflows (a later score 127 above), the block of threads does
//       it again with a running maximum
// grid  (token tiles, H, chunks); warps of 64 columns = tokens x heads
// twin  kernels/cpu/block_importance.h      oracle  bench/contract.cu
// from  NSA arXiv:2502.11089 (8) to (10), SSA arXiv:2511.20102
#include "kernels/cuda/selection/block_scores.cuh"
#include "kernels/cuda/launch.cuh"

namespace ssa::cuda {
namespace {

template <typename Io>
struct Normaliser {
  const Io* queries;
  const typename Operand<Io>::Element* means;
  int stride;       // N
  int head_tiles;
  Form form;
  int chunk_blocks;
  bool repairs;  // only where `out` holds a value that is not finite
  float* out;
};

// One lane's share of the sums of its 16 columns.
struct Sums {
  float shift[kColumnTiles][2];
  float sum[kColumnTiles][2];
};

struct Range {
  int first;
  int last;
};

// Adds the scores of one product, each less its shift; rows from `limit` on do not count.
template <typename Shape>
__device__ void addExponentials(const Scores<Shape>& scores, int row, const int* limit,
                                bool masked, Sums* sums) {
#pragma unroll
  for (int m = 0; m < Shape::kRowTiles; m++) {
#pragma unroll
    for (int n = 0; n < kColumnTiles; n++) {
#pragma unroll
      for (int i = 0; i < 4; i++) {
        float e = exp2Fast(scores[m][n][i]);
        bool counts = !masked || row + m * 16 + i / 2 * 8 < limit[n];
        sums->sum[n][i % 2] += counts ? e : 0.0f;
      }
    }
  }
}

// The same with a running maximum; scores are as they are.
template <typename Shape>
__device__ void addCarefully(const Scores<Shape>& scores, int row, const int* limit, Sums* sums) {
#pragma unroll
  for (int m = 0; m < Shape::kRowTiles; m++) {
#pragma unroll
    for (int n = 0; n < kColumnTiles; n++) {
#pragma unroll
      for (int i = 0; i < 4; i++) {
        if (row + m * 16 + i / 2 * 8 < limit[n]) {
          float score = scores[m][n][i];
          float& shift = sums->shift[n][i % 2];
          float& sum = sums->sum[n][i % 2];
          if (score > shift) {
            sum *= exp2f(shift - score);
            shift = score;
          }
          sum += shift == -INFINITY && score == score ? 0.0f : exp2f(score - shift);
        }
      }
    }
  }
}

template <typename Shape>
__device__ void start(Scores<Shape>& scores, const Sums& sums, bool shifted) {
#pragma unroll
  for (int m = 0; m < Shape::kRowTiles; m++) {
#pragma unroll
    for (int n = 0; n < kColumnTiles; n++) {
#pragma unroll
      for (int i = 0; i < 4; i++) {
        scores[m][n][i] = shifted ? -sums.shift[n][i % 2] : 0.0f;
      }
    }
  }
}

// Sums over all blocks of the range. `limit` [8]: complete blocks of each column tile's token.
template <typename Io, int kDim>
__device__ void sumBlocks(const Normaliser<Io>& p, const typename Operand<Io>::Element* means,
                          const Range& range, const int* limit,
                          const WarpQueries<Io, kDim>& queries,
                          typename Operand<Io>::Element* stages, bool careful, Sums* sums) {
  using Shape = ScoreShape<Io, kDim>;
  int least = limit[0];
  int most = limit[kColumnTiles - 1];
  int row = threadIdx.x % 32 / 4;
  bool first_tile = true;
  copyMeans<Shape, kDim>(means, p.stride, range.first, stages);
  endCopies();
  for (int b = range.first, i = 0; b < range.last; b += Shape::kTile, i ^= 1) {
    typename Shape::Element* stage = stages + i * Shape::kStageElements;
    if (b + Shape::kTile < range.last) {
      copyMeans<Shape, kDim>(means, p.stride, b + Shape::kTile,
                             stages + (i ^ 1) * Shape::kStageElements);
    }
    endCopies();
    awaitCopies<1>();
    __syncthreads();
    if (first_tile && !careful) {
      Scores<Shape> scores;
      start<Shape>(scores, *sums, false);
      addScores<Io, kDim>(scores, stage, 0, queries);
#pragma unroll
      for (int n = 0; n < kColumnTiles; n++) {
#pragma unroll
        for (int c = 0; c < 2; c++) {
          float upper = b + row < limit[n] ? scores[0][n][c] : 0.0f;
          float lower = b + row + 8 < limit[n] ? scores[0][n][c + 2] : upper;
          float shift = fmaxf(upper, lower);
          sums->shift[n][c] = fabsf(shift) < INFINITY ? shift : 0.0f;
        }
      }
    }
    first_tile = false;
#pragma unroll 1
    for (int r = 0; r < Shape::kTile && b + r < most; r += Shape::kRows) {
      Scores<Shape> scores;
      start<Shape>(scores, *sums, !careful);
      addScores<Io, kDim>(scores, stage, r, queries);
      if (careful) {
        addCarefully<Shape>(scores, b + r + row, limit, sums);
      } else if (b + r + Shape::kRows <= least) {
        addExponentials<Shape>(scores, b + r + row, limit, false, sums);
      } else {
        addExponentials<Shape>(scores, b + r + row, limit, true, sums);
      }
    }
    __syncthreads();
  }
}

__device__ void clear(Sums* sums, float shift) {
#pragma unroll
  for (int n = 0; n < kColumnTiles; n++) {
#pragma unroll
    for (int c = 0; c < 2; c++) {
      sums->shift[n][c] = shift;
      sums->sum[n][c] = 0;
    }
  }
}

// log2 of the column's sum over all lanes that share it.
__device__ float logOfSum(float shift, float sum) {
  float top = sum == 0 ? -INFINITY : shift;
  for (int step = 4; step < 32; step *= 2) {
    top = fmaxf(top, __shfl_xor_sync(kWarp, top, step));
  }
  float all = sum == 0 ? 0.0f : sum * exp2f(shift - top);
  for (int step = 4; step < 32; step *= 2) {
    all += __shfl_xor_sync(kWarp, all, step);
  }
  return all == 0 ? -INFINITY : top + log2f(all);
}

// Whether some normaliser of the tile's tokens overflowed, or is none. All threads together.
__device__ bool needsRepair(const View& v, const TokenTile& tile, int h, const float* out) {
  bool bad = false;
  for (int i = threadIdx.x; i < (tile.last - tile.first) * v.group; i += blockDim.x) {
    int64_t row = tile.row + i / v.group;
    bad = bad || !(out[row * v.query_heads + h * v.group + i % v.group] < INFINITY);
  }
  return __syncthreads_or(bad);
}

template <typename Io, int kDim>
__global__ void __launch_bounds__(kMostWarps * 32, ScoreShape<Io, kDim>::kResident ? 3 : 1)
    blockNormaliserKernel(View v, Normaliser<Io> p) {
  using Shape = ScoreShape<Io, kDim>;
  using Element = typename Shape::Element;
  extern __shared__ uint4 shared[];
  Element* stages = reinterpret_cast<Element*>(shared);
  int warp = threadIdx.x / 32;
  int lane = threadIdx.x % 32;
  int h = blockIdx.y;
  int tile_tokens = blockDim.x / 32 * (kColumnTiles / p.head_tiles);
  TokenTile tile;
  // Later tokens see more blocks: they go first.
  if (!findTile(v, gridDim.x - 1 - blockIdx.x, tile_tokens, p.form, &tile)) {
    return;
  }
  if (p.repairs && !needsRepair(v, tile, h, p.out)) {
    return;
  }
  Columns columns = columnsOf(tile, p.head_tiles, warp);
  WarpQueries<Io, kDim> queries;
  queries.load(v, p.queries, columns, h,
               stages + 2 * Shape::kStageElements + warp * Shape::kWarpElements);
  Range range = {static_cast<int>(blockIdx.z) * p.chunk_blocks, 0};
  range.last = min(range.first + p.chunk_blocks, tile.last / v.block_size);
  int limit[kColumnTiles];
#pragma unroll
  for (int n = 0; n < kColumnTiles; n++) {
    int token = min(columns.token(n), tile.last - 1);
    limit[n] = min((token + 1) / v.block_size, range.last);
  }
  const Element* means = p.means + (static_cast<int64_t>(tile.sequence) * v.kv_heads + h) *
                                       Shape::kParts * p.stride * kDim;
  Sums sums;
  clear(&sums, 0);
  if (range.first < range.last) {
    sumBlocks<Io, kDim>(p, means, range, limit, queries, stages, false, &sums);
    bool finite = true;
#pragma unroll
    for (int n = 0; n < kColumnTiles; n++) {
      finite = finite && sums.sum[n][0] < INFINITY && sums.sum[n][1] < INFINITY;
    }
    if (__syncthreads_or(!finite)) {
      clear(&sums, -INFINITY);
      sumBlocks<Io, kDim>(p, means, range, limit, queries, stages, true, &sums);
    }
  }
#pragma unroll
  for (int n = 0; n < kColumnTiles; n++) {
    int token = columns.token(n);
#pragma unroll
    for (int c = 0; c < 2; c++) {
      float log_sum = logOfSum(sums.shift[n][c], sums.sum[n][c]);
      int head = columns.head(n, lane % 4 * 2 + c);
      if (lane < 4 && token < columns.last_token && head < v.group) {
        int64_t row = p.form == Form::kDecode
                          ? static_cast<int64_t>(blockIdx.z) * v.sequences + tile.sequence
                          : columns.row + token - columns.first_token;
        p.out[row * v.query_heads + h * v.group + head] = log_sum;
      }
    }
  }
}

// Adds the parts of a decoding sequence's heads; a warp per (sequence, head).
__global__ void joinKernel(View v, int chunks, const float* part, float* out) {
  int s = blockIdx.x;
  int head = blockIdx.y;
  if (!hasForm(v, Form::kDecode, s)) {
    return;
  }
  auto at = [&](int chunk) {
    return part[(static_cast<int64_t>(chunk) * v.sequences + s) * v.query_heads + head];
  };
  float top = -INFINITY;
  for (int i = threadIdx.x; i < chunks; i += 32) {
    top = fmaxf(top, at(i));
  }
  for (int step = 16; step > 0; step /= 2) {
    top = fmaxf(top, __shfl_xor_sync(kWarp, top, step));
  }
  float sum = 0;
  for (int i = threadIdx.x; i < chunks; i += 32) {
    sum += at(i) == -INFINITY ? 0.0f : exp2f(at(i) - top);
  }
  for (int step = 16; step > 0; step /= 2) {
    sum += __shfl_xor_sync(kWarp, sum, step);
  }
  if (threadIdx.x == 0) {
    out[v.sequence_starts[s] * v.query_heads + head] = top + log2f(sum);
  }
}

template <typename Io, int kDim>
Report normalise(const Call& call, int head_tiles, Form form, bool repairs) {
  using Shape = ScoreShape<Io, kDim>;
  bool decode = form == Form::kDecode;
  int warps = decode ? 1 : warpsThatFit<Shape>(0, kMostWarps);
  int tile_tokens = warps * (kColumnTiles / head_tiles);
  Normaliser<Io> p = {static_cast<const Io*>(call.queries),
                      static_cast<const typename Shape::Element*>(call.means),
                      static_cast<int>(call.mean_stride),
                      head_tiles,
                      form,
                      decode ? kDecodeBlocks : static_cast<int>(call.mean_stride),
                      repairs,
                      decode ? call.part_normalisers : call.normalisers};
  Grid grid = {dim3(static_cast<unsigned>(decode ? call.p.sequences : mostTiles(call, tile_tokens)),
                    static_cast<unsigned>(call.p.kv_heads),
                    static_cast<unsigned>(decode ? call.block_chunks : 1)),
               warps * 32, Shape::sharedBytes(warps)};
  Report report = launch("block_normaliser", blockNormaliserKernel<Io, kDim>, grid, call.p.stream,
                         viewOf(call), p);
  if (!report.done || !decode) {
    return report;
  }
  Grid join = {dim3(static_cast<unsigned>(call.p.sequences),
                    static_cast<unsigned>(call.p.query_heads)),
               32, 0};
  return launch("block_normaliser join", joinKernel, join, call.p.stream, viewOf(call),
                static_cast<int>(call.block_chunks),
                static_cast<const float*>(call.part_normalisers), call.normalisers);
}

}  // namespace

Report blockNormalisers(const Call& call) {
  int head_tiles = headTiles(call.p.query_heads / call.p.kv_heads);
  return dispatch("block_normaliser", call.p.layout, [&](auto type, auto dim) {
    using Io = typename decltype(type)::type;
    constexpr int kDim = decltype(dim)::value;
    Report report;
    bool rows = hasRowKernels(call);
    bool groups = !rows && call.p.most_tokens > kFarTokens && hasGroupKernels(call);
    if (call.prefill && rows) {
      report = rowNormalisers(call);
      if (report.done) {
        report = normalise<Io, kDim>(call, head_tiles, Form::kPrefill, true);
      }
    }
    if (call.prefill && groups) {
      report = blockNormaliserGroups(call);
      if (report.done) {
        report = normalise<Io, kDim>(call, head_tiles, Form::kPrefillFar, true);
      }
    }
    if (report.done && call.prefill && !rows) {
      Form form = groups ? Form::kPrefillNear : Form::kPrefill;
      report = normalise<Io, kDim>(call, head_tiles, form, false);
    }
    if (report.done && call.decode) {
      report = normalise<Io, kDim>(call, head_tiles, Form::kDecode, false);
    }
    return report;
  });
}

}  // namespace ssa::cuda
