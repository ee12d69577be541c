// token_log_prob.cu: vocabulary head, log-softmax and gather in one pass over the vocabulary
//
// in    hidden [T, E], weight [V, E]  element; targets [T] int64
// out   logprob [T], argmax [T], argmax_logprob [T]
// math  z = weight hidden; logprob = z_target - logsumexp(z); argmax = lowest id of the largest z
// cost  2 T V E flop; never a [T, V] array: a strip of 1,024 ids leaves 12 bytes per row
// num.  logits and sums fp32, strips added in fp64, ascending; a row's bits do not depend on the rows
//       beside it; equal logits go to the lower id; an id outside the vocabulary has logprob -inf
// grid  (128 rows, strips of 8 x 128 ids), 8 warps of 32 rows x 64 ids; mergeKernel: a thread a row
// twin  kernels/cpu/token_log_prob.h      oracle  bench/contract.cu
#include "kernels/cuda/launch.cuh"
#include "kernels/cuda/limits.h"
#include "kernels/cuda/vocabulary/head_tile.cuh"
#include "kernels/cuda/vocabulary/token_log_prob.cuh"

namespace ssa::cuda {
namespace {

constexpr int kRows = 128;
constexpr int kIds = 128;
constexpr int kStripTiles = kStripIds / kIds;
constexpr int kThreads = 256;

template <typename Io>
struct HeadShape {
  using Element = typename Operand<Io>::Element;
  static constexpr int kParts = Operand<Io>::kParts;
  static constexpr int kStages = kParts == 1 ? 3 : 2;
  static constexpr int kPlane = kRows * kPitch;          // kRows = kIds
  static constexpr int kStage = 2 * kParts * kPlane;     // hidden, then weight
  static constexpr size_t kSharedBytes = sizeof(Element) * kStages * kStage;
};

using Logits = float[2][8][4];

template <typename Io>
__device__ void multiplyStage(const typename Operand<Io>::Element* stage, Logits& logits) {
  using Shape = HeadShape<Io>;
  int lane = threadIdx.x % 32;
  int warp = threadIdx.x / 32;
  const auto* hidden = stage + (warp / 2 * 32 + lane % 16) * kPitch + lane / 16 * 8;
  const auto* weight = stage + Shape::kParts * Shape::kPlane +
                       (warp % 2 * 64 + lane % 8 + lane / 16 * 8) * kPitch + lane / 8 % 2 * 8;
#pragma unroll
  for (int step = 0; step < kDepth / 16; step++) {
    uint32_t a[2][Shape::kParts][4];
#pragma unroll
    for (int m = 0; m < 2; m++) {
#pragma unroll
      for (int i = 0; i < Shape::kParts; i++) {
        loadMatrices(a[m][i], hidden + i * Shape::kPlane + m * 16 * kPitch + step * 16);
      }
    }
#pragma unroll
    for (int k = 0; k < Shape::kParts; k++) {
#pragma unroll
      for (int n = 0; n < 8; n += 2) {
        uint32_t b[4];
        loadMatrices(b, weight + k * Shape::kPlane + n * 8 * kPitch + step * 16);
#pragma unroll
        for (int i = 0; i < Shape::kParts; i++) {
          if (counts<Shape::kParts, Shape::kParts>(i, k)) {
#pragma unroll
            for (int m = 0; m < 2; m++) {
              multiplyAdd<typename Shape::Element>(logits[m][n], a[m][i], b[0], b[1]);
              multiplyAdd<typename Shape::Element>(logits[m][n + 1], a[m][i], b[2], b[3]);
            }
          }
        }
      }
    }
  }
}

template <typename Io>
__global__ void __launch_bounds__(kThreads, HeadShape<Io>::kParts == 1 ? 2 : 1)
    tokenLogProbKernel(Head head, const Io* hidden, const Io* weight) {
  using Shape = HeadShape<Io>;
  using Element = typename Shape::Element;
  extern __shared__ uint4 shared[];
  Element* stages = reinterpret_cast<Element*>(shared);
  int lane = threadIdx.x % 32;
  int warp = threadIdx.x / 32;
  int first_row = blockIdx.x * kRows;
  int first_id = blockIdx.y * kStripIds;
  int tiles = min(kStripTiles, (head.vocabulary - first_id + kIds - 1) / kIds);
  int depths = (head.width + kDepth - 1) / kDepth;
  int steps = tiles * depths;
  Part part[2][2];
  int64_t target[2][2];
#pragma unroll
  for (int i = 0; i < 4; i++) {
    int row = first_row + warp / 2 * 32 + i / 2 * 16 + i % 2 * 8 + lane / 4;
    part[i / 2][i % 2] = {-INFINITY, 0.0f, 0};
    target[i / 2][i % 2] = row < head.tokens ? head.targets[row] : -1;
  }
  auto copy = [&](int step) {
    if (step < steps) {
      Element* stage = stages + step % Shape::kStages * Shape::kStage;
      int depth = step % depths * kDepth;
      copyTile<Io, kRows, kThreads>(hidden, first_row, head.tokens, head.width, depth, stage);
      copyTile<Io, kIds, kThreads>(weight, first_id + step / depths * kIds, head.vocabulary,
                                   head.width, depth, stage + Shape::kParts * Shape::kPlane);
    }
    endCopies();
  };
  for (int i = 0; i < Shape::kStages - 1; i++) {
    copy(i);
  }
  Logits logits;
  for (int step = 0; step < steps; step++) {
    if (step % depths == 0) {
#pragma unroll
      for (int i = 0; i < 2 * 8 * 4; i++) {
        logits[i / 32][i / 4 % 8][i % 4] = 0;
      }
    }
    awaitCopies<Shape::kStages - 2>();
    __syncthreads();
    copy(step + Shape::kStages - 1);
    multiplyStage<Io>(stages + step % Shape::kStages * Shape::kStage, logits);
    if (step % depths == depths - 1) {
      int id = first_id + step / depths * kIds + warp % 2 * 64 + lane % 4 * 2;
#pragma unroll
      for (int i = 0; i < 4; i++) {
        int row = first_row + warp / 2 * 32 + i / 2 * 16 + i % 2 * 8 + lane / 4;
        auto at = [&](int n, int c) { return logits[i / 2][n][i % 2 * 2 + c]; };
        foldRow<8>(at, id, head.vocabulary, target[i / 2][i % 2], head.target + row,
                   &part[i / 2][i % 2]);
      }
    }
  }
  awaitCopies<0>();
  __syncthreads();
  Part* of_halves = reinterpret_cast<Part*>(shared);  // [2, 128]
#pragma unroll
  for (int i = 0; i < 4; i++) {
    Part mine = joinLanes(part[i / 2][i % 2]);
    if (lane % 4 == 0) {
      of_halves[warp % 2 * kRows + warp / 2 * 32 + i / 2 * 16 + i % 2 * 8 + lane / 4] = mine;
    }
  }
  __syncthreads();
  int row = first_row + threadIdx.x;
  if (threadIdx.x < kRows && row < head.tokens) {
    head.parts[static_cast<int64_t>(blockIdx.y) * head.tokens + row] =
        join(of_halves[threadIdx.x], of_halves[kRows + threadIdx.x]);
  }
}

__global__ void mergeKernel(Head head, int strips, float* logprob, int32_t* argmax,
                            float* argmax_logprob) {
  int row = blockIdx.x * blockDim.x + threadIdx.x;
  if (row >= head.tokens) {
    return;
  }
  float largest = -INFINITY;
  int32_t best = 0;
  for (int i = 0; i < strips; i++) {
    Part part = head.parts[static_cast<int64_t>(i) * head.tokens + row];
    if (part.largest > largest) {
      largest = part.largest;
      best = part.argmax;
    }
  }
  double shift = largest == -INFINITY ? 0.0 : largest;
  double sum = 0;
  for (int i = 0; i < strips; i++) {
    Part part = head.parts[static_cast<int64_t>(i) * head.tokens + row];
    sum += part.sum * exp(part.largest - shift);
  }
  double log_sum = log(sum);
  int64_t id = head.targets[row];
  double target = id >= 0 && id < head.vocabulary ? head.target[row] : -INFINITY;
  logprob[row] = static_cast<float>(target - largest - log_sum);
  argmax[row] = best;
  argmax_logprob[row] = static_cast<float>(-log_sum);
}

int64_t stripsOf(const TokenLogProbParameters& p) {
  return (p.vocabulary + kStripIds - 1) / kStripIds;
}

int64_t partBytes(const TokenLogProbParameters& p) {
  int64_t bytes = stripsOf(p) * p.tokens * static_cast<int64_t>(sizeof(Part));
  return (bytes + 255) / 256 * 256;
}

template <typename Io>
Report rate(const TokenLogProbParameters& p) {
  char* workspace = static_cast<char*>(p.workspace);
  Head head = {static_cast<int>(p.tokens),
               static_cast<int>(p.width),
               static_cast<int>(p.vocabulary),
               p.targets,
               reinterpret_cast<Part*>(workspace),
               reinterpret_cast<float*>(workspace + partBytes(p))};
  int strips = static_cast<int>(stripsOf(p));
  Grid grid = {dim3(parts(p.tokens, kRows), static_cast<unsigned>(strips)), kThreads,
               HeadShape<Io>::kSharedBytes};
  Report report;
  if (Operand<Io>::kParts == 1 && hasWarpGroups()) {
    report = rateGroups(p, head);
  } else {
    report = launch("token_log_prob", tokenLogProbKernel<Io>, grid, p.stream, head,
                    static_cast<const Io*>(p.hidden), static_cast<const Io*>(p.weight));
  }
  if (!report.done) {
    return report;
  }
  Grid merge = {dim3(parts(p.tokens, 128)), 128, 0};
  return launch("token_log_prob merge", mergeKernel, merge, p.stream, head, strips, p.logprob,
                p.argmax, p.argmax_logprob);
}

}  // namespace

size_t workspaceBytes(const TokenLogProbParameters& p) {
  return static_cast<size_t>(partBytes(p)) + static_cast<size_t>(p.tokens) * sizeof(float);
}

Report tokenLogProb(const TokenLogProbParameters& p) {
  Report report;
  if (p.tokens == 0) {
    return report;
  }
  if (p.width < kWidthMultiple || p.width % kWidthMultiple != 0 || p.vocabulary < 1) {
    report.done = false;
    std::snprintf(report.why, sizeof report.why,
                  "token_log_prob: width %lld, vocabulary %lld; widths are multiples of 8",
                  static_cast<long long>(p.width), static_cast<long long>(p.vocabulary));
    return report;
  }
  switch (p.element) {
    case Element::kFloat32:
      return rate<float>(p);
    case Element::kFloat16:
      return rate<__half>(p);
    default:
      return rate<__nv_bfloat16>(p);
  }
}

}  // namespace ssa::cuda
