// adam_w.cu: a step of AdamW on flat arrays, and the weights rounded for products
//
// in    gradients [n], weights, mean, square [n] fp32
// out   weights, mean, square [n] fp32, rounded [n] bf16
// math  g = clip gradient; m += (1 - b1)(g - m); v = b2 v + (1 - b2) g g;
//       w = decay w - rate m / (sqrt(v) / root + epsilon)
// cost  each array once
// num.  fp32
// grid  a thread per 4 elements
// twin  AdamW.java on libtorch's operations      oracle  parity with PyTorch (docs/training.md)
// from  Loshchilov and Hutter arXiv:1711.05101
#include "layer/layer.h"
#include "layer/vectors.cuh"

namespace ssa::layer {
namespace {

constexpr int kThreads = 256;

__device__ inline void step(const AdamW& a, float gradient, float* w, float* m, float* v) {
  float g = gradient * a.clip;
  *m += a.share1 * (g - *m);
  *v = a.beta2 * *v + a.share2 * g * g;
  *w = a.decay * *w - a.rate * *m / (sqrtf(*v) / a.root + a.epsilon);
}

__global__ void adamWKernel(AdamW a) {
  int64_t at = (static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x) * 4;
  if (at >= a.elements) {
    return;
  }
  Bf16* rounded = static_cast<Bf16*>(a.rounded);
  if (at + 4 <= a.elements) {
    float4 g = *reinterpret_cast<const float4*>(a.gradients + at);
    float4 w = *reinterpret_cast<const float4*>(a.weights + at);
    float4 m = *reinterpret_cast<const float4*>(a.mean + at);
    float4 v = *reinterpret_cast<const float4*>(a.square + at);
    step(a, g.x, &w.x, &m.x, &v.x);
    step(a, g.y, &w.y, &m.y, &v.y);
    step(a, g.z, &w.z, &m.z, &v.z);
    step(a, g.w, &w.w, &m.w, &v.w);
    *reinterpret_cast<float4*>(a.weights + at) = w;
    *reinterpret_cast<float4*>(a.mean + at) = m;
    *reinterpret_cast<float4*>(a.square + at) = v;
    if (rounded != nullptr) {
      *reinterpret_cast<uint2*>(rounded + at) =
          make_uint2(cuda::pack<Bf16>(w.x, w.y), cuda::pack<Bf16>(w.z, w.w));
    }
    return;
  }
  for (int64_t i = at; i < a.elements; i++) {
    step(a, a.gradients[i], a.weights + i, a.mean + i, a.square + i);
    if (rounded != nullptr) {
      rounded[i] = __float2bfloat16_rn(a.weights[i]);
    }
  }
}

}  // namespace

Report adamW(const AdamW& a) {
  if (a.elements == 0) {
    return Report();
  }
  cuda::Grid grid = {dim3(cuda::parts(a.elements, 4 * kThreads)), kThreads, 0};
  return cuda::launch("adam_w", adamWKernel, grid, a.stream, a);
}

}  // namespace ssa::layer
