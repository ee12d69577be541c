// gating.cu: gates weigh the branches of attention; back, and how far two streams' outputs are apart
//
// in    out of each branch [T, HQ, D] bf16, gates [T, HQ, 3] fp32; back: d_joined [T, HQ, D] bf16, the
//       counterpart's outputs
// out   joined [T, HQ, D] bf16; back: joined again, d_out of each branch, d_gates before the sigmoid, the
//       alignment loss
// math  joined = sum of gate x out; m, n = the two streams (gated, or the bare sums): the loss is the mean of
//       l(m - n), once for each direction, l = SmoothL1 or the square; only the stream that a direction
//       pulls gets its slope
// cost  each array once
// num.  fp32; the loss: threads, then blocks of threads in order: same bits every time
// grid  a thread per 8 features of a head
// twin  Continuation.java under autograd      oracle  ReducedPrecisionTest.java
#include "layer/layer.h"
#include "layer/vectors.cuh"

namespace ssa::layer {
namespace {

constexpr int kThreads = 256;

__device__ inline float gateOf(const float* gates, int64_t head, int64_t gate) {
  return gates == nullptr ? 1.0f : gates[head * 3 + gate];
}

__global__ void gatingForwardKernel(Gating f, int shift) {
  int64_t at = (static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x) * 8;
  if (at >= f.tokens * f.heads * f.dim) {
    return;
  }
  int64_t head = at >> shift;
  Eight sum = {};
#pragma unroll
  for (int c = 0; c < kMostBranches; c++) {
    if (c < f.main.branches) {
      Eight out;
      out.load(static_cast<const Bf16*>(f.main.out[c]) + at, true);
      float gate = gateOf(f.gates, head, f.main.gate[c]);
#pragma unroll
      for (int i = 0; i < 8; i++) {
        sum.x[i] += gate * out.x[i];
      }
    }
  }
  sum.store(static_cast<Bf16*>(f.joined) + at, true);
}

// A thread's part of a stream.
struct Part {
  Eight out[kMostBranches];
  float gate[kMostBranches];
  Eight gated;
  Eight bare;

  __device__ void load(const GatedStream& s, const float* gates, int64_t at, int64_t head) {
    gated = bare = Eight();
#pragma unroll
    for (int c = 0; c < kMostBranches; c++) {
      if (c < s.branches) {
        out[c].load(static_cast<const Bf16*>(s.out[c]) + at, true);
        gate[c] = gateOf(gates, head, s.gate[c]);
#pragma unroll
        for (int i = 0; i < 8; i++) {
          gated.x[i] += gate[c] * out[c].x[i];
          bare.x[i] += out[c].x[i];
        }
      }
    }
  }

