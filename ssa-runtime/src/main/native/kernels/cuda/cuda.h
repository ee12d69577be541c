// cuda.h: attention and the vocabulary head on a CUDA device, as plain structures
//
// Twin of kernels/parameters.h. No CUDA header is needed to call these. Every pointer is one of the
// device unless it says host. T, HQ, H, G, D, S, V, E as there; P pages per row of the page table.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/parameters.h"

namespace ssa::cuda {

enum class Element : int32_t { kFloat32, kFloat16, kBFloat16 };

// How one page holds 128 tokens of one layer on the device: per KV head
//   keys       [128, D]  element, rotated
//   values     [128, D]  element
//   key_sums   [16, D]   fp32, sums of 8 consecutive keys as stored; of complete groups only
//   value_sums [16, D]   fp32, the same of values; only where the compressed branch needs it
struct PageLayout {
  static constexpr int64_t kTokens = 128;
  static constexpr int64_t kGroupTokens = 8;
  static constexpr int64_t kGroups = kTokens / kGroupTokens;

  Element element;
  int64_t kv_heads;
  int64_t head_dim;
  bool value_sums;

  int64_t elementBytes() const { return element == Element::kFloat32 ? 4 : 2; }
  int64_t headBytes() const {
    return 2 * kTokens * head_dim * elementBytes() + kGroups * head_dim * (value_sums ? 8 : 4);
  }
  int64_t layerBytes() const { return kv_heads * headBytes(); }
};

struct AttentionParameters {
  int64_t tokens;
  int64_t query_heads;
  int64_t kv_heads;
  int64_t sequences;
  PageLayout layout;               // element and head dimension of q, k, v, gates and out, too
  const void* q;                   // [T, HQ, D]
  const void* k;                   // [T, H, D]
  const void* v;                   // [T, H, D]
  const void* gates;               // [T, HQ, 3] compressed, selected = full, window; or nullptr
  int64_t row_stride;              // elements from a token's q, k, v, gates to the next one's, where
                                   // all four lie in one row; 0: each is dense as its shape says
  bool raw_gates;                  // gates are before the sigmoid; with a row_stride only
  const float* cos;                // [rows, D] angles twice, or nullptr: no rotary
  const float* sin;                // [rows, D]
  const int64_t* positions;        // [T] rows of the rotary table
  const int64_t* sequence_starts;  // [S + 1] ascending from 0: the new tokens of each sequence; up to
                                   // T, or less with a row_stride: what is behind belongs to none
  const int64_t* past_tokens;      // [S] tokens that the pages hold already
  char* const* pages;              // [S, P] where each of the sequence's pages begins
  int64_t page_offset;             // bytes from there to this layer's part
  int64_t page_columns;            // P
  int64_t most_tokens;             // of one sequence, past and new: what grids are sized for
  int64_t most_new_tokens;         // of one sequence
  int64_t least_new_tokens;        // of one sequence that has new tokens
  bool decoding;                   // one new token of a sequence is cut over its keys; else it is read
                                   // as several are
  Mode mode;
  void* out;          // [T, HQ, D]; 0 for tokens of no sequence
  int32_t* selected;  // [T, H, block_count] ascending, then -1; unused in full mode
  const int64_t* host_starts;  // host [S + 1] sequence_starts; of random and best blocks only
  const int64_t* host_past;    // host [S] past_tokens, or nullptr: none; of best blocks only
  RandomDraws draws;           // its seeds are the host's; of random blocks only
  void* workspace;    // workspaceBytes(p), 256-byte aligned
  void* stream;       // cudaStream_t
};

// The statistics that a call is asked for (kernels/observation.h), and what the host knows of its
// sequences. `asked.ranges` and `asked.budgets` are the host's, `asked.totals` the device's.
struct Watched {
  ssa::Observation asked;
  const int64_t* sequence_starts;  // host [S + 1]
  const int64_t* past_tokens;      // host [S]; nullptr: none
  int64_t wave_bytes = int64_t{192} << 20;  // that the rows watched together may take; two fifths more
                                            // where single heads' shares are kept
};

struct TokenLogProbParameters {
  int64_t tokens;
  int64_t width;
  int64_t vocabulary;
  Element element;
  const void* hidden;       // [T, E]
  const void* weight;       // [V, E]
  const int64_t* targets;   // [T]
  float* logprob;           // [T] natural logarithm of the target's probability
  int32_t* argmax;          // [T] the lowest of the most probable ids
  float* argmax_logprob;    // [T]
  void* workspace;          // workspaceBytes(p), 256-byte aligned
  void* stream;             // cudaStream_t
};

// One of two heads over the same vocabulary.
struct DivergenceSide {
  int64_t width;       // E
  const void* hidden;  // [T, E]
  const void* weight;  // [V, E]
};

struct TokenDivergenceParameters {
  int64_t tokens;
  int64_t vocabulary;
  Element element;  // of both sides
  DivergenceSide a;
  DivergenceSide b;
  const int64_t* targets;  // [T]
  double* figures;         // [T, 5] KL(A, B), KL(B, A), A's mass on B's ten best, log p of the target
                           // in A and in B; nats
  int32_t* argmax;         // [T, 2] the lowest of the most probable ids of A and of B
  void* workspace;         // workspaceBytes(p), 256-byte aligned
  void* stream;            // cudaStream_t
};

struct AddRmsNormParameters {
  int64_t tokens;
  int64_t width;
  Element element;
  float epsilon;
  const void* delta;      // [T, E]
  const float* weight;    // [E]
  const float* residual;  // [T, E], or nullptr: 0
  void* normed;           // [T, E] element
  float* sum;             // [T, E] residual + delta; may be residual; nullptr: not wanted
  void* stream;           // cudaStream_t
};

struct SwiGluParameters {
  int64_t tokens;
  int64_t width;
  Element element;
  const void* gate_up;  // [T, 2 F] gate, then up
  void* out;            // [T, F]
  void* stream;         // cudaStream_t
};

struct ResidualRangeParameters {
  int64_t tokens;
  int64_t width;
  int64_t sequences;
  const float* hidden;             // [T, E]
  const int64_t* sequence_starts;  // host [S + 1]
  const int64_t* past_tokens;      // host [S]
  const int64_t* ranges;           // host [S, 2] first token and the one behind the last, by position
  int64_t buckets;
  double* totals;                  // [S, B, 2] largest |x| so far, and the sum of medians; added to
  void* workspace;                 // workspaceBytes(p), 256-byte aligned
  void* stream;                    // cudaStream_t
};

// What became of a call. All work is queued on the stream; nothing is waited for.
struct Report {
  bool done = true;
  char why[240] = {};
};

size_t workspaceBytes(const AttentionParameters& p);
size_t workspaceBytes(const TokenLogProbParameters& p);
size_t workspaceBytes(const TokenDivergenceParameters& p);
size_t workspaceBytes(const ResidualRangeParameters& p);

Report attention(const AttentionParameters& p);

// The same with statistics; the answer has the same bits.
size_t workspaceBytes(const AttentionParameters& p, const Watched& watched);
Report watchedAttention(const AttentionParameters& p, const Watched& watched);

Report tokenLogProb(const TokenLogProbParameters& p);
Report tokenDivergence(const TokenDivergenceParameters& p);
Report addRmsNorm(const AddRmsNormParameters& p);
Report swiGlu(const SwiGluParameters& p);
Report residualRange(const ResidualRangeParameters& p);

// The current device and its memory; bytes.
struct Device {
  int32_t driver;   // CUDA version that the driver brings, 1000 major + 10 minor; 0: there is no driver
  int32_t runtime;  // CUDA version that the kernels were built with
  int32_t compute_capability;  // 10 major + minor
  int64_t free_bytes;
  int64_t total_bytes;
  char name[256];
};
Report describeDevice(Device* out);

// Memory of the device; nullptr if there is none.
void* acquireDevice(size_t bytes);
void releaseDevice(void* memory);

// Copies queued on a stream; what `upload` reads may go once it has returned.
Report upload(const void* host, void* device, size_t bytes, void* stream);
Report copyDevice(const void* from, void* to, size_t bytes, void* stream);

}  // namespace ssa::cuda
