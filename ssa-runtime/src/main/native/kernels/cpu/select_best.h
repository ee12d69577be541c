// select_best.h: the blocks that hold most of what a KV head's group attends to
//
// in    rotated queries of a stretch, the keys in the pages
// out   selected [T, H, k] int32 ascending, then -1
// math  a_j = e^(s_j - m) / sum over all keys i <= t of e^(s_i - m), s_j = q k_j / sqrt(D), m the
//       row's largest score; mass of a block = sum of a_j over its keys and the group's heads. The own
//       block and the k - 1 blocks before it with the largest mass: the choice whose mass is
//       captured_best (capture.h). Forced blocks come before all others (block_topk.h).
// cost  per query and head 4 t D flop and t exponentials, as full attention; memory 4 bytes per unit
//       of 8 ... 64 keys and row
// num.  scores and sums of a unit in fp32, all other sums in fp64. A first pass finds m, a second one
//       weighs every key by it: equal keys have equal masses, wherever they stand, and ties go to the
//       lower index. Where a mass is no number, blocks that made it so come first: a choice without
//       them would hide that the model is broken. Tiles are anchored at the sequence's positions: batch, chunks, threads and
//       neighbours change no bit.
// oracle  oracle/BlockSelectionOracle.java
#pragma once

namespace ssa::SSA_ISA {

// Mutable: the rows of one work item.
struct BestRows {
  RowState state;
  float* masses;     // [rows, stride] sums of e^(s - m) over units of keys
  double* group;     // [stride] masses of a token's group, as shares
  double* mass;      // [blocks] the same of blocks
  Candidate* heap;   // [k]
  int64_t unit;      // keys
  int64_t stride;
};

inline int64_t bestStride(int64_t unit, int64_t tokens) {
  return ceilDivide(tokens, kTileKeys) * (kTileKeys / unit);
}

inline size_t bestBytes(const Mode& mode, int64_t rows, int64_t dim, int64_t tokens) {
  int64_t stride = bestStride(least(mode.block_size, kTileKeys), tokens);
  int64_t blocks = ceilDivide(tokens, mode.block_size);
  return rowStateBytes(rows, dim) + 4096 + sizeof(float) * rows * stride +
         sizeof(double) * (stride + blocks) +
         sizeof(Candidate) * (least(mode.block_count, blocks) + 1) + 4 * 64;
}

inline BestRows carveBest(char* memory, const Mode& mode, int64_t rows, int64_t dim, int64_t tokens,
                          float** queries) {
  BestRows b;
  int64_t blocks = ceilDivide(tokens, mode.block_size);
  b.unit = least(mode.block_size, kTileKeys);
  b.stride = bestStride(b.unit, tokens);
  b.state = carveRowState(memory, rows, dim, queries);
  b.masses = carveFloats(memory, rows * b.stride);
  b.group = carveDoubles(memory, b.stride);
  b.mass = carveDoubles(memory, blocks);
  b.heap = reinterpret_cast<Candidate*>(
      carveDoubles(memory, 2 * (least(mode.block_count, blocks) + 1)));
  return b;
}

// The scores of a row that it may not see, up to a whole vector; returns how many keys those are with
// what it sees.
inline int64_t hideBehind(float* row, int64_t visible) {
  int64_t padded = ceilDivide(visible, kFloats) * kFloats;
  for (int64_t j = visible; j < padded; j++) {
    row[j] = kMinusInfinity;
  }
  return padded;
}

inline void findLargest(const RowState& s, int64_t r, int64_t visible) {
  float* row = s.scores + r * kTileKeys;
  int64_t padded = hideBehind(row, visible);
  Floats top = load(row);
  for (int64_t j = kFloats; j < padded; j += kFloats) {
    top = larger(top, load(row + j));
  }
  float largest = largestLane<float>(top);
  s.largest[r] = largest > s.largest[r] ? largest : s.largest[r];
}

// One tile's masses of a row; its scores become weights.
inline void addMasses(const BestRows& b, int64_t r, int64_t visible, int64_t tile) {
  const RowState& s = b.state;
  float* row = s.scores + r * kTileKeys;
  int64_t padded = hideBehind(row, visible);
  Floats sum = {};
  for (int64_t j = 0; j < padded; j += kFloats) {
    Floats e = weight(load(row + j) - s.largest[r]);
    store(row + j, e);
    sum += e;
  }
  __builtin_memset(row + padded, 0, sizeof(float) * (kTileKeys - padded));
  s.sum[r] += sumOfLanes<float>(sum);
  unitSums(row, b.unit, b.masses + r * b.stride + tile * (kTileKeys / b.unit));
}

// Calls `step` with every tile's scores, row by row, and how many of the tile's keys the row sees.
template <typename Step>
inline void overTiles(const RowState& s, const Stretch& stretch, const PagedKeys& keys, Step step) {
  for (int64_t base = 0; base < stretch.last; base += kTileKeys) {
    scoreSegment(s, keys.at(base, kTileKeys), 0);
    for (int64_t r = 0; r < s.rows; r++) {
      int64_t visible = least(tokenOf(stretch, r) + 1 - base, kTileKeys);
      if (visible > 0) {
        step(r, visible, base / kTileKeys);
      }
    }
  }
}

inline bool isFinite(float x) { return x - x == 0; }

// 1 for blocks in which a row's mass is no finite number, 0 for others.
inline void preferBrokenMasses(const BestRows& b, int64_t row, int64_t group, int64_t own,
                               int64_t per_block) {
  __builtin_memset(b.mass, 0, sizeof(double) * own);
  for (int64_t r = row; r < row + group; r++) {
    for (int64_t u = 0; u < own * per_block; u++) {
      if (!isFinite(b.masses[r * b.stride + u])) {
        b.mass[u / per_block] = 1;
      }
    }
  }
}

// The masses of the blocks before the own one, from the token's rows, which begin at `row`.
inline void massesOfBlocks(const BestRows& b, const Mode& mode, int64_t row, int64_t group,
                           int64_t own) {
  int64_t per_block = mode.block_size / b.unit;
  __builtin_memset(b.group, 0, sizeof(double) * own * per_block);
  for (int64_t r = row; r < row + group; r++) {
    double share = 1 / b.state.sum[r];
    const float* masses = b.masses + r * b.stride;
    for (int64_t u = 0; u < own * per_block; u++) {
      b.group[u] += masses[u] * share;
    }
  }
  for (int64_t i = 0; i < own; i++) {
    b.mass[i] = 0;
    for (int64_t u = 0; u < per_block; u++) {
      b.mass[i] += b.group[i * per_block + u];
    }
  }
  if (anyNaN(b.mass, own)) {
    preferBrokenMasses(b, row, group, own, per_block);
  }
}

inline void selectBest(const Call& call, const Stretch& stretch, int64_t kv_head) {
  const AttentionParameters& p = *call.p;
  const Mode& mode = p.mode;
  const Sequence& sequence = call.sequences[stretch.sequence];
  bool chooses = !takesAll(mode, (stretch.last - 1) / mode.block_size);
  int64_t rows = rowsOf(stretch);
  char* memory = static_cast<char*>(
      acquire(chooses ? bestBytes(mode, rows, p.head_dim, stretch.last) : 64));
  if (memory == nullptr) {
    return fail(call);
  }
  BestRows b = {};
  if (chooses) {
    float* queries;
    b = carveBest(memory, mode, rows, p.head_dim, stretch.last, &queries);
    copyQueries(call, stretch, kv_head, queries);
    beginRows(b.state);
    PagedKeys keys = {call, sequence, kv_head};
    overTiles(b.state, stretch, keys,
              [&](int64_t r, int64_t visible, int64_t) { findLargest(b.state, r, visible); });
    for (int64_t r = 0; r < rows; r++) {
      float& largest = b.state.largest[r];
      largest = largest == kMinusInfinity ? kLowest : largest;
    }
    overTiles(b.state, stretch, keys, [&](int64_t r, int64_t visible, int64_t tile) {
      addMasses(b, r, visible, tile);
    });
  }
  for (int64_t t = stretch.first; t < stretch.last; t++) {
    int64_t own = t / mode.block_size;
    if (!takesAll(mode, own)) {
      massesOfBlocks(b, mode, (t - stretch.first) * stretch.heads, call.group, own);
    }
    blockTopK(mode, b.mass, own, {sequence.forced, t}, b.heap,
              selectedOf(call, sequence, t, kv_head));
  }
  release(memory);
}

}  // namespace ssa::SSA_ISA
