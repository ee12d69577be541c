// select_blocks.h: the blocks that each new token attends to
//
// in    queries of a stretch, means of the complete blocks (block_mean)
// out   selected [T, H, k]
// math  block_importance, then block_topk
// work  items are (16 query rows, KV head); a single token's heads are split among threads
// num.  a split changes no bit: heads are scored apart in any case, and summed in one order
// oracle  oracle/BlockSelectionOracle.java
#pragma once

namespace ssa::SSA_ISA {

// Doubles per row of scores: whole tiles of means, and a spare one for padding.
inline int64_t scoreStride(const Call& call, int64_t tokens) {
  return (ceilDivide(tokens / call.p->mode.block_size, kMeanLanes) + 1) * kMeanLanes;
}

// exponentials [rows, stride] and factors [rows] of a stretch's rows; see block_importance.
inline void scoreStretch(const Call& call, const Stretch& stretch, int64_t kv_head,
                         double* queries, double* scores, int64_t stride, double* factors) {
  const AttentionParameters& p = *call.p;
  const Sequence& sequence = call.sequences[stretch.sequence];
  int64_t dim = p.head_dim;
  int64_t rows = rowsOf(stretch);
  double scale = 1.0 / __builtin_sqrt(static_cast<double>(dim));
  for (int64_t r = 0; r < rows; r++) {
    int64_t row = newRow(sequence, tokenOf(stretch, r));
    int64_t head = row * p.query_heads + headOf(call, stretch, kv_head, r);
    rotateToken(p, p.q + head * dim, row, queries + r * dim);
    for (int64_t d = 0; d < dim; d++) {
      queries[r * dim + d] *= scale;
    }
  }
  blockScores(queries, rows, dim,
              call.means + (sequence.mean_tile * p.kv_heads + kv_head) * dim * kMeanLanes,
              p.kv_heads * dim * kMeanLanes,
              ceilDivide(stretch.last / p.mode.block_size, kMeanLanes), scores, stride);
  for (int64_t r = 0; r < rows; r++) {
    int64_t complete = (tokenOf(stretch, r) + 1) / p.mode.block_size;
    // Tokens that take every block have no use for importances, the very first no block at all.
    factors[r] = complete == 0 ? 0.0 : blockExponentials(scores + r * stride, complete);
  }
}

// The choice of each token of a stretch, from its heads' exponentials and factors.
inline void chooseBlocks(const Call& call, const Stretch& stretch, int64_t kv_head,
                         const double* scores, int64_t stride, const double* factors) {
  const AttentionParameters& p = *call.p;
  const Sequence& sequence = call.sequences[stretch.sequence];
  int64_t blocks = ceilDivide(stretch.last, p.mode.block_size);
  int64_t candidates = least(p.mode.block_count, blocks);
  double* importance = static_cast<double*>(
      acquire(sizeof(double) * stride + sizeof(Candidate) * candidates + blocks));
  if (importance == nullptr) {
    return fail(call);
  }
  Candidate* heap = reinterpret_cast<Candidate*>(importance + stride);
  uint8_t* marked = reinterpret_cast<uint8_t*>(heap + candidates);
  for (int64_t t = stretch.first; t < stretch.last; t++) {
    int64_t own = t / p.mode.block_size;
    int64_t row = (t - stretch.first) * call.group;
    if (!takesAll(p.mode, own)) {
      blockImportance(scores + row * stride, factors + row, call.group, stride,
                      (t + 1) / p.mode.block_size, importance);
    }
    blockTopK(p.mode, importance, own, heap, marked,
              p.selected + (newRow(sequence, t) * p.kv_heads + kv_head) * p.mode.block_count);
  }
  release(importance);
}

inline void selectBlocks(const Call& call, const Stretch& stretch, int64_t kv_head) {
  int64_t rows = rowsOf(stretch);
  int64_t stride = scoreStride(call, stretch.last);
  size_t bytes = sizeof(double) * rows * (call.p->head_dim + stride + 1) + 4096;
  char* memory = static_cast<char*>(threadScratch(bytes));
  if (memory == nullptr) {
    return fail(call);
  }
  double* queries = carveDoubles(memory, rows * call.p->head_dim);
  double* scores = carveDoubles(memory, rows * stride);
  double* factors = carveDoubles(memory, rows);
  if (!takesAll(call.p->mode, (stretch.last - 1) / call.p->mode.block_size)) {
    scoreStretch(call, stretch, kv_head, queries, scores, stride, factors);
  }
  chooseBlocks(call, stretch, kv_head, scores, stride, factors);
}

// The same for one new token of one sequence: its group's heads are scored on several threads.
inline void selectForOneToken(Call& call, const Parallel& parallel) {
  const AttentionParameters& p = *call.p;
  int64_t parts = 2;
  cutStretches(call, 1, 1);
  Stretch whole = call.stretches[0];
  int64_t stride = scoreStride(call, whole.last);
  int64_t rows = p.query_heads;
  double* memory =
      static_cast<double*>(acquire(sizeof(double) * rows * (p.head_dim + stride + 1)));
  if (memory == nullptr) {
    return fail(call);
  }
  double* scores = memory;
  double* queries = scores + rows * stride;
  double* factors = queries + rows * p.head_dim;
  int64_t heads = call.group / parts;
  auto score = [&](size_t i) {
    int64_t kv_head = i / parts;
    int64_t first = kv_head * call.group + i % parts * heads;
    Stretch part = {whole.sequence, whole.first, whole.last, static_cast<int64_t>(i % parts) * heads, heads};
    scoreStretch(call, part, kv_head, queries + first * p.head_dim, scores + first * stride,
                 stride, factors + first);
  };
  auto choose = [&](size_t kv_head) {
    int64_t first = kv_head * call.group;
    chooseBlocks(call, whole, kv_head, scores + first * stride, stride, factors + first);
  };
  if (!takesAll(p.mode, whole.first / p.mode.block_size)) {
    forEach(parallel, p.kv_heads * parts, score);
  }
  forEach(parallel, p.kv_heads, choose);
  release(memory);
}

}  // namespace ssa::SSA_ISA
