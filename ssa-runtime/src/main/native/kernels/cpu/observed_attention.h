// observed_attention.h: an attention call that tells where its attention goes
//
// in    AttentionParameters with an Observation (kernels/observation.h)
// out   what attention.h gives, bit for bit; the observation's totals, added to
// math  observe.h (sinks), capture.h (budgets)
// num.  Each token's statistics are made by itself. They are added to the totals in fp64, token after
//       token, by one thread per head, so that batch, chunks, threads and neighbours change no bit.
// work  in waves of as many tokens as 8 MB hold statistics of; within a wave, items are (query rows,
//       KV head) as in attention.h, a group's heads together
// memory a wave; the lengths of all values, 4 bytes each; per budget size the means of its blocks, as
//       its sparse mode has; per thread 48 rows of masses, 4 bytes per unit
// oracle  oracle/AttentionStatisticsOracle.java
#pragma once

namespace ssa::SSA_ISA {

constexpr size_t kWaveBytes = size_t{8} << 20;

// What a branch does with its gate, as finishRows takes it.
struct BranchGate {
  int64_t gate;
  bool add;
};

// attendRanges with a watcher; `finish` gets the state and the trace of the stretch's rows, and memory.
template <bool kSinks, bool kMasses, typename Keys, typename From, typename To, typename Finish>
inline void observeRanges(const ObservedCall& o, const Stretch& stretch, int64_t kv_head,
                          const Keys& keys, const float* lengths, BranchGate branch, From from,
                          To to, size_t more_bytes, Finish finish) {
  const Call& call = *o.call;
  int64_t dim = call.p->head_dim;
  int64_t rows = rowsOf(stretch);
  // Room for the longest row of the call, so that one item's memory fits the next.
  int64_t tokens = call.sequences[stretch.sequence].tokens;
  int64_t tiles = kMasses ? ceilDivide(tokens, kTileKeys) : 0;
  int64_t per_tile = kTileKeys / o.capture.unit;
  char* all = static_cast<char*>(acquire(rowStateBytes(rows, dim) + traceBytes(rows) + 4096 +
                                         sizeof(float) * rows *
                                             (traceStride(tiles * per_tile) + traceStride(tiles)) +
                                         more_bytes));
  if (all == nullptr) {
    return fail(call);
  }
  char* memory = all;
  float* queries;
  RowState state = carveRowState(memory, rows, dim, &queries);
  RowTrace trace = carveTrace(memory, rows);
  int64_t* begin = carveIntegers(memory, rows);
  int64_t* end = carveIntegers(memory, rows);
  trace.lengths = lengths;
  if (kMasses) {
    trace.unit = o.capture.unit;
    trace.mass_stride = traceStride(tiles * per_tile);
    trace.tile_stride = traceStride(tiles);
    trace.masses = carveFloats(memory, rows * trace.mass_stride);
    trace.tile_largest = carveFloats(memory, rows * trace.tile_stride);
  }
  copyQueries(call, stretch, kv_head, queries);
  beginRows(state);
  beginTrace(trace);
  for (int64_t r = 0; r < rows; r++) {
    int64_t t = tokenOf(stretch, r);
    begin[r] = from(t);
    end[r] = to(t);
    trace.token[r] = t;
    trace.attended[r] = end[r] - begin[r];
  }
  Watcher<kSinks, kMasses> watcher = {trace};
  attendKeys(state, keys, begin, end, watcher);
  foldAllLanes(trace);
  finishRows(call, stretch, kv_head, branch.gate, branch.add, state);
  finish(state, trace, memory);
  release(all);
}

// Every budget's columns for the rows of a stretch that are in range.
inline void captureRows(const ObservedCall& o, const Stretch& stretch, int64_t kv_head,
                        const PagedKeys& keys, const RowState& state, const RowTrace& trace,
                        char* memory) {
  const Observation& asked = *o.asked;
  const Call& call = *o.call;
  int64_t each = (asked.capture ? 2 : 0) + (asked.error ? 2 : 0);
  CaptureRows c =
      carveCapture(memory, o.capture, call, call.sequences[stretch.sequence].tokens,
                   stretch.last - stretch.first);
  int64_t tokens = stretch.last - stretch.first;
  for (int64_t i = 0; i < asked.budget_count; i++) {
    const BudgetCall& budget = o.capture.budgets[i];
    Call choosing = budget.call;
    choosing.selected = {c.selected + i * tokens * o.capture.blocks,
                         newRow(call.sequences[stretch.sequence], stretch.first),
                         budget.parameters.mode.block_count, 0};
    selectBlocks(choosing, stretch, kv_head);
    if (choosing.failed != 0) {
      return fail(call);
    }
  }
  const float* longest = asked.error ? unitLengths(o, stretch.sequence, kv_head) : nullptr;
  for (int64_t t = stretch.first; t < stretch.last; t++) {
    if (!inRange(o, stretch.sequence, t)) {
      continue;
    }
    int64_t r = (t - stretch.first) * stretch.heads;
    prepareToken(state, trace, r, call.group, c);
    double* to = valuesOf(o, stretch, kv_head, r) + o.budget_column;
    for (int64_t i = 0; i < asked.budget_count; i++) {
      const BudgetCall& budget = o.capture.budgets[i];
      const int32_t* selected = c.selected + i * tokens * o.capture.blocks +
                                (t - stretch.first) * budget.parameters.mode.block_count;
      captureToken(o.capture, budget, keys, state, trace, r, selected, longest, c, to + i * each,
                   o.columns);
    }
  }
}

template <bool kSinks, bool kMasses>
inline void observeFull(const ObservedCall& o, const Stretch& stretch, int64_t kv_head) {
  const Call& call = *o.call;
  if (!anyInRange(o, stretch)) {
    return attendFull(call, stretch, kv_head);
  }
  const Sequence& sequence = call.sequences[stretch.sequence];
  PagedKeys keys = {call, sequence, kv_head};
  size_t more = kMasses ? captureBytes(o.capture, call, sequence.tokens,
                                       stretch.last - stretch.first)
                        : 0;
  const float* lengths = kSinks ? tokenLengths(o, stretch.sequence, kv_head) : nullptr;
  observeRanges<kSinks, kMasses>(
      o, stretch, kv_head, keys, lengths, {1, false}, [](int64_t) { return int64_t{0}; },
      [](int64_t t) { return t + 1; }, more,
      [&](const RowState& state, const RowTrace& trace, char* memory) {
        for (int64_t r = 0; kSinks && r < state.rows; r++) {
          sinkColumns(state, trace, r, valuesOf(o, stretch, kv_head, r) + kGateColumns);
        }
        if (kMasses) {
          captureRows(o, stretch, kv_head, keys, state, trace, memory);
        }
      });
}

// The columns of the selected branch, or of the only one of a sparse mode.
inline void observeSelected(const ObservedCall& o, const Stretch& stretch, int64_t kv_head) {
  const Call& call = *o.call;
  if (!anyInRange(o, stretch)) {
    return attendSelected(call, stretch, kv_head);
  }
  const Sequence& sequence = call.sequences[stretch.sequence];
  int64_t dim = call.p->head_dim;
  PagedKeys keys = {call, sequence, kv_head};
  char* all = static_cast<char*>(
      acquire(rowStateBytes(stretch.heads, dim) + traceBytes(stretch.heads) + 4096));
  if (all == nullptr) {
    return fail(call);
  }
  char* memory = all;
  float* queries;
  RowState state = carveRowState(memory, stretch.heads, dim, &queries);
  RowTrace trace = carveTrace(memory, stretch.heads);
  trace.lengths = tokenLengths(o, stretch.sequence, kv_head);
  for (int64_t t = stretch.first; t < stretch.last; t++) {
    Stretch one = {stretch.sequence, t, t + 1, stretch.head, stretch.heads};
    copyQueries(call, one, kv_head, queries);
    beginRows(state);
    beginTrace(trace);
    for (int64_t r = 0; r < state.rows; r++) {
      trace.token[r] = t;
    }
    Watcher<true, false> watcher = {trace};
    int64_t attended = attendBlocks(state, keys, call.p->mode,
                                    selectedOf(call, sequence, t, kv_head), t, watcher);
    foldAllLanes(trace);
    finishRows(call, one, kv_head, 1, false, state);
    for (int64_t r = 0; r < state.rows; r++) {
      trace.attended[r] = attended;
      sinkColumns(state, trace, r, valuesOf(o, one, kv_head, r) + kGateColumns);
    }
  }
  release(all);
}

inline void observeWindow(const ObservedCall& o, const Stretch& stretch, int64_t kv_head) {
  const Call& call = *o.call;
  if (!anyInRange(o, stretch)) {
    return attendWindow(call, stretch, kv_head);
  }
  int64_t window = call.p->mode.window;
  PagedKeys keys = {call, call.sequences[stretch.sequence], kv_head};
  observeRanges<true, false>(
      o, stretch, kv_head, keys, tokenLengths(o, stretch.sequence, kv_head), {2, true},
      [window](int64_t t) { return most(0, t + 1 - window); }, [](int64_t t) { return t + 1; }, 0,
      [&](const RowState& state, const RowTrace& trace, char*) {
        for (int64_t r = 0; r < state.rows; r++) {
          sinkColumns(state, trace, r,
                      valuesOf(o, stretch, kv_head, r) + kGateColumns + kSinkColumns);
        }
      });
}

inline void observeCompressed(const ObservedCall& o, const Stretch& stretch, int64_t kv_head) {
  const Call& call = *o.call;
  if (!anyInRange(o, stretch)) {
    return attendCompressed(call, stretch, kv_head);
  }
  int64_t block = call.p->mode.block_size;
  MeanKeys keys = {call, call.sequences[stretch.sequence], kv_head};
  observeRanges<true, false>(
      o, stretch, kv_head, keys, nullptr, {0, true}, [](int64_t) { return int64_t{0}; },
      [block](int64_t t) { return (t + 1) / block; }, 0,
      [&](const RowState& state, const RowTrace& trace, char*) {
        for (int64_t r = 0; r < state.rows; r++) {
          compressedColumns(state, trace, r,
                            valuesOf(o, stretch, kv_head, r) + kGateColumns + 2 * kSinkColumns);
        }
      });
}

using ObservedStep = void (*)(const ObservedCall&, const Stretch&, int64_t);

// The steps of a mode, in order.
struct ObservedSteps {
  ObservedStep step[3];
  int64_t count;
};

inline void attendFullOf(const ObservedCall& o, const Stretch& stretch, int64_t kv_head) {
  attendFull(*o.call, stretch, kv_head);
}
inline void attendSelectedOf(const ObservedCall& o, const Stretch& stretch, int64_t kv_head) {
  attendSelected(*o.call, stretch, kv_head);
}
inline void attendCompressedOf(const ObservedCall& o, const Stretch& stretch, int64_t kv_head) {
  attendCompressed(*o.call, stretch, kv_head);
}
inline void attendWindowOf(const ObservedCall& o, const Stretch& stretch, int64_t kv_head) {
  attendWindow(*o.call, stretch, kv_head);
}

inline ObservedSteps stepsOf(const AttentionParameters& p) {
  bool sinks = p.asked.statistics.sinks;
  if (p.mode.kind == ModeKind::kFull) {
    if (p.asked.statistics.watchesBudgets()) {
      return {{sinks ? observeFull<true, true> : observeFull<false, true>}, 1};
    }
    return {{sinks ? observeFull<true, false> : attendFullOf}, 1};
  }
  int64_t steps = p.mode.kind == ModeKind::kThreeBranch ? 3 : 1;
  if (sinks) {
    return {{observeSelected, observeCompressed, observeWindow}, steps};
  }
  return {{attendSelectedOf, attendCompressedOf, attendWindowOf}, steps};
}

// Adds the wave's statistics of one head to its totals, token after token.
inline void addToTotals(const ObservedCall& o, int64_t first, int64_t last, int64_t head) {
  const Call& call = *o.call;
  const AttentionParameters& p = *call.p;
  for (int64_t i = first; i < last; i++) {
    const Stretch& stretch = call.stretches[i];
    for (int64_t t = stretch.first; t < stretch.last; t++) {
      if (!inRange(o, stretch.sequence, t)) {
        continue;
      }
      int64_t row = newRow(call.sequences[stretch.sequence], t);
      double* total = o.asked->totals + ((stretch.sequence * o.asked->buckets + bucketOf(t)) *
                                             p.query_heads +
                                         head) *
                                            o.columns;
      const double* value =
          o.values + ((row - o.first_row) * p.query_heads + head) * o.columns;
      for (int64_t g = 0; g < kGateColumns && p.gates != nullptr; g++) {
        total[g] += p.gates[(row * p.query_heads + head) * kGateColumns + g];
      }
      for (int64_t c = kGateColumns; c < o.columns; c++) {
        total[c] += value[c];
      }
    }
  }
}

inline void overWaves(ObservedCall& o, int64_t wave_tokens, const Parallel& parallel) {
  Call& call = *o.call;
  int64_t kv_heads = call.p->kv_heads;
  ObservedSteps steps = stepsOf(*call.p);
  int64_t stretches = cutStretches(call, kQueryRows, 1);
  int64_t last = 0;
  for (int64_t first = 0; first < stretches; first = last) {
    int64_t tokens = 0;
    while (last < stretches &&
           (last == first ||
            tokens + call.stretches[last].last - call.stretches[last].first <= wave_tokens)) {
      tokens += call.stretches[last].last - call.stretches[last].first;
      last++;
    }
    const Stretch& begin = call.stretches[first];
    o.first_row = newRow(call.sequences[begin.sequence], begin.first);
    int64_t items = (last - first) * kv_heads;
    for (int64_t i = 0; i < steps.count; i++) {
      auto item = [&](size_t n) {
        int64_t at = items - 1 - static_cast<int64_t>(n);
        steps.step[i](o, call.stretches[first + at / kv_heads], at % kv_heads);
      };
      forEach(parallel, items, item);
    }
    auto add = [&](size_t head) { addToTotals(o, first, last, head); };
    forEach(parallel, call.p->query_heads, add);
  }
}

inline bool runObserved(Call& call, const Parallel& parallel) {
  const AttentionParameters& p = *call.p;
  ObservedCall o = {};
  o.call = &call;
  o.asked = &p.asked.statistics;
  o.columns = columnsOf(*o.asked, p.mode.kind);
  o.budget_column = budgetColumn(*o.asked, p.mode.kind);
  o.capture = {o.asked, nullptr, kTileKeys, 1};
  for (int64_t i = 0; i < o.asked->budget_count; i++) {
    o.capture.unit = least(o.capture.unit, o.asked->budgets[i].block_size);
  }
  int64_t token_bytes = sizeof(double) * p.query_heads * o.columns;
  int64_t wave_tokens =
      most(most(1, kQueryRows / call.group), static_cast<int64_t>(kWaveBytes) / token_bytes);
  CallMemory memory;
  o.values = memory.take<double>(least(wave_tokens, p.tokens) * p.query_heads * o.columns);
  if (memory.complete && (o.asked->sinks || o.asked->error)) {
    prepareLengths(o, memory, parallel);
  }
  if (memory.complete && o.asked->watchesBudgets()) {
    prepareCapture(o, memory, parallel);
  }
  if (memory.complete) {
    overWaves(o, wave_tokens, parallel);
  }
  return memory.complete;
}

}  // namespace ssa::SSA_ISA
