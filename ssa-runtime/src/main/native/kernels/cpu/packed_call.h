// packed_call.h: one call over packed sequences: its keys in tiles, and which keys a token sees
//
// Keys are tokens, or the block means of the compressed branch: rows [K, H, D] either way, K of all
// sequences together. Tiles of 64 keys are anchored at each sequence's own start, so that an answer
// does not depend on the sequences beside it.
#pragma once

namespace ssa::SSA_ISA {

struct PackedSequence {
  int64_t start;       // row of its first token in q
  int64_t tokens;
  int64_t key_start;   // row of its first key
  int64_t keys;
  int64_t first_tile;  // of its keys, in tiles of 64
  int64_t first_block; // number of its first block among all sequences' blocks
  int64_t blocks;      // complete or not
};

struct PackedCall {
  const PackedProblem* p;
  const Parallel* parallel;
  const float* q;          // [T, HQ, D]
  int64_t group;
  float scale;
  PackedSequence* sequences;
  int64_t tiles;
  int64_t blocks;
  int64_t key_rows;        // K
  const float* keys;       // [K, H, D]
  const float* values;     // [K, H, D]
  float* means;            // [2, K, H, D]: keys and values of the compressed branch, owned
  float* key_tiles;        // [tiles, H, D, 64] transposed, 0 behind a sequence's end
  float* value_tiles;      // the same of values; backward only
  int failed;
};

inline void failPacked(const PackedCall& call) {
  __atomic_store_n(&const_cast<PackedCall&>(call).failed, 1, __ATOMIC_RELAXED);
}

struct KeyRange {
  int64_t from;
  int64_t to;
};

// The keys that a token of its sequence may see; of the selected branch: up to the own one.
inline KeyRange keysOf(const PackedProblem& p, int64_t token) {
  switch (p.branch.kind) {
    case BranchKind::kCompressed:
      return {0, (token + 1) / p.branch.block_size};
    case BranchKind::kWindow:
      return {most(0, token + 1 - p.branch.window), token + 1};
    default:
      return {0, token + 1};
  }
}

// The tokens of a sequence that see any of the keys [from, to).
inline KeyRange readersOf(const PackedProblem& p, const PackedSequence& s, int64_t from,
                          int64_t to) {
  switch (p.branch.kind) {
    case BranchKind::kCompressed:
      return {(from + 1) * p.branch.block_size - 1, s.tokens};
    case BranchKind::kWindow:
      return {from, least(s.tokens, to - 1 + p.branch.window)};
    default:
      return {from, s.tokens};
  }
}

inline bool prepareSequences(PackedCall& call) {
  const PackedProblem& p = *call.p;
  call.group = p.query_heads / p.kv_heads;
  call.scale = 1.0f / __builtin_sqrtf(static_cast<float>(p.head_dim));
  call.sequences =
      static_cast<PackedSequence*>(acquire(sizeof(PackedSequence) * (p.sequences + 1)));
  if (call.sequences == nullptr) {
    return false;
  }
  bool compressed = p.branch.kind == BranchKind::kCompressed;
  bool blocks = p.branch.kind == BranchKind::kSelected;
  for (int64_t i = 0; i < p.sequences; i++) {
    PackedSequence& s = call.sequences[i];
    s.start = p.starts[i];
    s.tokens = p.starts[i + 1] - p.starts[i];
    s.keys = compressed ? s.tokens / p.branch.block_size : s.tokens;
    s.key_start = call.key_rows;
    s.first_tile = call.tiles;
    s.first_block = call.blocks;
    s.blocks = blocks ? ceilDivide(s.tokens, p.branch.block_size) : 0;
    call.key_rows += s.keys;
    call.tiles += ceilDivide(s.keys, kKeyLanes);
    call.blocks += s.blocks;
  }
  return true;
}

// The sequence to which tile `tile` belongs.
inline const PackedSequence& sequenceOfTile(const PackedCall& call, int64_t tile) {
  int64_t low = 0;
  int64_t high = call.p->sequences;
  while (high - low > 1) {
    int64_t middle = (low + high) / 2;
    if (call.sequences[middle].first_tile <= tile) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return call.sequences[low];
}

// One tile of 64 keys (or values) of one head, transposed.
inline void transposeTile(const PackedCall& call, const float* rows, int64_t tile, int64_t h,
                          float* to) {
  int64_t dim = call.p->head_dim;
  int64_t stride = call.p->kv_heads * dim;
  const PackedSequence& s = sequenceOfTile(call, tile);
  int64_t first = (tile - s.first_tile) * kKeyLanes;
  int64_t count = least(kKeyLanes, s.keys - first);
  const float* from = rows + (s.key_start + first) * stride + h * dim;
  for (int64_t d = 0; d < dim; d++) {
    for (int64_t i = 0; i < count; i++) {
      to[d * kKeyLanes + i] = from[i * stride + d];
    }
    for (int64_t i = count; i < kKeyLanes; i++) {
      to[d * kKeyLanes + i] = 0;
    }
  }
}

inline void fillTiles(const PackedCall& call) {
  int64_t heads = call.p->kv_heads;
  int64_t size = call.p->head_dim * kKeyLanes;
  auto item = [&](size_t i) {
    int64_t tile = i / heads;
    int64_t h = i % heads;
    transposeTile(call, call.keys, tile, h, call.key_tiles + i * size);
    if (call.value_tiles != nullptr) {
      transposeTile(call, call.values, tile, h, call.value_tiles + i * size);
    }
  };
  forEach(*call.parallel, call.tiles * heads, item);
}

// The keys [first, first + count) of a sequence, within one tile.
inline Segment segmentAt(const PackedCall& call, const PackedSequence& s, int64_t h, int64_t first,
                         int64_t count) {
  int64_t dim = call.p->head_dim;
  int64_t heads = call.p->kv_heads;
  int64_t tile = (s.first_tile + first / kKeyLanes) * heads + h;
  int64_t lane = first % kKeyLanes;
  int64_t row = (s.key_start + first) * heads + h;
  return {call.key_tiles + tile * dim * kKeyLanes + lane, lane, call.values + row * dim,
          heads * dim, count};
}

// Tokens of one sequence whose heads of one KV head make about 64 rows.
struct TokenSpan {
  int64_t sequence;
  int64_t first;
  int64_t last;
};

inline int64_t tokensPerSpan(const PackedCall& call, int64_t rows) {
  return most(1, rows / call.group);
}

// Cuts all sequences' tokens; with a null `spans` it only counts.
inline int64_t cutSpans(const PackedCall& call, int64_t rows, TokenSpan* spans) {
  int64_t step = tokensPerSpan(call, rows);
  int64_t n = 0;
  for (int64_t i = 0; i < call.p->sequences; i++) {
    int64_t tokens = call.sequences[i].tokens;
    for (int64_t t = 0; t < tokens; t += step) {
      if (spans != nullptr) {
        spans[n] = {i, t, least(t + step, tokens)};
      }
      n++;
    }
  }
  return n;
}

// Runs item(span, KV head) for all; later tokens, which see more keys, go first.
template <typename Item>
inline void forEachSpan(const PackedCall& call, int64_t rows, const Item& item) {
  int64_t count = cutSpans(call, rows, nullptr);
  TokenSpan* spans = static_cast<TokenSpan*>(acquire(sizeof(TokenSpan) * (count + 1)));
  if (spans == nullptr) {
    return failPacked(call);
  }
  cutSpans(call, rows, spans);
  int64_t heads = call.p->kv_heads;
  auto one = [&](size_t i) { item(spans[count - 1 - i / heads], static_cast<int64_t>(i) % heads); };
  forEach(*call.parallel, count * heads, one);
  release(spans);
}

// The first element of a token's group of heads in an array [T, HQ, width].
inline int64_t groupAt(const PackedCall& call, const PackedSequence& s, int64_t token, int64_t h,
                       int64_t width) {
  return ((s.start + token) * call.p->query_heads + h * call.group) * width;
}

}  // namespace ssa::SSA_ISA
