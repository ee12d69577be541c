// select_unseen.h: blocks that are chosen without a look at any key
//
// in    the mode, its budget of k blocks; for random blocks the layer and a seed per sequence
// out   selected [T, H, k] int32 ascending, then -1
// math  window: the own block, block 0 and the k - 2 blocks before the own one; k = 1: the own block
//       random: the own block and the k - 1 blocks before it with the largest keys, where with
//           mix(x):  x = x + 9e3779b97f4a7c15
//                    x = (x xor x >> 30) * bf58476d1ce4e5b9
//                    x = (x xor x >> 27) * 94d049bb133111eb
//                    x xor x >> 31                                            modulo 2^64
//           key(b) = mix(mix(mix(mix(mix(seed) xor layer) xor KV head) xor token) xor b) >> 32
//       The k - 1 largest of independent uniform keys are k - 1 blocks drawn without replacement.
//       Forced blocks come before all others (block_topk.h).
// num.  integers; equal keys go to the lower index
// cost  window k, random t/S mixes and comparisons per token and KV head
// oracle  oracle/BlockSelectionOracle.java
// from  window: StreamingLLM arXiv:2309.17453; mix: SplitMix64, Steele, Lea and Flood, OOPSLA 2014
#pragma once

namespace ssa::SSA_ISA {

// Above every block's number.
constexpr double kFirstBlockRank = 1099511627776.0;

inline uint64_t mixed(uint64_t x) {
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

// What the keys of one token's blocks are made of.
inline uint64_t drawsOf(const RandomDraws& draws, int64_t sequence, int64_t kv_head,
                        int64_t token) {
  uint64_t state = mixed(static_cast<uint64_t>(draws.document_seeds[sequence]));
  state = mixed(state ^ static_cast<uint64_t>(draws.layer));
  state = mixed(state ^ static_cast<uint64_t>(kv_head));
  return mixed(state ^ static_cast<uint64_t>(token));
}

inline double keyOf(uint64_t draws, int64_t block) {
  return static_cast<double>(mixed(draws ^ static_cast<uint64_t>(block)) >> 32);
}

// Ranks of the blocks before the own one: the k - 1 highest are chosen.
inline void rankUnseen(const Call& call, int64_t sequence, int64_t kv_head, int64_t token,
                       int64_t own, double* rank) {
  if (call.p->mode.kind == ModeKind::kWindowBlocks) {
    for (int64_t b = 0; b < own; b++) {
      rank[b] = static_cast<double>(b);
    }
    rank[0] = kFirstBlockRank;
    return;
  }
  uint64_t draws = drawsOf(call.p->draws, sequence, kv_head, token);
  for (int64_t b = 0; b < own; b++) {
    rank[b] = keyOf(draws, b);
  }
}

inline void selectUnseen(const Call& call, const Stretch& stretch, int64_t kv_head) {
  const Mode& mode = call.p->mode;
  const Sequence& sequence = call.sequences[stretch.sequence];
  int64_t blocks = ceilDivide(stretch.last, mode.block_size);
  int64_t candidates = least(mode.block_count, blocks) + 1;
  char* memory = static_cast<char*>(
      threadScratch(sizeof(double) * blocks + sizeof(Candidate) * candidates + 128));
  if (memory == nullptr) {
    return fail(call);
  }
  double* rank = carveDoubles(memory, blocks);
  Candidate* heap = reinterpret_cast<Candidate*>(carveDoubles(memory, 2 * candidates));
  for (int64_t t = stretch.first; t < stretch.last; t++) {
    int64_t own = t / mode.block_size;
    int32_t* selected = selectedOf(call, sequence, t, kv_head);
    Forced forced = {sequence.forced, t};
    Selection selection = {selected, 0};
    if (takesAll(mode, own)) {
      take(selection, 0, own);
      finishSelection(mode, selection, own);
    } else if (mode.kind == ModeKind::kWindowBlocks && !forced.any()) {
      int64_t recent = most(0, mode.block_count - 2);
      take(selection, 0, mode.block_count > 1 ? 1 : 0);
      take(selection, own - recent, own);
      finishSelection(mode, selection, own);
    } else {
      rankUnseen(call, stretch.sequence, kv_head, t, own, rank);
      blockTopK(mode, rank, own, forced, heap, selected);
    }
  }
}

}  // namespace ssa::SSA_ISA
