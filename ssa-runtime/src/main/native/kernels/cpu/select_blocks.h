// select_blocks.h: the blocks that each new token attends to
//
// in    queries of a stretch, means of the complete blocks (block_mean)
// out   selected [T, H, k]; tally: how many choices were proved, how many had to be made in fp64
// math  block_estimate chooses in fp32 where its own error bound proves the choice; elsewhere
//       block_importance decides in fp64. Either way the blocks are those of exact arithmetic on
//       the stored keys. A token with forced blocks is decided in fp64.
// work  items are (16 query rows, KV head); a single token's tiles are split among threads
// num.  estimates never reach the output, so that a split changes no bit
// oracle  oracle/BlockSelectionOracle.java
#pragma once

namespace ssa::SSA_ISA {

// A single token's tiles are split into at most this many parts.
constexpr int64_t kMostParts = 8;

inline void count(const Call& call, bool proved) {
  SelectionTally* tally = call.p->tally;
  if (tally != nullptr) {
    __atomic_fetch_add(proved ? &tally->proved : &tally->exact, 1, __ATOMIC_RELAXED);
  }
}

// The length of the longest mean of blocks before `complete`, or a little more.
inline double longestMean(const Call& call, const Sequence& sequence, int64_t kv_head,
                          int64_t complete) {
  double square = 0;
  for (int64_t tile = 0; tile < ceilDivide(complete, kKeyLanes); tile++) {
    double x = call.mean_squares[(sequence.key_mean_tile + tile) * call.p->kv_heads + kv_head];
    square = !(x <= square) ? x : square;
  }
  return __builtin_sqrt(square) * (1 + 4 * kUnit);
}

// Query rows of a stretch, twice, and all that the estimate needs. Lives in one block of memory.
struct SelectionRows {
  int64_t rows;
  int64_t stride;     // floats per row of weights
  double longest;
  double* queries;    // [rows, D]
  float* rounded;     // [rows, D]
  double* lengths;    // [rows]
  float* shifts;      // [rows]
  int64_t* complete;  // [rows]
  float* factors;     // [rows]
  double* sums;       // [parts, rows]
  float* weights;     // [rows, stride]
  Candidate* heap;    // [k + 1]

