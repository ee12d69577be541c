// choose_blocks.cc: the blocks of one query token and KV head, from their importances
//
// in    importance [own]  fp64, of the blocks before the own one
// out   selected   [k]    int32 ascending, then -1
// math  exact:    the own block and the k - 1 most important blocks before it
//       released: with k = B, in stretches of B blocks: in the first stretch every block up to the
//                 own; later the best k/2 of all earlier stretches, the own block, and the best
//                 k/2 - 1 before it in its own stretch. With 2 k <= B: the exact rule.
// num.  equal importance goes to the lower index; a NaN is less than everything
// cost  O(N + k log k)
// oracle  DenseAttention.java in the trainer's tests
// from  SSA's released parallel_nsa_kernel_topk, whose merge keeps half of each side
//
// Compiled once, for any machine: it may use the standard library, as the files that are compiled per
// instruction set may not.
#include <algorithm>

#include "kernels/packed.h"

namespace ssa {
namespace {

bool halvesBudget(const Branch& branch) {
  return branch.released && branch.block_count == branch.block_size;
}

// Puts the best `count` of the blocks [from, to) into order; returns how many there are.
int64_t takeBest(const double* importance, int64_t from, int64_t to, int64_t count,
                 int32_t* order) {
  for (int64_t b = from; b < to; b++) {
    order[b - from] = static_cast<int32_t>(b);
  }
  if (count >= to - from) {
    return to - from;
  }
  auto better = [importance](int32_t a, int32_t b) {
    double x = importance[a] == importance[a] ? importance[a] : -1.0;
    double y = importance[b] == importance[b] ? importance[b] : -1.0;
    return x > y || (x == y && a < b);
  };
  std::nth_element(order, order + count, order + (to - from), better);
  return count;
}

}  // namespace

bool takesAllBlocks(const Branch& branch, int64_t own) {
  return own < branch.block_count && (!halvesBudget(branch) || own < branch.block_size);
}

void chooseBlocks(const Branch& branch, const double* importance, int64_t own, int32_t* order,
                  int32_t* selected) {
  int64_t k = branch.block_count;
  int64_t taken = 0;
  auto take = [&](int64_t from, int64_t to, int64_t count) {
    if (count > 0) {
      int64_t best = takeBest(importance, from, to, count, order);
      std::copy(order, order + best, selected + taken);
      taken += best;
    }
  };
  if (halvesBudget(branch)) {
    int64_t stretch = own / branch.block_size * branch.block_size;
    take(0, stretch, k / 2);
    take(stretch, own, k / 2 - 1);
  } else {
    take(0, own, k - 1);
  }
  std::sort(selected, selected + taken);
  selected[taken++] = static_cast<int32_t>(own);
  std::fill(selected + taken, selected + k, -1);
}

}  // namespace ssa
