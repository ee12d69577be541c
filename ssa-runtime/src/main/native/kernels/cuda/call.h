// call.h: one attention call on the device: where its intermediate results lie, and its steps
//
// Tokens that are read and steps of a generation take different paths (Form), chosen by the call and
// by a token's position: an answer does not depend on the sequences beside it.
#pragma once

#include "kernels/cuda/cuda.h"

namespace ssa::cuda {

enum class Form : int32_t {
  kPrefill,      // new tokens, several of a sequence, or one in a call that does not decode
  kPrefillNear,  // those of them at positions below kFarTokens
  kPrefillFar,   // and the others
  kDecode        // one new token, in a call that decodes
};

// From this position on a sequence fills the device with few large blocks of threads. It is a token's
// position that counts, so that answers do not depend on how a sequence is cut.
constexpr int kFarTokens = 65536;

// Blocks whose importance one block of threads weighs for a decoding sequence, and keys that one
// attends to. Fixed, so that the cut depends on the sequence alone.
constexpr int kDecodeBlocks = 128;
constexpr int kDecodeKeys = 256;

// Block means are padded to whole tiles.
constexpr int kMeanTile = 64;

// Where full attention's masses lie while the best blocks are chosen: select_best.cc.
struct BestMasses {
  int64_t rows;       // W: whose masses are counted together
  int64_t pieces;     // of the call's rows
  int64_t units;      // of 8 or 16 keys, of the longest sequence
  float* log_sums;    // [T, HQ] natural logarithm of each row's softmax sum
  double* sums;       // [W, HQ, 8]
  float* importance;  // [W, H, parts, units]
  int64_t* tables;    // [pieces, 2 S + 1] starts, then past tokens; then ranges [S, 2]
};

struct Call {
  AttentionParameters p;
  bool prefill;            // some sequence has tokens of form kPrefill
  bool decode;             // some sequence has one of form kDecode
  bool trains;             // sequences are whole: no cut of theirs that answers could depend on
  int64_t mean_stride;     // N: padded blocks of the longest sequence
  int64_t block_chunks;    // of a decoding sequence
  int64_t key_chunks;      // of a decoding sequence
  void* queries;           // [T, HQ, D] element, rotated
  void* gates;             // [T, HQ, 3] element, behind the sigmoid; nullptr: all 1
  void* means;             // [S, H, parts, N, D] tensor-core element, times log2(e) / sqrt(D)
  void* key_means;         // [S, H, N, D] element, for the compressed branch
  void* value_means;       // [S, H, N, D] element
  float* normalisers;      // [T, HQ] log2 of the sum over blocks of 2^score
  float* part_normalisers; // [block_chunks, S, HQ] the same of parts, decoding sequences
  uint64_t* candidates;    // [block_chunks, S, H, k] best blocks of parts, decoding sequences
  float* branches;         // [T, HQ, D] gated sum of the branches so far
  float* part_out;         // [key_chunks, S, HQ, D] weighted values of parts, decoding sequences
  float* part_state;       // [key_chunks, S, HQ, 2] largest score and sum of exponentials
  int64_t* seeds;          // [S] of random blocks
  BestMasses best;         // of best blocks
};

// The keys that a token may see.
enum class Branch : int32_t { kFull, kCompressed, kWindow };

// Where a branch's result goes: gate * result + earlier goes to later, or to out if later is null.
struct Landing {
  int gate;
  const float* earlier;
  float* later;
  float* log_sum_exp = nullptr;  // [T, HQ] natural logarithm of the sum of e^score, where wanted
  bool watched = false;          // that logarithm is for statistics: it chooses no kernel
  bool exact = false;            // fp32 is rounded, not cut off, from tile to tile: see branch_rows.cuh
};

// A call whose intermediate results lie in p.workspace.
Call prepare(const AttentionParameters& p);

// What there is no kernel for.
Report checkAttention(const AttentionParameters& p);

// Where the logarithms of the branches' softmax sums go, as Landing's; nullptr: not wanted.
struct LogSums {
  float* of_branch[3] = {};  // compressed, selected or full, window
};

// The steps of a call.
Report attend(const Call& call, const LogSums& sums);

Report append(const Call& call);
Report blockMeans(const Call& call);
Report blockNormalisers(const Call& call);
Report blockTopK(const Call& call);
Report selectUnseen(const Call& call);
Report selectBest(const Call& call);
Report attendSelected(const Call& call, const Landing& landing);
Report attendBranch(const Call& call, Branch branch, const Landing& landing);

// Whether the current device computes with groups of four warps (compute capability 9.0).
bool hasWarpGroups();

// Whether what follows can take a call's sequences of several new tokens.
bool hasGroupKernels(const Call& call);

// The same for heads of 32 in bf16: training takes them, where the log of the sum is wanted too.
bool hasNarrowGroupKernels(const Call& call);

// What attendBranch takes for them.
Report attendBranchGroups(const Call& call, Branch branch, const Landing& landing);

// Whether the kernels of whole sequences (row_scores.cuh) take a call of training.
bool hasRowKernels(const Call& call);

// What blockNormalisers takes for them, before it repairs what is not finite.
Report rowNormalisers(const Call& call);

// What blockNormalisers takes for the others of several new tokens, before it repairs what is not finite.
Report blockNormaliserGroups(const Call& call);

}  // namespace ssa::cuda
