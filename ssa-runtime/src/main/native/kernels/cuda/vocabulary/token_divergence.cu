// token_divergence.cu: how far apart two distributions over one vocabulary are, row by row
//
// in    of both sides hidden [T, E], weight [V, E]  element; E may differ; targets [T] int64
// out   figures [T, 5] fp64: KL(p_A || p_B), KL(p_B || p_A), p_A's share on the ten best ids of B (the
//       lower one of equals), log p of the target in both; argmax [T, 2]
// math  kernels/cpu/token_divergence.h
// cost  2 T V (E_A + E_B) flop and 2 T V exponentials in fp64; never a [T, V] array: a strip of 4,096
//       ids leaves 168 bytes per row, of at most 4,096 rows at a time
// num.  logits fp32, all else fp64; strips are joined in ascending order; a row's bits do not depend on
//       the rows beside it; equal sides give exactly 0
// grid  (64 rows, strips of 64 x 64 ids), 8 warps of 16 rows x 32 ids of one side, then of the other;
//       four threads fold a row; finishKernel: a thread a row
// twin  kernels/cpu/token_divergence.h      oracle  bench/divergence.h
#include "kernels/cuda/launch.cuh"
#include "kernels/cuda/limits.h"
#include "kernels/cuda/vocabulary/divergence_row.cuh"
#include "kernels/cuda/vocabulary/head_tile.cuh"

