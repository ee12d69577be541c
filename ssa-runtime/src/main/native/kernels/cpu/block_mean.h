// block_mean.h: the mean key of complete blocks, from the sums that the pages keep
//
// in    key_sums, value_sums  [16, D] per page, sums of 8 tokens (see PageLayout)
// out   means       [D, 32]  fp64, transposed: 32 consecutive blocks of a sequence side by side
//       keys, values  [D, 64], [64, D]  fp32, the same for the compressed branch, 64 blocks
// math  mean_b = 1/S sum over the block's S/8 groups, ascending
// cost  S/8 D additions per block: no key is read again
// num.  fp64, so that the selection is the one that exact arithmetic on the stored keys gives
#pragma once

namespace ssa::SSA_ISA {

constexpr int64_t kMeanLanes = 32;

// Sums of a block's groups over one of the two kinds of sums.
template <typename Pick>
inline void sumGroups(const AttentionParameters& p, char* const* pages, int64_t kv_head,
                      int64_t block, Pick pick, double* sum) {
  int64_t groups = p.mode.block_size / PageLayout::kGroupTokens;
  for (int64_t d = 0; d < p.head_dim; d++) {
    sum[d] = 0;
  }
  for (int64_t g = block * groups; g < (block + 1) * groups; g++) {
    PageHead page = pageHead(p.layout, pages[g / PageLayout::kGroups], kv_head);
    const double* part = pick(page) + g % PageLayout::kGroups * p.head_dim;
    for (int64_t d = 0; d < p.head_dim; d++) {
      sum[d] += part[d];
    }
  }
}

inline double* keySums(const PageHead& page) { return page.key_sums; }
inline double* valueSums(const PageHead& page) { return page.value_sums; }

// Blocks [first, last) of one sequence and KV head into one tile of means.
inline void meanTile(const AttentionParameters& p, char* const* pages, int64_t kv_head,
                     int64_t first, int64_t last, double* sum, double* means) {
  double share = 1.0 / static_cast<double>(p.mode.block_size);
  for (int64_t b = first; b < last; b++) {
    sumGroups(p, pages, kv_head, b, keySums, sum);
    for (int64_t d = 0; d < p.head_dim; d++) {
      means[d * kMeanLanes + (b - first)] = sum[d] * share;
    }
  }
}

// The same in fp32 for the compressed branch, with the values' means.
inline void compressedTile(const AttentionParameters& p, char* const* pages, int64_t kv_head,
                           int64_t first, int64_t last, double* sum, float* keys, float* values) {
  double share = 1.0 / static_cast<double>(p.mode.block_size);
  for (int64_t b = first; b < last; b++) {
    sumGroups(p, pages, kv_head, b, keySums, sum);
    for (int64_t d = 0; d < p.head_dim; d++) {
      keys[d * kKeyLanes + (b - first)] = static_cast<float>(sum[d] * share);
    }
    sumGroups(p, pages, kv_head, b, valueSums, sum);
    for (int64_t d = 0; d < p.head_dim; d++) {
      values[(b - first) * p.head_dim + d] = static_cast<float>(sum[d] * share);
    }
  }
}

}  // namespace ssa::SSA_ISA
