// span_mass.h: how much of full attention's mass lies on stretches of the keys
//
// in    AttentionParameters with SpanMasses (kernels/spans.h); the keys in the pages, the rotated
//       queries, in modes that select blocks the selection
// out   masses [R, HQ, 2]: per query of a range, stretch and head
// math  a_j = exp(q k_j / sqrt(D)) / sum over all keys i <= t of exp(q k_i / sqrt(D)), in every mode
//       mass     = sum of a_j over the stretch's keys j <= t
//       attended = the same over those that the mode attends to: all of them; those of the chosen
//                  blocks; with three branches those of the chosen blocks or the window
// cost  per query and head 2 t D flop and t exponentials, and the stretches' keys once more; memory 64
//       scores per head
// num.  scores in fp32; sums of 64 exponentials in fp32, of those in fp64; a stretch's exponentials and
//       their sum in fp64. A query's figures are made by themselves, tile after tile: batch, chunks,
//       threads and neighbours change no bit, and nothing of the answer is touched.
// work  items are (query, KV head)
// oracle  oracle/SpanMassOracle.java
#pragma once

namespace ssa::SSA_ISA {

// The queries of one sequence that are asked for, and where their figures go.
struct SpanWork {
  const int64_t* spans;  // [count, 3]
  int64_t count;
  int64_t first_token;
  int64_t tokens;
  int64_t first_row;
};

// Which keys of a stretch a token attends to; they are asked for in ascending order.
struct AttendedKeys {
  const Mode& mode;
  const int32_t* selected;
  int64_t token;
  int64_t at = 0;

  bool hold(int64_t key) {
    if (mode.kind == ModeKind::kFull) {
      return true;
    }
    if (mode.kind == ModeKind::kThreeBranch && key > token - mode.window) {
      return true;
    }
    int64_t block = key / mode.block_size;
    while (at < mode.block_count && selected[at] >= 0 && selected[at] < block) {
      at++;
    }
    return at < mode.block_count && selected[at] == block;
  }
};

// The mass of one stretch per head, from the rows' final largest scores and sums.
inline void spanMass(const RowState& state, const PagedKeys& keys, const int64_t* span,
                     AttendedKeys attended, double* to) {
  int64_t end = least(span[2], attended.token + 1);
  for (int64_t r = 0; r < 2 * state.rows; r++) {
    to[r] = 0;
  }
  for (int64_t base = span[1] / kTileKeys * kTileKeys; base < end; base += kTileKeys) {
    scoreSegment(state, keys.at(base, kTileKeys), 0);
    int64_t last = least(end, base + kTileKeys);
    for (int64_t j = most(span[1], base); j < last; j++) {
      bool kept = attended.hold(j);
      for (int64_t r = 0; r < state.rows; r++) {
        double distance = static_cast<double>(state.scores[r * kTileKeys + j - base]) -
                          static_cast<double>(state.largest[r]);
        double share = __builtin_exp(distance) / state.sum[r];
        to[2 * r] += share;
        to[2 * r + 1] += kept ? share : 0;
      }
    }
  }
}

inline void measureToken(const Call& call, int64_t s, const SpanWork& work, int64_t token,
                         int64_t kv_head) {
  const AttentionParameters& p = *call.p;
  const Sequence& sequence = call.sequences[s];
  char* memory = static_cast<char*>(threadScratch(rowStateBytes(call.group, p.head_dim) + 4096));
  if (memory == nullptr) {
    return fail(call);
  }
  float* queries;
  RowState state = carveRowState(memory, call.group, p.head_dim, &queries);
  copyQueries(call, {s, token, token + 1, 0, call.group}, kv_head, queries);
  beginRows(state);
  PagedKeys keys = {call, sequence, kv_head};
  Unwatched nobody;
  for (int64_t base = 0; base <= token; base += kTileKeys) {
    scoreSegment(state, keys.at(base, kTileKeys), 0);
    for (int64_t r = 0; r < state.rows; r++) {
      state.from[r] = 0;
      state.to[r] = least(token + 1 - base, kTileKeys);
      weighRow(state, r, kTileKeys, nobody);
    }
  }
  const int32_t* selected =
      p.mode.kind == ModeKind::kFull ? nullptr : selectedOf(call, sequence, token, kv_head);
  int64_t row = work.first_row + (token - work.first_token) * work.count;
  for (int64_t i = 0; i < work.count; i++) {
    double* to = p.asked.spans.masses + ((row + i) * p.query_heads + kv_head * call.group) * 2;
    spanMass(state, keys, work.spans + 3 * i, {p.mode, selected, token}, to);
  }
}

// Finds each sequence's queries; returns how many there are in all.
inline int64_t placeSpans(const Call& call, SpanWork* works) {
  const SpanMasses& asked = call.p->asked.spans;
  int64_t span = 0;
  int64_t row = 0;
  int64_t queries = 0;
  for (int64_t s = 0; s < call.p->sequences; s++) {
    const Sequence& sequence = call.sequences[s];
    SpanWork& work = works[s];
    work.spans = asked.spans + 3 * span;
    while (span < asked.span_count && asked.spans[3 * span] == s) {
      span++;
    }
    work.count = (asked.spans + 3 * span - work.spans) / 3;
    work.first_token = most(asked.queries[2 * s], sequence.past);
    int64_t last = least(asked.queries[2 * s + 1], sequence.tokens);
    work.tokens = work.count == 0 ? 0 : most(0, last - work.first_token);
    work.first_row = row;
    row += work.tokens * work.count;
    queries += work.tokens;
  }
  return queries;
}

inline void measureSpans(Call& call, const Parallel& parallel) {
  int64_t kv_heads = call.p->kv_heads;
  SpanWork* works = static_cast<SpanWork*>(acquire(sizeof(SpanWork) * (call.p->sequences + 1)));
  if (works == nullptr) {
    return fail(call);
  }
  int64_t queries = placeSpans(call, works);
  auto item = [&](size_t i) {
    int64_t query = static_cast<int64_t>(i) / kv_heads;
    int64_t s = 0;
    while (query >= works[s].tokens) {
      query -= works[s++].tokens;
    }
    measureToken(call, s, works[s], works[s].first_token + query,
                 static_cast<int64_t>(i) % kv_heads);
  };
  forEach(parallel, queries * kv_heads, item);
  release(works);
}

}  // namespace ssa::SSA_ISA
