// sequences.cuh: a call's sequences as kernels see them, and which tokens a block of threads takes
#pragma once

#include "kernels/cuda/call.h"

namespace ssa::cuda {

// By value to every kernel.
struct View {
  int tokens;
  int query_heads;
  int kv_heads;
  int group;
  int head_dim;
  int sequences;
  const int64_t* sequence_starts;
  const int64_t* past_tokens;
  char* const* pages;
  int64_t page_columns;
  int64_t page_offset;  // bytes to the layer's part of a page
  int64_t head_bytes;   // of that part
  int block_size;
  int block_count;
  int window;
  bool decoding;

  __device__ int newTokens(int s) const {
    return static_cast<int>(sequence_starts[s + 1] - sequence_starts[s]);
  }
  __device__ int past(int s) const { return static_cast<int>(past_tokens[s]); }
  __device__ char* page(int s, int token, int kv_head) const {
    return pages[s * page_columns + token / PageLayout::kTokens] + page_offset +
           kv_head * head_bytes;
  }
};

inline View viewOf(const Call& call) {
  const AttentionParameters& p = call.p;
  return {static_cast<int>(p.tokens),
          static_cast<int>(p.query_heads),
          static_cast<int>(p.kv_heads),
          static_cast<int>(p.query_heads / p.kv_heads),
          static_cast<int>(p.layout.head_dim),
          static_cast<int>(p.sequences),
          p.sequence_starts,
          p.past_tokens,
          p.pages,
          p.page_columns,
          p.page_offset,
          p.layout.headBytes(),
          static_cast<int>(p.mode.block_size),
          static_cast<int>(p.mode.block_count),
          static_cast<int>(p.mode.window),
          p.decoding};
}

// Finds the sequence to which a unit of work belongs, where sequence s has units(s) of them; false
// behind the last. All lanes of a warp call it together.
template <typename Units>
__device__ inline bool findUnit(int sequences, int unit, Units units, int* sequence, int* local) {
  int lane = threadIdx.x % 32;
  for (int base = 0; base < sequences; base += 32) {
    int s = base + lane;
    int mine = s < sequences ? units(s) : 0;
    int up_to = mine;
    for (int step = 1; step < 32; step *= 2) {
      int before = __shfl_up_sync(0xffffffffu, up_to, step);
      up_to += lane >= step ? before : 0;
    }
    unsigned behind = __ballot_sync(0xffffffffu, up_to > unit);
    if (behind != 0) {
      int found = __ffs(behind) - 1;
      *sequence = base + found;
      *local = unit - __shfl_sync(0xffffffffu, up_to - mine, found);
      return true;
    }
    unit -= __shfl_sync(0xffffffffu, up_to, 31);
  }
  return false;
}

__device__ inline bool hasForm(const View& v, Form form, int s) {
  int n = v.newTokens(s);
  bool decodes = n == 1 && v.decoding;
  return n > 0 && decodes == (form == Form::kDecode);
}

// Tokens [first, last) of a sequence; `row` is the row of `first` in q.
struct TokenTile {
  int sequence;
  int first;
  int last;
  int row;
};

// The new tokens of a sequence that have a form: [first, last), empty if there are none.
__device__ inline void newRange(const View& v, Form form, int s, int* first, int* last) {
  *first = v.past(s);
  *last = hasForm(v, form, s) ? *first + v.newTokens(s) : *first;
  if (form == Form::kPrefillNear) {
    *last = min(*last, kFarTokens);
  } else if (form == Form::kPrefillFar) {
    *first = max(*first, kFarTokens);
  }
}

__device__ inline bool findTile(const View& v, int index, int tile_tokens, Form form,
                                TokenTile* tile) {
  int local;
  int first;
  int last;
  auto tiles = [&](int s) {
    newRange(v, form, s, &first, &last);
    return last > first ? (last - first + tile_tokens - 1) / tile_tokens : 0;
  };
  if (!findUnit(v.sequences, index, tiles, &tile->sequence, &local)) {
    return false;
  }
  int s = tile->sequence;
  newRange(v, form, s, &first, &last);
  tile->first = first + local * tile_tokens;
  tile->last = min(tile->first + tile_tokens, last);
  tile->row = static_cast<int>(v.sequence_starts[s]) + tile->first - v.past(s);
  return true;
}

// Tiles that all sequences have together, at most.
inline int64_t mostTiles(const Call& call, int64_t tile_tokens) {
  return call.p.tokens / tile_tokens + call.p.sequences;
}

}  // namespace ssa::cuda