namespace ssa::cuda {
namespace {

constexpr int kRows = 64;
constexpr int kIds = 64;
constexpr int kDivergenceStrip = 4096;
constexpr int kThreads = 256;
constexpr int kFolders = 4;               // threads that fold a row
constexpr int kLogitPitch = kIds + 4;     // eight rows lie in different banks
constexpr int64_t kMostRows = 4096;       // at a time

static_assert(kRows * kFolders == kThreads, "every thread folds");

template <typename Io>
struct DivergenceShape {
  using Element = typename Operand<Io>::Element;
  static constexpr int kParts = Operand<Io>::kParts;
  static constexpr int kStages = kParts == 1 ? 3 : 2;
  static constexpr int kPlane = kRows * kPitch;       // kRows = kIds
  static constexpr int kStage = 2 * kParts * kPlane;  // hidden, then weight
  static constexpr size_t kStageBytes = sizeof(Element) * kStages * kStage;
  static constexpr size_t kLogitBytes = sizeof(float) * 2 * kRows * kLogitPitch;
  static constexpr size_t kSharedBytes = kStageBytes + kLogitBytes;
};

static_assert(DivergenceShape<__half>::kSharedBytes >= kThreads * sizeof(RowSums),
              "the threads' sums fit where tiles were");

template <typename Io>
struct Side {
  int width;
  const Io* hidden;
  const Io* weight;
};

struct Rows {
  int first;  // of this wave
  int end;
  int vocabulary;
  const int64_t* targets;  // [T]
  RowSums* parts;          // [strips, rows of the wave]
  float2* target;          // [rows of the wave] logits of the target
};

using Logits = float[4][4];

template <typename Io>
__device__ void multiplyStage(const typename Operand<Io>::Element* stage, Logits& logits) {
  using Shape = DivergenceShape<Io>;
  int lane = threadIdx.x % 32;
  int warp = threadIdx.x / 32;
  const auto* hidden = stage + (warp / 2 * 16 + lane % 16) * kPitch + lane / 16 * 8;
  const auto* weight = stage + Shape::kParts * Shape::kPlane +
                       (warp % 2 * 32 + lane % 8 + lane / 16 * 8) * kPitch + lane / 8 % 2 * 8;
#pragma unroll
  for (int step = 0; step < kDepth / 16; step++) {
    uint32_t a[Shape::kParts][4];
#pragma unroll
    for (int i = 0; i < Shape::kParts; i++) {
      loadMatrices(a[i], hidden + i * Shape::kPlane + step * 16);
    }
#pragma unroll
    for (int k = 0; k < Shape::kParts; k++) {
#pragma unroll
      for (int n = 0; n < 4; n += 2) {
        uint32_t b[4];
        loadMatrices(b, weight + k * Shape::kPlane + n * 8 * kPitch + step * 16);
#pragma unroll
        for (int i = 0; i < Shape::kParts; i++) {
          if (counts<Shape::kParts, Shape::kParts>(i, k)) {
            multiplyAdd<typename Shape::Element>(logits[n], a[i], b[0], b[1]);
            multiplyAdd<typename Shape::Element>(logits[n + 1], a[i], b[2], b[3]);
          }
        }
      }
    }
  }
}

// Puts a side's logits [64, 64] where four threads of a row find them, and begins the next with 0.
__device__ inline void store(Logits& logits, float* to) {
  int lane = threadIdx.x % 32;
  int warp = threadIdx.x / 32;
  float* corner = to + (warp / 2 * 16 + lane / 4) * kLogitPitch + warp % 2 * 32 + lane % 4 * 2;
#pragma unroll
  for (int n = 0; n < 4; n++) {
#pragma unroll
    for (int half = 0; half < 2; half++) {
      *reinterpret_cast<float2*>(corner + half * 8 * kLogitPitch + n * 8) =
          make_float2(logits[n][2 * half], logits[n][2 * half + 1]);
      logits[n][2 * half] = logits[n][2 * half + 1] = 0;
    }
  }
}

// Folds ids first, first + 4, … of a row's 64 from `first_id` on.
__device__ inline void fold(const float* a, const float* b, int first_id, const Rows& rows,
                            int64_t target, float2* target_out, RowSums* row) {
  int first = first_id + threadIdx.x % kFolders;
  addIds<kIds / kFolders>(a, b, first, rows.vocabulary, &row->a);
  addIds<kIds / kFolders>(b, a, first, rows.vocabulary, &row->b);
  for (int i = 0; i < kIds / kFolders; i++) {
    int id = first + kFolders * i;
    if (id < rows.vocabulary) {
      insert(b[kFolders * i], a[kFolders * i], id, &row->best);
      if (id == target) {
        *target_out = make_float2(a[kFolders * i], b[kFolders * i]);
      }
    }
  }
}

template <typename Io>
__global__ void __launch_bounds__(kThreads)
    tokenDivergenceKernel(Rows rows, Side<Io> a, Side<Io> b) {
  using Shape = DivergenceShape<Io>;
  using Element = typename Shape::Element;
  extern __shared__ uint4 shared[];
  Element* stages = reinterpret_cast<Element*>(shared);
  float* logits_a = reinterpret_cast<float*>(reinterpret_cast<char*>(shared) + Shape::kStageBytes);
  float* logits_b = logits_a + kRows * kLogitPitch;
  int first_row = rows.first + blockIdx.x * kRows;
  int first_id = blockIdx.y * kDivergenceStrip;
  int ids = min(kDivergenceStrip, rows.vocabulary - first_id);
  int depths_a = (a.width + kDepth - 1) / kDepth;
  int depths = depths_a + (b.width + kDepth - 1) / kDepth;
  int steps = (ids + kIds - 1) / kIds * depths;
  auto copy = [&](int step) {
    if (step < steps) {
      Element* stage = stages + step % Shape::kStages * Shape::kStage;
      int within = step % depths;
      const Side<Io>& side = within < depths_a ? a : b;
      int depth = (within < depths_a ? within : within - depths_a) * kDepth;
      copyTile<Io, kRows, kThreads>(side.hidden, first_row, rows.end, side.width, depth, stage);
      copyTile<Io, kIds, kThreads>(side.weight, first_id + step / depths * kIds, rows.vocabulary,
                                   side.width, depth, stage + Shape::kParts * Shape::kPlane);
    }
    endCopies();
  };
  for (int i = 0; i < Shape::kStages - 1; i++) {
    copy(i);
  }
  int folded = threadIdx.x / kFolders;
  int mine = threadIdx.x % kFolders;
  int row = first_row + folded;
  int64_t target = row < rows.end ? rows.targets[row] : -1;
  RowSums sums = noSums();
  Logits logits = {};
  for (int step = 0; step < steps; step++) {
    awaitCopies<Shape::kStages - 2>();
    __syncthreads();
    copy(step + Shape::kStages - 1);
    multiplyStage<Io>(stages + step % Shape::kStages * Shape::kStage, logits);
    int within = step % depths;
    if (within == depths_a - 1) {
      store(logits, logits_a);
    } else if (within == depths - 1) {
      store(logits, logits_b);
      __syncthreads();
      fold(logits_a + folded * kLogitPitch + mine, logits_b + folded * kLogitPitch + mine,
           first_id + step / depths * kIds, rows, target, rows.target + row - rows.first, &sums);
    }
  }
  awaitCopies<0>();
  __syncthreads();
  RowSums* of_threads = reinterpret_cast<RowSums*>(shared);
  of_threads[threadIdx.x] = sums;
  __syncthreads();
  if (mine == 0 && row < rows.end) {
    for (int i = 1; i < kFolders; i++) {
      join(of_threads[threadIdx.x + i], &sums);
    }
    rows.parts[static_cast<int64_t>(blockIdx.y) * (rows.end - rows.first) + row - rows.first] =
        sums;
  }
}

__global__ void finishKernel(Rows rows, int strips, double* figures, int32_t* argmax) {
  int at = blockIdx.x * blockDim.x + threadIdx.x;
  int count = rows.end - rows.first;
  if (at >= count) {
    return;
  }
  RowSums all = rows.parts[at];
  for (int i = 1; i < strips; i++) {
    join(rows.parts[static_cast<int64_t>(i) * count + at], &all);
  }
  double log_a = log(all.a.sum);
  double log_b = log(all.b.sum);
  double apart = (static_cast<double>(all.a.largest) - all.b.largest) + (log_a - log_b);
  double best = 0;
  for (int i = 0; i < kBest && all.best.id[i] >= 0; i++) {
    best += exp(static_cast<double>(all.best.a[i]) - all.a.largest);
  }
  int64_t row = rows.first + at;
  int64_t id = rows.targets[row];
  bool known = id >= 0 && id < rows.vocabulary;
  float2 target = known ? rows.target[at] : make_float2(-INFINITY, -INFINITY);
  double* out = figures + row * 5;
  out[0] = all.a.difference / all.a.sum - apart;
  out[1] = all.b.difference / all.b.sum + apart;
  out[2] = best / all.a.sum;
  out[3] = static_cast<double>(target.x) - all.a.largest - log_a;
  out[4] = static_cast<double>(target.y) - all.b.largest - log_b;
  argmax[2 * row] = all.a.argmax;
  argmax[2 * row + 1] = all.b.argmax;
}

int64_t rowsAtOnce(const TokenDivergenceParameters& p) {
  return p.tokens < kMostRows ? p.tokens : kMostRows;
}

int64_t partBytes(const TokenDivergenceParameters& p) {
  int64_t bytes = parts(p.vocabulary, kDivergenceStrip) * rowsAtOnce(p) *
                  static_cast<int64_t>(sizeof(RowSums));
  return (bytes + 255) / 256 * 256;
}

template <typename Io>
Side<Io> sideOf(const DivergenceSide& side) {
  return {static_cast<int>(side.width), static_cast<const Io*>(side.hidden),
          static_cast<const Io*>(side.weight)};
}

template <typename Io>
Report diverge(const TokenDivergenceParameters& p) {
  char* workspace = static_cast<char*>(p.workspace);
  unsigned strips = parts(p.vocabulary, kDivergenceStrip);
  Report report;
  for (int64_t from = 0; from < p.tokens && report.done; from += kMostRows) {
    int64_t to = from + kMostRows < p.tokens ? from + kMostRows : p.tokens;
    Rows rows = {static_cast<int>(from),
                 static_cast<int>(to),
                 static_cast<int>(p.vocabulary),
                 p.targets,
                 reinterpret_cast<RowSums*>(workspace),
                 reinterpret_cast<float2*>(workspace + partBytes(p))};
    Grid grid = {dim3(parts(to - from, kRows), strips), kThreads,
                 DivergenceShape<Io>::kSharedBytes};
    report = launch("token_divergence", tokenDivergenceKernel<Io>, grid, p.stream, rows,
                    sideOf<Io>(p.a), sideOf<Io>(p.b));
    if (report.done) {
      Grid finish = {dim3(parts(to - from, 64)), 64, 0};
      report = launch("token_divergence finish", finishKernel, finish, p.stream, rows,
                      static_cast<int>(strips), p.figures, p.argmax);
    }
  }
  return report;
}

bool isWidth(int64_t width) { return width >= kWidthMultiple && width % kWidthMultiple == 0; }

}  // namespace

size_t workspaceBytes(const TokenDivergenceParameters& p) {
  return static_cast<size_t>(partBytes(p)) + static_cast<size_t>(rowsAtOnce(p)) * sizeof(float2);
}

Report tokenDivergence(const TokenDivergenceParameters& p) {
  Report report;
  if (p.tokens == 0) {
    return report;
  }
  if (!isWidth(p.a.width) || !isWidth(p.b.width) || p.vocabulary < 1) {
    report.done = false;
    std::snprintf(report.why, sizeof report.why,
                  "token_divergence: widths %lld and %lld, vocabulary %lld; widths are multiples of 8",
                  static_cast<long long>(p.a.width), static_cast<long long>(p.b.width),
                  static_cast<long long>(p.vocabulary));
    return report;
  }
  switch (p.element) {
    case Element::kFloat32:
      return diverge<float>(p);
    case Element::kFloat16:
      return diverge<__half>(p);
    default:
      return diverge<__nv_bfloat16>(p);
  }
}

}  // namespace ssa::cuda
