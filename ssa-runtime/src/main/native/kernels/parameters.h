// parameters.h: what the kernels get, as plain pointers
//
// T tokens of all sequences together, HQ query heads, H key/value heads, G = HQ / H, D head
// dimension, P rows of the rotary table, V vocabulary, E width of the hidden state.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ssa {

enum class ModeKind : int64_t { kFull = 0, kSparse = 1, kReleased = 2, kThreeBranch = 3 };

struct Mode {
  ModeKind kind;
  int64_t block_size;   // tokens; 8, 16, 32, 64 or 128
  int64_t block_count;  // selected blocks, the own one included
  int64_t window;       // tokens, the own one included; three-branch mode only
};

struct AttentionParameters {
  int64_t tokens;
  int64_t query_heads;
  int64_t kv_heads;
  int64_t head_dim;
  int64_t sequences;
  const float* q;                  // [T, HQ, D]
  const float* k;                  // [T, H, D]
  const float* v;                  // [T, H, D]
  const float* gates;              // [T, HQ, 3] compressed, selected = full, window; or nullptr
  const float* cos;                // [P, D] angles twice, or nullptr: no rotary
  const float* sin;                // [P, D]
  const int64_t* positions;        // [T] rows of the rotary table
  const int64_t* sequence_starts;  // [S + 1] ascending, 0 … T
  Mode mode;
  float* out;         // [T, HQ, D]
  int32_t* selected;  // [T, H, block_count] ascending, then -1; nullptr in full mode
};

struct TokenLogProbParameters {
  int64_t tokens;
  int64_t width;
  int64_t vocabulary;
  const float* hidden;      // [T, E]
  const float* weight;      // [V, E]
  const int64_t* targets;   // [T]
  float* logprob;           // [T] natural logarithm of the target's probability
  int32_t* argmax;          // [T] the lowest of the most probable ids
  float* argmax_logprob;    // [T]
};

// Runs items on threads. A kernel never starts threads of its own.
struct Parallel {
  void (*run)(void* self, void (*item)(void*, size_t), size_t n, void* data);
  void* self;
};

template <typename Item>
void forEach(const Parallel& parallel, size_t n, Item& item) {
  parallel.run(
      parallel.self, [](void* data, size_t i) { (*static_cast<Item*>(data))(i); }, n, &item);
}

enum class Outcome { kDone, kOutOfMemory };

struct Kernels {
  const char* isa;
  Outcome (*attention)(const AttentionParameters&, const Parallel&);
  Outcome (*token_log_prob)(const TokenLogProbParameters&, const Parallel&);
};

// The kernels for an instruction set: auto, avx512, avx2 or scalar; nullptr if this machine has
// not got it.
const Kernels* selectKernels(const char* isa);

// Memory of this thread, kept until the thread ends, 64-byte aligned; nullptr if there is none.
// A later call on the same thread may reuse it.
void* threadScratch(size_t bytes);

// Memory for one call; 64-byte aligned; nullptr if there is none.
void* acquire(size_t bytes);
void release(void* memory);

}  // namespace ssa
