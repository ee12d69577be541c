// token_log_prob_sm90.cu: the products of token_log_prob for compute capability 9.0, elements of 16 bits
//
// in    hidden [T, E], weight [V, E]  element; targets [T] int64
// out   parts [strips, T]: what each strip of 1,024 ids leaves of a row; target [T]: the target's logit
// math  z = weight hidden, folded per row: largest, its lowest id, sum of exponentials below it
// cost  2 T V E flop; hidden is read once per strip, weight once per 128 rows
// num.  as token_log_prob.cu
// grid  (128 rows, strips of 4 x 256 ids); one group of 4 warps copies slabs of 64 columns into a ring
//       (each warp has a stage of its own), 2 groups compute 64 rows x 256 ids each
// twin  kernels/cpu/token_log_prob.h      oracle  bench/contract.cu
#include "kernels/cuda/launch.cuh"
#include "kernels/cuda/vocabulary/token_log_prob.cuh"
#include "kernels/cuda/tile/warpgroup.cuh"

namespace ssa::cuda {
namespace {

constexpr int kRows = 128;
constexpr int kIds = 256;
constexpr int kSlab = 64;  // columns: one row of a tile
constexpr int kStages = 4;
constexpr int kStageBytes = (kRows + kIds) * 128;
constexpr int kThreads = 384;
constexpr size_t kSharedBytes = 1024 + 256 + kStages * kStageBytes;

#if defined(__CUDA_ARCH_FEAT_SM90_ALL)

// Rows [first, first + count) and columns [depth, depth + 64) of an array [rows, E]; 0 outside.
template <typename Io>
__device__ void copySlab(const Io* from, int first, int count, int rows, int width, int depth,
                         char* to) {
  int lane = threadIdx.x % 32;
  int c = lane % 8;
  bool inside = depth + c * 8 < width;
  const Io* source = from + static_cast<int64_t>(first + lane / 8) * width + depth + c * 8;
#pragma unroll 4
  for (int row = lane / 8; row < count; row += 4) {
    bool there = inside && first + row < rows;
    copyAsync(to + swizzled(row, c), there ? source : from, there);
    source += static_cast<int64_t>(4) * width;
  }
}

template <typename Io>
__device__ void produce(const Head& head, const Io* hidden, const Io* weight, int steps,
                        int slabs, char* stages, Barrier* full, Barrier* empty) {
  int stage = threadIdx.x / 32;
  char* to = stages + stage * kStageBytes;
  int round = 0;
  for (int step = stage; step < steps; step += kStages, round++) {
    await(empty + stage, (round & 1) ^ 1);
    int depth = step % slabs * kSlab;
    int id = blockIdx.y * kStripIds + step / slabs * kIds;
    copySlab(hidden, blockIdx.x * kRows, kRows, head.tokens, head.width, depth, to);
    copySlab(weight, id, kIds, head.vocabulary, head.width, depth, to + kRows * 128);
    endCopies();
    awaitCopies<0>();
    fenceForTensorCores();
    arrive(full + stage);
  }
}

template <typename Io>
__device__ void consume(const Head& head, int steps, int slabs, const char* stages, Barrier* full,
                        Barrier* empty) {
  int thread = threadIdx.x - 128;
  int lane = threadIdx.x % 32;
  int row = blockIdx.x * kRows + thread / 32 * 16 + lane / 4;
  Part part[2];
  int64_t target[2];
#pragma unroll
  for (int half = 0; half < 2; half++) {
    part[half] = {-INFINITY, 0.0f, 0};
    target[half] = row + 8 * half < head.tokens ? head.targets[row + 8 * half] : -1;
  }
  float low[64];
  float high[64];
#pragma unroll
  for (int i = 0; i < 64; i++) {
    low[i] = high[i] = 0;
  }
  for (int first = 0; first < steps; first += slabs) {
    for (int step = first; step < first + slabs; step++) {
      const char* tile = stages + step % kStages * kStageBytes;
      await(full + step % kStages, step / kStages & 1);
      uint64_t a = describe(tile + thread / 128 * 64 * 128, 0);
      uint64_t b = describe(tile + kRows * 128, 0);
      uint64_t c = describe(tile + (kRows + 128) * 128, 0);
      beginProducts();
#pragma unroll
      for (int i = 0; i < kSlab / 16; i++) {
        multiplyShared<Io, 128>(low, a + 2 * i, b + 2 * i, step > first || i > 0);
        multiplyShared<Io, 128>(high, a + 2 * i, c + 2 * i, step > first || i > 0);
      }
      endProducts();
      // The stage before this one has been read.
      awaitProducts<1>();
      if (lane == 0 && step > 0) {
        arrive(empty + (step - 1) % kStages);
      }
    }
    awaitProducts<0>();
    hold(low);
    hold(high);
    int id = blockIdx.y * kStripIds + first / slabs * kIds + lane % 4 * 2;
#pragma unroll
    for (int half = 0; half < 2; half++) {
      float* out = head.target + row + 8 * half;
      foldRow<16>([&](int n, int c) { return low[4 * n + 2 * half + c]; }, id, head.vocabulary,
                  target[half], out, &part[half]);
      foldRow<16>([&](int n, int c) { return high[4 * n + 2 * half + c]; }, id + 128,
                  head.vocabulary, target[half], out, &part[half]);
    }
  }
#pragma unroll
  for (int half = 0; half < 2; half++) {
    Part mine = joinLanes(part[half]);
    if (lane % 4 == 0 && row + 8 * half < head.tokens) {
      head.parts[static_cast<int64_t>(blockIdx.y) * head.tokens + row + 8 * half] = mine;
    }
  }
}

#endif

template <typename Io>
__global__ void __launch_bounds__(kThreads, 1)
    rateGroupsKernel(Head head, const Io* hidden, const Io* weight) {
#if defined(__CUDA_ARCH_FEAT_SM90_ALL)
  extern __shared__ uint4 shared[];
  char* memory = reinterpret_cast<char*>(shared);
  Barrier* full = reinterpret_cast<Barrier*>(memory);
  Barrier* empty = full + kStages;
  // Tiles begin at multiples of 1,024 bytes.
  uint32_t behind = sharedAddress(memory) + 256;
  char* stages = memory + 256 + ((behind + 1023) / 1024 * 1024 - behind);
  int ids = min(kStripIds, head.vocabulary - static_cast<int>(blockIdx.y) * kStripIds);
  int slabs = (head.width + kSlab - 1) / kSlab;
  int steps = (ids + kIds - 1) / kIds * slabs;
  if (threadIdx.x == 0) {
    for (int i = 0; i < kStages; i++) {
      makeBarrier(full + i, 32);
      makeBarrier(empty + i, 8);
    }
  }
  __syncthreads();
  if (threadIdx.x < 128) {
    shrinkRegisters<40>();
    produce<Io>(head, hidden, weight, steps, slabs, stages, full, empty);
  } else {
    growRegisters<232>();
    consume<Io>(head, steps, slabs, stages, full, empty);
  }
#endif
}

template <typename Io>
Report rate(const TokenLogProbParameters& p, const Head& head) {
  Grid grid = {dim3(parts(p.tokens, kRows), parts(p.vocabulary, kStripIds)), kThreads,
               kSharedBytes};
  return launch("token_log_prob sm90", rateGroupsKernel<Io>, grid, p.stream, head,
                static_cast<const Io*>(p.hidden), static_cast<const Io*>(p.weight));
}

}  // namespace

Report rateGroups(const TokenLogProbParameters& p, const Head& head) {
  return p.element == Element::kFloat16 ? rate<__half>(p, head) : rate<__nv_bfloat16>(p, head);
}

}  // namespace ssa::cuda
