// row_columns.cu: from counts to statistics, one row at a time, and their sums over rows
//
// in    sums [W, HQ, 8]  fp64; values [W, HQ, columns]  fp32 with the masses of the first keys, both from
//       count_branch or count_selected; lengths [H, tokens]  fp32 of the values; gates [T, HQ, 3]
// out   values [W, HQ, columns]  fp32: the columns of a branch (kernels/observation.h); totals [S, B, HQ,
//       columns]  fp64, added to
// math  count_rows.cuh; 0 where a row attends to nothing
// cost  reads and writes 4 columns bytes per row each, twice
// num.  a row's statistics in fp32; totals in fp64, token after token in one thread, so that waves, chunks
//       and neighbours change no bit
// grid  columns: a warp per row and head; totals: a thread per sequence, head and column
// twin  kernels/cpu/observe.h sinkColumns, kernels/cpu/observed_attention.h addToTotals
// oracle  bench/watched.h
#include "kernels/cuda/launch.cuh"
#include "kernels/cuda/observe/count_rows.cuh"
#include "kernels/cuda/observe/shares.cuh"

namespace ssa::cuda {
namespace {

constexpr int kWarps = 4;
constexpr int kFolders = 64;

// The lengths of a page's values, by one thread each; 0 behind the sequence's end. `shares`: as operands, too,
// or nullptr.
template <typename Io>
__global__ void measureKernel(View v, CountView c, float* lengths, Io* shares) {
  int s = blockIdx.z;
  int h = blockIdx.y;
  int token = static_cast<int>(blockIdx.x) * blockDim.x + threadIdx.x;
  int tokens = v.past(s) + v.newTokens(s);
  if (token >= c.length_tokens[s]) {
    return;
  }
  double square = 0;
  if (token < tokens) {
    const Io* value = reinterpret_cast<const Io*>(v.page(s, token, h)) +
                      (PageLayout::kTokens + token % PageLayout::kTokens) * v.head_dim;
    for (int d = 0; d < v.head_dim; d++) {
      double x = toFloat(value[d]);
      square += x * x;
    }
  }
  int64_t at = c.length_starts[s] + h * c.length_tokens[s];
  float length = static_cast<float>(sqrt(square));
  lengths[at + token] = length;
  if (shares != nullptr) {
    int place = lengthPlace(token % static_cast<int>(PageLayout::kTokens));
    shares[at + token / PageLayout::kTokens * PageLayout::kTokens + place] =
        fromFloat<Io>(length * kLengthScale);
  }
}

// What a warp makes the columns of: a head of a token.
struct HeadRow {
  TokenTile tile;
  int head;
  int64_t at;  // row * HQ + head
};

__device__ inline bool findHead(const View& v, const CountView& c, HeadRow* found) {
  int unit = blockIdx.x * kWarps + threadIdx.x / 32;
  if (unit >= v.tokens * v.query_heads ||
      !findTile(v, unit / v.query_heads, 1, Form::kPrefill, &found->tile) ||
      !c.watched(found->tile.sequence, found->tile.first)) {
    return false;
  }
  found->head = unit % v.query_heads;
  found->at = static_cast<int64_t>(found->tile.row) * v.query_heads + found->head;
  return true;
}

// Keys that a row attends to.
__device__ int attendedKeys(const View& v, int branch, const int32_t* selected, int token) {
  if (selected == nullptr) {
    Range range = rangeOf(v, static_cast<Branch>(branch), token);
    return range.to - range.from;
  }
  int blocks = 0;
  while (blocks < v.block_count && selected[blocks] >= 0) {
    blocks++;
  }
  return (blocks - 1) * v.block_size + token % v.block_size + 1;
}

__device__ inline float sumAt(const double* sums, int which) {
  return static_cast<float>(sums[which]);
}

__device__ inline float entropyBits(const double* sums) {
  float mass = sumAt(sums, kMass);
  float bits = log2f(mass) - sumAt(sums, kMassTimesLog) / mass;
  return bits < 0 ? 0 : bits;  // rounding, where one key has all the mass
}

__device__ inline float overAll(float bits, int attended) {
  return attended < 2 ? 0.0f : bits / log2f(static_cast<float>(attended));
}

__device__ inline float sumOfWarp(float x) {
  for (int step = 16; step > 0; step /= 2) {
    x += __shfl_xor_sync(kWarp, x, step);
  }
  return x;
}

__global__ void __launch_bounds__(kWarps * 32)
    sinkColumnsKernel(View v, CountView c, int branch, const int32_t* selected) {
  HeadRow row;
  if (!findHead(v, c, &row)) {
    return;
  }
  int lane = threadIdx.x % 32;
  int h = row.head / v.group;
  int s = row.tile.sequence;
  const double* sums = c.sums + row.at * kSums;
  const float* lengths = c.lengthsOf(s, h);
  float* to = c.values + row.at * c.columns + c.column;
  float mass = sumAt(sums, kMass);
  float share = 1 / mass;
  float low = to[lane];
  float high = to[lane + 32];
  to[lane] = low * share;
  to[lane + 32] = high * share;
  low *= lengths[lane];
  high *= lengths[lane + 32];
  float first = __shfl_sync(kWarp, low, 0);
  float first_4 = sumOfWarp(lane < 4 ? low : 0.0f);
  float first_64 = sumOfWarp(low + high);
  // A lane for each column behind the masses of single keys.
  float column = 0;
  if (lane < kLasts) {
    float part = lane == 0 ? first : lane == 1 ? first_4 : first_64;
    float all = sumAt(sums, kMassTimesLength);
    column = all == 0 ? 0.0f : part / all;
    column = column > 1 ? 1.0f : column;  // all is of operands of 16 bits where rows are counted in passing
  } else if (lane < 2 * kLasts) {
    column = sumAt(sums, kLastMasses + lane - kLasts) * share;
  } else if (lane == 2 * kLasts) {
    column = entropyBits(sums);
  } else if (lane == 2 * kLasts + 1) {
    const int32_t* blocks =
        selected == nullptr
            ? nullptr
            : selected + (static_cast<int64_t>(row.tile.row) * v.kv_heads + h) * v.block_count;
    column = overAll(entropyBits(sums), attendedKeys(v, branch, blocks, row.tile.first));
  } else if (lane == 2 * kLasts + 2) {
    column = mass * mass / sumAt(sums, kMassSquared);
  }
  if (lane < kSinkColumns - kFirstKeys) {
    to[kFirstKeys + lane] = column;
  }
}

__global__ void __launch_bounds__(kWarps * 32) compressedColumnsKernel(View v, CountView c) {
  HeadRow row;
  if (!findHead(v, c, &row) || threadIdx.x % 32 != 0) {
    return;
  }
  float* to = c.values + row.at * c.columns + c.column;
  int blocks = (row.tile.first + 1) / v.block_size;
  if (blocks == 0) {
    to[0] = to[1] = 0;
  } else {
    to[0] = entropyBits(c.sums + row.at * kSums);
    to[1] = overAll(to[0], blocks);
  }
}

// sum and every value, `step` apart, in their order.
__device__ inline double addAll(const float* value, int64_t step, int count, double sum) {
  // So many are read before one is added.
  constexpr int kAhead = 32;
  for (; count >= kAhead; count -= kAhead, value += kAhead * step) {
    float ahead[kAhead];
#pragma unroll
    for (int k = 0; k < kAhead; k++) {
      ahead[k] = __ldcs(value + k * step);
    }
#pragma unroll
    for (int k = 0; k < kAhead; k++) {
      sum += ahead[k];
    }
  }
  for (; count > 0; count--, value += step) {
    sum += __ldcs(value);
  }
  return sum;
}

template <typename Io>
__global__ void __launch_bounds__(kFolders, 8)
    addRowsKernel(View v, CountView c, const Io* gates, int64_t buckets, double* totals) {
  int s = blockIdx.y;
  int64_t width = static_cast<int64_t>(v.query_heads) * c.columns;
  int64_t i = static_cast<int64_t>(blockIdx.x) * kFolders + threadIdx.x;
  int first = max(v.past(s), static_cast<int>(c.ranges[2 * s]));
  int end = min(v.past(s) + v.newTokens(s), static_cast<int>(c.ranges[2 * s + 1]));
  int column = static_cast<int>(i % c.columns);
  if (i >= width || first >= end || (column < kGateColumns && gates == nullptr)) {
    return;
  }
  int bucket = 0;
  int bucket_end = static_cast<int>(kFirstBucketTokens);
  for (; first >= bucket_end; bucket_end *= 2) {
    bucket++;
  }
  int64_t row = v.sequence_starts[s] - v.past(s);
  while (first < end) {
    int last = min(end, bucket_end);
    double* total = totals + (s * buckets + bucket) * width + i;
    double sum = *total;
    if (column < kGateColumns) {
      const Io* gate = gates + i / c.columns * kGateColumns + column;
#pragma unroll 8
      for (int t = first; t < last; t++) {
        sum += toFloat(gate[(row + t) * v.query_heads * kGateColumns]);
      }
    } else {
      sum = addAll(c.values + (row + first) * width + i, width, last - first, sum);
    }
    *total = sum;
    first = last;
    bucket_end *= 2;
    bucket++;
  }
}

Grid rowGrid(const Call& call) {
  return {dim3(parts(call.p.tokens * call.p.query_heads, kWarps)), kWarps * 32, 0};
}

}  // namespace

Report measureValues(const Call& whole, const Wave& wave) {
  const AttentionParameters& p = whole.p;
  return dispatch("value_lengths", p.layout, [&](auto type, auto) {
    using Io = typename decltype(type)::type;
    Grid grid = {dim3(parts(p.most_tokens, PageLayout::kTokens), static_cast<unsigned>(p.kv_heads),
                      static_cast<unsigned>(p.sequences)),
                 static_cast<int>(PageLayout::kTokens), 0};
    return launch("value_lengths", measureKernel<Io>, grid, p.stream, viewOf(whole),
                  countView(wave, {}), const_cast<float*>(wave.lengths),
                  reinterpret_cast<Io*>(const_cast<uint16_t*>(wave.shares.lengths)));
  });
}

Report sinkColumns(const Wave& wave, const Counted& counted) {
  const Call& call = wave.call;
  // Where the mode selects blocks, its second gate is the selected branch's.
  bool selects = call.p.mode.kind != ModeKind::kFull && counted.gate == 1;
  int branch = static_cast<int>(counted.gate == 2 ? Branch::kWindow : Branch::kFull);
  return launch("sink_columns", sinkColumnsKernel, rowGrid(call), call.p.stream, viewOf(call),
                countView(wave, counted), branch, selects ? call.p.selected : nullptr);
}

Report compressedColumns(const Wave& wave, const Counted& counted) {
  return launch("compressed_columns", compressedColumnsKernel, rowGrid(wave.call),
                wave.call.p.stream, viewOf(wave.call), countView(wave, counted));
}

Report addRows(const Wave& wave, int64_t buckets, double* totals) {
  const AttentionParameters& p = wave.call.p;
  return dispatch("add_rows", p.layout, [&](auto type, auto) {
    using Io = typename decltype(type)::type;
    Grid grid = {dim3(parts(p.query_heads * wave.columns, kFolders),
                      static_cast<unsigned>(p.sequences)),
                 kFolders, 0};
    return launch("add_rows", addRowsKernel<Io>, grid, p.stream, viewOf(wave.call),
                  countView(wave, {}), static_cast<const Io*>(wave.call.gates), buckets, totals);
  });
}

}  // namespace ssa::cuda
