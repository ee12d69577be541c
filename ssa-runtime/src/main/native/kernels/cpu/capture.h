// capture.h: how much of full attention's mass chosen blocks hold, and what leaving out the rest costs
//
// in    masses: each row's mass per unit of 8 … 64 positions, from observe.h; the softmax
//       state of full attention; budgets of S tokens × K blocks; the values' lengths
// out   per row and budget: captured, captured_best; output_error, error_bound
// math  with a_u the row's mass on unit u, over all visible units
//       captured       sum of a_u over the chosen blocks (select_blocks, which decides exactly)
//       delta          sum of a_u over the others: summed by itself, so that it is right however
//                      small, and 0 where no block is left out; both over their common sum
//       captured_best  the same for the own block and the K - 1 earlier ones with the largest sum of
//                      a_u over the group's heads
//       output_error   |o - o'| / |o|; o' = softmax over the chosen blocks (attend.h), before the gate
//       error_bound    delta (max |v_j| over what is left out + |o'|) / |o|
//       The theorem o - o' = delta (o_dropped - o') makes output_error <= error_bound. Both outputs are
//       known to fp32 only: an error below 1e-6 is mostly their rounding, and the bound, where it is
//       smaller, is nearer to the truth, so that the smaller of the two is given. Above that the
//       error is what was measured, whatever the bound says.
// cost  per row at most t/64 exponentials, t/u multiplications, and per budget 2 t/u multiply-adds; the
//       selection 2 t/S D flop; o' 4 K S D flop (error only)
// num.  masses in fp32, sums of 64 of them in fp64; ties of captured_best go to the lower index
// oracle  oracle/AttentionStatisticsOracle.java
// from  SSA arXiv:2511.20102, definition 1 and theorem 1
#pragma once

