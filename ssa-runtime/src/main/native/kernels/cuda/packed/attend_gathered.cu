// attend_gathered.cu: attend_selected over packed keys, bf16, D 64 or 128
//
// in    q [T, HQ, D], k, v [T, H, D]  bf16, rotated; selected [T, H, k] from block_topk
// out   out [T, HQ, D]  bf16; log_sum_exp [T, HQ]  fp32
// math  softmax(q k / sqrt(D)) v over the keys of the selected blocks up to the token
// cost  4 k B HQ D flop and 4 k B H D bytes per token, from the L2 cache: that binds it
// num.  fp32, online softmax in steps of 16 keys, ascending; a key behind the token is not read; weights are
//       rounded to bf16
// grid  a warp per (token, KV head, 16 heads); 4 neighbouring tokens share a block of threads
// twin  kernels/cpu/packed_forward.h      oracle  trainer/src/main/native/bench/gradients.cu
// from  Milakov and Gimelshein arXiv:1805.02867, FlashAttention arXiv:2205.14135
#include "kernels/cuda/packed/gathered_keys.cuh"

namespace ssa::cuda {
namespace {

using Io = __nv_bfloat16;

struct ForwardView {
  int tokens;
  int kv_heads;
  int group;
  int sequences;
  int block_size;
  int block_count;
  const int64_t* starts;
};

struct ForwardArrays {
  const Io* q;
  const Io* k;
  const Io* v;
  const int32_t* selected;
  Io* out;
  float* log_sum_exp;
};

// 16 heads of a token, by one warp; a lane has heads r and r + 8.
template <int kDim>
struct HeadRows {
  GatheredRows<kDim> queries;
  GatheredSums<kDim> out;
  float largest[2];
  float sum[2];
  int64_t head;  // of row r
  bool there[2];

  __device__ void begin(const ForwardView& v, const ForwardArrays& a, const GatherUnit& unit) {
    int r = threadIdx.x % 32 / 4;
    head = (static_cast<int64_t>(unit.row) * v.kv_heads + unit.h) * v.group + unit.first_head + r;
#pragma unroll
    for (int half = 0; half < 2; half++) {
      there[half] = unit.first_head + r + 8 * half < v.group;
      largest[half] = -INFINITY;
      sum[half] = 0;
    }
    queries.load(a.q + head * kDim, there[0], a.q + (head + 8) * kDim, there[1]);
    out.clear();
  }

  // A tile of which the first `seen` keys count.
  __device__ void add(const char* stage, int seen) {
    float scores[2][4] = {};
    queries.multiply(stage, scores);
    weigh(scores, seen);
    out.add(scores, stage + GatherShape<kDim>::kTileBytes);
  }

  // Scores become weights; what came before is rescaled. Scores are in units of log2.
  __device__ void weigh(float (&scores)[2][4], int seen) {
    int j = threadIdx.x % 4;
    float top[2] = {largest[0], largest[1]};
#pragma unroll
    for (int n = 0; n < 2; n++) {
#pragma unroll
      for (int i = 0; i < 4; i++) {
        bool counts = n * 8 + 2 * j + i % 2 < seen;
        scores[n][i] = counts ? scores[n][i] * kScoreScale<kDim> : -INFINITY;
        top[i / 2] = fmaxf(top[i / 2], scores[n][i]);
      }
    }
#pragma unroll
    for (int half = 0; half < 2; half++) {
      top[half] = fmaxf(top[half], __shfl_xor_sync(kWarp, top[half], 1));
      top[half] = fmaxf(top[half], __shfl_xor_sync(kWarp, top[half], 2));
    }
    if (__any_sync(kWarp, top[0] != largest[0] || top[1] != largest[1])) {
      rescale(top);
    }
#pragma unroll
    for (int n = 0; n < 2; n++) {
#pragma unroll
      for (int i = 0; i < 4; i++) {
        // While all scores are minus infinity, a finite shift keeps their difference from being NaN.
        float shift = largest[i / 2] == -INFINITY ? 0.0f : largest[i / 2];
        scores[n][i] = exp2Fast(scores[n][i] - shift);
        sum[i / 2] += scores[n][i];
      }
    }
  }

