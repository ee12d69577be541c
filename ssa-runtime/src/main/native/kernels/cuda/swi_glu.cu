// swi_glu.cu: the gated unit of a feed-forward layer
//
// in    gate_up [T, 2 F] element: F gates, then F values
// out   out [T, F] element
// math  out = x / (1 + e^-x) * up, x the gate
// cost  reads 2 T F and writes T F elements
// num.  fp32, rounded once
// grid  a thread per 4 outputs
// twin  ONNX's Swish and Mul      oracle  bench/rows.h
// from  arXiv:2002.05202; Hugging Face's LlamaMLP
#include "kernels/cuda/launch.cuh"
#include "kernels/cuda/limits.h"
#include "kernels/cuda/tile/tensor_core.cuh"

namespace ssa::cuda {
namespace {

constexpr int kThreads = 256;

template <typename Io>
struct alignas(4 * sizeof(Io)) Four {
  Io x[4];
};

template <typename Io>
__global__ void swiGluKernel(int64_t fours, int width, const Io* gate_up, Io* out) {
  int64_t item = static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x;
  if (item >= fours) {
    return;
  }
  int of_row = width / 4;
  int64_t row = item / of_row;
  int f = static_cast<int>(item % of_row) * 4;
  const Io* gates = gate_up + row * 2 * width + f;
  Four<Io> gate = *reinterpret_cast<const Four<Io>*>(gates);
  Four<Io> up = *reinterpret_cast<const Four<Io>*>(gates + width);
  Four<Io> result;
#pragma unroll
  for (int i = 0; i < 4; i++) {
    float x = toFloat(gate.x[i]);
    result.x[i] = fromFloat<Io>(x / (1.0f + expf(-x)) * toFloat(up.x[i]));
  }
  *reinterpret_cast<Four<Io>*>(out + row * width + f) = result;
}

template <typename Io>
Report gluOf(const SwiGluParameters& p) {
  int64_t fours = p.tokens * p.width / 4;
  Grid grid = {dim3(parts(fours, kThreads)), kThreads, 0};
  return launch("swi_glu", swiGluKernel<Io>, grid, p.stream, fours, static_cast<int>(p.width),
                static_cast<const Io*>(p.gate_up), static_cast<Io*>(p.out));
}

}  // namespace

Report swiGlu(const SwiGluParameters& p) {
  Report report;
  if (p.tokens == 0) {
    return report;
  }
  if (p.width < kFeedMultiple || p.width % kFeedMultiple != 0) {
    report.done = false;
    std::snprintf(report.why, sizeof report.why, "swi_glu: width %lld; multiples of 4",
                  static_cast<long long>(p.width));
    return report;
  }
  switch (p.element) {
    case Element::kFloat32:
      return gluOf<float>(p);
    case Element::kFloat16:
      return gluOf<__half>(p);
    default:
      return gluOf<__nv_bfloat16>(p);
  }
}

}  // namespace ssa::cuda