namespace ssa::SSA_ISA {

// A relative difference of two outputs that their rounding to fp32 can make.
constexpr double kRounding = 1e-6;

// Up to so many units per unit looked up, marks are slower.
constexpr int64_t kFewBlocks = 4;

// A budget of an observation: a call of the sparse mode over the same sequences, for its selection.
struct BudgetCall {
  Call call;
  AttentionParameters parameters;
};

// What a call's work items share to find out how much is captured.
struct CaptureSetup {
  const Observation* observation;
  const BudgetCall* budgets;    // [N]
  int64_t unit;                 // tokens of a mass
  int64_t blocks;               // the most that a budget takes
};

// Mutable: memory of one work item for the rows of its tokens, all heads of a group each.
struct CaptureRows {
  RowState sparse;      // [G] rows: a token's attention to the chosen blocks
  float* sparse_queries;
  float* shares;        // [G, stride] and a vector: a token's mass per unit and head
  double* totals;       // [G] their sums
  float* importance;    // [stride] the group's
  float* dropped;       // [stride] 1 where a unit is left out, else 0
  Candidate* heap;      // [blocks]
  int32_t* best;        // [blocks]
  int32_t* selected;    // [budgets, tokens, blocks]
  int64_t stride;
};

inline int64_t massStride(int64_t unit, int64_t tokens) {
  return ceilDivide(ceilDivide(tokens, kTileKeys) * (kTileKeys / unit), kTileKeys) * kTileKeys;
}

inline size_t captureBytes(const CaptureSetup& setup, const Call& call, int64_t tokens,
                           int64_t stretch_tokens) {
  int64_t blocks = setup.blocks;
  return rowStateBytes(call.group, call.p->head_dim) + 4096 +
         sizeof(float) * ((call.group + 2) * massStride(setup.unit, tokens) + kFloats) +
         sizeof(double) * call.group +
         sizeof(Candidate) * (blocks + 1) +
         sizeof(int32_t) * blocks * (setup.observation->budget_count * stretch_tokens + 1) + 10 * 64;
}

inline CaptureRows carveCapture(char*& memory, const CaptureSetup& setup, const Call& call,
                                int64_t tokens, int64_t stretch_tokens) {
  CaptureRows c;
  int64_t blocks = setup.blocks;
  c.stride = massStride(setup.unit, tokens);
  c.sparse = carveRowState(memory, call.group, call.p->head_dim, &c.sparse_queries);
  c.shares = carveFloats(memory, call.group * c.stride + kFloats);
  c.totals = carveDoubles(memory, call.group);
  c.importance = carveFloats(memory, c.stride);
  c.dropped = carveFloats(memory, c.stride);
  c.heap = reinterpret_cast<Candidate*>(carveDoubles(memory, 2 * (blocks + 1)));
  c.best = reinterpret_cast<int32_t*>(carveFloats(memory, blocks));
  c.selected = reinterpret_cast<int32_t*>(
      carveFloats(memory, setup.observation->budget_count * stretch_tokens * blocks));
  return c;
}

// Units of which a token sees one or more, up to whole vectors.
inline int64_t visibleUnits(const RowTrace& t, int64_t r) {
  return ceilDivide(t.token[r] / t.unit + 1, kTileKeys) * kTileKeys;
}

// A row's masses as shares of all, 0 behind the last key's tile; their sum, which is 1 but for
// rounding. Up to a vector behind a run's last unit is written over, by the next run or row; there is
// room for one behind the last row.
inline double sharesOf(const RowState& s, const RowTrace& t, int64_t r, float* to) {
  int64_t per_tile = kTileKeys / t.unit;
  int64_t tiles = t.token[r] / kTileKeys + 1;
  const float* masses = t.masses + r * t.mass_stride;
  const float* largest = t.tile_largest + r * t.tile_stride;
  for (int64_t i = 0, end = 0; i < tiles; i = end) {
    // The largest score so far changes seldom.
    for (end = i + 1; end < tiles && largest[end] == largest[i]; end++) {
    }
    double distance = static_cast<double>(largest[i]) - static_cast<double>(s.largest[r]);
    float factor = static_cast<float>(__builtin_exp(distance) / s.sum[r]);
    for (int64_t u = i * per_tile; u < end * per_tile; u += kFloats) {
      store(to + u, load(masses + u) * factor);
    }
  }
  int64_t units = visibleUnits(t, r);
  int64_t written = tiles * per_tile;
  __builtin_memset(to + written, 0, sizeof(float) * (units - written));
  double total = 0;
  for (int64_t u = 0; u < units; u += kTileKeys) {
    Floats sum = {};
    for (int64_t j = u; j < u + kTileKeys; j += kFloats) {
      sum += load(to + j);
    }
    total += sumOfLanes<float>(sum);
  }
  return total;
}

// The shares of one token's heads, whose rows begin at `row`, and their sum over the heads.
inline void prepareToken(const RowState& s, const RowTrace& t, int64_t row, int64_t group,
                         CaptureRows& c) {
  for (int64_t g = 0; g < group; g++) {
    c.totals[g] = sharesOf(s, t, row + g, c.shares + g * c.stride);
  }
  for (int64_t u = 0; u < visibleUnits(t, row); u += kFloats) {
    Floats sum = {};
    for (int64_t g = 0; g < group; g++) {
      sum += load(c.shares + g * c.stride + u);
    }
    store(c.importance + u, sum);
  }
}

struct Share {
  double kept;
  double dropped;

