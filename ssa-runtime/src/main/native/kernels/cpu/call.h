// call.h: one attention call: its sequences, the stretches of rows that work items take, and what
// all steps share
//
// num.  tiles of keys are anchored at each sequence's own positions, so an answer does not depend
//       on batch, chunks, threads or neighbours
#pragma once

namespace ssa::SSA_ISA {

constexpr int64_t kQueryRows = 48;
constexpr int64_t kSelectionRows = 16;
// A call of fewer items than this is cut finer, across the heads of a group.
constexpr int64_t kFewItems = 8;

// Query rows of one work item: tokens [first, last) of a sequence, heads [head, head + heads) of a
// group.
struct Stretch {
  int64_t sequence;
  int64_t first;  // token within the sequence
  int64_t last;
  int64_t head;
  int64_t heads;
};

// Where a call's choices of blocks are kept: those of one token and KV head in `block_count` numbers.
struct Selected {
  int32_t* blocks;
  int64_t first_row;      // the token, by its row, whose choices come first
  int64_t token_stride;   // numbers from a token to the next
  int64_t head_stride;    // and from a KV head to the next
};

// Where a sequence's new tokens and its derived means lie.
struct Sequence {
  int64_t start;            // row of its first new token in q, k, v
  int64_t past;             // tokens in the pages before this call
  int64_t tokens;           // past and new
  char* const* pages;       // this layer's part of each page
  int64_t complete_blocks;
  int64_t key_mean_tile;    // first tile of 64 block means
  ForcedBlocks forced;      // its own rows
};

struct Call {
  const AttentionParameters* p;
  int64_t group;
  float scale;
  Sequence* sequences;
  float* queries;      // [T, HQ, D] rotated, scaled
  float* key_means;      // [tiles, H, D, 64]
  double* mean_squares;  // [tiles, H] squared length of the tile's longest mean key
  float* value_means;    // [tiles, H, 64, D] compressed branch only
  Stretch* stretches;
  int64_t stretch_count;
  Selected selected;
  int failed;
};

inline void fail(const Call& call) {
  __atomic_store_n(&const_cast<Call&>(call).failed, 1, __ATOMIC_RELAXED);
}

inline int64_t rowsOf(const Stretch& s) { return (s.last - s.first) * s.heads; }

// Row of a stretch -> token within the sequence, and query head within all.
inline int64_t tokenOf(const Stretch& s, int64_t row) { return s.first + row / s.heads; }
inline int64_t headOf(const Call& call, const Stretch& s, int64_t kv_head, int64_t row) {
  return kv_head * call.group + s.head + row % s.heads;
}

// Row of a token of a sequence in q, out and selected.
inline int64_t newRow(const Sequence& s, int64_t token) { return s.start + token - s.past; }

inline int32_t* selectedOf(const Call& call, const Sequence& s, int64_t token, int64_t kv_head) {
  const Selected& at = call.selected;
  return at.blocks + (newRow(s, token) - at.first_row) * at.token_stride + kv_head * at.head_stride;
}

// Cuts the new tokens into stretches of so many query rows, each with `parts` shares of the group.
inline int64_t cutStretches(Call& call, int64_t rows, int64_t parts) {
  int64_t step = most(1, rows / call.group);
  int64_t heads = call.group / parts;
  int64_t n = 0;
  for (int64_t s = 0; s < call.p->sequences; s++) {
    const Sequence& sequence = call.sequences[s];
    for (int64_t t = sequence.past; t < sequence.tokens; t += step) {
      for (int64_t part = 0; part < parts; part++) {
        if (call.stretches != nullptr) {
          call.stretches[n] = {s, t, least(t + step, sequence.tokens), part * heads, heads};
        }
        n++;
      }
    }
  }
  call.stretch_count = n;
  return n;
}

// Where a tile of 64 block means lies in key_means and value_means.
inline int64_t meanTileAt(const Call& call, const Sequence& s, int64_t tile, int64_t kv_head) {
  return ((s.key_mean_tile + tile) * call.p->kv_heads + kv_head) * call.p->head_dim * kKeyLanes;
}

inline void rotateQueries(const Call& call, int64_t row) {
  const AttentionParameters& p = *call.p;
  double* rotated = static_cast<double*>(threadScratch(sizeof(double) * p.head_dim));
  if (rotated == nullptr) {
    return fail(call);
  }
  for (int64_t h = 0; h < p.query_heads; h++) {
    int64_t at = (row * p.query_heads + h) * p.head_dim;
    rotateToken(p, p.q + at, row, rotated);
    for (int64_t d = 0; d < p.head_dim; d++) {
      call.queries[at + d] = static_cast<float>(rotated[d] * call.scale);
    }
  }
}

inline PageHead pageAt(const Call& call, const Sequence& s, int64_t token, int64_t kv_head) {
  return pageHead(call.p->layout, s.pages[token / PageLayout::kTokens], kv_head);
}

// The new tokens of one tile of 64 positions.
inline void appendTileOf(const Call& call, const Sequence& s, int64_t tile, int64_t kv_head) {
  double* rotated = static_cast<double*>(threadScratch(sizeof(double) * call.p->head_dim));
  if (rotated == nullptr) {
    return fail(call);
  }
  int64_t from = most(tile * kKeyLanes, s.past);
  int64_t to = least((tile + 1) * kKeyLanes, s.tokens);
  appendTile(*call.p, pageAt(call, s, from, kv_head), kv_head, from, to, newRow(s, from), rotated);
}

inline void copyQueries(const Call& call, const Stretch& stretch, int64_t kv_head, float* to) {
  const AttentionParameters& p = *call.p;
  int64_t width = stretch.heads * p.head_dim;
  for (int64_t t = stretch.first; t < stretch.last; t++) {
    int64_t row = newRow(call.sequences[stretch.sequence], t);
    int64_t head = headOf(call, stretch, kv_head, 0);
    __builtin_memcpy(to + (t - stretch.first) * width,
                     call.queries + (row * p.query_heads + head) * p.head_dim,
                     sizeof(float) * width);
  }
}

// Writes (or adds, for later branches) gate * out / sum to the output.
inline void finishRows(const Call& call, const Stretch& stretch, int64_t kv_head, int64_t gate,
                       bool add, const RowState& s) {
  const AttentionParameters& p = *call.p;
  for (int64_t r = 0; r < s.rows; r++) {
    int64_t row = newRow(call.sequences[stretch.sequence], tokenOf(stretch, r));
    int64_t head = row * p.query_heads + headOf(call, stretch, kv_head, r);
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

}  // namespace ssa::SSA_ISA
