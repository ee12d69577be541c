// packed_selection.h: the blocks that each token of packed sequences attends to
//
// in    q [T, HQ, D], k [T, H, D]  fp32
// out   selected [T, H, k]  int32 ascending, then -1
// math  p_g        = softmax over the complete blocks n < (t + 1) / B of q_g . mean_n / sqrt(D)
//       importance = sum over the G heads of p_g(n); then choose_blocks.cc
// cost  2 HQ N D flop and HQ N exponentials per token, N = t / B
// num.  fp64: an importance is right to about 1e-14, so that the top-k is exact
// work  items are (about 16 query rows, KV head)
// twin  kernels/cuda/selection/block_topk.cu      oracle  DenseAttention.java in the trainer's tests
// from  NSA arXiv:2502.11089 (8) to (10), SSA arXiv:2511.20102
#pragma once

namespace ssa::SSA_ISA {

constexpr int64_t kPackedMeanLanes = 32;
constexpr int64_t kPackedSelectionRows = 16;

// Block means of a sequence and KV head in fp64: [tiles, D, 32], 0 behind the last complete block.
inline int64_t meanTiles(const PackedSequence& s) { return s.blocks / kPackedMeanLanes + 1; }

inline void fillMeans(const PackedCall& call, const PackedSequence& s, int64_t h, double* means) {
  const PackedProblem& p = *call.p;
  int64_t size = p.branch.block_size;
  int64_t stride = p.kv_heads * p.head_dim;
  int64_t complete = s.tokens / size;
  for (int64_t b = 0; b < meanTiles(s) * kPackedMeanLanes; b++) {
    const float* from = call.keys + (s.key_start + b * size) * stride + h * p.head_dim;
    double* to = means + b / kPackedMeanLanes * p.head_dim * kPackedMeanLanes + b % kPackedMeanLanes;
    for (int64_t d = 0; d < p.head_dim; d++) {
      double sum = 0;
      for (int64_t i = 0; b < complete && i < size; i++) {
        sum += from[i * stride + d];
      }
      to[d * kPackedMeanLanes] = sum / static_cast<double>(size);
    }
  }
}

// Adds one head's softmax over `complete` scores to the importances.
inline void addSoftmax(double* scores, int64_t complete, double* importance) {
  int64_t padded = ceilDivide(complete, kDoubles) * kDoubles;
  for (int64_t n = complete; n < padded; n++) {
    scores[n] = -__builtin_inf();
  }
  Doubles top = load(scores);
  for (int64_t n = kDoubles; n < padded; n += kDoubles) {
    top = larger(top, load(scores + n));
  }
  Doubles shift = splat(largestLane<double>(top));
  Doubles sum = {};
  for (int64_t n = 0; n < padded; n += kDoubles) {
    Doubles e = exponential(load(scores + n) - shift);
    store(scores + n, e);
    sum += e;
  }
  double share = 1.0 / sumOfLanes<double>(sum);
  for (int64_t n = 0; n < padded; n += kDoubles) {
    store(importance + n, load(importance + n) + load(scores + n) * share);
  }
}

struct SelectionScratch {
  double* queries;     // [rows, D] scaled
  double* scores;      // [rows, stride]
  double* importance;  // [stride]
  int32_t* order;      // [stride]
  int64_t stride;
};

inline void chooseForToken(const PackedCall& call, const PackedSequence& s, int64_t token,
                           int64_t h, double* scores, const SelectionScratch& scratch,
                           int32_t* selected) {
  const Branch& branch = call.p->branch;
  int64_t own = token / branch.block_size;
  int32_t* to = selected + ((s.start + token) * call.p->kv_heads + h) * branch.block_count;
  if (takesAllBlocks(branch, own)) {
    for (int64_t i = 0; i < branch.block_count; i++) {
      to[i] = i <= own ? static_cast<int32_t>(i) : -1;
    }
    return;
  }
  __builtin_memset(scratch.importance, 0, sizeof(double) * scratch.stride);
  for (int64_t g = 0; g < call.group; g++) {
    addSoftmax(scores + g * scratch.stride, (token + 1) / branch.block_size, scratch.importance);
  }
  chooseBlocks(branch, scratch.importance, own, scratch.order, to);
}

// The tokens of a span; `means` are those of its sequence and KV head.
inline void selectForSpan(const PackedCall& call, const TokenSpan& span, int64_t h,
                          const double* means, int32_t* selected) {
  const PackedProblem& p = *call.p;
  const PackedSequence& s = call.sequences[span.sequence];
  int64_t dim = p.head_dim;
  int64_t rows = (span.last - span.first) * call.group;
  int64_t tiles = ceilDivide(most(1, span.last / p.branch.block_size), kPackedMeanLanes);
  SelectionScratch scratch;
  scratch.stride = (tiles + 1) * kPackedMeanLanes;
  char* memory = static_cast<char*>(threadScratch(
      sizeof(double) * (rows * (dim + scratch.stride) + 2 * scratch.stride) + 4096));
  if (memory == nullptr) {
    return failPacked(call);
  }
  scratch.queries = carveDoubles(memory, rows * dim);
  scratch.scores = carveDoubles(memory, rows * scratch.stride);
  scratch.importance = carveDoubles(memory, scratch.stride);
  scratch.order = reinterpret_cast<int32_t*>(carveDoubles(memory, scratch.stride));
  if (!takesAllBlocks(p.branch, (span.last - 1) / p.branch.block_size)) {
    double scale = 1.0 / __builtin_sqrt(static_cast<double>(dim));
    for (int64_t t = span.first; t < span.last; t++) {
      const float* q = call.q + groupAt(call, s, t, h, dim);
      double* to = scratch.queries + (t - span.first) * call.group * dim;
      for (int64_t i = 0; i < call.group * dim; i++) {
        to[i] = q[i] * scale;
      }
    }
    for (int64_t tile = 0; tile < tiles; tile++) {
      multiply(rows, kPackedMeanLanes, scratch.queries, dim,
               means + tile * dim * kPackedMeanLanes, kPackedMeanLanes, dim,
               scratch.scores + tile * kPackedMeanLanes, scratch.stride, false);
    }
  }
  for (int64_t t = span.first; t < span.last; t++) {
    chooseForToken(call, s, t, h, scratch.scores + (t - span.first) * call.group * scratch.stride,
                   scratch, selected);
  }
}

inline void selectPackedBlocks(const PackedCall& call, int32_t* selected) {
  const PackedProblem& p = *call.p;
  int64_t* first = static_cast<int64_t*>(acquire(sizeof(int64_t) * (p.sequences + 1)));
  if (first == nullptr) {
    return failPacked(call);
  }
  first[0] = 0;
  for (int64_t i = 0; i < p.sequences; i++) {
    first[i + 1] = first[i] + meanTiles(call.sequences[i]);
  }
  int64_t tile = p.head_dim * kPackedMeanLanes;
  double* means =
      static_cast<double*>(acquire(sizeof(double) * first[p.sequences] * p.kv_heads * tile + 64));
  if (means == nullptr) {
    release(first);
    return failPacked(call);
  }
  auto meansOf = [&](int64_t sequence, int64_t h) {
    return means +
           (first[sequence] * p.kv_heads + h * meanTiles(call.sequences[sequence])) * tile;
  };
  auto mean = [&](size_t i) {
    int64_t sequence = i / p.kv_heads;
    fillMeans(call, call.sequences[sequence], i % p.kv_heads, meansOf(sequence, i % p.kv_heads));
  };
  forEach(*call.parallel, p.sequences * p.kv_heads, mean);
  forEachSpan(call, kPackedSelectionRows, [&](const TokenSpan& span, int64_t h) {
    selectForSpan(call, span, h, meansOf(span.sequence, h), selected);
  });
  release(means);
  release(first);
}

}  // namespace ssa::SSA_ISA
