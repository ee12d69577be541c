// block_topk.h: which blocks a query token and KV head attend to
//
// in    importance [N]  fp64, of the complete blocks
// out   selected   [k]  int32 ascending, then -1
// math  exact:    the own block and the k - 1 most important blocks before it
//       released: with k = S, in stretches of S blocks: in the first stretch every block up to the
//                 own; later the best k/2 of all earlier stretches, the own block, and the best
//                 k/2 - 1 before it in its own stretch. With 2 k <= S: the exact rule.
// num.  equal importance goes to the lower index; a NaN is less than everything
// cost  O(N log k) at worst, mostly N comparisons
// oracle  oracle/BlockSelectionOracle.java
// from  SSA's released parallel_nsa_kernel_topk, whose merge keeps half of each side
#pragma once

namespace ssa::SSA_ISA {

struct Candidate {
  double importance;
  int64_t block;
};

inline bool worse(const Candidate& a, const Candidate& b) {
  return a.importance < b.importance || (a.importance == b.importance && a.block > b.block);
}

// Restores the heap (worst candidate at the root) below `at`.
inline void siftDown(Candidate* heap, int64_t size, int64_t at) {
  for (;;) {
    int64_t child = 2 * at + 1;
    if (child >= size) {
      return;
    }
    if (child + 1 < size && worse(heap[child + 1], heap[child])) {
      child++;
    }
    if (!worse(heap[child], heap[at])) {
      return;
    }
    Candidate swap = heap[at];
    heap[at] = heap[child];
    heap[child] = swap;
    at = child;
  }
}

// Marks the best `count` of the blocks [from, to).
inline void markBest(const double* importance, int64_t from, int64_t to, int64_t count,
                     Candidate* heap, uint8_t* marked) {
  if (count >= to - from) {
    for (int64_t b = from; b < to; b++) {
      marked[b] = 1;
    }
    return;
  }
  if (count <= 0) {
    return;
  }
  for (int64_t b = from; b < to; b++) {
    double x = importance[b];
    Candidate candidate = {x == x ? x : -1.0, b};
    int64_t seen = b - from;
    if (seen < count) {
      heap[seen] = candidate;
      if (seen == count - 1) {
        for (int64_t i = count / 2; i-- > 0;) {
          siftDown(heap, count, i);
        }
      }
    } else if (worse(heap[0], candidate)) {
      heap[0] = candidate;
      siftDown(heap, count, 0);
    }
  }
  for (int64_t i = 0; i < count; i++) {
    marked[heap[i].block] = 1;
  }
}

inline bool halvesBudget(const Mode& mode) {
  return mode.kind == ModeKind::kReleased && mode.block_count == mode.block_size;
}

// Whether every block up to the own one is taken, so that importances are not needed.
inline bool takesAll(const Mode& mode, int64_t own) {
  return own < mode.block_count && (!halvesBudget(mode) || own < mode.block_size);
}

inline void blockTopK(const Mode& mode, const double* importance, int64_t own, Candidate* heap,
                      uint8_t* marked, int32_t* selected) {
  int64_t k = mode.block_count;
  int64_t out = 0;
  if (takesAll(mode, own)) {
    for (int64_t b = 0; b <= own; b++) {
      selected[out++] = static_cast<int32_t>(b);
    }
  } else {
    __builtin_memset(marked, 0, own + 1);
    if (halvesBudget(mode)) {
      int64_t stretch = own / mode.block_size * mode.block_size;
      markBest(importance, 0, stretch, k / 2, heap, marked);
      markBest(importance, stretch, own, k / 2 - 1, heap, marked);
    } else {
      markBest(importance, 0, own, k - 1, heap, marked);
    }
    marked[own] = 1;
    for (int64_t b = 0; b <= own; b++) {
      if (marked[b]) {
        selected[out++] = static_cast<int32_t>(b);
      }
    }
  }
  for (; out < k; out++) {
    selected[out] = -1;
  }
}

}  // namespace ssa::SSA_ISA
