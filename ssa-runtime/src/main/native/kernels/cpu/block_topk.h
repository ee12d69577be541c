// block_topk.h: which blocks a query token and KV head attend to
//
// in    importance of the complete blocks before the own one, block by block, ascending; forced blocks
// out   selected   [k]  int32 ascending, then -1
// math  exact:    the own block and the k - 1 most important blocks before it
//                 (best: by full attention's mass, window and random: by the ranks of select_unseen.h)
//       released: with k = S, in stretches of S blocks: in the first stretch every block up to the
//                 own; later the best k/2 of all earlier stretches, the own block, and the best
//                 k/2 - 1 before it in its own stretch. With 2 k <= S: the exact rule.
//       forced:   within each of these counts forced blocks come before all others, the most important
//                 of them first. The budget stays what it is, and so does the own block.
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

// The best blocks of [from, to): `count` of them, or all.
struct Quota {
  int64_t from;
  int64_t to;
  int64_t count;

  bool takesEverything() const { return count >= to - from; }
};

struct Quotas {
  Quota quota[2];
  int64_t size;
};

inline bool halvesBudget(const Mode& mode) {
  return mode.kind == ModeKind::kReleased && mode.block_count == mode.block_size;
}

// Whether every block up to the own one is taken, so that importances are not needed.
inline bool takesAll(const Mode& mode, int64_t own) {
  return own < mode.block_count && (!halvesBudget(mode) || own < mode.block_size);
}

inline Quotas quotasOf(const Mode& mode, int64_t own) {
  int64_t k = mode.block_count;
  if (!halvesBudget(mode)) {
    return {{{0, own, k - 1}, {}}, 1};
  }
  int64_t stretch = own / mode.block_size * mode.block_size;
  return {{{0, stretch, k / 2}, {stretch, own, k / 2 - 1}}, 2};
}

// Mutable: the best `room` candidates so far, a heap with the worst of them at the root once it is
// full. One more candidate than a quota's count tells how clear the choice is.
struct Best {
  Candidate* heap;
  int64_t room;
  int64_t size;
};

// Restores the heap below `at`.
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

inline void offer(Best& best, double importance, int64_t block) {
  Candidate candidate = {importance == importance ? importance : -1.0, block};
  if (best.size < best.room) {
    best.heap[best.size++] = candidate;
    if (best.size == best.room) {
      for (int64_t i = best.room / 2; i-- > 0;) {
        siftDown(best.heap, best.room, i);
      }
    }
  } else if (worse(best.heap[0], candidate)) {
    best.heap[0] = candidate;
    siftDown(best.heap, best.room, 0);
  }
}

// What a candidate must exceed to be let in: blocks come in ascending order, so equality is not
// enough.
inline double threshold(const Best& best) {
  return best.size < best.room ? -__builtin_inf() : best.heap[0].importance;
}

// Takes the worst candidate out of a full heap.
inline Candidate dropWorst(Best& best) {
  Candidate worst = best.heap[0];
  best.heap[0] = best.heap[--best.size];
  siftDown(best.heap, best.size, 0);
  return worst;
}

// Heap sort: budgets may be large.
inline void sortAscending(int32_t* block, int64_t count) {
  auto sift = [block](int64_t at, int64_t size) {
    for (;;) {
      int64_t child = 2 * at + 1;
      if (child >= size) {
        return;
      }
      if (child + 1 < size && block[child + 1] > block[child]) {
        child++;
      }
      if (block[child] <= block[at]) {
        return;
      }
      int32_t swap = block[at];
      block[at] = block[child];
      block[child] = swap;
      at = child;
    }
  };
  for (int64_t i = count / 2; i-- > 0;) {
    sift(i, count);
  }
  for (int64_t last = count - 1; last > 0; last--) {
    int32_t swap = block[0];
    block[0] = block[last];
    block[last] = swap;
    sift(0, last);
  }
}

// Mutable: the choice of one token and KV head while it grows.
struct Selection {
  int32_t* selected;  // [k]
  int64_t count;
};

inline void take(Selection& selection, int64_t from, int64_t to) {
  for (int64_t b = from; b < to; b++) {
    selection.selected[selection.count++] = static_cast<int32_t>(b);
  }
}

inline void take(Selection& selection, const Best& best) {
  for (int64_t i = 0; i < best.size; i++) {
    selection.selected[selection.count++] = static_cast<int32_t>(best.heap[i].block);
  }
}

// The own block comes last; what is left of the budget is marked as free.
inline void finishSelection(const Mode& mode, Selection& selection, int64_t own) {
  sortAscending(selection.selected, selection.count);
  take(selection, own, own + 1);
  while (selection.count < mode.block_count) {
    selection.selected[selection.count++] = -1;
  }
}

// The blocks that one token has to take before others.
struct Forced {
  const ForcedBlocks& rows;  // of the token's sequence
  int64_t token;

  bool holds(int64_t block) const {
    for (int64_t i = 0; i < rows.count; i++) {
      if (rows.rows[3 * i + 1] == block && rows.rows[3 * i + 2] <= token) {
        return true;
      }
    }
    return false;
  }

  bool any() const {
    for (int64_t i = 0; i < rows.count; i++) {
      if (rows.rows[3 * i + 2] <= token) {
        return true;
      }
    }
    return false;
  }
};

// A quota's best blocks: of those that are forced, then of the others.
inline void takeBest(const Quota& quota, const double* importance, const Forced& forced,
                     Candidate* heap, Selection& selection) {
  int64_t left = quota.count;
  for (int turn = forced.any() ? 0 : 1; turn < 2 && left > 0; turn++) {
    Best best = {heap, left, 0};
    for (int64_t b = quota.from; b < quota.to; b++) {
      if (forced.holds(b) == (turn == 0)) {
        offer(best, importance[b], b);
      }
    }
    take(selection, best);
    left -= best.size;
  }
}

// From importances [own] at hand.
inline void blockTopK(const Mode& mode, const double* importance, int64_t own,
                      const Forced& forced, Candidate* heap, int32_t* selected) {
  Selection selection = {selected, 0};
  Quotas quotas = quotasOf(mode, own);
  for (int64_t i = 0; i < quotas.size; i++) {
    const Quota& quota = quotas.quota[i];
    if (takesAll(mode, own) || quota.takesEverything()) {
      take(selection, quota.from, quota.to);
    } else {
      takeBest(quota, importance, forced, heap, selection);
    }
  }
  finishSelection(mode, selection, own);
}

}  // namespace ssa::SSA_ISA
