// row_normaliser_sm90.cu: block_normaliser of whole sequences, for compute capability 9.0, bf16, D 64 or 128
//
// in    queries [T, HQ, D]  element, rotated; means [S, H, parts, N, D] from block_mean
// out   normalisers [T, HQ]  fp32; not finite where a sum overflowed: block_normaliser repairs those
// math  log2 of the sum over the complete blocks n < (t + 1) / B of 2^(q . mean_n)
// cost  4 HQ N D flop and HQ N exponentials per token: the exponentials bind it, tensor cores need about as
//       long at D = 64
// num.  as block_normaliser.cu: the largest of the first scores that a lane meets serves as its shift
// grid  (token tiles, H); see row_scores.cuh
// twin  kernels/cpu/block_importance.h      oracle  trainer/src/main/native/bench/gradients.cu
// from  NSA arXiv:2502.11089 (8) to (10), FlashAttention-3 arXiv:2407.08608
#include "kernels/cuda/selection/row_scores.cuh"

namespace ssa::cuda {
namespace {

using Io = __nv_bfloat16;

#if defined(__CUDA_ARCH_FEAT_SM90_ALL)

// A lane's share of the sums of its two rows.
struct LaneSums {
  float shift[2] = {0, 0};
  float sum[2] = {0, 0};

  __device__ void add(float (&scores)[32], int base, const int (&limit)[2], bool masked, bool first) {
    int j = threadIdx.x % 4;
    if (masked) {
#pragma unroll
      for (int i = 0; i < 32; i++) {
        int block = base + i / 4 * 8 + 2 * j + i % 2;
        scores[i] = block < limit[i / 2 % 2] ? scores[i] : -INFINITY;
      }
    }
    if (first) {
      float top[2] = {-INFINITY, -INFINITY};
#pragma unroll
      for (int i = 0; i < 32; i++) {
        top[i / 2 % 2] = fmaxf(top[i / 2 % 2], scores[i]);
      }
#pragma unroll
      for (int half = 0; half < 2; half++) {
        shift[half] = fabsf(top[half]) < INFINITY ? top[half] : 0.0f;
      }
    }
#pragma unroll
    for (int i = 0; i < 32; i++) {
      sum[i / 2 % 2] += exp2Fast(scores[i] - shift[i / 2 % 2]);
    }
  }

  // log2 of a row's sum; the same in its four lanes.
  __device__ float logOf(int half) const {
    float top = sum[half] == 0 ? -INFINITY : shift[half];
    for (int step = 1; step < 4; step *= 2) {
      top = fmaxf(top, __shfl_xor_sync(kWarp, top, step));
    }
    float all = sum[half] == 0 ? 0.0f : sum[half] * exp2f(shift[half] - top);
    for (int step = 1; step < 4; step *= 2) {
      all += __shfl_xor_sync(kWarp, all, step);
    }
    return all == 0 ? -INFINITY : top + log2f(all);
  }
};

template <int kDim, int kRows>
__device__ void normaliseRows(const View& v, const Io* q, const TokenTile& tile, int h, int stages,
                              const RowRing<kDim>& ring, float* out) {
  RowTokens<kRows> tokens(tile);
  HeldRows<kDim> rows;
  loadQueries<kDim, kRows>(v, q, tokens, h, &rows);
  int limit[2];
#pragma unroll
  for (int half = 0; half < 2; half++) {
    limit[half] = (min(tokens.token(half), tile.last - 1) + 1) / v.block_size;
  }
  int least = (tokens.first + 1) / v.block_size;
  LaneSums sums;
  auto at = [](int i) { return i * RowShape<kDim>::kBlocks; };
  consumeMeans<kDim>(rows, ring, stages, at, [&](float (&scores)[32], int base) {
    sums.add(scores, base, limit, base + 64 > least, base == 0);
  });
#pragma unroll
  for (int half = 0; half < 2; half++) {
    float log_sum = sums.logOf(half);
    if (threadIdx.x % 4 == 0 && tokens.there(v, half)) {
      out[tokens.head(v, h, half)] = log_sum;
    }
  }
}

#endif

template <int kDim, int kRows>
__global__ void __launch_bounds__(RowShape<kDim>::kThreads, 1)
    rowNormaliserKernel(View v, const Io* q, RowMeans means, float* out) {
#if defined(__CUDA_ARCH_FEAT_SM90_ALL)
  using Shape = RowShape<kDim>;
  extern __shared__ uint4 shared[];
  RowRing<kDim> ring(reinterpret_cast<char*>(shared), 0);
  TokenTile tile;
  // Later tokens see more blocks: they go first.
  if (!findTile(v, gridDim.x - 1 - blockIdx.x, Shape::kGroups * 64 / kRows, Form::kPrefill, &tile)) {
    return;
  }
  int h = blockIdx.y;
  int stages = (tile.last / v.block_size + Shape::kBlocks - 1) / Shape::kBlocks;
  if (threadIdx.x == 0) {
    ring.make();
  }
  __syncthreads();
  if (threadIdx.x < 128) {
    shrinkRegisters<Shape::kFewRegisters>();
    produceMeans<kDim>(means, static_cast<int64_t>(tile.sequence) * v.kv_heads + h, ring, stages,
                       [](int i) { return i * Shape::kBlocks; });
  } else {
    growRegisters<Shape::kRegisters>();
    normaliseRows<kDim, kRows>(v, q, tile, h, stages, ring, out);
  }
#endif
}

template <int kDim, int kRows>
Report normalise(const Call& call) {
  using Shape = RowShape<kDim>;
  RowMeans means = {static_cast<const Io*>(call.means), static_cast<int>(call.mean_stride)};
  Grid grid = {dim3(static_cast<unsigned>(mostTiles(call, Shape::kGroups * 64 / kRows)),
                    static_cast<unsigned>(call.p.kv_heads)),
               Shape::kThreads, Shape::kSharedBytes};
  return launch("row_normaliser", rowNormaliserKernel<kDim, kRows>, grid, call.p.stream,
                viewOf(call), static_cast<const Io*>(call.queries), means, call.normalisers);
}

template <int kDim>
Report normaliseHeads(const Call& call) {
  switch (tokenRows(call.p.query_heads / call.p.kv_heads)) {
    case 4:
      return normalise<kDim, 4>(call);
    case 8:
      return normalise<kDim, 8>(call);
    default:
      return normalise<kDim, 16>(call);
  }
}

}  // namespace

bool hasRowKernels(const Call& call) {
  return call.trains && call.p.layout.element == Element::kBFloat16 && hasGroupKernels(call) &&
         tokenRows(call.p.query_heads / call.p.kv_heads) > 0;
}

Report rowNormalisers(const Call& call) {
  return call.p.layout.head_dim == 64 ? normaliseHeads<64>(call) : normaliseHeads<128>(call);
}

}  // namespace ssa::cuda
