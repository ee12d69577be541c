// block_mean.h: the mean key of complete blocks, from the sums that the pages keep
//
// in    key_sums [D, 16], value_sums [16, D] per page, sums of 8 tokens (see PageLayout)
// out   keys    [D, 64]  transposed: 64 consecutive blocks of a sequence side by side, 0 behind the
//                        last complete one; fp32 for estimates and for the compressed branch, fp64
//                        where a choice must be exact
//       values  [64, D]  fp32, compressed branch only
//       largest          squared length of the tile's longest mean key
// math  mean_b = 1/S sum over the block's S/8 groups, ascending
// cost  S/8 D additions per block: no key is read again
// num.  summed in fp64, so that the selection is the one that exact arithmetic on the stored keys
//       gives; fp32 means are those rounded once
#pragma once

namespace ssa::SSA_ISA {

// The first `blocks` blocks of one page, each of kParts groups, into columns of `keys`.
template <int kParts, typename Scalar>
inline void meanKeysOfPage(const double* sums, int64_t dim, int64_t blocks, double share,
                           Scalar* keys) {
  constexpr int64_t most_blocks = PageLayout::kGroups / kParts;
  if (blocks == most_blocks) {
    for (int64_t d = 0; d < dim; d++) {
      const double* part = sums + d * PageLayout::kGroups;
      for (int64_t b = 0; b < most_blocks; b++) {
        double total = 0;
        for (int64_t g = 0; g < kParts; g++) {
          total += part[b * kParts + g];
        }
        keys[d * kKeyLanes + b] = static_cast<Scalar>(total * share);
      }
    }
    return;
  }
  for (int64_t d = 0; d < dim; d++) {
    const double* part = sums + d * PageLayout::kGroups;
    for (int64_t b = 0; b < blocks; b++) {
      double total = 0;
      for (int64_t g = 0; g < kParts; g++) {
        total += part[b * kParts + g];
      }
      keys[d * kKeyLanes + b] = static_cast<Scalar>(total * share);
    }
  }
}

// Blocks [first, last) of one sequence and KV head, first a multiple of 64, into one tile.
template <int kParts, typename Scalar>
inline void meanKeysOfTile(const AttentionParameters& p, char* const* pages, int64_t kv_head,
                           int64_t first, int64_t last, Scalar* keys) {
  constexpr int64_t per_page = PageLayout::kGroups / kParts;
  double share = 1.0 / static_cast<double>(p.mode.block_size);
  for (int64_t b = first; b < last; b += per_page) {
    PageHead page = pageHead(p.layout, pages[b / per_page], kv_head);
    meanKeysOfPage<kParts>(page.key_sums, p.head_dim, least(per_page, last - b), share,
                           keys + (b - first));
  }
  for (int64_t lane = last - first; lane < kKeyLanes; lane++) {
    for (int64_t d = 0; d < p.head_dim; d++) {
      keys[d * kKeyLanes + lane] = 0;
    }
  }
}

template <typename Scalar>
inline void meanKeys(const AttentionParameters& p, char* const* pages, int64_t kv_head,
                     int64_t first, int64_t last, Scalar* keys) {
  switch (p.mode.block_size / PageLayout::kGroupTokens) {
    case 1:
      return meanKeysOfTile<1>(p, pages, kv_head, first, last, keys);
    case 2:
      return meanKeysOfTile<2>(p, pages, kv_head, first, last, keys);
    case 4:
      return meanKeysOfTile<4>(p, pages, kv_head, first, last, keys);
    case 8:
      return meanKeysOfTile<8>(p, pages, kv_head, first, last, keys);
    default:
      return meanKeysOfTile<16>(p, pages, kv_head, first, last, keys);
  }
}

// The largest squared length of a tile's columns.
inline double largestSquare(const float* keys, int64_t dim) {
  double square[kKeyLanes] = {};
  for (int64_t d = 0; d < dim; d++) {
    for (int64_t lane = 0; lane < kKeyLanes; lane++) {
      double x = keys[d * kKeyLanes + lane];
      square[lane] += x * x;
    }
  }
  double largest = 0;
  for (double x : square) {
    // Not less or equal: a NaN stays, and keeps every estimate from being trusted.
    largest = !(x <= largest) ? x : largest;
  }
  return largest;
}

// Mean values [64, D] of the same blocks.
inline void meanValues(const AttentionParameters& p, char* const* pages, int64_t kv_head,
                       int64_t first, int64_t last, float* values) {
  int64_t groups = p.mode.block_size / PageLayout::kGroupTokens;
  double share = 1.0 / static_cast<double>(p.mode.block_size);
  for (int64_t b = first; b < last; b++) {
    PageHead page = pageHead(p.layout, pages[b * groups / PageLayout::kGroups], kv_head);
    const double* part = page.value_sums + b * groups % PageLayout::kGroups * p.head_dim;
    for (int64_t d = 0; d < p.head_dim; d++) {
      double total = 0;
      for (int64_t g = 0; g < groups; g++) {
        total += part[g * p.head_dim + d];
      }
      values[(b - first) * p.head_dim + d] = static_cast<float>(total * share);
    }
  }
}

}  // namespace ssa::SSA_ISA
