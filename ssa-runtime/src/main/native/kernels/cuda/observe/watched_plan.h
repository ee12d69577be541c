// watched_plan.h: how a call with statistics is cut, and where everything lies
//
// memory  the logarithms of sums, 4 bytes per row, head and branch; the lengths of values, 4 bytes each; per
//         block size of a budget the means of its blocks; the selections of as many rows as kSelectionBytes
//         hold; per row of a wave its statistics, with budgets 4 bytes per unit and KV head, and with errors
//         8 D per head: waves have as many rows as Watched grants memory to. Where rows are counted as they are
//         answered, logarithms are a wave's, and budgets have 2 bytes per unit and query head: two fifths more
//         than is granted. Earlier rows have fewer units, and there are more of them in a wave
#pragma once

#include <vector>

#include "kernels/cuda/observe/observe.h"

namespace ssa::cuda {

// A budget, its selection and what that reads.
struct Budget {
  Mode mode;
  int means_of;         // an earlier budget of the same block size, or itself
  void* means;          // [S, H, parts, N, D]
  int64_t mean_stride;  // N
  float* normalisers;   // [R, HQ]
  int32_t* selected;    // [R, H, K]
};

// A call with statistics: where everything lies.
struct Plan {
  const Watched* watched;
  Call call;
  LogSums log_sums;
  Wave wave;  // without a call
  std::vector<Budget> budgets;
  int32_t* best;     // [W, H, most blocks]
  Outputs outputs;   // where errors are asked for
  int64_t rows;      // W, at most
  int64_t share_bytes;  // for the shares of single heads: later rows have more, and fewer make a wave
  int64_t selected;  // R
  int64_t pieces;    // that the tables have room for
  int64_t* tables;   // [pieces, 2 S + 1] starts, then past tokens; then ranges, starts of lengths, tokens
  int64_t bytes;

  const Observation& asked() const { return watched->asked; }
  bool in_passing;   // rows that are read, not decoded, are counted as they are answered

  bool counts() const { return !in_passing || call.decode; }  // some are counted behind their answer
  bool shares() const { return in_passing && asked().capture && asked().budget_count > 0; }
  bool errors() const { return asked().error && asked().budget_count > 0; }
  int64_t tableWords() const { return 2 * call.p.sequences + 1; }
};

// A piece of the call's rows, and where its table stands.
struct Piece {
  int64_t first;
  int64_t last;
  int64_t table;
  int64_t units;  // for the shares of single heads
};

// Rows whose blocks are chosen together, and the waves in which they are counted.
struct Selection {
  Piece rows;
  std::vector<Piece> waves;
};

// Everything's place in p.workspace; with none, how many bytes it takes.
Plan planOf(const AttentionParameters& p, const Watched& watched);

// Rows that are watched, in pieces each of which begins with one.
std::vector<Selection> selectionsOf(const Plan& plan);

// Rows between the waves.
std::vector<Piece> othersOf(const Plan& plan, const std::vector<Selection>& selections);

// What the device reads of the pieces, and of the sequences: Plan::tables.
std::vector<int64_t> tablesOf(const Plan& plan, const std::vector<Selection>& selections,
                              const std::vector<Piece>& others);

}  // namespace ssa::cuda
