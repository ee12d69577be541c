// packed_backward.h: attention over packed sequences, backward
//
// in    q, out, d_out [T, HQ, D], k, v [T, H, D], log_sum_exp [T, HQ], selected [T, H, k]
// out   dq [T, HQ, D], dk, dv [T, H, D]  fp32
// math  p = e^(q k / sqrt(D) - log_sum_exp), s = p (d_out . v - d_out . out)
//       dq = 1/sqrt(D) sum of s k,  dk = 1/sqrt(D) sum of s q,  dv = sum of p d_out
//       the selection is constant; the compressed branch's gradients flow through the means
// cost  14 D flop per query head and key: scores are made twice, for dq and for dk, dv, so that each
//       sum has one owner
// num.  fp32; sums run in one order, see key_readers.h: same bits for any number of threads
// work  dq: (about 64 query rows, KV head); dk, dv: (64 keys, KV head, stretch of readers)
// twin  kernels/cuda/packed/query_gradient.cu      oracle  DenseAttention.java in the trainer's tests
// from  FlashAttention-2 arXiv:2307.08691
#pragma once

namespace ssa::SSA_ISA {

struct BackwardCall {
  const PackedCall& call;
  const PackedBackward& b;
  float* delta;    // [T, HQ]
  float* d_keys;   // [K, H, D]: dk, or the gradients of the means
  float* d_values;
  KeyItem* items;
  float* parts;    // [items, 2, 64, D] of tiles that have several stretches
};

inline void fillDelta(const BackwardCall& w) {
  const PackedProblem& p = *w.call.p;
  auto item = [&](size_t token) {
    for (int64_t i = token * p.query_heads; i < (static_cast<int64_t>(token) + 1) * p.query_heads;
         i++) {
      Floats sum = {};
      for (int64_t d = 0; d < p.head_dim; d += kFloats) {
        sum += load(w.b.out + i * p.head_dim + d) * load(w.b.d_out + i * p.head_dim + d);
      }
      w.delta[i] = sumOfLanes<float>(sum);
    }
  };
  forEach(*w.call.parallel, p.tokens, item);
}

// dq += slopes times keys.
inline void addKeys(const PackedCall& call, const GradientRows& g, const Tile& tile, float* dq) {
  KeyRange seen = seenTogether(g);
  int64_t column = 0;
  for (int64_t i = 0; i < tile.segments; i++) {
    const Segment& segment = tile.segment[i];
    int64_t begin = most(seen.from - column, 0);
    int64_t end = least(seen.to - column, segment.count);
    if (begin < end) {
      const float* keys = call.keys + (segment.values - call.values);
      multiply(g.scores.rows, g.scores.dim, g.slopes.scores + column + begin, kTileKeys,
               keys + begin * segment.value_stride, segment.value_stride, end - begin, dq,
               g.scores.dim, true);
    }
    column += segment.count;
  }
}

inline void queryGradients(const BackwardCall& w, const TokenSpan& span, int64_t h) {
  const PackedCall& call = w.call;
  const PackedSequence& s = call.sequences[span.sequence];
  int64_t dim = call.p->head_dim;
  int64_t rows = (span.last - span.first) * call.group;
  char* memory = static_cast<char*>(
      threadScratch(gradientRowsBytes(rows, dim) + sizeof(float) * rows * dim));
  if (memory == nullptr) {
    return failPacked(call);
  }
  GradientRows g = carveGradientRows(memory, rows, dim);
  float* dq = carveFloats(memory, rows * dim);
  __builtin_memset(dq, 0, sizeof(float) * rows * dim);
  for (int64_t t = span.first; t < span.last; t++) {
    loadGradientRows(call, w.b, w.delta, s, t, h, (t - span.first) * call.group, g);
  }
  auto add = [&](const Tile& tile) {
    slopesOfTile(call, g, tile);
    addKeys(call, g, tile, dq);
  };
  if (call.p->branch.kind == BranchKind::kSelected) {
    forSelectedTiles(call, s, span.first, h, w.b.selected, g.from, g.to, add);
  } else {
    forRangeTiles(call, span, h, g.from, g.to, add);
  }
  for (int64_t t = span.first; t < span.last; t++) {
    float* to = w.b.dq + groupAt(call, s, t, h, dim);
    const float* from = dq + (t - span.first) * call.group * dim;
    for (int64_t i = 0; i < call.group * dim; i += kFloats) {
      store(to + i, load(from + i) * call.scale);
    }
  }
}

// Up to 64 rows of readers [first, last) of an item into sums [2, 64, D] of keys and values.
inline void addReaders(const BackwardCall& w, const KeyItem& item, int64_t first, int64_t last,
                       GradientRows& g, float* sums) {
  const PackedCall& call = w.call;
  const PackedSequence& s = call.sequences[item.sequence];
  int64_t dim = call.p->head_dim;
  int64_t rows = (last - first) * call.group;
  g.scores.rows = rows;
  g.slopes.rows = rows;
  for (int64_t i = first; i < last; i++) {
    int64_t token = item.listed == nullptr ? item.first_token + i : item.listed[i];
    int64_t row = (i - first) * call.group;
    loadGradientRows(call, w.b, w.delta, s, token, item.h, row, g);
    KeyRange seen = keysOf(*call.p, token);
    for (int64_t r = row; r < row + call.group; r++) {
      g.from[r] = most(0, least(seen.from - item.first_key, item.keys));
      g.to[r] = most(0, least(seen.to - item.first_key, item.keys));
    }
  }
  Tile tile = {};
  tile.segments = 1;
  tile.keys = item.listed == nullptr ? kTileKeys : least(call.p->branch.block_size, kTileKeys);
  tile.segment[0] = segmentAt(call, s, item.h, item.first_key, tile.keys);
  slopesOfTile(call, g, tile);
  multiplyTransposed(item.keys, dim, g.slopes.scores, kTileKeys, g.queries, dim, rows, sums, dim);
  multiplyTransposed(item.keys, dim, g.scores.scores, kTileKeys, g.gradients, dim, rows,
                     sums + kTileKeys * dim, dim);
}

// sums [2, 64, D] of an item's tile to its place.
inline void writeKeyGradients(const BackwardCall& w, const KeyItem& item, const float* sums) {
  const PackedCall& call = w.call;
  int64_t dim = call.p->head_dim;
  int64_t row = call.sequences[item.sequence].key_start + item.first_key;
  for (int64_t i = 0; i < item.keys; i++) {
    int64_t at = ((row + i) * call.p->kv_heads + item.h) * dim;
    __builtin_memcpy(w.d_keys + at, sums + i * dim, sizeof(float) * dim);
    __builtin_memcpy(w.d_values + at, sums + (kTileKeys + i) * dim, sizeof(float) * dim);
  }
}

inline void keyGradients(const BackwardCall& w, int64_t index) {
  const PackedCall& call = w.call;
  const KeyItem& item = w.items[index];
  int64_t dim = call.p->head_dim;
  int64_t step = tokensPerSpan(call, kPackedRows);
  int64_t rows = step * call.group;
  int64_t size = 2 * kTileKeys * dim;
  char* memory =
      static_cast<char*>(threadScratch(gradientRowsBytes(rows, dim) + sizeof(float) * size));
  if (memory == nullptr) {
    return failPacked(call);
  }
  GradientRows g = carveGradientRows(memory, rows, dim);
  float* sums = item.stretches > 1 ? w.parts + index * size : carveFloats(memory, size);
  __builtin_memset(sums, 0, sizeof(float) * size);
  for (int64_t i = 0; i < item.tokens; i += step) {
    addReaders(w, item, i, least(i + step, item.tokens), g, sums);
  }
  if (item.stretches == 1) {
    writeKeyGradients(w, item, sums);
  }
}

// The stretches of the tile whose first one is item `index`.
inline void addStretches(const BackwardCall& w, int64_t index) {
  const KeyItem& item = w.items[index];
  if (item.stretches == 1 || item.stretch > 0) {
    return;
  }
  int64_t size = 2 * kTileKeys * w.call.p->head_dim;
  float* sums = w.parts + index * size;
  for (int64_t i = 1; i < item.stretches; i++) {
    const float* more = sums + i * size;
    for (int64_t d = 0; d < size; d += kFloats) {
      store(sums + d, load(sums + d) + load(more + d));
    }
  }
  writeKeyGradients(w, item, sums);
}

// False if there is no memory.
inline bool allKeyGradients(BackwardCall& w, Readers& readers) {
  const PackedCall& call = w.call;
  if (call.p->branch.kind == BranchKind::kSelected &&
      !findReaders(call, w.b.selected, &readers)) {
    return false;
  }
  int64_t count = cutKeys(call, readers, nullptr);
  w.items = static_cast<KeyItem*>(acquire(sizeof(KeyItem) * (count + 1)));
  if (w.items == nullptr) {
    return false;
  }
  cutKeys(call, readers, w.items);
  bool cut = false;
  for (int64_t i = 0; i < count; i++) {
    cut = cut || w.items[i].stretches > 1;
  }
  if (cut) {
    int64_t size = 2 * kTileKeys * call.p->head_dim;
    w.parts = static_cast<float*>(acquire(sizeof(float) * count * size));
    if (w.parts == nullptr) {
      return false;
    }
  }
  auto sum = [&](size_t i) { keyGradients(w, i); };
  forEach(*call.parallel, count, sum);
  auto add = [&](size_t i) { addStretches(w, i); };
  forEach(*call.parallel, cut ? count : 0, add);
  return true;
}

inline bool allGradients(BackwardCall& w, Readers& readers) {
  const PackedCall& call = w.call;
  const PackedProblem& p = *call.p;
  w.delta = static_cast<float*>(acquire(sizeof(float) * (p.tokens * p.query_heads + 1)));
  bool compressed = p.branch.kind == BranchKind::kCompressed;
  int64_t size = call.key_rows * p.kv_heads * p.head_dim;
  float* of_means =
      compressed ? static_cast<float*>(acquire(sizeof(float) * (2 * size + 1))) : nullptr;
  bool good = w.delta != nullptr && (!compressed || of_means != nullptr);
  if (good) {
    w.d_keys = compressed ? of_means : w.b.dk;
    w.d_values = compressed ? of_means + size : w.b.dv;
    fillDelta(w);
    forEachSpan(call, p.branch.kind == BranchKind::kSelected ? 1 : kPackedRows,
                [&](const TokenSpan& span, int64_t h) { queryGradients(w, span, h); });
    good = allKeyGradients(w, readers);
  }
  if (good && compressed) {
    spreadGradients(call, w.d_keys, w.b.dk);
    spreadGradients(call, w.d_values, w.b.dv);
  }
  release(of_means);
  return good;
}

inline Outcome packedBackward(const PackedBackward& b, const Parallel& parallel) {
  PackedCall call = {};
  call.p = &b.problem;
  call.parallel = &parallel;
  call.q = b.q;
  BackwardCall w = {call, b, nullptr, nullptr, nullptr, nullptr, nullptr};
  Readers readers = {};
  bool good = prepareCall(call, b.k, b.v, true) && allGradients(w, readers);
  release(w.delta);
  release(w.items);
  release(w.parts);
  release(readers.starts);
  release(readers.tokens);
  releaseCall(call);
  return good && !call.failed ? Outcome::kDone : Outcome::kOutOfMemory;
}

}  // namespace ssa::SSA_ISA
