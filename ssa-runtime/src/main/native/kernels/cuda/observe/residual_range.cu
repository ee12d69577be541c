// residual_range.cu: how large the residual stream is: per token the largest |x| and the median of |x|
//
// in    hidden [T, E]  fp32; ranges of tokens
// out   totals [S, B, 2]  fp64: per position bucket (kernels/observation.h) the largest |x| so far, and the
//       sum of the tokens' medians; added to
// math  the median of an even number of values is the mean of the two in the middle. Magnitudes order as
//       their bits do: the one of a rank is found bit by bit, from the highest, by counting
// cost  reads 4 E bytes per token; 31 passes over a row in shared memory
// num.  magnitudes are exact; medians are added in fp64, token after token in one warp. NaN where there is
//       one: it must not hide
// grid  a block of 128 threads per token; then a warp per sequence
// twin  ops/residual_range.cc      oracle  bench/rows.h
#include <algorithm>
#include <cmath>
#include <vector>

#include "kernels/cuda/carver.h"
#include "kernels/cuda/launch.cuh"
#include "kernels/cuda/tile/tensor_core.cuh"

namespace ssa::cuda {
namespace {

constexpr int kThreads = 128;
constexpr int kWarps = kThreads / 32;
constexpr uint32_t kInfinityBits = 0x7f800000u;

// The tokens of one sequence that are in its range.
struct Span {
  int64_t first_row;
  int64_t first_position;
  int64_t count;
  int64_t sequence;
};

struct TokenRange {
  double largest;
  double median;
};

// The sum of the threads' counts, for all of them; `part` [2, kWarps] in turns, so that one
// barrier is enough.
__device__ int countOfBlock(int mine, int* part) {
  int warps = __reduce_add_sync(kWarp, mine);
  if (threadIdx.x % 32 == 0) {
    part[threadIdx.x / 32] = warps;
  }
  __syncthreads();
  int all = 0;
  for (int w = 0; w < kWarps; w++) {
    all += part[w];
  }
  return all;
}

__global__ void __launch_bounds__(kThreads)
    tokenRangeKernel(const float* hidden, int width, const Span* spans, int sequences,
                     TokenRange* out) {
  extern __shared__ uint32_t bits[];
  __shared__ int part[2][kWarps];
  __shared__ uint32_t most[kWarps];
  int64_t at = blockIdx.x;
  int s = 0;
  while (at >= spans[s].count) {
    at -= spans[s++].count;
  }
  const float* row = hidden + (spans[s].first_row + at) * width;
  uint32_t largest = 0;
  for (int i = threadIdx.x; i < width; i += kThreads) {
    bits[i] = __float_as_uint(row[i]) & 0x7fffffffu;
    largest = max(largest, bits[i]);
  }
  largest = __reduce_max_sync(kWarp, largest);
  if (threadIdx.x % 32 == 0) {
    most[threadIdx.x / 32] = largest;
  }
  __syncthreads();
  for (int w = 0; w < kWarps; w++) {
    largest = max(largest, most[w]);
  }
  if (largest > kInfinityBits) {
    if (threadIdx.x == 0) {
      out[blockIdx.x] = {NAN, NAN};
    }
    return;
  }
  // The greatest bound that as many magnitudes reach as are not below the middle one.
  int reaching = width - width / 2;
  uint32_t middle = 0;
  int turn = 0;
  for (int bit = 30; bit >= 0; bit--, turn ^= 1) {
    uint32_t trial = middle | 1u << bit;
    int mine = 0;
    for (int i = threadIdx.x; i < width; i += kThreads) {
      mine += bits[i] >= trial;
    }
    if (countOfBlock(mine, part[turn]) >= reaching) {
      middle = trial;
    }
  }
  // The one before it in order: the largest below it, or its equal if there are more of it.
  uint32_t below = 0;
  int fewer = 0;
  for (int i = threadIdx.x; i < width; i += kThreads) {
    bool less = bits[i] < middle;
    fewer += less;
    below = less ? max(below, bits[i]) : below;
  }
  fewer = countOfBlock(fewer, part[turn]);
  below = __reduce_max_sync(kWarp, below);
  if (threadIdx.x % 32 == 0) {
    most[threadIdx.x / 32] = below;
  }
  __syncthreads();
  if (threadIdx.x != 0) {
    return;
  }
  for (int w = 0; w < kWarps; w++) {
    below = max(below, most[w]);
  }
  double median = __uint_as_float(middle);
  if (width % 2 == 0) {
    double before = __uint_as_float(fewer == width / 2 ? below : middle);
    median = (median + before) / 2;
  }
  out[blockIdx.x] = {__uint_as_float(largest), median};
}

// Adds the tokens of a sequence to its totals, in their order.
__global__ void addRangesKernel(const Span* spans, const TokenRange* found, int64_t buckets,
                                double* totals) {
  int lane = threadIdx.x;
  for (int s = 0; s < static_cast<int>(blockIdx.x); s++) {
    found += spans[s].count;
  }
  const Span& span = spans[blockIdx.x];
  double* total = totals + span.sequence * buckets * 2;
  int64_t position = span.first_position;
  int64_t end = kFirstBucketTokens;
  for (; position >= end; end *= 2) {
    total += 2;
  }
  double largest = total[0];
  double sum = total[1];
  __syncwarp();
  for (int64_t base = 0; base < span.count; base += 32) {
    TokenRange mine = base + lane < span.count ? found[base + lane] : TokenRange{0, 0};
    for (int i = 0; i < 32 && base + i < span.count; i++, position++) {
      if (position >= end) {
        if (lane == 0) {
          total[0] = largest;
          total[1] = sum;
        }
        end *= 2;
        total += 2;
        largest = total[0];
        sum = total[1];
      }
      double x = __shfl_sync(kWarp, mine.largest, i);
      largest = largest == largest && !(x <= largest) ? x : largest;
      sum += __shfl_sync(kWarp, mine.median, i);
    }
  }
  if (lane == 0) {
    total[0] = largest;
    total[1] = sum;
  }
}

std::vector<Span> spansOf(const ResidualRangeParameters& p) {
  std::vector<Span> spans;
  for (int64_t s = 0; s < p.sequences; s++) {
    int64_t past = p.past_tokens[s];
    int64_t first = std::max(p.ranges[2 * s], past);
    int64_t end =
        std::min(p.ranges[2 * s + 1], past + p.sequence_starts[s + 1] - p.sequence_starts[s]);
    if (end > first) {
      spans.push_back({p.sequence_starts[s] + first - past, first, end - first, s});
    }
  }
  return spans;
}

}  // namespace

size_t workspaceBytes(const ResidualRangeParameters& p) {
  Carver carver = {nullptr};
  carver.take<TokenRange>(p.tokens * static_cast<int64_t>(sizeof(TokenRange)));
  carver.take<Span>(p.sequences * static_cast<int64_t>(sizeof(Span)));
  return static_cast<size_t>(carver.used);
}

Report residualRange(const ResidualRangeParameters& p) {
  std::vector<Span> spans = spansOf(p);
  if (spans.empty()) {
    return Report();
  }
  Carver carver = {static_cast<char*>(p.workspace)};
  TokenRange* found =
      carver.take<TokenRange>(p.tokens * static_cast<int64_t>(sizeof(TokenRange)));
  Span* on_device = carver.take<Span>(p.sequences * static_cast<int64_t>(sizeof(Span)));
  Report report = upload(spans.data(), on_device, spans.size() * sizeof(Span), p.stream);
  int64_t tokens = 0;
  for (const Span& span : spans) {
    tokens += span.count;
  }
  int sequences = static_cast<int>(spans.size());
  if (report.done) {
    Grid grid = {dim3(static_cast<unsigned>(tokens)), kThreads,
                 sizeof(uint32_t) * static_cast<size_t>(p.width)};
    report = launch("residual_range", tokenRangeKernel, grid, p.stream, p.hidden,
                    static_cast<int>(p.width), static_cast<const Span*>(on_device), sequences,
                    found);
  }
  if (report.done) {
    report = launch("residual_range sum", addRangesKernel, {dim3(sequences), 32, 0}, p.stream,
                    static_cast<const Span*>(on_device), static_cast<const TokenRange*>(found),
                    p.buckets, p.totals);
  }
  return report;
}

}  // namespace ssa::cuda
