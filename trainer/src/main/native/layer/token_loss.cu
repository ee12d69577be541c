// token_loss.cu: cross-entropy of rows of logits, which become their own gradients
//
// in    logits [R, V] bf16, targets [R], counted [R] 0 or 1
// out   losses [R] fp32; logits: scale counted (softmax - target)
// math  log sum e^x by the largest so far; loss = counted (log sum - x_target)
// cost  logits read twice (the second time from a cache) and written once
// num.  fp32; sums of a thread in order, then warps, then the block
// grid  a block of threads per row
// twin  NextTokenLoss.java      oracle  ReducedPrecisionTest.java
#include "layer/layer.h"
#include "layer/vectors.cuh"

namespace ssa::layer {
namespace {

constexpr int kThreads = 512;

// The largest value so far and the sum of e^(x - largest).
struct Sum {
  float largest;
  float sum;

  __device__ void add(const Sum& other) {
    float top = fmaxf(largest, other.largest);
    // A finite shift keeps minus infinity from becoming NaN.
    float shift = top == -INFINITY ? 0.0f : top;
    sum = sum * __expf(largest - shift) + other.sum * __expf(other.largest - shift);
    largest = top;
  }
};

__device__ inline Sum ofAll(Sum mine) {
  __shared__ Sum warps[kThreads / 32];
#pragma unroll
  for (int step = 16; step > 0; step /= 2) {
    Sum other = {__shfl_xor_sync(cuda::kWarp, mine.largest, step),
                 __shfl_xor_sync(cuda::kWarp, mine.sum, step)};
    mine.add(other);
  }
  if (threadIdx.x % 32 == 0) {
    warps[threadIdx.x / 32] = mine;
  }
  __syncthreads();
  Sum all = warps[0];
  for (int w = 1; w < kThreads / 32; w++) {
    all.add(warps[w]);
  }
  return all;
}

__global__ void __launch_bounds__(kThreads) tokenLossKernel(TokenLoss t, bool wide) {
  int64_t row = blockIdx.x;
  int size = static_cast<int>(t.vocabulary);
  Bf16* logits = static_cast<Bf16*>(t.logits) + row * size;
  int target = static_cast<int>(t.targets[row]);
  float at_target = __bfloat162float(logits[target]);
  int behind = wide ? size : size / 8 * 8;
  Sum mine = {-INFINITY, 0};
  for (int i = threadIdx.x * 8; i < behind; i += kThreads * 8) {
    Eight x;
    x.load(logits + i, wide);
    Sum eight = {x.x[0], 0};
#pragma unroll
    for (int k = 1; k < 8; k++) {
      eight.largest = fmaxf(eight.largest, x.x[k]);
    }
    float shift = eight.largest == -INFINITY ? 0.0f : eight.largest;
#pragma unroll
    for (int k = 0; k < 8; k++) {
      eight.sum += __expf(x.x[k] - shift);
    }
    mine.add(eight);
  }
  for (int i = behind + threadIdx.x; i < size; i += kThreads) {
    mine.add({__bfloat162float(logits[i]), 1});
  }
  Sum all = ofAll(mine);
  float normaliser = all.largest + __logf(all.sum);
  float counted = t.counted[row];
  float scale = counted * t.scale;
  for (int i = threadIdx.x * 8; i < behind; i += kThreads * 8) {
    Eight x;
    x.load(logits + i, wide);
#pragma unroll
    for (int k = 0; k < 8; k++) {
      x.x[k] = scale * (__expf(x.x[k] - normaliser) - (i + k == target ? 1.0f : 0.0f));
    }
    x.store(logits + i, wide);
  }
  for (int i = behind + threadIdx.x; i < size; i += kThreads) {
    float x = __expf(__bfloat162float(logits[i]) - normaliser) - (i == target ? 1.0f : 0.0f);
    logits[i] = __float2bfloat16_rn(scale * x);
  }
  if (threadIdx.x == 0) {
    t.losses[row] = counted * (normaliser - at_target);
  }
}

}  // namespace

Report tokenLoss(const TokenLoss& t) {
  cuda::Grid grid = {dim3(static_cast<unsigned>(t.rows)), kThreads, 0};
  return cuda::launch("token_loss", tokenLossKernel, grid, t.stream, t, wideRows(t.vocabulary));
}

}  // namespace ssa::layer