  __device__ void rescale(const float (&top)[2]) {
#pragma unroll
    for (int half = 0; half < 2; half++) {
      float shrink = top[half] == largest[half] ? 1.0f : exp2Fast(largest[half] - top[half]);
      largest[half] = top[half];
      sum[half] *= shrink;
#pragma unroll
      for (int n = 0; n < kDim / 8; n++) {
        out.sum[n][2 * half] *= shrink;
        out.sum[n][2 * half + 1] *= shrink;
      }
    }
  }

  __device__ void write(const ForwardArrays& a) {
    int j = threadIdx.x % 4;
#pragma unroll
    for (int half = 0; half < 2; half++) {
      // Each lane has added up a quarter of the keys.
      sum[half] += __shfl_xor_sync(kWarp, sum[half], 1);
      sum[half] += __shfl_xor_sync(kWarp, sum[half], 2);
      if (!there[half]) {
        continue;
      }
      int64_t row = head + 8 * half;
      out.write(a.out + row * kDim + 2 * j, half, shareOf(largest[half], sum[half]));
      if (j == 0) {
        a.log_sum_exp[row] = (largest[half] + log2f(sum[half])) * kLn2;
      }
    }
  }
};

template <int kDim>
__global__ void __launch_bounds__(kGatherWarps * 32, GatherShape<kDim>::kBlocks)
    attendGatheredKernel(ForwardView v, ForwardArrays a) {
  extern __shared__ uint4 shared[];
  GatherUnit unit(v.group, blockIdx.x, blockIdx.y);
  if (unit.row >= v.tokens) {
    return;
  }
  int64_t start = v.starts[lastAtMost(v.starts, v.sequences, static_cast<int64_t>(unit.row))];
  int64_t selection = static_cast<int64_t>(unit.row) * v.kv_heads + unit.h;
  int64_t origin = (start * v.kv_heads + unit.h) * kDim;
  GatheredKeys<kDim, true> keys = {a.selected + selection * v.block_count, a.k + origin, a.v + origin,
                             v.kv_heads * kDim, v.block_size, v.block_count};
  keys.begin(unit.row - static_cast<int>(start));
  HeadRows<kDim> rows;
  keys.forEach(
      reinterpret_cast<char*>(shared) + threadIdx.x / 32 * GatherShape<kDim>::kWarpBytes,
      [&] { rows.begin(v, a, unit); },
      [&](const char* stage, int first) { rows.add(stage, keys.count - first); });
  rows.write(a);
}

template <int kDim>
Report attend(const PackedForward& f, const int64_t* starts) {
  const PackedProblem& p = f.problem;
  int group = static_cast<int>(p.query_heads / p.kv_heads);
  ForwardView v = {static_cast<int>(p.tokens),
                   static_cast<int>(p.kv_heads),
                   group,
                   static_cast<int>(p.sequences),
                   static_cast<int>(p.branch.block_size),
                   static_cast<int>(p.branch.block_count),
                   starts};
  ForwardArrays a = {static_cast<const Io*>(f.q), static_cast<const Io*>(f.k),
                     static_cast<const Io*>(f.v), f.selected,
                     static_cast<Io*>(f.out),     f.log_sum_exp};
  unsigned heads = static_cast<unsigned>(p.kv_heads * ((group + 15) / 16));
  Grid grid = {dim3(parts(p.tokens, kGatherWarps), heads), kGatherWarps * 32,
               GatherShape<kDim>::kSharedBytes};
  return launch("attend_gathered", attendGatheredKernel<kDim>, grid, f.stream, v, a);
}

}  // namespace

Report attendGathered(const PackedForward& f, const int64_t* starts) {
  return f.problem.head_dim == 64 ? attend<64>(f, starts) : attend<128>(f, starts);
}

}  // namespace ssa::cuda
