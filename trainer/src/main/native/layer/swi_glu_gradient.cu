// swi_glu_gradient.cu: the gated unit, and its way back, which makes the output again
//
// in    gate_up [T, 2 F] bf16; back: d_out [T, F] bf16
// out   out [T, F] bf16; back: gate_up becomes its gradient
// math  s = sigmoid(gate), out = gate s up; d_up = g gate s, d_gate = g up s (1 + gate (1 - s))
// cost  each array once
// num.  fp32; one rounding to bf16
// grid  a thread per 8 features
// twin  torch::silu under autograd      oracle  ReducedPrecisionTest.java
#include "layer/layer.h"
#include "layer/vectors.cuh"

namespace ssa::layer {
namespace {

constexpr int kThreads = 256;

template <bool kBack>
__global__ void swiGluKernel(SwiGlu s, int units, bool wide) {
  int64_t index = static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x;
  int64_t row = index / units;
  if (row >= s.rows) {
    return;
  }
  int first = static_cast<int>(index % units) * 8;
  int count = min(8, static_cast<int>(s.width) - first);
  Bf16* gate_at = static_cast<Bf16*>(s.gate_up) + row * 2 * s.width + first;
  int64_t at = row * s.width + first;
  Eight gate, up, out, gradient;
  gate.load(gate_at, wide, count);
  up.load(gate_at + s.width, wide, count);
  if (kBack) {
    gradient.load(static_cast<const Bf16*>(s.d_out) + at, wide, count);
  }
#pragma unroll
  for (int i = 0; i < 8; i++) {
    float open = sigmoid(gate.x[i]);
    float unit = gate.x[i] * open;
    out.x[i] = unit * up.x[i];
    if (kBack) {
      float g = gradient.x[i];
      gate.x[i] = g * up.x[i] * open * (1 + gate.x[i] * (1 - open));
      up.x[i] = g * unit;
    }
  }
  out.store(static_cast<Bf16*>(s.out) + at, wide, count);
  if (kBack) {
    gate.store(gate_at, wide, count);
    up.store(gate_at + s.width, wide, count);
  }
}

}  // namespace

Report swiGlu(const SwiGlu& s) {
  int units = static_cast<int>((s.width + 7) / 8);
  cuda::Grid grid = {dim3(cuda::parts(s.rows * units, kThreads)), kThreads, 0};
  bool wide = wideRows(s.width);
  return s.d_out == nullptr
             ? cuda::launch("swi_glu", swiGluKernel<false>, grid, s.stream, s, units, wide)
             : cuda::launch("swi_glu back", swiGluKernel<true>, grid, s.stream, s, units, wide);
}

}  // namespace ssa::layer
