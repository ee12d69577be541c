// error_columns.cu: what leaving out blocks costs, and the bound on it
//
// in    full, sparse [W, HQ, D]  fp32: attention to all keys and to the chosen blocks, before the gate;
//       chosen [W, H, k]  int32; values [W, HQ, columns]  fp32 with the share of the mass in the chosen
//       blocks; lengths [H, tokens]  fp32 of the values
// out   values: output_error and error_bound
// math  output_error = |o - o'| / |o|; error_bound = delta (max |v_j| over what is left out + |o'|) / |o|,
//       delta = 1 - the share. The theorem o - o' = delta (o_dropped - o') makes output_error <=
//       error_bound. Both outputs are rounded; where their difference is below that, the measured error is
//       rounding, and the bound, which is then smaller, is nearer to the truth: the smaller of the two is
//       given. 0 where nothing is left out
// cost  8 HQ D bytes per row; per token and KV head t / S blocks, each looked up among the k chosen
// num.  fp32; a NaN among the lengths stays
// grid  a warp per (token, KV head) for the longest value, per row and head for the columns
// twin  kernels/cpu/capture.h errorColumns      oracle  bench/watched_oracle.h
// from  SSA arXiv:2511.20102, theorem 1
#include "kernels/cuda/launch.cuh"
#include "kernels/cuda/observe/count_rows.cuh"

