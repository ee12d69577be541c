// kernels/cuda/limits.h: what the CUDA kernels have a shape for
//
// The one place that says so: the kernels refuse by it, and ssa.Pool tells whoever has to know before a
// model is read, also in a build without the kernels.
#pragma once

#include <cstdint>

namespace ssa::cuda {

constexpr int64_t kHeadDimensions[] = {32, 64, 128};
constexpr int64_t kMostGroup = 32;      // query heads per KV head
constexpr int64_t kMostBlocks = 512;    // that a query selects
constexpr int64_t kWidthMultiple = 8;   // of a hidden state that the vocabulary head reads
constexpr int64_t kMostWidth = 32768;   // of a hidden state that is normed
constexpr int64_t kFeedMultiple = 4;    // of a feed-forward layer, and of a hidden state that is normed

}  // namespace ssa::cuda
