// attention.h: full, block-sparse and three-branch attention over sequences in pages
//
// in    AttentionParameters (kernels/parameters.h): new tokens of packed sequences, and the pages that
//       hold what came before them
// out   out [T, HQ, D], selected [T, H, k]; the new keys and values are in the pages; statistics if
//       they are asked for
// math  full:     gate_1 softmax(q k / sqrt(D)) v over all keys up to the token
//       sparse:   the same over the keys of the selected blocks
//       window, random, best: as sparse, over blocks chosen by select_unseen.h and select_best.h
//       three:    gate_0 compressed + gate_1 selected + gate_2 window
// cost  per new token at position t: full 4 t HQ D flop; selection 2 t/S HQ D; sparse 4 k S HQ D
// num.  tiles of keys are anchored at each sequence's own positions, so an answer does not depend
//       on batch, chunks, threads or neighbours
// work  items are (query rows, KV head); later ones, which see more keys, go first
// oracle  oracle/AttentionOracle.java
#pragma once

namespace ssa::SSA_ISA {

// The keys of a tile of 64 positions, in the pages.
struct PagedKeys {
  const Call& call;
  const Sequence& sequence;
  int64_t kv_head;

  Segment at(int64_t token, int64_t count) const {
    int64_t dim = call.p->head_dim;
    PageHead page = pageAt(call, sequence, token, kv_head);
    int64_t slot = token % PageLayout::kTokens;
    int64_t lane = token % kKeyLanes;
    return {page.keys + slot / kKeyLanes * dim * kKeyLanes + lane,
            lane,
            page.values + slot * dim,
            dim,
            count,
            token};
  }
};

// The block means as keys of the compressed branch.
struct MeanKeys {
  const Call& call;
  const Sequence& sequence;
  int64_t kv_head;

