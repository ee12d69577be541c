// observe.h: a call whose attention is watched: its waves, and the kernels that count
//
// The answer is made first, by the kernels that make every answer; it leaves the logarithm of each row's
// softmax sum. Then waves of rows are counted: a wave is a call of its own over the same sequences, whose
// new tokens are the wave's rows, so that what chooses blocks for tokens serves it as it is.
#pragma once

#include "kernels/cuda/call.h"

namespace ssa::cuda {

// What is counted of a row: sums over its keys j, with x_j = log2 of the weight by the answer's sum and
// e_j = 2^x_j. See count_rows.cuh.
enum Sum : int { kMass, kMassTimesLog, kMassSquared, kMassTimesLength, kLastMasses, kSums = 8 };

constexpr int kShareTokens = 16;  // of a unit whose shares are kept

// What single heads' rows have on units of 16 keys (attend_watched_sm90.cu), and what that reads.
struct Shares {
  uint16_t* of_heads;       // [W, HQ, units] bf16; nullptr: not wanted
  float* weights;           // [W, HQ] the mass is the weight times the share
  int64_t units;
  const uint16_t* lengths;  // of values, element, laid out by pages as lengthPlace says; nullptr: not wanted
};

// Rows of a call that are counted together.
struct Wave {
  Call call;                     // queries, gates and selected begin with the wave's rows
  const int64_t* ranges;         // [S, 2] the positions that are watched
  bool sinks;                    // masses of the first keys are kept
  const float* lengths;          // of values, fp32: per sequence [H, padded tokens]; nullptr: not wanted
  const int64_t* length_starts;  // [S] where a sequence's lengths begin
  const int64_t* length_tokens;  // [S] padded tokens
  double* sums;                  // [W, HQ, kSums] of the branch that is being counted
  float* importance;             // [W, H, parts, units] mass per unit of tokens; nullptr: not wanted
  int64_t units;
  int unit_tokens;               // 8 or 16
  float* unit_lengths;           // as lengths, of each unit the longest; nullptr: not wanted
  float* values;                 // [W, HQ, columns]
  int columns;
  Shares shares;                 // of rows that are counted as they are answered
  const int64_t* call_starts;    // [S + 1] sequence_starts of the whole call
  bool decodes;                  // that has sequences which decode
  const int64_t* decoded;        // call_starts, where only sequences that decode are counted; else nullptr
};

// A branch that is counted, and the column at which its key masses begin.
struct Counted {
  int gate;                // 0 compressed, 1 selected or full, 2 window
  const float* log_sums;   // [W, HQ] natural logarithm of the answer's sum
  int column;
};

// A budget's blocks per token, and the column of the mass in them.
struct Captured {
  const int32_t* chosen;  // [W, H, K]
  int column;
};

// What the error of leaving blocks out is made of.
struct Outputs {
  float* full;     // [W, HQ, D] attention to all keys, before the gate
  float* sparse;   // [W, HQ, D] to the chosen blocks
  float* longest;  // [W, H] the longest value that is left out
};

// Parts in which a group's mass comes: a token of more than 16 heads takes two tiles of rows.
inline int importanceParts(int64_t group) { return group > 16 ? 2 : 1; }

// The most rows, of `rows` at most, whose blocks of threads, of `tokens` each, take the device's
// multiprocessors in whole rounds, or nearly so.
int64_t wholeRounds(const Call& call, int64_t rows, int64_t tokens);
// The tokens of a block of threads that counts.
int64_t countedTokens(const Call& call);

Report measureValues(const Call& whole, const Wave& wave);
Report countBranch(const Wave& wave, Branch branch, const Counted& counted);
Report countAllKeysByGroups(const Wave& wave, const Counted& counted);

// Whether rows are counted as they are answered: the sequences of a call that are read, not decoded.
bool watchesInPassing(const Call& call);
// How many tokens a block of threads then takes.
int64_t tokensWatchedInPassing(const Call& call);
Report attendWatched(const Wave& wave, const Counted& counted, const Landing& landing);
// Adds up the shares of each group, in their place.
Report addShares(const Wave& wave);
Report chooseBestOfShares(const Wave& budget, int32_t* best);
// Where the chosen blocks hold more of a group's mass than the best, whose shares are rounded, these are they.
Report keepLarger(const Wave& budget, int chosen_column, int best_column);

Report countSelected(const Wave& wave, const Counted& counted);
Report sinkColumns(const Wave& wave, const Counted& counted);
Report compressedColumns(const Wave& wave, const Counted& counted);
Report chooseBest(const Wave& budget, int32_t* best);
// `other`: in the same launch; without blocks, none.
Report captureMass(const Wave& budget, const Counted& full, const Captured& captured,
                   const Captured& other);
Report measureUnits(const Call& whole, const Wave& wave);
Report errorColumns(const Wave& budget, const Outputs& outputs, const Captured& captured,
                    int column);
Report addRows(const Wave& wave, int64_t buckets, double* totals);

}  // namespace ssa::cuda
