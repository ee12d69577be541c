// block_mean.cu: the mean key of complete blocks, from the sums that the pages keep
//
// in    key_sums, value_sums  [16, D] per page  fp32, sums of 8 tokens (see PageLayout)
// out   means       [S, H, parts, N, D]  tensor-core element, times log2(e) / sqrt(D); as a sum of
//                   2 parts (3 for fp32): 16 to 24 bits; 0 behind the last complete block
//       key_means, value_means  [S, H, N, D]  element, for the compressed branch
// math  mean_b = 1/B sum over the block's B/8 groups, ascending
// cost  reads 4 B/8 D bytes, writes 4 D (6 D) per block: no key is read again
// num.  fp32 sums, then parts: a score is off by less than 2^-16 of its terms, so that the top-k is
//       that of exact arithmetic up to ties of 1e-3
// grid  (N, S, H), D threads
// twin  kernels/cpu/block_mean.h      oracle  bench/contract.cu
#include "kernels/cuda/selection/block_scores.cuh"
#include "kernels/cuda/launch.cuh"
#include "kernels/cuda/sequences.cuh"

namespace ssa::cuda {
namespace {

template <typename Io>
struct MeanOutputs {
  typename Operand<Io>::Element* means;
  Io* keys;    // or nullptr
  Io* values;  // or nullptr
  int stride;
};

template <typename Io>
__device__ float meanOf(const View& v, int s, int h, int block, int d, int sums_of) {
  constexpr int kGroup = PageLayout::kGroupTokens;
  int first = block * v.block_size;
  float sum = 0;
  for (int t = first; t < first + v.block_size; t += kGroup) {
    const Io* keys = reinterpret_cast<const Io*>(v.page(s, t, h));
    const float* sums =
        reinterpret_cast<const float*>(keys + 2 * PageLayout::kTokens * v.head_dim);
    int slot = sums_of * static_cast<int>(PageLayout::kGroups) +
               t / kGroup % static_cast<int>(PageLayout::kGroups);
    sum += sums[slot * v.head_dim + d];
  }
  return sum / v.block_size;
}

template <typename Io>
__global__ void blockMeanKernel(View v, MeanOutputs<Io> out) {
  using Element = typename Operand<Io>::Element;
  constexpr int kParts = kMeanParts<Io>;
  int block = blockIdx.x;
  int s = blockIdx.y;
  int h = blockIdx.z;
  int d = threadIdx.x;
  int complete = (v.past(s) + v.newTokens(s)) / v.block_size;
  if (v.newTokens(s) == 0) {
    return;
  }
  float mean = block < complete ? meanOf<Io>(v, s, h, block, d, 0) : 0.0f;
  float rest = mean * (kLog2E / sqrtf(static_cast<float>(v.head_dim)));
  int64_t head = static_cast<int64_t>(s) * v.kv_heads + h;
#pragma unroll
  for (int i = 0; i < kParts; i++) {
    Element part = fromFloat<Element>(rest);
    out.means[((head * kParts + i) * out.stride + block) * v.head_dim + d] = part;
    rest -= toFloat(part);
  }
  if (out.keys != nullptr) {
    int64_t at = (head * out.stride + block) * v.head_dim + d;
    out.keys[at] = fromFloat<Io>(mean);
    float value = block < complete ? meanOf<Io>(v, s, h, block, d, 1) : 0.0f;
    out.values[at] = fromFloat<Io>(value);
  }
}

}  // namespace

Report blockMeans(const Call& call) {
  return dispatch("block_mean", call.p.layout, [&](auto type, auto) {
    using Io = typename decltype(type)::type;
    MeanOutputs<Io> out = {static_cast<typename Operand<Io>::Element*>(call.means),
                           static_cast<Io*>(call.key_means), static_cast<Io*>(call.value_means),
                           static_cast<int>(call.mean_stride)};
    Grid grid = {dim3(static_cast<unsigned>(call.mean_stride),
                      static_cast<unsigned>(call.p.sequences),
                      static_cast<unsigned>(call.p.kv_heads)),
                 static_cast<int>(call.p.layout.head_dim), 0};
    return launch("block_mean", blockMeanKernel<Io>, grid, call.p.stream, viewOf(call), out);
  });
}

}  // namespace ssa::cuda