  Segment at(int64_t block, int64_t count) const {
    int64_t dim = call.p->head_dim;
    int64_t tile = meanTileAt(call, sequence, block / kKeyLanes, kv_head);
    return {call.key_means + tile, 0, call.value_means + tile, dim, count, block};
  }
};

// Every row attends to a range of keys [begin, end), a tile at a time from the first row's first key
// to the last row's last.
template <typename Keys, typename Watcher>
inline void attendKeys(const RowState& state, const Keys& keys, const int64_t* begin,
                       const int64_t* end, Watcher& watcher) {
  int64_t first_tile = begin[0] / kTileKeys;
  int64_t last_tile = ceilDivide(end[state.rows - 1], kTileKeys);
  for (int64_t i = first_tile; i < last_tile; i++) {
    int64_t base = i * kTileKeys;
    for (int64_t r = 0; r < state.rows; r++) {
      state.from[r] = most(0, least(begin[r] - base, kTileKeys));
      state.to[r] = most(0, least(end[r] - base, kTileKeys));
    }
    Tile tile;
    tile.segments = 1;
    tile.keys = kTileKeys;
    tile.segment[0] = keys.at(base, kTileKeys);
    attendTile(state, tile, watcher);
  }
}

// The same for ranges [from(t), to(t)) of a stretch's tokens.
template <typename Keys, typename From, typename To>
inline void attendRanges(const Call& call, const Stretch& stretch, int64_t kv_head,
                         const Keys& keys, int64_t gate, bool add, From from, To to) {
  int64_t dim = call.p->head_dim;
  int64_t rows = rowsOf(stretch);
  char* memory = static_cast<char*>(threadScratch(rowStateBytes(rows, dim) + 4096));
  if (memory == nullptr) {
    return fail(call);
  }
  float* queries;
  RowState state = carveRowState(memory, rows, dim, &queries);
  copyQueries(call, stretch, kv_head, queries);
  beginRows(state);
  int64_t* begin = carveIntegers(memory, rows);
  int64_t* end = carveIntegers(memory, rows);
  for (int64_t r = 0; r < rows; r++) {
    int64_t t = tokenOf(stretch, r);
    begin[r] = from(t);
    end[r] = to(t);
  }
  Unwatched nobody;
  attendKeys(state, keys, begin, end, nobody);
  finishRows(call, stretch, kv_head, gate, add, state);
}

inline void attendFull(const Call& call, const Stretch& stretch, int64_t kv_head) {
  PagedKeys keys = {call, call.sequences[stretch.sequence], kv_head};
  attendRanges(
      call, stretch, kv_head, keys, 1, false, [](int64_t) { return int64_t{0}; },
      [](int64_t t) { return t + 1; });
}

inline void attendWindow(const Call& call, const Stretch& stretch, int64_t kv_head) {
  int64_t window = call.p->mode.window;
  PagedKeys keys = {call, call.sequences[stretch.sequence], kv_head};
  attendRanges(
      call, stretch, kv_head, keys, 2, true,
      [window](int64_t t) { return most(0, t + 1 - window); }, [](int64_t t) { return t + 1; });
}

inline void attendCompressed(const Call& call, const Stretch& stretch, int64_t kv_head) {
  int64_t block = call.p->mode.block_size;
  MeanKeys keys = {call, call.sequences[stretch.sequence], kv_head};
  attendRanges(
      call, stretch, kv_head, keys, 0, true, [](int64_t) { return int64_t{0}; },
      [block](int64_t t) { return (t + 1) / block; });
}

// One token's rows attend to the tokens up to it of its selected blocks, and return how many those
// are. The keys lie side by side in tiles, block after block.
template <typename Watcher>
inline int64_t attendBlocks(const RowState& state, const PagedKeys& keys, const Mode& mode,
                            const int32_t* selected, int64_t t, Watcher& watcher) {
  int64_t step = least(mode.block_size, kTileKeys);
  int64_t attended = 0;
  int64_t visible = 0;
  Tile tile;
  tile.segments = 0;
  tile.keys = 0;
  auto flush = [&]() {
    for (int64_t r = 0; r < state.rows; r++) {
      state.from[r] = 0;
      state.to[r] = visible;
    }
    attendTile(state, tile, watcher);
    attended += visible;
    tile.segments = 0;
    tile.keys = 0;
    visible = 0;
  };
  for (int64_t i = 0; i < mode.block_count && selected[i] >= 0; i++) {
    int64_t block_start = selected[i] * mode.block_size;
    int64_t block_end = block_start + mode.block_size;
    for (int64_t j = block_start; j < block_end && j <= t; j += step) {
      tile.segment[tile.segments++] = keys.at(j, step);
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
  return attended;
}

// The selected blocks of each token.
inline void attendSelected(const Call& call, const Stretch& stretch, int64_t kv_head) {
  const AttentionParameters& p = *call.p;
  const Sequence& sequence = call.sequences[stretch.sequence];
  PagedKeys keys = {call, sequence, kv_head};
  char* memory =
      static_cast<char*>(threadScratch(rowStateBytes(stretch.heads, p.head_dim) + 4096));
  if (memory == nullptr) {
    return fail(call);
  }
  float* queries;
  RowState state = carveRowState(memory, stretch.heads, p.head_dim, &queries);
  for (int64_t t = stretch.first; t < stretch.last; t++) {
    Stretch one = {stretch.sequence, t, t + 1, stretch.head, stretch.heads};
    copyQueries(call, one, kv_head, queries);
    beginRows(state);
    Unwatched nobody;
    attendBlocks(state, keys, p.mode, selectedOf(call, sequence, t, kv_head), t, nobody);
    finishRows(call, one, kv_head, 1, false, state);
  }
}

// Runs one step over all (stretch, KV head) pairs, the last ones first. Splitting a group's heads
// among items changes no row; only steps that treat heads apart may ask for it.
inline void overStretches(Call& call, const Parallel& parallel, int64_t rows, bool heads_apart,
                          void (*step)(const Call&, const Stretch&, int64_t)) {
  int64_t kv_heads = call.p->kv_heads;
  int64_t parts = 1;
  if (heads_apart) {
    int64_t step_tokens = most(1, rows / call.group);
    int64_t items = 0;
    for (int64_t s = 0; s < call.p->sequences; s++) {
      items += ceilDivide(call.sequences[s].tokens - call.sequences[s].past, step_tokens);
    }
    parts = items * kv_heads < kFewItems && call.group % 2 == 0 && call.group >= 8 ? 2 : 1;
  }
  int64_t n = cutStretches(call, rows, parts) * kv_heads;
  auto item = [&](size_t i) {
    int64_t at = n - 1 - static_cast<int64_t>(i);
    step(call, call.stretches[at / kv_heads], at % kv_heads);
  };
  forEach(parallel, n, item);
}

inline void appendAll(Call& call, const Parallel& parallel) {
  const AttentionParameters& p = *call.p;
  for (int64_t s = 0; s < p.sequences; s++) {
    const Sequence& sequence = call.sequences[s];
    if (sequence.tokens == sequence.past) {
      continue;
    }
    int64_t first = sequence.past / kKeyLanes;
    int64_t tiles = ceilDivide(sequence.tokens, kKeyLanes) - first;
    auto item = [&](size_t i) {
      appendTileOf(call, sequence, first + i / p.kv_heads, i % p.kv_heads);
    };
    forEach(parallel, tiles * p.kv_heads, item);
  }
}

inline void meansOfBlocks(Call& call, const Parallel& parallel) {
  const AttentionParameters& p = *call.p;
  for (int64_t s = 0; s < p.sequences; s++) {
    const Sequence& sequence = call.sequences[s];
    int64_t blocks = sequence.complete_blocks;
    auto item = [&](size_t i) {
      int64_t tile = i / p.kv_heads;
      int64_t kv_head = i % p.kv_heads;
      int64_t first = tile * kKeyLanes;
      int64_t last = least(first + kKeyLanes, blocks);
      int64_t at = meanTileAt(call, sequence, tile, kv_head);
      meanKeys(p, sequence.pages, kv_head, first, last, call.key_means + at);
      call.mean_squares[(sequence.key_mean_tile + tile) * p.kv_heads + kv_head] =
          largestSquare(call.key_means + at, p.head_dim);
      if (p.mode.kind == ModeKind::kThreeBranch) {
        meanValues(p, sequence.pages, kv_head, first, last, call.value_means + at);
      }
    };
    forEach(parallel, ceilDivide(blocks, kKeyLanes) * p.kv_heads, item);
  }
}

// The blocks that hold most of the mass: see select_best.h.
inline void selectBest(const Call& call, const Stretch& stretch, int64_t kv_head);

inline void selectAll(Call& call, const Parallel& parallel) {
  if (call.p->mode.kind == ModeKind::kBestBlocks) {
    overStretches(call, parallel, kQueryRows, false, selectBest);
  } else if (!choosesByMeans(call.p->mode.kind)) {
    overStretches(call, parallel, kSelectionRows, false, selectUnseen);
  } else if (call.p->tokens == 1 && call.p->kv_heads < kFewItems) {
    selectForOneToken(call, parallel);
  } else {
    overStretches(call, parallel, kSelectionRows, false, selectBlocks);
  }
}

// How many rows from one on are of a sequence.
inline int64_t forcedRows(const ForcedBlocks& all, const int64_t* first, int64_t sequence) {
  int64_t count = 0;
  while (first + 3 * count < all.rows + 3 * all.count && first[3 * count] == sequence) {
    count++;
  }
  return count;
}

// Places every sequence in the arrays that hold all of them.
inline Sequence placeSequences(Call& call) {
  const AttentionParameters& p = *call.p;
  Sequence end = {};
  end.forced.rows = p.asked.forced.rows;
  for (int64_t s = 0; s < p.sequences; s++) {
    end.start = p.sequence_starts[s];
    end.past = p.past_tokens[s];
    end.tokens = end.past + p.sequence_starts[s + 1] - end.start;
    end.pages = p.pages[s];
    bool used = choosesByMeans(p.mode.kind) && end.tokens > end.past;
    end.complete_blocks = used ? end.tokens / p.mode.block_size : 0;
    end.forced.rows += 3 * end.forced.count;
    end.forced.count = forcedRows(p.asked.forced, end.forced.rows, s);
    call.sequences[s] = end;
    end.key_mean_tile += ceilDivide(end.complete_blocks, kKeyLanes);
  }
  return end;
}

// The same steps with statistics: see observed_attention.h. False if memory runs out.
inline bool runObserved(Call& call, const Parallel& parallel);

// What is told beside the answer: see kernels/cpu/asked.h.
inline void tellAsked(Call& call, const Parallel& parallel);

// What comes when the keys are in the pages and the blocks are chosen.
inline void attendAll(Call& call, const Parallel& parallel);

inline void runSteps(Call& call, const Parallel& parallel) {
  const AttentionParameters& p = *call.p;
  auto queries = [&](size_t row) { rotateQueries(call, row); };
  forEach(parallel, p.tokens, queries);
  appendAll(call, parallel);
  if (p.mode.kind != ModeKind::kFull) {
    meansOfBlocks(call, parallel);
    selectAll(call, parallel);
  }
  attendAll(call, parallel);
  tellAsked(call, parallel);
}

inline void attendAll(Call& call, const Parallel& parallel) {
  const AttentionParameters& p = *call.p;
  if (p.asked.statistics.totals != nullptr) {
    if (!runObserved(call, parallel)) {
      fail(call);
    }
    return;
  }
  if (p.mode.kind == ModeKind::kFull) {
    overStretches(call, parallel, kQueryRows, true, attendFull);
    return;
  }
  overStretches(call, parallel, kQueryRows, true, attendSelected);
  if (p.mode.kind == ModeKind::kThreeBranch) {
    overStretches(call, parallel, kQueryRows, true, attendCompressed);
    overStretches(call, parallel, kQueryRows, true, attendWindow);
  }
}

inline Outcome attention(const AttentionParameters& p, const Parallel& parallel) {
  Call call = {};
  call.p = &p;
  call.group = p.query_heads / p.kv_heads;
  call.scale = static_cast<float>(1.0 / __builtin_sqrt(static_cast<double>(p.head_dim)));
  call.selected = {p.selected, 0, p.kv_heads * p.mode.block_count, p.mode.block_count};
  call.sequences = static_cast<Sequence*>(acquire(sizeof(Sequence) * (p.sequences + 1)));
  if (call.sequences == nullptr) {
    return Outcome::kOutOfMemory;
  }
  Sequence end = placeSequences(call);
  bool three = p.mode.kind == ModeKind::kThreeBranch;
  int64_t width = p.kv_heads * p.head_dim;
  int64_t most_stretches = 2 * cutStretches(call, kSelectionRows, 1);
  size_t mean_bytes = sizeof(float) * end.key_mean_tile * width * kKeyLanes;
  void* memory[] = {acquire(sizeof(float) * p.tokens * p.query_heads * p.head_dim),
                    acquire(mean_bytes), acquire(three ? mean_bytes : 0),
                    acquire(sizeof(double) * end.key_mean_tile * p.kv_heads),
                    acquire(sizeof(Stretch) * most_stretches)};
  bool complete = true;
  for (void* part : memory) {
    complete = complete && part != nullptr;
  }
  if (complete) {
    call.queries = static_cast<float*>(memory[0]);
    call.key_means = static_cast<float*>(memory[1]);
    call.value_means = static_cast<float*>(memory[2]);
    call.mean_squares = static_cast<double*>(memory[3]);
    call.stretches = static_cast<Stretch*>(memory[4]);
    runSteps(call, parallel);
  }
  for (void* part : memory) {
    release(part);
  }
  release(call.sequences);
  return complete && call.failed == 0 ? Outcome::kDone : Outcome::kOutOfMemory;
}

}  // namespace ssa::SSA_ISA
