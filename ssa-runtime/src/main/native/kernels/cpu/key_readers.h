// key_readers.h: for each tile of keys, the tokens that see it: the selection turned round
//
// in    selected [T, H, k]  int32
// out   readers [H, blocks] -> tokens of the block's sequence, ascending
//       work items: a tile of up to 64 keys of one KV head, and a stretch of its readers
// cost  T H k additions; a counting sort
// num.  a tile whose readers are many is cut into stretches of fixed length; their sums are added in
//       order, so that a gradient's bits do not depend on threads
#pragma once

namespace ssa::SSA_ISA {

struct Readers {
  int64_t* starts;  // [H * blocks + 1]
  int32_t* tokens;  // [T * H * k] at most
};

inline int64_t readerSlot(const PackedCall& call, const PackedSequence& s, int64_t h,
                          int64_t block) {
  return h * call.blocks + s.first_block + block;
}

// Calls visit(slot, token) for each selected block, tokens ascending.
template <typename Visit>
inline void forEachChoice(const PackedCall& call, const int32_t* selected, const Visit& visit) {
  int64_t k = call.p->branch.block_count;
  for (int64_t i = 0; i < call.p->sequences; i++) {
    const PackedSequence& s = call.sequences[i];
    for (int64_t t = 0; t < s.tokens; t++) {
      for (int64_t h = 0; h < call.p->kv_heads; h++) {
        const int32_t* blocks = selected + ((s.start + t) * call.p->kv_heads + h) * k;
        for (int64_t n = 0; n < k && blocks[n] >= 0; n++) {
          visit(readerSlot(call, s, h, blocks[n]), t);
        }
      }
    }
  }
}

// False if there is no memory.
inline bool findReaders(const PackedCall& call, const int32_t* selected, Readers* readers) {
  int64_t slots = call.p->kv_heads * call.blocks;
  readers->starts = static_cast<int64_t*>(acquire(sizeof(int64_t) * (slots + 2)));
  if (readers->starts == nullptr) {
    return false;
  }
  // Two places further on, so that filling moves each start to where it belongs.
  int64_t* counts = readers->starts;
  __builtin_memset(counts, 0, sizeof(int64_t) * (slots + 2));
  forEachChoice(call, selected, [&](int64_t slot, int64_t) { counts[slot + 2]++; });
  for (int64_t i = 2; i < slots + 2; i++) {
    counts[i] += counts[i - 1];
  }
  readers->tokens = static_cast<int32_t*>(acquire(sizeof(int32_t) * (counts[slots + 1] + 1)));
  if (readers->tokens == nullptr) {
    return false;
  }
  forEachChoice(call, selected, [&](int64_t slot, int64_t token) {
    readers->tokens[counts[slot + 1]++] = static_cast<int32_t>(token);
  });
  return true;
}

struct KeyItem {
  int64_t sequence;
  int64_t h;
  int64_t first_key;
  int64_t keys;
  const int32_t* listed;  // the readers, or nullptr: tokens from first_token on
  int64_t first_token;
  int64_t tokens;
  int64_t stretch;        // which of the tile's
  int64_t stretches;
};

inline int64_t readersPerStretch(const PackedProblem& p) {
  bool dense = p.branch.kind == BranchKind::kFull || p.branch.kind == BranchKind::kWindow;
  return dense ? 4096 : 1024;
}

// Cuts a tile's readers into items; with null `items` it only counts.
inline int64_t cutReaders(const PackedProblem& p, const KeyItem& tile, KeyItem* items) {
  int64_t step = readersPerStretch(p);
  int64_t stretches = ceilDivide(tile.tokens, step);
  for (int64_t i = 0; i < stretches && items != nullptr; i++) {
    KeyItem item = tile;
    item.listed = tile.listed == nullptr ? nullptr : tile.listed + i * step;
    item.first_token = tile.first_token + i * step;
    item.tokens = least(step, tile.tokens - i * step);
    item.stretch = i;
    item.stretches = stretches;
    items[i] = item;
  }
  return stretches;
}

// All items of a call, a tile's side by side; with null `items` it only counts.
inline int64_t cutKeys(const PackedCall& call, const Readers& readers, KeyItem* items) {
  const PackedProblem& p = *call.p;
  bool selected = p.branch.kind == BranchKind::kSelected;
  int64_t step = selected ? least(p.branch.block_size, kTileKeys) : kTileKeys;
  int64_t n = 0;
  for (int64_t i = 0; i < p.sequences; i++) {
    const PackedSequence& s = call.sequences[i];
    for (int64_t first = 0; first < s.keys; first += step) {
      for (int64_t h = 0; h < p.kv_heads; h++) {
        KeyItem tile = {i, h, first, least(step, s.keys - first), nullptr, 0, 0, 0, 1};
        if (selected) {
          int64_t slot = readerSlot(call, s, h, first / p.branch.block_size);
          tile.listed = readers.tokens + readers.starts[slot];
          tile.tokens = readers.starts[slot + 1] - readers.starts[slot];
        } else {
          KeyRange range = readersOf(p, s, first, first + tile.keys);
          tile.first_token = range.from;
          tile.tokens = range.to - range.from;
        }
        n += cutReaders(p, tile, items == nullptr ? nullptr : items + n);
      }
    }
  }
  return n;
}

}  // namespace ssa::SSA_ISA
