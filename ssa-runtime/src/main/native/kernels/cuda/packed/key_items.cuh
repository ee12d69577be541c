// key_items.cuh: the work of key_gradient, cut into items: a tile of keys and a stretch of its readers
#pragma once

#include "kernels/cuda/packed/packed_gradient.h"
#include "kernels/cuda/packed/packed_view.cuh"

namespace ssa::cuda {

template <typename Io>
struct KeyArrays {
  const Io* q;
  const Io* d_out;
  const Io* keys;
  const Io* values;
  const float* log_sum_exp;
  const float* delta;
  const int* item_starts;
  const int* reader_starts;  // selected branch
  const int* reader_list;
  const int2* order;
  float* parts;
};

// What a block of threads works on: keys [first, first + R) of a sequence, and some of their readers.
struct Item {
  int index;         // among all
  int sequence;
  int h;
  int first;
  int keys;          // that there are
  const int* listed; // rows of tokens, or nullptr: rows from first_row on
  int first_row;
  int readers;
};

template <typename Io>
__device__ bool findItem(const PackedView& v, const KeyArrays<Io>& a, int index, Item* item) {
  int slots = v.kv_heads * v.tiles;
  if (index >= a.item_starts[slots]) {
    return false;
  }
  int slot;
  if (v.kind == BranchKind::kSelected) {
    int2 next = a.order[index];
    index = next.x;
    slot = next.y;
  } else {
    slot = lastAtMost(a.item_starts, slots, index);
  }
  item->index = index;
  int tile = slot % v.tiles;
  int s = lastAtMost(v.tile_starts, v.sequences, tile);
  int skipped = (index - a.item_starts[slot]) * v.readers_per_item;
  item->sequence = s;
  item->h = slot / v.tiles;
  item->first = (tile - v.tile_starts[s]) * v.tile_keys;
  item->keys = min(v.tile_keys, v.keysOf(s) - item->first);
  int all;
  if (v.kind == BranchKind::kSelected) {
    item->listed = a.reader_list + a.reader_starts[slot] + skipped;
    item->first_row = 0;
    all = a.reader_starts[slot + 1] - a.reader_starts[slot];
  } else {
    KeyRange range = readerRange(v.kind, v.block_size, v.window, v.tokensOf(s), item->first,
                                 item->first + item->keys);
    item->listed = nullptr;
    item->first_row = v.starts[s] + range.from + skipped;
    all = range.to - range.from;
  }
  item->readers = min(v.readers_per_item, all - skipped);
  return true;
}

template <typename Io>
KeyArrays<Io> keyArraysOf(const GradientCall& call) {
  const PackedBackward& b = call.b;
  return {static_cast<const Io*>(b.q),
          static_cast<const Io*>(b.d_out),
          static_cast<const Io*>(call.keys),
          static_cast<const Io*>(call.values),
          b.log_sum_exp,
          call.delta,
          call.readers.item_starts,
          call.readers.starts,
          call.readers.list,
          call.readers.order,
          call.parts};
}

}  // namespace ssa::cuda