  // Gradients behind the gate and of the bare outputs; those of the gates are added to.
  __device__ void spread(const GatedStream& s, const Eight& behind, const Eight& direct, int64_t at,
                         float (&d_gate)[3]) const {
#pragma unroll
    for (int c = 0; c < kMostBranches; c++) {
      if (c < s.branches) {
        Eight d_out;
        float along = 0;
#pragma unroll
        for (int i = 0; i < 8; i++) {
          d_out.x[i] = gate[c] * behind.x[i] + direct.x[i];
          along += out[c].x[i] * behind.x[i];
        }
        d_out.store(static_cast<Bf16*>(s.d_out[c]) + at, true);
#pragma unroll
        for (int g = 0; g < 3; g++) {
          d_gate[g] += s.gate[c] == g ? along : 0.0f;
        }
      }
    }
  }
};

// The loss of a difference, and its slope.
__device__ inline float lossOf(const Alignment& a, float x, float* slope) {
  if (a.square) {
    *slope = 2 * x;
    return x * x;
  }
  float size = fabsf(x);
  *slope = fminf(1.0f, fmaxf(-1.0f, x));
  return size < 1 ? 0.5f * x * x : size - 0.5f;
}

__global__ void gatingBackwardKernel(GatingBackward b, int shift) {
  __shared__ float sums[kThreads / 32];
  const Gating& f = b.gating;
  int64_t at = (static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x) * 8;
  int64_t elements = f.tokens * f.heads * f.dim;
  bool there = at < elements;
  int64_t head = at >> shift;
  float loss = 0;
  float d_gate[3] = {};
  if (there) {
    Part main;
    main.load(f.main, f.gates, at, head);
    main.gated.store(static_cast<Bf16*>(f.joined) + at, true);
    Eight behind;
    behind.load(static_cast<const Bf16*>(b.d_joined) + at, true);
    Eight direct = {};
    if (b.alignment.present) {
      Part other;
      other.load(b.counterpart, f.gates, at, head);
      Eight other_behind = {};
      Eight other_direct = {};
      const Alignment& a = b.alignment;
      float factor = a.factor / static_cast<float>(elements);
#pragma unroll
      for (int i = 0; i < 8; i++) {
        float difference = a.after_gate ? main.gated.x[i] - other.gated.x[i]
                                        : main.bare.x[i] - other.bare.x[i];
        float slope;
        loss += lossOf(a, difference, &slope);
        slope *= factor;
        float pull = a.pulls_main ? slope : 0.0f;
        float back = a.pulls_counterpart ? -slope : 0.0f;
        (a.after_gate ? behind : direct).x[i] += pull;
        (a.after_gate ? other_behind : other_direct).x[i] += back;
      }
      if (a.pulls_counterpart) {
        other.spread(b.counterpart, other_behind, other_direct, at, d_gate);
      }
    }
    main.spread(f.main, behind, direct, at, d_gate);
  }
  if (f.gates != nullptr) {
    int lanes = static_cast<int>(f.dim) / 8;
#pragma unroll
    for (int g = 0; g < 3; g++) {
      for (int step = lanes / 2; step > 0; step /= 2) {
        d_gate[g] += __shfl_xor_sync(cuda::kWarp, d_gate[g], step);
      }
      if (there && at == head << shift) {
        unsigned token = static_cast<unsigned>(head) / static_cast<unsigned>(f.heads);
        int64_t within = head - token * f.heads;
        float gate = f.gates[head * 3 + g];
        static_cast<Bf16*>(b.d_gates)[token * b.d_gate_stride + within * 3 + g] =
            __float2bfloat16_rn(d_gate[g] * gate * (1 - gate));
      }
    }
  }
  if (b.alignment.present) {
    loss = warpSum(loss);
    if (threadIdx.x % 32 == 0) {
      sums[threadIdx.x / 32] = loss;
    }
    __syncthreads();
    if (threadIdx.x == 0) {
      float sum = 0;
      for (float x : sums) {
        sum += x;
      }
      b.parts[blockIdx.x] = sum;
    }
  }
}

// loss += sum of parts x scale; one block of threads.
__global__ void addLossKernel(int64_t count, const float* parts, double scale, double* loss) {
  __shared__ double sums[1024];
  double sum = 0;
  for (int64_t i = threadIdx.x; i < count; i += 1024) {
    sum += parts[i];
  }
  sums[threadIdx.x] = sum;
  __syncthreads();
  for (int half = 512; half > 0; half /= 2) {
    if (static_cast<int>(threadIdx.x) < half) {
      sums[threadIdx.x] += sums[threadIdx.x + half];
    }
    __syncthreads();
  }
  if (threadIdx.x == 0) {
    *loss += sums[0] * scale;
  }
}

// D is a power of two.
int shiftOf(int64_t dim) {
  int shift = 0;
  while (int64_t{1} << shift < dim) {
    shift++;
  }
  return shift;
}

}  // namespace

int64_t gatingParts(int64_t tokens, int64_t heads, int64_t dim) {
  return cuda::parts(tokens * heads * dim / 8, kThreads);
}

Report gatingForward(const Gating& f) {
  cuda::Grid grid = {dim3(static_cast<unsigned>(gatingParts(f.tokens, f.heads, f.dim))), kThreads, 0};
  return cuda::launch("gating", gatingForwardKernel, grid, f.stream, f, shiftOf(f.dim));
}

Report gatingBackward(const GatingBackward& b) {
  const Gating& f = b.gating;
  int64_t count = gatingParts(f.tokens, f.heads, f.dim);
  cuda::Grid grid = {dim3(static_cast<unsigned>(count)), kThreads, 0};
  Report report = cuda::launch("gating back", gatingBackwardKernel, grid, f.stream, b, shiftOf(f.dim));
  if (!report.done || !b.alignment.present) {
    return report;
  }
  int directions = (b.alignment.pulls_main ? 1 : 0) + (b.alignment.pulls_counterpart ? 1 : 0);
  double scale = directions / static_cast<double>(f.tokens * f.heads * f.dim);
  cuda::Grid one = {dim3(1), 1024, 0};
  return cuda::launch("gating loss", addLossKernel, one, f.stream, count,
                      static_cast<const float*>(b.parts), scale, b.loss);
}

}  // namespace ssa::layer