  double captured() const { return kept / (kept + dropped); }
  double delta() const { return dropped / (kept + dropped); }
};

// A row's masses within and without what is dropped.
inline Share shareOf(const float* masses, const float* dropped, int64_t units) {
  Share share = {0, 0};
  for (int64_t u = 0; u < units; u += kTileKeys) {
    Floats out = {};
    Floats in = {};
    for (int64_t j = u; j < u + kTileKeys; j += kFloats) {
      Floats mass = load(masses + j);
      Floats mark = load(dropped + j);
      out += mass * mark;
      in += mass * (1.0f - mark);
    }
    share.dropped += sumOfLanes<float>(out);
    share.kept += sumOfLanes<float>(in);
  }
  return share;
}

// Marks the units of blocks before the own one, but for the chosen ones.
inline void markDropped(const int32_t* chosen, int64_t count, int64_t own, int64_t per_block,
                        int64_t units, float* dropped) {
  int64_t visible = own * per_block;
  for (int64_t u = 0; u < units; u++) {
    dropped[u] = u < visible ? 1.0f : 0.0f;
  }
  for (int64_t i = 0; i < count && chosen[i] >= 0; i++) {
    for (int64_t u = 0; u < per_block; u++) {
      dropped[chosen[i] * per_block + u] = 0;
    }
  }
}

// The blocks of a budget that hold most of the group's mass, the own one among them.
inline void chooseBest(const Mode& mode, const float* importance, int64_t own, int64_t per_block,
                       Candidate* heap, int32_t* chosen) {
  Selection selection = {chosen, 0};
  if (own < mode.block_count) {
    take(selection, 0, own);
    return finishSelection(mode, selection, own);
  }
  Best best = {heap, mode.block_count - 1, 0};
  for (int64_t b = 0; b < own && best.room > 0; b++) {
    double mass = 0;
    for (int64_t u = 0; u < per_block; u++) {
      mass += importance[b * per_block + u];
    }
    offer(best, mass, b);
  }
  take(selection, best);
  finishSelection(mode, selection, own);
}

// What the heads of a group have of their mass on chosen blocks. Few blocks are looked up, many are
// told from the rest by marks.
inline void capturedShares(const Mode& mode, const int32_t* chosen, int64_t group, int64_t own,
                           int64_t per_block, int64_t units, const CaptureRows& c, double* to,
                           int64_t columns) {
  bool few = mode.block_count * per_block * kFewBlocks <= units;
  bool all = own < mode.block_count;
  if (!few && !all) {
    markDropped(chosen, mode.block_count, own, per_block, units, c.dropped);
  }
  for (int64_t g = 0; g < group; g++) {
    const float* shares = c.shares + g * c.stride;
    double kept = all ? c.totals[g] : 0;
    for (int64_t i = 0; few && !all && i < mode.block_count; i++) {
      for (int64_t u = 0; u < per_block; u++) {
        kept += shares[chosen[i] * per_block + u];
      }
    }
    double share = few || all ? kept / c.totals[g] : shareOf(shares, c.dropped, units).captured();
    to[g * columns] = share > 1 ? 1 : share;  // rounding
  }
}

inline float longestDropped(const float* longest, const float* dropped, int64_t units) {
  float length = 0;
  for (int64_t u = 0; u < units; u++) {
    length = largestOrNan(length, dropped[u] != 0 ? longest[u] : 0);
  }
  return length;
}

// Nothing of nothing is 0.
inline double ratio(double part, double whole) { return part == 0 ? 0 : part / whole; }

// The error of leaving blocks out, and the theorem's bound on it.
inline void errorColumns(const RowState& full, int64_t r, const RowState& sparse, int64_t g,
                         double delta, float longest, double* to) {
  double full_square = 0;
  double sparse_square = 0;
  double square = 0;
  for (int64_t d = 0; d < full.dim; d++) {
    double x = full.out[r * full.dim + d] / full.sum[r];
    double y = sparse.out[g * full.dim + d] / sparse.sum[g];
    full_square += x * x;
    sparse_square += y * y;
    square += (x - y) * (x - y);
  }
  double length = __builtin_sqrt(full_square);
  double bound = ratio(delta * (longest + __builtin_sqrt(sparse_square)), length);
  double error = ratio(__builtin_sqrt(square), length);
  to[0] = error < kRounding && bound < error ? bound : error;
  to[1] = bound;
}

// One token's rows, from `row` on, for one budget. `to` [G, columns] gets captured, captured_best,
// output_error and error_bound, as far as they are asked for.
inline void captureToken(const CaptureSetup& setup, const BudgetCall& budget, const PagedKeys& keys,
                         const RowState& full, const RowTrace& trace, int64_t row,
                         const int32_t* selected, const float* longest, CaptureRows& c, double* to,
                         int64_t columns) {
  const Observation& asked = *setup.observation;
  const Mode& mode = budget.parameters.mode;
  int64_t group = budget.call.group;
  int64_t t = trace.token[row];
  int64_t own = t / mode.block_size;
  int64_t per_block = mode.block_size / setup.unit;
  int64_t units = visibleUnits(trace, row);
  int64_t at = 0;
  if (asked.capture) {
    chooseBest(mode, c.importance, own, per_block, c.heap, c.best);
    capturedShares(mode, selected, group, own, per_block, units, c, to, columns);
    capturedShares(mode, c.best, group, own, per_block, units, c, to + 1, columns);
    at += 2;
  }
  if (asked.error) {
    markDropped(selected, mode.block_count, own, per_block, units, c.dropped);
    float length = longestDropped(longest, c.dropped, units);
    __builtin_memcpy(c.sparse_queries, full.queries + row * full.dim,
                     sizeof(float) * group * full.dim);
    beginRows(c.sparse);
    Unwatched nobody;
    attendBlocks(c.sparse, keys, mode, selected, t, nobody);
    for (int64_t g = 0; g < group; g++) {
      double delta = shareOf(c.shares + g * c.stride, c.dropped, units).delta();
      errorColumns(full, row + g, c.sparse, g, delta, length, to + g * columns + at);
    }
  }
}

}  // namespace ssa::SSA_ISA
