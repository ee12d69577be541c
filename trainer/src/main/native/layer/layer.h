// layer.h: what a transformer layer computes beside products and attention, forward and backward, fused
//
// T tokens, E features of the residual stream, F of the feed-forward part, HQ query heads, H key/value
// heads, D head dimension, V vocabulary. Pointers are of the device; work is queued on the stream. The
// residual stream, norms, gates and sums are fp32, inputs and outputs of products bf16.
// twin  the same by libtorch's operations and autograd: Projection.java, Continuation.java
#pragma once

#include <cstdint>

#include "kernels/cuda/cuda.h"

namespace ssa::layer {

using cuda::Report;

// Branches of one stream of attention.
constexpr int kMostBranches = 3;

struct Norm {
  int64_t rows;         // T
  int64_t width;        // E
  float epsilon;
  const float* x;       // [T, E]
  const float* weight;  // [E]
  void* stream;
};

// out = RMSNorm(x + added); without `added`, of x.
struct NormForward {
  Norm norm;
  const void* added;    // [T, E] bf16 or nullptr
  float* sum;           // [T, E] x + added, where added
  void* out;            // [T, E] bf16
};

struct NormBackward {
  Norm norm;
  const void* gradient;  // [T, E] bf16, of the output
  const float* direct;   // [T, E] what reaches x beside the norm, or nullptr
  float* dx;             // [T, E] may be direct
  void* dx_rounded;      // [T, E] bf16
  void* out;             // [T, E] bf16, the output again, or nullptr
  float* d_weight;       // [E] is added to
  float* parts;          // [normParts(), E]
};

// Columns of the joint projection: HQ D of queries, H D of keys, H D of values, 3 HQ of gates.
struct Heads {
  int64_t tokens;
  int64_t query_heads;
  int64_t kv_heads;
  int64_t dim;
  bool gated;
  const float* cos;  // [T, D / 2]
  const float* sin;
  void* stream;
  int64_t gate_column = (query_heads + 2 * kv_heads) * dim;
  int64_t columns = gate_column + (gated ? 3 * query_heads : 0);
};

struct HeadsForward {
  Heads heads;
  const void* joint;  // [T, columns] bf16
  void* q;            // [T, HQ, D] bf16, turned
  void* k;            // [T, H, D] bf16, turned
  void* v;            // [T, H, D] bf16
  float* gates;       // [T, HQ, 3] behind the sigmoid
};

// The gradients of all branches, added and turned back; columns of gates are not written.
struct HeadsBackward {
  Heads heads;
  int64_t branches;                  // 1 to 2 kMostBranches
  const void* dq[2 * kMostBranches]; // [T, HQ, D] bf16
  const void* dk[2 * kMostBranches]; // [T, H, D] bf16
  const void* dv[2 * kMostBranches]; // [T, H, D] bf16
  void* d_joint;                     // [T, columns] bf16
};

// A stream's branches and their gates.
struct GatedStream {
  int64_t branches;
  const void* out[kMostBranches];  // [T, HQ, D] bf16
  int64_t gate[kMostBranches];
  void* d_out[kMostBranches];      // [T, HQ, D] bf16; backward
};

struct Gating {
  int64_t tokens;
  int64_t heads;  // HQ
  int64_t dim;
  const float* gates;  // [T, HQ, 3] or nullptr: all 1
  GatedStream main;
  void* joined;        // [T, HQ, D] bf16: the sum over branches of gate x output
  void* stream;
};

struct Alignment {
  bool present;
  bool after_gate;
  bool square;             // else SmoothL1
  bool pulls_main;         // whether the main stream's outputs get its gradient
  bool pulls_counterpart;
  float factor;            // of the mean over elements, in the loss whose gradients are taken
};

struct GatingBackward {
  Gating gating;
  GatedStream counterpart;
  Alignment alignment;
  const void* d_joined;    // [T, HQ, D] bf16
  void* d_gates;           // bf16, first gate of the first token; rows are d_gate_stride apart
  int64_t d_gate_stride;
  float* parts;            // [gatingParts(T, HQ, D)]
  double* loss;            // the alignment loss before its factor is added to it
};

struct SwiGlu {
  int64_t rows;       // T
  int64_t width;      // F
  void* gate_up;      // [T, 2 F] bf16: gate, then up; backward: becomes its gradient
  void* out;          // [T, F] bf16
  const void* d_out;  // [T, F] bf16; nullptr: forward
  void* stream;
};

struct TokenLoss {
  int64_t rows;
  int64_t vocabulary;
  void* logits;           // [rows, V] bf16; become the gradients of scale x counted x loss
  const int64_t* targets; // [rows]
  const float* counted;   // [rows]
  float scale;
  float* losses;          // [rows] counted x -log p(target), nats
  void* stream;
};

// Begins at a multiple of 16 bytes in each array.
struct AdamW {
  int64_t elements;
  float* weights;
  void* rounded;           // bf16, or nullptr
  const float* gradients;
  float* mean;
  float* square;
  float clip;
  float share1;            // 1 - beta1
  float beta2;
  float share2;            // 1 - beta2
  float decay;
  float rate;
  float root;
  float epsilon;
  void* stream;
};

int64_t normParts();
int64_t gatingParts(int64_t tokens, int64_t heads, int64_t dim);

Report normForward(const NormForward& f);
Report normBackward(const NormBackward& b);
Report headsForward(const HeadsForward& f);
Report headsBackward(const HeadsBackward& b);
Report gatingForward(const Gating& f);
Report gatingBackward(const GatingBackward& b);
Report swiGlu(const SwiGlu& s);
Report tokenLoss(const TokenLoss& t);
Report adamW(const AdamW& a);

}  // namespace ssa::layer
