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

// The most rows, of `rows` at most, whose blocks of threads take the device's multiprocessors in whole rounds.
int64_t wholeRounds(const Call& call, int64_t rows);

Report measureValues(const Call& whole, const Wave& wave);
Report countBranch(const Wave& wave, Branch branch, const Counted& counted);
Report countAllKeysByGroups(const Wave& wave, const Counted& counted);
Report countSelected(const Wave& wave, const Counted& counted);
Report sinkColumns(const Wave& wave, const Counted& counted);
Report compressedColumns(const Wave& wave, const Counted& counted);
Report chooseBest(const Wave& budget, int32_t* best);
Report captureMass(const Wave& budget, const Counted& full, const Captured& captured);
Report measureUnits(const Call& whole, const Wave& wave);
Report errorColumns(const Wave& budget, const Outputs& outputs, const Captured& captured,
                    int column);
Report addRows(const Wave& wave, int64_t buckets, double* totals);

}  // namespace ssa::cuda
