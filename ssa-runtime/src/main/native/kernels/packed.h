// packed.h: what the kernels of training get, as plain pointers: attention over packed sequences,
// without a cache, forward and backward
//
// T tokens of all sequences together, S sequences, HQ query heads, H key/value heads, G = HQ / H, D
// head dimension. Queries and keys are rotated; scores are q . k / sqrt(D). Tokens and blocks of a
// sequence count from its own start.
#pragma once

#include "kernels/parameters.h"

namespace ssa {

enum class BranchKind : int32_t {
  kFull,        // every key up to the token
  kSelected,    // the keys of the selected blocks up to the token
  kCompressed,  // the mean keys and values of the (t + 1) / B complete blocks
  kWindow       // the last `window` keys, the own one included
};

struct Branch {
  BranchKind kind;
  int64_t block_size;   // B, tokens: 8, 16, 32, 64 or 128; selected and compressed
  int64_t block_count;  // k, the own one included; selected
  bool released;        // whether blocks are chosen as the released kernels do; selected
  int64_t window;       // tokens; window
};

struct PackedProblem {
  int64_t tokens;
  int64_t query_heads;
  int64_t kv_heads;
  int64_t head_dim;
  int64_t sequences;
  const int32_t* starts;  // [S + 1] ascending, 0 … T; host memory
  Branch branch;
};

struct PackedForward {
  PackedProblem problem;
  const float* q;        // [T, HQ, D]
  const float* k;        // [T, H, D]
  const float* v;        // [T, H, D]
  float* out;            // [T, HQ, D]
  float* log_sum_exp;    // [T, HQ] natural; minus infinity for a token that has no key
  int32_t* selected;     // [T, H, k] ascending, then -1; selected branch only
};

struct PackedBackward {
  PackedProblem problem;
  const float* q;            // [T, HQ, D]
  const float* k;            // [T, H, D]
  const float* v;            // [T, H, D]
  const float* out;          // [T, HQ, D]
  const float* log_sum_exp;  // [T, HQ]
  const int32_t* selected;   // [T, H, k], selected branch only
  const float* d_out;        // [T, HQ, D]
  float* dq;                 // [T, HQ, D]
  float* dk;                 // [T, H, D]
  float* dv;                 // [T, H, D]
};

struct PackedKernels {
  const char* isa;
  Outcome (*forward)(const PackedForward&, const Parallel&);
  Outcome (*backward)(const PackedBackward&, const Parallel&);
};

// The kernels for an instruction set: auto, avx512, avx2 or scalar; nullptr if this machine has not
// got it.
const PackedKernels* selectPackedKernels(const char* isa);

// Writes the k blocks of a token whose own block is `own` > 0: ascending, then -1. `importance` and
// `order` are [own]; the order is overwritten.
void chooseBlocks(const Branch& branch, const double* importance, int64_t own, int32_t* order,
                  int32_t* selected);

// Whether every block up to the own one is taken, so that importances are not needed.
bool takesAllBlocks(const Branch& branch, int64_t own);

}  // namespace ssa