namespace ssa::cuda {
namespace {

constexpr int kWarps = 4;

struct Dropped {
  const int32_t* chosen;
  const float* units;  // as lengths, per unit: per sequence [H, padded tokens / unit tokens]
  int unit_tokens;
  float* longest;  // [W, H]
};

__device__ inline float largestOrNan(float largest, float x) {
  return largest == largest && !(x <= largest) ? x : largest;
}

// The longest value of each unit, by a thread.
__global__ void unitLengthsKernel(View v, CountView c, int unit_tokens, float* units) {
  int s = blockIdx.z;
  int h = blockIdx.y;
  int64_t unit = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (unit >= c.length_tokens[s] / unit_tokens) {
    return;
  }
  const float* length = c.lengthsOf(s, h) + unit * unit_tokens;
  float longest = 0;
  for (int i = 0; i < unit_tokens; i++) {
    longest = largestOrNan(longest, length[i]);
  }
  units[(c.length_starts[s] + h * c.length_tokens[s]) / unit_tokens + unit] = longest;
}

__device__ inline bool isChosen(const int32_t* chosen, int count, int block) {
  int low = 0;
  while (low < count) {
    int middle = (low + count) / 2;
    // What is not taken is -1, behind the blocks.
    if (chosen[middle] >= 0 && chosen[middle] < block) {
      low = middle + 1;
    } else {
      count = middle;
    }
  }
  return chosen[low] == block;
}

__global__ void __launch_bounds__(kWarps * 32)
    longestDroppedKernel(View v, CountView c, Dropped d) {
  TokenTile tile;
  int lane = threadIdx.x % 32;
  int h = blockIdx.y;
  if (!findTile(v, blockIdx.x * kWarps + threadIdx.x / 32, 1, Form::kPrefill, &tile) ||
      !c.watched(tile.sequence, tile.first)) {
    return;
  }
  int s = tile.sequence;
  int64_t at = static_cast<int64_t>(tile.row) * v.kv_heads + h;
  const int32_t* chosen = d.chosen + at * v.block_count;
  const float* units =
      d.units + (c.length_starts[s] + h * c.length_tokens[s]) / d.unit_tokens;
  int per_block = v.block_size / d.unit_tokens;
  int own = tile.first / v.block_size;
  float longest = 0;
  for (int block = lane; block < own; block += 32) {
    if (!isChosen(chosen, v.block_count - 1, block)) {
      for (int u = block * per_block; u < (block + 1) * per_block; u++) {
        longest = largestOrNan(longest, units[u]);
      }
    }
  }
  for (int step = 16; step > 0; step /= 2) {
    longest = largestOrNan(longest, __shfl_xor_sync(kWarp, longest, step));
  }
  if (lane == 0) {
    d.longest[at] = longest;
  }
}

__device__ inline float sumOfWarp(float x) {
  for (int step = 16; step > 0; step /= 2) {
    x += __shfl_xor_sync(kWarp, x, step);
  }
  return x;
}

// Nothing of nothing is 0.
__device__ inline float ratio(float part, float whole) { return part == 0 ? 0.0f : part / whole; }

__global__ void __launch_bounds__(kWarps * 32)
    errorColumnsKernel(View v, CountView c, const float* longest, const float* full,
                       const float* sparse, int share_column) {
  int unit = blockIdx.x * kWarps + threadIdx.x / 32;
  TokenTile tile;
  if (unit >= v.tokens * v.query_heads ||
      !findTile(v, unit / v.query_heads, 1, Form::kPrefill, &tile) ||
      !c.watched(tile.sequence, tile.first)) {
    return;
  }
  int lane = threadIdx.x % 32;
  int head = unit % v.query_heads;
  int64_t at = static_cast<int64_t>(tile.row) * v.query_heads + head;
  float square = 0, full_square = 0, sparse_square = 0;
  for (int i = lane; i < v.head_dim; i += 32) {
    float x = full[at * v.head_dim + i];
    float y = sparse[at * v.head_dim + i];
    full_square = fmaf(x, x, full_square);
    sparse_square = fmaf(y, y, sparse_square);
    square = fmaf(x - y, x - y, square);
  }
  float whole = sqrtf(sumOfWarp(full_square));
  float part = sqrtf(sumOfWarp(sparse_square));
  float difference = sqrtf(sumOfWarp(square));
  if (lane != 0) {
    return;
  }
  float* to = c.values + at * c.columns;
  float delta = fmaxf(0.0f, 1.0f - to[share_column]);
  bool all = tile.first / v.block_size < v.block_count;
  float most = all ? 0.0f
                   : longest[static_cast<int64_t>(tile.row) * v.kv_heads + head / v.group];
  float bound = all ? 0.0f : ratio(delta * (most + part), whole);
  float error = all ? 0.0f : ratio(difference, whole);
  to[c.column] = bound < error ? bound : error;
  to[c.column + 1] = bound;
}

}  // namespace

Report measureUnits(const Call& whole, const Wave& wave) {
  const AttentionParameters& p = whole.p;
  Grid grid = {dim3(parts(p.most_tokens, PageLayout::kTokens * wave.unit_tokens) + 1,
                    static_cast<unsigned>(p.kv_heads), static_cast<unsigned>(p.sequences)),
               static_cast<int>(PageLayout::kTokens), 0};
  return launch("unit_lengths", unitLengthsKernel, grid, p.stream, viewOf(whole),
                countView(wave, {}), wave.unit_tokens, wave.unit_lengths);
}

Report errorColumns(const Wave& budget, const Outputs& outputs, const Captured& captured,
                    int column) {
  const AttentionParameters& p = budget.call.p;
  Counted to = {1, nullptr, column};
  Dropped dropped = {captured.chosen, budget.unit_lengths, budget.unit_tokens, outputs.longest};
  Grid grid = {dim3(parts(p.tokens, kWarps), static_cast<unsigned>(p.kv_heads)), kWarps * 32, 0};
  Report report = launch("longest_dropped", longestDroppedKernel, grid, p.stream,
                         viewOf(budget.call), countView(budget, to), dropped);
  if (!report.done) {
    return report;
  }
  Grid rows = {dim3(parts(p.tokens * p.query_heads, kWarps)), kWarps * 32, 0};
  return launch("error_columns", errorColumnsKernel, rows, p.stream, viewOf(budget.call),
                countView(budget, to), static_cast<const float*>(outputs.longest),
                static_cast<const float*>(outputs.full), static_cast<const float*>(outputs.sparse),
                captured.column);
}

}  // namespace ssa::cuda
