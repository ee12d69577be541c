// parameters.h: what the kernels get, as plain pointers
//
// T tokens of all sequences together, HQ query heads, H key/value heads, G = HQ / H, D head
// dimension, P rows of the rotary table, V vocabulary, E width of the hidden state.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/asked.h"

namespace ssa {

enum class ModeKind : int64_t {
  kFull = 0,
  kSparse = 1,
  kReleased = 2,
  kThreeBranch = 3,
  kWindowBlocks = 4,
  kRandomBlocks = 5,
  kBestBlocks = 6
};

// Whether a mode chooses its blocks by the means of their keys.
constexpr bool choosesByMeans(ModeKind kind) {
  return kind == ModeKind::kSparse || kind == ModeKind::kReleased ||
         kind == ModeKind::kThreeBranch;
}

struct Mode {
  ModeKind kind;
  int64_t block_size;   // tokens; 8, 16, 32, 64 or 128
  int64_t block_count;  // selected blocks, the own one included
  int64_t window;       // tokens, the own one included; three-branch mode only
};

// How one page of the cache holds 128 tokens of one layer: per KV head
//   keys       [2, D, 64]  fp32 rotated, two tiles, transposed
//   values     [128, D]    fp32
//   key_sums   [D, 16]     fp64, sums of 8 consecutive keys as stored; of complete groups only
//   value_sums [16, D]     fp64, the same of values; only where the compressed branch needs it
struct PageLayout {
  static constexpr int64_t kTokens = 128;
  static constexpr int64_t kGroupTokens = 8;
  static constexpr int64_t kGroups = kTokens / kGroupTokens;

  int64_t kv_heads;
  int64_t head_dim;
  bool value_sums;

  int64_t headBytes() const {
    return kTokens * head_dim * 8 + kGroups * head_dim * (value_sums ? 16 : 8);
  }
  int64_t layerBytes() const { return kv_heads * headBytes(); }
};

// One layer's part of a page, one KV head.
struct PageHead {
  float* keys;
  float* values;
  double* key_sums;
  double* value_sums;
};

inline PageHead pageHead(const PageLayout& layout, char* page, int64_t kv_head) {
  char* base = page + kv_head * layout.headBytes();
  int64_t floats = PageLayout::kTokens * layout.head_dim * 4;
  char* sums = base + 2 * floats;
  return {reinterpret_cast<float*>(base), reinterpret_cast<float*>(base + floats),
          reinterpret_cast<double*>(sums),
          reinterpret_cast<double*>(sums + PageLayout::kGroups * layout.head_dim * 8)};
}

// How selections came about, in (token, KV head) pairs that had a choice. Threads add to it.
struct SelectionTally {
  int64_t proved;  // chosen in fp32, with a proof
  int64_t exact;   // chosen in fp64
};

// What random blocks are drawn by, beside KV head, token and block: kernels/cpu/select_unseen.h.
struct RandomDraws {
  int64_t layer;
  const int64_t* document_seeds;  // [S], 64 bits each; nullptr in other modes
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
  const int64_t* sequence_starts;  // [S + 1] ascending, 0 … T: the new tokens of each sequence
  const int64_t* past_tokens;      // [S] tokens that the pages hold already
  char* const* const* pages;       // [S] -> this layer's part of each of the sequence's pages
  PageLayout layout;
  Mode mode;
  float* out;         // [T, HQ, D]
  int32_t* selected;  // [T, H, block_count] ascending, then -1; nullptr in full mode
  SelectionTally* tally;  // added to; nullptr: nobody counts
  Asked asked;            // what is told beside the answer
  RandomDraws draws;
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

// One of two heads over the same vocabulary.
struct DivergenceSide {
  int64_t width;        // E
  const float* hidden;  // [T, E]
  const float* weight;  // [V, E]
};

constexpr int64_t kDivergenceFigures = 5;

struct TokenDivergenceParameters {
  int64_t tokens;
  int64_t vocabulary;
  DivergenceSide a;
  DivergenceSide b;
  const int64_t* targets;  // [T]
  double* figures;         // [T, 5] KL(A, B), KL(B, A), A's mass on B's ten best, log p of the target
                           // in A and in B; nats
  int32_t* argmax;         // [T, 2] the lowest of the most probable ids of A and of B
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
  Outcome (*token_divergence)(const TokenDivergenceParameters&, const Parallel&);
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
