// heads.cu: the joint projection's columns become queries, keys, values and gates; and back
//
// in    joint [T, N] bf16, N = (HQ + 2 H) D + 3 HQ; cos, sin [T, D / 2] fp32; back: dq, dk, dv of each branch
// out   q [T, HQ, D], k, v [T, H, D] bf16, gates [T, HQ, 3] fp32; back: d_joint, columns of gates left out
// math  feature i turns with feature i + D / 2 (q, k); gates by the sigmoid;
//       back: the sum over branches, turned the other way
// cost  each array once
// num.  fp32; one rounding to bf16
// grid  a thread per 16 features of a head (8 and the 8 they turn with), or 8 gates
// twin  RotaryAngles.java under autograd      oracle  ReducedPrecisionTest.java
#include "layer/layer.h"
#include "layer/vectors.cuh"

namespace ssa::layer {
namespace {

constexpr int kThreads = 256;

// What a thread has: features [first, first + 8) and those D / 2 further of a head.
struct Unit {
  int token;
  int head;   // queries', then keys', then values'
  int first;
  int gates;  // first of 8, or -1: features

  __device__ static Unit of(const Heads& h, int64_t index, int units, int feature_units) {
    Unit unit;
    unit.token = static_cast<int>(index / units);
    int u = static_cast<int>(index % units);
    int per_head = static_cast<int>(h.dim) / 16;
    unit.gates = u < feature_units ? -1 : (u - feature_units) * 8;
    unit.head = u / per_head;
    unit.first = u % per_head * 8;
    return unit;
  }
};

__device__ inline void turn(const Heads& h, const Unit& unit, float direction, Eight* a, Eight* b) {
  int64_t at = unit.token * (h.dim / 2) + unit.first;
#pragma unroll
  for (int i = 0; i < 8; i++) {
    float c = h.cos[at + i];
    float s = h.sin[at + i] * direction;
    float x = a->x[i];
    float y = b->x[i];
    a->x[i] = x * c - y * s;
    b->x[i] = y * c + x * s;
  }
}

__global__ void headsForwardKernel(HeadsForward f, int units, int feature_units, bool wide) {
  const Heads& h = f.heads;
  int64_t index = static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x;
  if (index >= h.tokens * units) {
    return;
  }
  Unit unit = Unit::of(h, index, units, feature_units);
  const Bf16* row = static_cast<const Bf16*>(f.joint) + unit.token * h.columns;
  if (unit.gates >= 0) {
    int count = static_cast<int>(3 * h.query_heads);
    for (int i = unit.gates; i < min(unit.gates + 8, count); i++) {
      f.gates[static_cast<int64_t>(unit.token) * count + i] =
          sigmoid(__bfloat162float(row[h.gate_column + i]));
    }
    return;
  }
  int half = static_cast<int>(h.dim) / 2;
  Eight a, b;
  a.load(row + unit.head * h.dim + unit.first, wide);
  b.load(row + unit.head * h.dim + unit.first + half, wide);
  int q_heads = static_cast<int>(h.query_heads);
  int kv_heads = static_cast<int>(h.kv_heads);
  if (unit.head < q_heads + kv_heads) {
    turn(h, unit, 1, &a, &b);
  }
  void* to = f.q;
  int heads = q_heads;
  int head = unit.head;
  if (head >= q_heads) {
    heads = kv_heads;
    head -= q_heads;
    to = f.k;
    if (head >= kv_heads) {
      head -= kv_heads;
      to = f.v;
    }
  }
  Bf16* out =
      static_cast<Bf16*>(to) + (static_cast<int64_t>(unit.token) * heads + head) * h.dim + unit.first;
  a.store(out, true);
  b.store(out + half, true);
}

__device__ inline void addBranches(const void* const* from, int64_t branches, int64_t at, int half,
                                   Eight* a, Eight* b) {
#pragma unroll
  for (int i = 0; i < 8; i++) {
    a->x[i] = b->x[i] = 0;
  }
  for (int n = 0; n < branches; n++) {
    Eight x, y;
    x.load(static_cast<const Bf16*>(from[n]) + at, true);
    y.load(static_cast<const Bf16*>(from[n]) + at + half, true);
#pragma unroll
    for (int i = 0; i < 8; i++) {
      a->x[i] += x.x[i];
      b->x[i] += y.x[i];
    }
  }
}

__global__ void headsBackwardKernel(HeadsBackward f, int feature_units, bool wide) {
  const Heads& h = f.heads;
  int64_t index = static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x;
  if (index >= h.tokens * feature_units) {
    return;
  }
  Unit unit = Unit::of(h, index, feature_units, feature_units);
  int half = static_cast<int>(h.dim) / 2;
  int q_heads = static_cast<int>(h.query_heads);
  int kv_heads = static_cast<int>(h.kv_heads);
  const void* const* from = f.dq;
  int heads = q_heads;
  int head = unit.head;
  if (head >= q_heads) {
    heads = kv_heads;
    head -= q_heads;
    from = f.dk;
    if (head >= kv_heads) {
      head -= kv_heads;
      from = f.dv;
    }
  }
  Eight a, b;
  addBranches(from, f.branches,
              (static_cast<int64_t>(unit.token) * heads + head) * h.dim + unit.first, half, &a, &b);
  if (unit.head < q_heads + kv_heads) {
    turn(h, unit, -1, &a, &b);
  }
  Bf16* row = static_cast<Bf16*>(f.d_joint) + unit.token * h.columns + unit.head * h.dim;
  a.store(row + unit.first, wide);
  b.store(row + unit.first + half, wide);
}

int featureUnits(const Heads& h) {
  return static_cast<int>((h.query_heads + 2 * h.kv_heads) * h.dim / 16);
}

}  // namespace

Report headsForward(const HeadsForward& f) {
  int features = featureUnits(f.heads);
  int units = features + (f.heads.gated ? static_cast<int>((3 * f.heads.query_heads + 7) / 8) : 0);
  cuda::Grid grid = {dim3(cuda::parts(f.heads.tokens * units, kThreads)), kThreads, 0};
  return cuda::launch("heads", headsForwardKernel, grid, f.heads.stream, f, units, features,
                      wideRows(f.heads.columns));
}

Report headsBackward(const HeadsBackward& b) {
  int features = featureUnits(b.heads);
  cuda::Grid grid = {dim3(cuda::parts(b.heads.tokens * features, kThreads)), kThreads, 0};
  return cuda::launch("heads back", headsBackwardKernel, grid, b.heads.stream, b, features,
                      wideRows(b.heads.columns));
}

}  // namespace ssa::layer
