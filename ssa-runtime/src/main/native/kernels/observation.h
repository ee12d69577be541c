// observation.h: which attention statistics a call is asked for, and where their sums go
//
// Definitions: docs/command-formats.md, "Attention statistics". A call adds, for each query token of a
// sequence's range, that token's statistics to the sums of its sequence, position bucket and query
// head, in the order of tokens. Sums come in with what earlier calls made of the same sequence.
//
// columns  0 … 2              gates: compressed, selected = full, window
//          per branch, 73     mass on each of the first 64 positions; share of the first 1, 4, 64 in
//                             the mass weighted by |v|; mass on the last 16, 128, 1,024 positions;
//                             entropy in bits; entropy over log2 of the attended keys; effective keys
//                             (branches: the attended keys; with three branches selected and window)
//          compressed, 2      entropy in bits, over log2 of the complete blocks; three branches only
//          per budget         captured, captured_best (capture); output_error, error_bound (error)
#pragma once

#include <cstdint>

namespace ssa {

enum class ModeKind : int64_t;

struct BlockBudget {
  int64_t block_size;   // tokens; 8, 16, 32, 64 or 128
  int64_t block_count;  // the own block included
};

constexpr int64_t kGateColumns = 3;
constexpr int64_t kFirstKeys = 64;
constexpr int64_t kFirstCounts[] = {1, 4, 64};
constexpr int64_t kLastCounts[] = {16, 128, 1024};
constexpr int64_t kSinkColumns = kFirstKeys + 9;
constexpr int64_t kCompressedColumns = 2;
constexpr int64_t kFirstBucketTokens = 1024;
constexpr int64_t kMostBudgets = 16;

struct Observation {
  bool sinks;
  bool capture;                // full mode only, as error
  bool error;
  const BlockBudget* budgets;  // [N]
  int64_t budget_count;
  const int64_t* ranges;       // [S, 2] first query and the one behind the last, by position
  int64_t buckets;             // B: positions [0, 1024), [1024, 2048), [2048, 4096), …
  double* totals;              // [S, B, HQ, columns], added to

  bool watchesBudgets() const { return (capture || error) && budget_count > 0; }
};

// Columns of one head's sums.
int64_t columnsOf(const Observation& observation, ModeKind mode);

// The column at which the budgets' begin.
int64_t budgetColumn(const Observation& observation, ModeKind mode);

// The bucket of a position.
int64_t bucketOf(int64_t position);

}  // namespace ssa