  EstimateRows estimate() const { return {rows, rounded, shifts, complete}; }
};

inline int64_t weightStride(const Call& call, int64_t tokens) {
  return ceilDivide(most(1, tokens / call.p->mode.block_size), kKeyLanes) * kKeyLanes;
}

inline int64_t candidatesOf(const Call& call, int64_t tokens) {
  return least(call.p->mode.block_count, ceilDivide(tokens, call.p->mode.block_size)) + 1;
}

inline size_t selectionBytes(const Call& call, int64_t rows, int64_t tokens, int64_t parts) {
  int64_t dim = call.p->head_dim;
  return sizeof(double) * rows * (2 * dim + 8 + parts) +
         sizeof(float) * rows * weightStride(call, tokens) +
         sizeof(Candidate) * candidatesOf(call, tokens) + 4096;
}

inline SelectionRows carveSelection(const Call& call, char* memory, int64_t rows, int64_t tokens,
                                    int64_t parts) {
  SelectionRows s = {};
  s.rows = rows;
  s.stride = weightStride(call, tokens);
  s.queries = carveDoubles(memory, rows * call.p->head_dim);
  s.rounded = carveFloats(memory, rows * call.p->head_dim);
  s.lengths = carveDoubles(memory, rows);
  s.shifts = carveFloats(memory, rows);
  s.complete = reinterpret_cast<int64_t*>(carveDoubles(memory, rows));
  s.factors = carveFloats(memory, rows);
  s.sums = carveDoubles(memory, rows * parts);
  s.weights = carveFloats(memory, rows * s.stride);
  s.heap = reinterpret_cast<Candidate*>(carveDoubles(memory, 2 * candidatesOf(call, tokens)));
  __builtin_memset(s.sums, 0, sizeof(double) * rows * parts);
  return s;
}

// Rotates and measures the stretch's queries.
inline void prepareRows(const Call& call, const Stretch& stretch, int64_t kv_head,
                        SelectionRows& s) {
  const AttentionParameters& p = *call.p;
  const Sequence& sequence = call.sequences[stretch.sequence];
  double scale = 1.0 / __builtin_sqrt(static_cast<double>(p.head_dim));
  s.longest = longestMean(call, sequence, kv_head, stretch.last / p.mode.block_size);
  for (int64_t r = 0; r < s.rows; r++) {
    int64_t row = newRow(sequence, tokenOf(stretch, r));
    double* query = s.queries + r * p.head_dim;
    rotateToken(p, p.q + (row * p.query_heads + headOf(call, stretch, kv_head, r)) * p.head_dim,
                row, query);
    double square = 0;
    for (int64_t d = 0; d < p.head_dim; d++) {
      query[d] *= scale;
      square += query[d] * query[d];
      s.rounded[r * p.head_dim + d] = static_cast<float>(query[d]);
    }
    s.lengths[r] = __builtin_sqrt(square);
    s.shifts[r] = estimateShift(s.lengths[r], s.longest);
    s.complete[r] = (tokenOf(stretch, r) + 1) / p.mode.block_size;
  }
}

// Where the scores of all complete blocks go, and room for their means.
struct BlockScores {
  double* scores;  // [G, stride]
  int64_t stride;
  double* means;  // [D, 64]
};

inline void scoreBlocks(const Call& call, const Sequence& sequence, int64_t kv_head,
                        int64_t complete, const double* queries, const BlockScores& to) {
  int64_t dim = call.p->head_dim;
  for (int64_t b = 0; b < complete; b += kKeyLanes) {
    meanKeys(*call.p, sequence.pages, kv_head, b, least(b + kKeyLanes, complete), to.means);
    multiply(call.group, kKeyLanes, queries, dim, to.means, kKeyLanes, dim, to.scores + b,
             to.stride, false);
  }
}

// The choice of one token in fp64, from its group's queries [G, D].
inline void selectExactly(const Call& call, const Sequence& sequence, int64_t kv_head,
                          int64_t token, const double* queries, Candidate* heap,
                          int32_t* selected) {
  const AttentionParameters& p = *call.p;
  int64_t complete = (token + 1) / p.mode.block_size;
  int64_t stride = ceilDivide(complete, kKeyLanes) * kKeyLanes;
  double* scores = static_cast<double*>(acquire(
      sizeof(double) * (call.group * (stride + 1) + stride + p.head_dim * kKeyLanes)));
  if (scores == nullptr) {
    return fail(call);
  }
  double* importance = scores + call.group * stride;
  double* means = importance + stride;
  double* factors = means + p.head_dim * kKeyLanes;
  scoreBlocks(call, sequence, kv_head, complete, queries, {scores, stride, means});
  for (int64_t g = 0; g < call.group; g++) {
    factors[g] = blockExponentials(scores + g * stride, complete);
  }
  blockImportance(scores, factors, call.group, stride, complete, importance);
  if (anyNaN(importance, complete)) {
    scoreBlocks(call, sequence, kv_head, complete, queries, {scores, stride, means});
    preferBroken(scores, call.group, stride, complete, importance);
  }
  blockTopK(p.mode, importance, token / p.mode.block_size, {sequence.forced, token}, heap,
            selected);
  release(scores);
}

// The choice of the token whose group's rows begin at `row`, from the sums of `parts` parts.
inline void chooseBlocks(const Call& call, const Sequence& sequence, int64_t kv_head,
                         int64_t token, SelectionRows& s, int64_t row, int64_t parts) {
  const AttentionParameters& p = *call.p;
  int64_t own = token / p.mode.block_size;
  int32_t* selected = selectedOf(call, sequence, token, kv_head);
  Selection selection = {selected, 0};
  if (takesAll(p.mode, own)) {
    take(selection, 0, own);
    return finishSelection(p.mode, selection, own);
  }
  double* sums = s.sums + row;
  for (int64_t part = 1; part < parts; part++) {
    for (int64_t g = 0; g < call.group; g++) {
      sums[g] += sums[part * s.rows + g];
    }
  }
  TokenEstimate estimate = {s.weights + row * s.stride, s.stride, call.group, s.factors + row, 0, 0};
  bool proved = boundEstimate(sums, s.lengths + row, s.longest, p.head_dim, &estimate) &&
                !Forced{sequence.forced, token}.any();
  Quotas quotas = quotasOf(p.mode, own);
  for (int64_t i = 0; i < quotas.size && proved; i++) {
    proved = takeProved(estimate, quotas.quota[i], s.heap, selection);
  }
  count(call, proved);
  if (proved) {
    return finishSelection(p.mode, selection, own);
  }
  selectExactly(call, sequence, kv_head, token, s.queries + row * p.head_dim, s.heap, selected);
}

inline void selectBlocks(const Call& call, const Stretch& stretch, int64_t kv_head) {
  const AttentionParameters& p = *call.p;
  const Sequence& sequence = call.sequences[stretch.sequence];
  int64_t rows = rowsOf(stretch);
  char* memory = static_cast<char*>(threadScratch(selectionBytes(call, rows, stretch.last, 1)));
  if (memory == nullptr) {
    return fail(call);
  }
  SelectionRows s = carveSelection(call, memory, rows, stretch.last, 1);
  if (!takesAll(p.mode, (stretch.last - 1) / p.mode.block_size)) {
    prepareRows(call, stretch, kv_head, s);
    int64_t tiles = ceilDivide(stretch.last / p.mode.block_size, kKeyLanes);
    estimateTiles(call, sequence, kv_head, s.estimate(), 0, tiles, s.weights, s.stride, s.sums);
  }
  for (int64_t t = stretch.first; t < stretch.last; t++) {
    chooseBlocks(call, sequence, kv_head, t, s, (t - stretch.first) * call.group, 1);
  }
}

// The same for one new token of one sequence: its tiles are weighed on several threads.
inline void selectForOneToken(Call& call, const Parallel& parallel) {
  const AttentionParameters& p = *call.p;
  cutStretches(call, 1, 1);
  Stretch whole = call.stretches[0];
  const Sequence& sequence = call.sequences[whole.sequence];
  int64_t tiles = ceilDivide(whole.last / p.mode.block_size, kKeyLanes);
  int64_t parts = most(1, least(kMostParts, tiles));
  char* memory =
      static_cast<char*>(acquire(selectionBytes(call, call.group, whole.last, parts)));
  if (memory == nullptr) {
    return fail(call);
  }
  for (int64_t kv_head = 0; kv_head < p.kv_heads; kv_head++) {
    SelectionRows s = carveSelection(call, memory, call.group, whole.last, parts);
    prepareRows(call, whole, kv_head, s);
    auto weigh = [&](size_t part) {
      int64_t first = tiles * part / parts;
      int64_t last = tiles * (part + 1) / parts;
      estimateTiles(call, sequence, kv_head, s.estimate(), first, last, s.weights, s.stride,
                    s.sums + part * s.rows);
    };
    if (!takesAll(p.mode, whole.first / p.mode.block_size)) {
      forEach(parallel, parts, weigh);
    }
    chooseBlocks(call, sequence, kv_head, whole.first, s, 0, parts);
  }
  release(memory);
}

}  // namespace ssa::SSA_ISA
