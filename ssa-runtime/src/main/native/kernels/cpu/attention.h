// attention.h: full, block-sparse and three-branch attention over packed sequences
//
// in    AttentionParameters (kernels/parameters.h)
// out   out [T, HQ, D], selected [T, H, k]
// math  full:     gate_1 softmax(q k / sqrt(D)) v over all keys up to the token
//       sparse:   the same over the keys of the selected blocks
//       three:    gate_0 compressed + gate_1 selected + gate_2 window
// cost  full 2 T^2 HQ D flop; selection T^2/S HQ D; sparse 4 T k S HQ D
// num.  tiles of keys are anchored at each sequence's own positions, so an answer does not depend
//       on batch, threads or neighbours
// work  items are (64 query rows, KV head); later ones, which see more keys, go first
// oracle  oracle/AttentionOracle.java
#pragma once

namespace ssa::SSA_ISA {

constexpr int64_t kQueryRows = 64;
constexpr int64_t kSelectionRows = 16;

struct Stretch {
  int64_t sequence;
  int64_t first;  // token within the sequence
  int64_t last;
};

// Where a sequence's tokens, tiles and blocks begin in the arrays that hold all of them.
struct Sequence {
  int64_t start;
  int64_t tokens;
  int64_t key_tile;
  int64_t complete_blocks;
  int64_t mean_tile;
  int64_t mean_key_tile;
  int64_t value_row;
};

struct Call {
  const AttentionParameters* p;
  int64_t group;
  float scale;
  Sequence* sequences;
  float* queries;  // [T, HQ, D] rotated, scaled
  float* keys;     // [tiles, H, D, 64] rotated, transposed
  BlockMeans means;
  Stretch* stretches;
  int64_t stretch_count;
  int failed;
};

inline void fail(Call& call) { __atomic_store_n(&call.failed, 1, __ATOMIC_RELAXED); }

inline int64_t rowsOf(const Call& call, const Stretch& s) {
  return (s.last - s.first) * call.group;
}

// Cuts every sequence into stretches of so many query rows.
inline int64_t cutStretches(Call& call, int64_t rows) {
  int64_t step = most(1, rows / call.group);
  int64_t n = 0;
  for (int64_t s = 0; s < call.p->sequences; s++) {
    for (int64_t t = 0; t < call.sequences[s].tokens; t += step) {
      if (call.stretches != nullptr) {
        call.stretches[n] = {s, t, least(t + step, call.sequences[s].tokens)};
      }
      n++;
    }
  }
  call.stretch_count = n;
  return n;
}

inline void rotateQueries(const Call& call, int64_t token) {
  const AttentionParameters& p = *call.p;
  double* rotated = static_cast<double*>(threadScratch(sizeof(double) * p.head_dim));
  if (rotated == nullptr) {
    return fail(const_cast<Call&>(call));
  }
  for (int64_t h = 0; h < p.query_heads; h++) {
    int64_t at = (token * p.query_heads + h) * p.head_dim;
    rotateToken(p, p.q + at, token, rotated);
    for (int64_t d = 0; d < p.head_dim; d++) {
      call.queries[at + d] = static_cast<float>(rotated[d] * call.scale);
    }
  }
}

inline void rotateKeyTile(const Call& call, const Sequence& s, int64_t tile, int64_t kv_head) {
  const AttentionParameters& p = *call.p;
  double* rotated = static_cast<double*>(threadScratch(sizeof(double) * p.head_dim));
  if (rotated == nullptr) {
    return fail(const_cast<Call&>(call));
  }
  int64_t dim = p.head_dim;
  float* to = call.keys + ((s.key_tile + tile) * p.kv_heads + kv_head) * dim * kKeyLanes;
  for (int64_t lane = 0; lane < kKeyLanes; lane++) {
    int64_t j = tile * kKeyLanes + lane;
    if (j < s.tokens) {
      rotateToken(p, p.k + ((s.start + j) * p.kv_heads + kv_head) * dim, s.start + j, rotated);
      for (int64_t d = 0; d < dim; d++) {
        to[d * kKeyLanes + lane] = static_cast<float>(rotated[d]);
      }
    } else {
      for (int64_t d = 0; d < dim; d++) {
        to[d * kKeyLanes + lane] = 0;
      }
    }
  }
}

inline void copyQueries(const Call& call, const Stretch& stretch, int64_t kv_head, float* to) {
  const AttentionParameters& p = *call.p;
  int64_t heads = call.group * p.head_dim;
  for (int64_t t = stretch.first; t < stretch.last; t++) {
    int64_t token = call.sequences[stretch.sequence].start + t;
    __builtin_memcpy(to + (t - stretch.first) * heads,
                     call.queries + token * p.query_heads * p.head_dim + kv_head * heads,
                     sizeof(float) * heads);
  }
}

// Adds (or writes, for the first branch) gate * out / sum to the output.
inline void finishRows(const Call& call, const Stretch& stretch, int64_t kv_head, int64_t gate,
                       bool add, const RowState& s) {
  const AttentionParameters& p = *call.p;
  for (int64_t r = 0; r < s.rows; r++) {
    int64_t token = call.sequences[stretch.sequence].start + stretch.first + r / call.group;
    int64_t head = token * p.query_heads + kv_head * call.group + r % call.group;
    float weight = p.gates == nullptr ? 1.0f : p.gates[head * 3 + gate];
    // A row without keys is 0; one whose keys all score minus infinity is 0 / 0.
    float share = s.largest[r] == kMinusInfinity ? 0.0f : static_cast<float>(1.0 / s.sum[r]);
    float* to = p.out + head * p.head_dim;
    const float* from = s.out + r * s.dim;
    for (int64_t d = 0; d < s.dim; d++) {
      float x = from[d] * share * weight;
      to[d] = add ? to[d] + x : x;
    }
  }
}

// Keys of one branch: tiles of 64, transposed, and the values' rows.
struct KeySource {
  const float* keys;    // first tile of the sequence and KV head
  int64_t tile_stride;  // from tile to tile
  const float* values;  // first row of the sequence and KV head
  int64_t value_stride;
  int64_t count;  // keys of the sequence
};

inline KeySource tokenKeys(const Call& call, const Sequence& s, int64_t kv_head) {
  const AttentionParameters& p = *call.p;
  int64_t tile = p.head_dim * kKeyLanes;
  return {call.keys + (s.key_tile * p.kv_heads + kv_head) * tile, p.kv_heads * tile,
          p.v + (s.start * p.kv_heads + kv_head) * p.head_dim, p.kv_heads * p.head_dim, s.tokens};
}

inline KeySource meanKeys(const Call& call, const Sequence& s, int64_t kv_head) {
  const AttentionParameters& p = *call.p;
  int64_t tile = p.head_dim * kKeyLanes;
  return {call.means.key_means + (s.mean_key_tile * p.kv_heads + kv_head) * tile,
          p.kv_heads * tile,
          call.means.value_means + (s.value_row * p.kv_heads + kv_head) * p.head_dim,
          p.kv_heads * p.head_dim, s.complete_blocks};
}

// Every row attends to a range of keys [from(t), to(t)).
template <typename From, typename To>
inline void attendRanges(const Call& call, const Stretch& stretch, int64_t kv_head,
                         const KeySource& source, int64_t gate, bool add, From from, To to) {
  int64_t dim = call.p->head_dim;
  int64_t rows = rowsOf(call, stretch);
  char* memory = static_cast<char*>(threadScratch(rowStateBytes(rows, dim) + 4096));
  if (memory == nullptr) {
    return fail(const_cast<Call&>(call));
  }
  float* queries;
  RowState state = carveRowState(memory, rows, dim, &queries);
  copyQueries(call, stretch, kv_head, queries);
  beginRows(state);
  int64_t first_tile = from(stretch.first) / kTileKeys;
  int64_t last_tile = ceilDivide(to(stretch.last - 1), kTileKeys);
  for (int64_t i = first_tile; i < last_tile; i++) {
    int64_t base = i * kTileKeys;
    for (int64_t r = 0; r < rows; r++) {
      int64_t t = stretch.first + r / call.group;
      state.from[r] = most(0, least(from(t) - base, kTileKeys));
      state.to[r] = most(0, least(to(t) - base, kTileKeys));
    }
    Tile tile;
    tile.segments = 1;
    tile.keys = kTileKeys;
    tile.segment[0] = {source.keys + i * source.tile_stride, 0,
                       source.values + base * source.value_stride, source.value_stride, kTileKeys};
    attendTile(state, tile);
  }
  finishRows(call, stretch, kv_head, gate, add, state);
}

inline void attendFull(const Call& call, const Stretch& stretch, int64_t kv_head) {
  attendRanges(
      call, stretch, kv_head, tokenKeys(call, call.sequences[stretch.sequence], kv_head), 1, false,
      [](int64_t) { return int64_t{0}; }, [](int64_t t) { return t + 1; });
}

inline void attendWindow(const Call& call, const Stretch& stretch, int64_t kv_head) {
  int64_t window = call.p->mode.window;
  attendRanges(
      call, stretch, kv_head, tokenKeys(call, call.sequences[stretch.sequence], kv_head), 2, true,
      [window](int64_t t) { return most(0, t + 1 - window); }, [](int64_t t) { return t + 1; });
}

inline void attendCompressed(const Call& call, const Stretch& stretch, int64_t kv_head) {
  int64_t block = call.p->mode.block_size;
  attendRanges(
      call, stretch, kv_head, meanKeys(call, call.sequences[stretch.sequence], kv_head), 0, true,
      [](int64_t) { return int64_t{0}; }, [block](int64_t t) { return (t + 1) / block; });
}

// The selected blocks of one token.
inline void attendSelected(const Call& call, const Stretch& stretch, int64_t kv_head) {
  const AttentionParameters& p = *call.p;
  const Sequence& sequence = call.sequences[stretch.sequence];
  KeySource source = tokenKeys(call, sequence, kv_head);
  int64_t step = least(p.mode.block_size, kTileKeys);
  char* memory = static_cast<char*>(threadScratch(rowStateBytes(call.group, p.head_dim) + 4096));
  if (memory == nullptr) {
    return fail(const_cast<Call&>(call));
  }
  float* queries;
  RowState state = carveRowState(memory, call.group, p.head_dim, &queries);
  for (int64_t t = stretch.first; t < stretch.last; t++) {
    Stretch one = {stretch.sequence, t, t + 1};
    copyQueries(call, one, kv_head, queries);
    beginRows(state);
    const int32_t* selected =
        p.selected + ((sequence.start + t) * p.kv_heads + kv_head) * p.mode.block_count;
    Tile tile;
    tile.segments = 0;
    tile.keys = 0;
    int64_t visible = 0;
    auto flush = [&]() {
      for (int64_t r = 0; r < state.rows; r++) {
        state.from[r] = 0;
        state.to[r] = visible;
      }
      attendTile(state, tile);
      tile.segments = 0;
      tile.keys = 0;
      visible = 0;
    };
    for (int64_t i = 0; i < p.mode.block_count && selected[i] >= 0; i++) {
      int64_t block_start = selected[i] * p.mode.block_size;
      int64_t block_end = block_start + p.mode.block_size;
      for (int64_t j = block_start; j < block_end && j <= t; j += step) {
        int64_t lane = j % kKeyLanes;
        tile.segment[tile.segments++] = {source.keys + j / kKeyLanes * source.tile_stride + lane,
                                         lane, source.values + j * source.value_stride,
                                         source.value_stride, step};
        tile.keys += step;
        visible += least(step, t + 1 - j);
        if (tile.keys == kTileKeys) {
          flush();
        }
      }
    }
    if (tile.segments > 0) {
      flush();
    }
    finishRows(call, one, kv_head, 1, false, state);
  }
}

inline void selectBlocks(const Call& call, const Stretch& stretch, int64_t kv_head) {
  const AttentionParameters& p = *call.p;
  const Sequence& sequence = call.sequences[stretch.sequence];
  int64_t dim = p.head_dim;
  int64_t rows = rowsOf(call, stretch);
  int64_t blocks = ceilDivide(stretch.last, p.mode.block_size);
  int64_t tiles = ceilDivide(stretch.last / p.mode.block_size, kMeanLanes);
  int64_t stride = (tiles + 1) * kMeanLanes;
  size_t bytes = sizeof(double) * (rows * dim + rows * stride + stride) +
                 sizeof(Candidate) * least(p.mode.block_count, blocks) + blocks + 4096;
  char* memory = static_cast<char*>(threadScratch(bytes));
  if (memory == nullptr) {
    return fail(const_cast<Call&>(call));
  }
  double* queries = carveDoubles(memory, rows * dim);
  double* scores = carveDoubles(memory, rows * stride);
  double* importance = carveDoubles(memory, stride);
  Candidate* heap =
      reinterpret_cast<Candidate*>(carveDoubles(memory, 2 * least(p.mode.block_count, blocks)));
  uint8_t* marked = reinterpret_cast<uint8_t*>(memory);
  bool needed = !takesAll(p.mode, (stretch.last - 1) / p.mode.block_size);
  if (needed) {
    double scale = 1.0 / __builtin_sqrt(static_cast<double>(dim));
    for (int64_t r = 0; r < rows; r++) {
      int64_t token = sequence.start + stretch.first + r / call.group;
      int64_t head = token * p.query_heads + kv_head * call.group + r % call.group;
      rotateToken(p, p.q + head * dim, token, queries + r * dim);
      for (int64_t d = 0; d < dim; d++) {
        queries[r * dim + d] *= scale;
      }
    }
    blockScores(queries, rows, dim,
                call.means.means +
                    (sequence.mean_tile * p.kv_heads + kv_head) * dim * kMeanLanes,
                p.kv_heads * dim * kMeanLanes, tiles, scores, stride);
  }
  for (int64_t t = stretch.first; t < stretch.last; t++) {
    int64_t own = t / p.mode.block_size;
    if (!takesAll(p.mode, own)) {
      blockImportance(scores + (t - stretch.first) * call.group * stride, call.group, stride,
                      (t + 1) / p.mode.block_size, importance);
    }
    blockTopK(p.mode, importance, own, heap, marked,
              p.selected + ((sequence.start + t) * p.kv_heads + kv_head) * p.mode.block_count);
  }
}

// Runs one step over all (stretch, KV head) pairs, the last ones first.
inline void overStretches(Call& call, const Parallel& parallel, int64_t rows,
                          void (*step)(const Call&, const Stretch&, int64_t)) {
  int64_t heads = call.p->kv_heads;
  int64_t n = cutStretches(call, rows) * heads;
  auto item = [&](size_t i) {
    int64_t at = n - 1 - static_cast<int64_t>(i);
    step(call, call.stretches[at / heads], at % heads);
  };
  forEach(parallel, n, item);
}

inline void meansOfBlocks(Call& call, const Parallel& parallel) {
  const AttentionParameters& p = *call.p;
  for (int64_t s = 0; s < p.sequences; s++) {
    const Sequence& sequence = call.sequences[s];
    auto item = [&](size_t i) {
      int64_t block = static_cast<int64_t>(i) / p.kv_heads;
      double* scratch = static_cast<double*>(threadScratch(2 * sizeof(double) * p.head_dim));
      if (scratch == nullptr) {
        return fail(call);
      }
      blockMean(p, sequence.start + block * p.mode.block_size, i % p.kv_heads,
                sequence.mean_tile + block / kMeanLanes,
                sequence.mean_key_tile + block / kKeyLanes, block, sequence.value_row + block,
                scratch, call.means);
    };
    forEach(parallel, sequence.complete_blocks * p.kv_heads, item);
  }
}

inline void keyTiles(Call& call, const Parallel& parallel) {
  const AttentionParameters& p = *call.p;
  for (int64_t s = 0; s < p.sequences; s++) {
    const Sequence& sequence = call.sequences[s];
    auto item = [&](size_t i) {
      rotateKeyTile(call, sequence, i / p.kv_heads, i % p.kv_heads);
    };
    forEach(parallel, ceilDivide(sequence.tokens, kKeyLanes) * p.kv_heads, item);
  }
}

// Places every sequence in the arrays that hold all of them.
inline Sequence placeSequences(Call& call) {
  const AttentionParameters& p = *call.p;
  Sequence end = {};
  for (int64_t s = 0; s < p.sequences; s++) {
    end.start = p.sequence_starts[s];
    end.tokens = p.sequence_starts[s + 1] - end.start;
    end.complete_blocks =
        p.mode.kind == ModeKind::kFull ? 0 : end.tokens / p.mode.block_size;
    call.sequences[s] = end;
    end.key_tile += ceilDivide(end.tokens, kKeyLanes);
    end.mean_tile += ceilDivide(end.complete_blocks, kMeanLanes);
    end.mean_key_tile += ceilDivide(end.complete_blocks, kKeyLanes);
    end.value_row += end.complete_blocks;
  }
  return end;
}

inline void runSteps(Call& call, const Parallel& parallel) {
  const AttentionParameters& p = *call.p;
  auto queries = [&](size_t token) { rotateQueries(call, token); };
  forEach(parallel, p.tokens, queries);
  keyTiles(call, parallel);
  if (p.mode.kind == ModeKind::kFull) {
    overStretches(call, parallel, kQueryRows, attendFull);
    return;
  }
  meansOfBlocks(call, parallel);
  overStretches(call, parallel, kSelectionRows, selectBlocks);
  overStretches(call, parallel, kQueryRows, attendSelected);
  if (p.mode.kind == ModeKind::kThreeBranch) {
    overStretches(call, parallel, kQueryRows, attendCompressed);
    overStretches(call, parallel, kQueryRows, attendWindow);
  }
}

inline Outcome attention(const AttentionParameters& p, const Parallel& parallel) {
  Call call = {};
  call.p = &p;
  call.group = p.query_heads / p.kv_heads;
  call.scale = static_cast<float>(1.0 / __builtin_sqrt(static_cast<double>(p.head_dim)));
  call.sequences = static_cast<Sequence*>(acquire(sizeof(Sequence) * (p.sequences + 1)));
  if (call.sequences == nullptr) {
    return Outcome::kOutOfMemory;
  }
  Sequence end = placeSequences(call);
  bool sparse = p.mode.kind != ModeKind::kFull;
  bool three = p.mode.kind == ModeKind::kThreeBranch;
  int64_t heads = p.kv_heads * p.head_dim;
  int64_t most_stretches = cutStretches(call, kSelectionRows);
  size_t mean_bytes = sparse ? sizeof(double) * end.mean_tile * heads * kMeanLanes : 0;
  size_t key_mean_bytes = three ? sizeof(float) * end.mean_key_tile * heads * kKeyLanes : 0;
  void* memory[6] = {acquire(sizeof(float) * p.tokens * p.query_heads * p.head_dim),
                     acquire(sizeof(float) * end.key_tile * heads * kKeyLanes),
                     acquire(mean_bytes),
                     acquire(key_mean_bytes),
                     acquire(three ? sizeof(float) * end.value_row * heads : 0),
                     acquire(sizeof(Stretch) * most_stretches)};
  bool complete = true;
  for (void* part : memory) {
    complete = complete && part != nullptr;
  }
  if (complete) {
    call.queries = static_cast<float*>(memory[0]);
    call.keys = static_cast<float*>(memory[1]);
    call.means = {static_cast<double*>(memory[2]),
                  three ? static_cast<float*>(memory[3]) : nullptr,
                  three ? static_cast<float*>(memory[4]) : nullptr};
    call.stretches = static_cast<Stretch*>(memory[5]);
    __builtin_memset(memory[2], 0, mean_bytes);
    __builtin_memset(memory[3], 0, key_mean_bytes);
    runSteps(call, parallel);
  }
  for (void* part : memory) {
    release(part);
  }
  release(call.sequences);
  return complete && call.failed == 0 ? Outcome::kDone : Outcome::kOutOfMemory;
}

}  // namespace ssa::SSA_ISA
