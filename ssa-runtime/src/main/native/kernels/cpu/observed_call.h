// observed_call.h: what the work items of a call with statistics share
//
// in    a call, its observation
// out   per budget a call of its sparse mode, with the means of its blocks; |v_j| of every token, and
//       the longest of each unit of 8 … 64 tokens
// cost  2 H D flop per token of the sequences, past ones too; S/8 D additions per block and budget size
// num.  lengths are summed in fp64 and rounded once
#pragma once

namespace ssa::SSA_ISA {

// Mutable: memory of one call, all given back together.
struct CallMemory {
  static constexpr int kMostParts = 64;
  void* part[kMostParts];
  int parts = 0;
  bool complete = true;

  template <typename T>
  T* take(int64_t count) {
    void* memory = parts < kMostParts ? acquire(sizeof(T) * count) : nullptr;
    complete = complete && memory != nullptr;
    if (memory != nullptr) {
      part[parts++] = memory;
    }
    return static_cast<T*>(memory);
  }

  ~CallMemory() {
    for (int i = 0; i < parts; i++) {
      release(part[i]);
    }
  }
};

// The lengths of values, per sequence and KV head: of each token, and the longest of each unit.
struct ValueLengths {
  float* of_tokens;      // per sequence [H, padded tokens]
  float* of_units;       // per sequence [H, padded units]
  int64_t* token_start;  // [S]
  int64_t* unit_start;   // [S]
};

struct ObservedCall {
  Call* call;
  const Observation* asked;
  CaptureSetup capture;
  ValueLengths lengths;
  int64_t columns;
  int64_t budget_column;
  double* values;     // [tokens of the wave, HQ, columns]
  int64_t first_row;  // of the wave
};

inline int64_t paddedTokens(const Sequence& s) {
  return ceilDivide(s.tokens, PageLayout::kTokens) * PageLayout::kTokens;
}

inline const float* tokenLengths(const ObservedCall& o, int64_t sequence, int64_t kv_head) {
  return o.lengths.of_tokens + o.lengths.token_start[sequence] +
         kv_head * paddedTokens(o.call->sequences[sequence]);
}

inline const float* unitLengths(const ObservedCall& o, int64_t sequence, int64_t kv_head) {
  return o.lengths.of_units + o.lengths.unit_start[sequence] +
         kv_head * massStride(o.capture.unit, o.call->sequences[sequence].tokens);
}

inline bool inRange(const ObservedCall& o, int64_t sequence, int64_t token) {
  const int64_t* range = o.asked->ranges + 2 * sequence;
  return token >= range[0] && token < range[1];
}

inline bool anyInRange(const ObservedCall& o, const Stretch& stretch) {
  const int64_t* range = o.asked->ranges + 2 * stretch.sequence;
  return stretch.first < range[1] && stretch.last > range[0];
}

inline double* valuesOf(const ObservedCall& o, const Stretch& stretch, int64_t kv_head,
                        int64_t row) {
  const Call& call = *o.call;
  int64_t at = newRow(call.sequences[stretch.sequence], tokenOf(stretch, row)) - o.first_row;
  return o.values +
         (at * call.p->query_heads + headOf(call, stretch, kv_head, row)) * o.columns;
}

inline void measureValues(const ObservedCall& o, int64_t s, int64_t page, int64_t kv_head) {
  const Call& call = *o.call;
  const Sequence& sequence = call.sequences[s];
  int64_t dim = call.p->head_dim;
  int64_t first = page * PageLayout::kTokens;
  const float* values = pageAt(call, sequence, first, kv_head).values;
  float* lengths = const_cast<float*>(tokenLengths(o, s, kv_head)) + first;
  float* longest = const_cast<float*>(unitLengths(o, s, kv_head));
  for (int64_t i = 0; i < PageLayout::kTokens; i++) {
    double square = 0;
    if (first + i < sequence.tokens) {
      for (int64_t d = 0; d < dim; d++) {
        double x = values[i * dim + d];
        square += x * x;
      }
    }
    lengths[i] = static_cast<float>(__builtin_sqrt(square));
    float& of_unit = longest[(first + i) / o.capture.unit];
    of_unit = largestOrNan(of_unit, lengths[i]);
  }
}

// Places and measures the values of all sequences.
inline void prepareLengths(ObservedCall& o, CallMemory& memory, const Parallel& parallel) {
  const Call& call = *o.call;
  const AttentionParameters& p = *call.p;
  o.lengths.token_start = memory.take<int64_t>(p.sequences);
  o.lengths.unit_start = memory.take<int64_t>(p.sequences);
  if (!memory.complete) {
    return;
  }
  int64_t tokens = 0;
  int64_t units = 0;
  for (int64_t s = 0; s < p.sequences; s++) {
    o.lengths.token_start[s] = tokens;
    o.lengths.unit_start[s] = units;
    tokens += p.kv_heads * paddedTokens(call.sequences[s]);
    units += p.kv_heads * massStride(o.capture.unit, call.sequences[s].tokens);
  }
  o.lengths.of_tokens = memory.take<float>(tokens);
  o.lengths.of_units = memory.take<float>(units);
  if (!memory.complete) {
    return;
  }
  __builtin_memset(o.lengths.of_units, 0, sizeof(float) * units);
  for (int64_t s = 0; s < p.sequences; s++) {
    if (call.sequences[s].tokens == call.sequences[s].past) {
      continue;
    }
    // One head after the other page by page: a unit's longest value has one writer.
    auto item = [&](size_t kv_head) {
      for (int64_t page = 0; page * PageLayout::kTokens < call.sequences[s].tokens; page++) {
        measureValues(o, s, page, static_cast<int64_t>(kv_head));
      }
    };
    forEach(parallel, p.kv_heads, item);
  }
}

// Makes a budget's call: its sequences and the means of its blocks, or those of an earlier budget with
// blocks of the same size.
inline void prepareBudget(ObservedCall& o, BudgetCall* budgets, int64_t i, int64_t longest,
                          CallMemory& memory, const Parallel& parallel) {
  const AttentionParameters& p = *o.call->p;
  BudgetCall& budget = budgets[i];
  const BlockBudget& asked = o.asked->budgets[i];
  int64_t count = least(asked.block_count, ceilDivide(longest, asked.block_size));
  budget.parameters = p;
  budget.parameters.mode = {ModeKind::kSparse, asked.block_size, count, 0};
  budget.parameters.tally = nullptr;
  o.capture.blocks = most(o.capture.blocks, count);
  for (int64_t j = 0; j < i; j++) {
    if (o.asked->budgets[j].block_size == asked.block_size) {
      budget.call = budgets[j].call;
      budget.call.p = &budget.parameters;
      return;
    }
  }
  budget.call = *o.call;
  budget.call.p = &budget.parameters;
  budget.call.sequences = memory.take<Sequence>(p.sequences + 1);
  if (!memory.complete) {
    return;
  }
  Sequence end = placeSequences(budget.call);
  budget.call.key_means =
      memory.take<float>(end.key_mean_tile * p.kv_heads * p.head_dim * kKeyLanes);
  budget.call.mean_squares = memory.take<double>(end.key_mean_tile * p.kv_heads);
  if (memory.complete) {
    meansOfBlocks(budget.call, parallel);
  }
}

inline void prepareCapture(ObservedCall& o, CallMemory& memory, const Parallel& parallel) {
  const AttentionParameters& p = *o.call->p;
  BudgetCall* budgets = memory.take<BudgetCall>(o.asked->budget_count);
  if (!memory.complete) {
    return;
  }
  int64_t longest = 1;
  for (int64_t s = 0; s < p.sequences; s++) {
    longest = most(longest, o.call->sequences[s].tokens);
  }
  o.capture.budgets = budgets;
  for (int64_t i = 0; i < o.asked->budget_count && memory.complete; i++) {
    prepareBudget(o, budgets, i, longest, memory, parallel);
  }
}

}  // namespace ssa::SSA_ISA
