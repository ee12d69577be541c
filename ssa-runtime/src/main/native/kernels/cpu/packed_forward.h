// packed_forward.h: attention over packed sequences, forward
//
// in    q [T, HQ, D], k, v [T, H, D]  fp32, rotated (see kernels/packed.h)
// out   out [T, HQ, D], log_sum_exp [T, HQ], selected [T, H, k]
// math  out = softmax(q k / sqrt(D)) v over the branch's keys, 0 where there is none;
//       log_sum_exp = log of the sum of e^(q k / sqrt(D))
// cost  4 D flop per query head and key; selection as in packed_selection.h
// num.  fp32 tiles of 64 keys with an online softmax, sums in fp64 (attend.h); tiles are anchored at
//       the sequence's start: same bits for any number of threads and any neighbours
// work  items are (about 64 query rows, KV head)
// twin  kernels/cuda/attention.cc      oracle  DenseAttention.java in the trainer's tests
// from  Milakov and Gimelshein arXiv:1805.02867, FlashAttention-2 arXiv:2307.08691
#pragma once

namespace ssa::SSA_ISA {

constexpr int64_t kPackedRows = 64;

inline void copyScaledQueries(const PackedCall& call, const PackedSequence& s, int64_t token,
                              int64_t h, float* to) {
  int64_t dim = call.p->head_dim;
  const float* from = call.q + groupAt(call, s, token, h, dim);
  for (int64_t i = 0; i < call.group * dim; i += kFloats) {
    store(to + i, load(from + i) * call.scale);
  }
}

// Runs attend(tile) over the tiles of a span whose tokens see ranges of keys; rows' ranges are set.
template <typename Attend>
inline void forRangeTiles(const PackedCall& call, const TokenSpan& span, int64_t h, int64_t* from,
                          int64_t* to, const Attend& attend) {
  const PackedSequence& s = call.sequences[span.sequence];
  KeyRange early = keysOf(*call.p, span.first);
  KeyRange late = keysOf(*call.p, span.last - 1);
  for (int64_t base = early.from / kTileKeys * kTileKeys; base < late.to; base += kTileKeys) {
    for (int64_t t = span.first; t < span.last; t++) {
      KeyRange seen = keysOf(*call.p, t);
      for (int64_t r = (t - span.first) * call.group; r < (t + 1 - span.first) * call.group; r++) {
        from[r] = most(0, least(seen.from - base, kTileKeys));
        to[r] = most(0, least(seen.to - base, kTileKeys));
      }
    }
    Tile tile;
    tile.segments = 1;
    tile.keys = kTileKeys;
    tile.segment[0] = segmentAt(call, s, h, base, kTileKeys);
    attend(tile);
  }
}

// The same over the selected blocks of one token.
template <typename Attend>
inline void forSelectedTiles(const PackedCall& call, const PackedSequence& s, int64_t token,
                             int64_t h, const int32_t* selected, int64_t* from, int64_t* to,
                             const Attend& attend) {
  const Branch& branch = call.p->branch;
  const int32_t* blocks =
      selected + ((s.start + token) * call.p->kv_heads + h) * branch.block_count;
  int64_t piece = least(branch.block_size, kTileKeys);
  int64_t pieces = branch.block_size / piece;
  Tile tile = {};
  int64_t seen = 0;
  auto flush = [&] {
    for (int64_t r = 0; r < call.group; r++) {
      from[r] = 0;
      to[r] = seen;
    }
    attend(tile);
    tile = {};
    seen = 0;
  };
  for (int64_t i = 0; i < branch.block_count * pieces; i++) {
    int64_t block = blocks[i / pieces];
    int64_t first = block * branch.block_size + i % pieces * piece;
    if (block < 0 || first > token) {
      break;
    }
    tile.segment[tile.segments++] = segmentAt(call, s, h, first, piece);
    tile.keys += piece;
    seen += least(piece, token + 1 - first);
    if (tile.keys == kTileKeys) {
      flush();
    }
  }
  if (tile.segments > 0) {
    flush();
  }
}

inline void finishPackedRows(const PackedForward& f, int64_t head, const RowState& state) {
  for (int64_t r = 0; r < state.rows; r++) {
    bool any = state.largest[r] != kMinusInfinity;
    float share = any ? static_cast<float>(1.0 / state.sum[r]) : 0.0f;
    float* to = f.out + (head + r) * state.dim;
    for (int64_t d = 0; d < state.dim; d += kFloats) {
      store(to + d, load(state.out + r * state.dim + d) * share);
    }
    f.log_sum_exp[head + r] =
        any ? static_cast<float>(state.largest[r] + __builtin_log(state.sum[r])) : kMinusInfinity;
  }
}

inline void forwardSpan(const PackedCall& call, const PackedForward& f, const TokenSpan& span,
                        int64_t h) {
  const PackedSequence& s = call.sequences[span.sequence];
  int64_t dim = call.p->head_dim;
  int64_t rows = (span.last - span.first) * call.group;
  char* memory = static_cast<char*>(threadScratch(rowStateBytes(rows, dim) + 4096));
  if (memory == nullptr) {
    return failPacked(call);
  }
  float* queries;
  RowState state = carveRowState(memory, rows, dim, &queries);
  for (int64_t t = span.first; t < span.last; t++) {
    copyScaledQueries(call, s, t, h, queries + (t - span.first) * call.group * dim);
  }
  beginRows(state);
  auto attend = [&](const Tile& tile) { attendTile(state, tile); };
  if (call.p->branch.kind == BranchKind::kSelected) {
    forSelectedTiles(call, s, span.first, h, f.selected, state.from, state.to, attend);
  } else {
    forRangeTiles(call, span, h, state.from, state.to, attend);
  }
  // Rows of one token are neighbours in the output; those of the next lie HQ further.
  for (int64_t t = span.first; t < span.last; t++) {
    int64_t first = (t - span.first) * call.group;
    RowState part = state;
    part.rows = call.group;
    part.largest += first;
    part.sum += first;
    part.out += first * dim;
    finishPackedRows(f, groupAt(call, s, t, h, 1), part);
  }
}

inline void releaseCall(PackedCall& call) {
  release(call.sequences);
  release(call.means);
  release(call.key_tiles);
  release(call.value_tiles);
}

// Sequences, keys and tiles of a call; false if there is no memory.
inline bool prepareCall(PackedCall& call, const float* k, const float* v, bool value_tiles) {
  if (!prepareSequences(call)) {
    return false;
  }
  call.keys = k;
  call.values = v;
  if (call.p->branch.kind == BranchKind::kCompressed && !compressKeys(call, k, v)) {
    return false;
  }
  size_t bytes = sizeof(float) * call.tiles * call.p->kv_heads * call.p->head_dim * kKeyLanes + 64;
  call.key_tiles = static_cast<float*>(acquire(bytes));
  call.value_tiles = value_tiles ? static_cast<float*>(acquire(bytes)) : nullptr;
  if (call.key_tiles == nullptr || (value_tiles && call.value_tiles == nullptr)) {
    return false;
  }
  fillTiles(call);
  return true;
}

inline Outcome packedForward(const PackedForward& f, const Parallel& parallel) {
  PackedCall call = {};
  call.p = &f.problem;
  call.parallel = &parallel;
  call.q = f.q;
  if (!prepareCall(call, f.k, f.v, false)) {
    releaseCall(call);
    return Outcome::kOutOfMemory;
  }
  bool selected = f.problem.branch.kind == BranchKind::kSelected;
  if (selected) {
    selectPackedBlocks(call, f.selected);
  }
  if (!call.failed) {
    forEachSpan(call, selected ? 1 : kPackedRows,
                [&](const TokenSpan& span, int64_t h) { forwardSpan(call, f, span, h); });
  }
  releaseCall(call);
  return call.failed ? Outcome::kOutOfMemory : Outcome::kDone;
}

}  // namespace ssa::SSA_ISA
