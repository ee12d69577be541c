// block_readers.cu: the selection turned round: for each block and KV head, the tokens that chose it
//
// in    selected [T, H, k]  int32, blocks of the token's sequence
// out   starts [H * tiles + 1], list: rows of tokens, ascending; item_starts [H * tiles + 1]: work items
//       of key_gradient.cu, ceil(readers / readers_per_item) per slot; order: in which they are worked on
// math  a counting sort: of each chunk of 128 tokens, 128 bits per slot say which tokens chose it; their
//       number is the chunk's count, a sum over chunks and slots follows, and a token's place is what lies
//       before its chunk plus the bits below its own
// cost  reads selected twice; T / 128 x H counters per tile of the chunk's sequences
// num.  bits are set in any order, places follow from the bits alone: the order of readers is that of the
//       tokens; items are worked on in an order that may differ, and no sum depends on it
// grid  count, fill: a block of threads per (chunk, KV head); sums over chunks: 16 threads per slot; over
//       slots: one block of threads
// twin  kernels/cpu/key_readers.h      oracle  trainer/src/main/native/bench/gradients.cu
#include "kernels/cuda/packed/packed_gradient.h"
#include "kernels/cuda/packed/packed_view.cuh"

namespace ssa::cuda {
namespace {

constexpr int kScanThreads = 1024;
constexpr int kChoiceThreads = 256;
constexpr int kBitWords = kChunkTokens / 32;
// Tiles whose bits a block of threads holds at a time: 16 KB.
constexpr int kBitTiles = 1024;
constexpr int kOrders = kScanThreads;
constexpr int kSumSlots = 32;
constexpr int kSumParts = 16;

// The tiles that a chunk's tokens may have chosen: from the first token's sequence to the last one's own.
struct TileRange {
  int from;
  int to;
};

__device__ inline TileRange tilesOf(const PackedView& v, int chunk) {
  int first = chunk * kChunkTokens;
  int last = min(first + kChunkTokens, v.tokens) - 1;
  int early = lastAtMost(v.starts, v.sequences, first);
  int late = lastAtMost(v.starts, v.sequences, last);
  return {v.tile_starts[early], v.tile_starts[late] + (last - v.starts[late]) / v.tile_keys + 1};
}

// Which tokens of a chunk chose which tiles, for some of the tiles at a time.
struct Choices {
  unsigned (*bits)[kBitWords];
  int chunk;
  int h;

  // Calls visit(token of the chunk, tile) for the chunk's choices.
  template <typename Visit>
  __device__ void forEach(const PackedView& v, const int32_t* selected, Visit visit) const {
    int first = chunk * kChunkTokens;
    int entries = min(kChunkTokens, v.tokens - first) * v.block_count;
    for (int i = threadIdx.x; i < entries; i += kChoiceThreads) {
      int t = i / v.block_count;
      int64_t row = static_cast<int64_t>(first + t) * v.kv_heads + h;
      int block = selected[row * v.block_count + i % v.block_count];
      if (block >= 0) {
        visit(t, v.tile_starts[lastAtMost(v.starts, v.sequences, first + t)] + block);
      }
    }
  }

  // The bits of tiles [from, from + kBitTiles); all threads together.
  __device__ void gather(const PackedView& v, const int32_t* selected, int from) const {
    for (int i = threadIdx.x; i < kBitTiles * kBitWords; i += kChoiceThreads) {
      bits[i / kBitWords][i % kBitWords] = 0;
    }
    __syncthreads();
    forEach(v, selected, [&](int t, int tile) {
      if (tile >= from && tile < from + kBitTiles) {
        atomicOr(&bits[tile - from][t / 32], 1u << t % 32);
      }
    });
    __syncthreads();
  }
};

__global__ void countKernel(PackedView v, const int32_t* selected, int* counts) {
  __shared__ unsigned bits[kBitTiles][kBitWords];
  Choices choices = {bits, static_cast<int>(blockIdx.x), static_cast<int>(blockIdx.y)};
  int* mine = counts + (static_cast<int64_t>(blockIdx.x) * v.kv_heads + blockIdx.y) * v.tiles;
  TileRange tiles = tilesOf(v, blockIdx.x);
  for (int from = tiles.from; from < tiles.to; from += kBitTiles) {
    choices.gather(v, selected, from);
    for (int i = threadIdx.x; i < min(kBitTiles, tiles.to - from); i += kChoiceThreads) {
      int sum = 0;
#pragma unroll
      for (int w = 0; w < kBitWords; w++) {
        sum += __popc(bits[i][w]);
      }
      mine[from + i] = sum;
    }
    __syncthreads();
  }
}

// Chunks that may have chosen a tile: from its first token's to its sequence's last. Threads
// [kSumParts][kSumSlots]: each has some of a slot's chunks.
__global__ void __launch_bounds__(kSumSlots * kSumParts)
    sumChunksKernel(PackedView v, int* counts, int* totals) {
  __shared__ int sums[kSumParts][kSumSlots];
  int slots = v.kv_heads * v.tiles;
  int slot = blockIdx.x * kSumSlots + threadIdx.x % kSumSlots;
  int part = threadIdx.x / kSumSlots;
  int from = 0;
  int to = 0;
  if (slot < slots) {
    int tile = slot % v.tiles;
    int s = lastAtMost(v.tile_starts, v.sequences, tile);
    int first = (v.starts[s] + (tile - v.tile_starts[s]) * v.tile_keys) / kChunkTokens;
    int chunks = (v.starts[s + 1] - 1) / kChunkTokens + 1 - first;
    from = first + chunks * part / kSumParts;
    to = first + chunks * (part + 1) / kSumParts;
  }
  int sum = 0;
#pragma unroll 8
  for (int c = from; c < to; c++) {
    sum += counts[static_cast<int64_t>(c) * slots + slot];
  }
  sums[part][threadIdx.x % kSumSlots] = sum;
  __syncthreads();
  sum = 0;
  for (int i = 0; i < part; i++) {
    sum += sums[i][threadIdx.x % kSumSlots];
  }
#pragma unroll 8
  for (int c = from; c < to; c++) {
    int64_t at = static_cast<int64_t>(c) * slots + slot;
    int mine = counts[at];
    counts[at] = sum;
    sum += mine;
  }
  if (slot < slots && part == kSumParts - 1) {
    totals[slot] = sum;
  }
}

// Exclusive sums of totals, and of the items that they make.
__global__ void sumSlotsKernel(int slots, int per_item, const int* totals, int* starts,
                               int* item_starts) {
  __shared__ int2 sums[kScanThreads];
  int2 before = {0, 0};
  for (int base = 0; base < slots; base += kScanThreads) {
    int slot = base + threadIdx.x;
    int total = slot < slots ? totals[slot] : 0;
    int2 mine = {total, (total + per_item - 1) / per_item};
    sums[threadIdx.x] = mine;
    __syncthreads();
    for (int step = 1; step < kScanThreads; step *= 2) {
      int2 x = {0, 0};
      if (static_cast<int>(threadIdx.x) >= step) {
        x = sums[threadIdx.x - step];
      }
      __syncthreads();
      sums[threadIdx.x].x += x.x;
      sums[threadIdx.x].y += x.y;
      __syncthreads();
    }
    if (slot < slots) {
      starts[slot] = before.x + sums[threadIdx.x].x - mine.x;
      item_starts[slot] = before.y + sums[threadIdx.x].y - mine.y;
    }
    int2 all = sums[kScanThreads - 1];
    before = {before.x + all.x, before.y + all.y};
    __syncthreads();
  }
  if (threadIdx.x == 0) {
    starts[slots] = before.x;
    item_starts[slots] = before.y;
  }
}

__global__ void fillKernel(PackedView v, const int32_t* selected, const int* starts,
                           const int* counts, int* list) {
  __shared__ unsigned bits[kBitTiles][kBitWords];
  Choices choices = {bits, static_cast<int>(blockIdx.x), static_cast<int>(blockIdx.y)};
  const int* before =
      counts + (static_cast<int64_t>(blockIdx.x) * v.kv_heads + blockIdx.y) * v.tiles;
  const int* places = starts + blockIdx.y * v.tiles;
  TileRange tiles = tilesOf(v, blockIdx.x);
  for (int from = tiles.from; from < tiles.to; from += kBitTiles) {
    choices.gather(v, selected, from);
    choices.forEach(v, selected, [&](int t, int tile) {
      if (tile >= from && tile < from + kBitTiles) {
        const unsigned* word = bits[tile - from];
        int rank = __popc(word[t / 32] & ((1u << t % 32) - 1));
        for (int w = 0; w < t / 32; w++) {
          rank += __popc(word[w]);
        }
        list[places[tile] + before[tile] + rank] = static_cast<int>(blockIdx.x) * kChunkTokens + t;
      }
    });
    __syncthreads();
  }
}

// The order in which items are worked on: by their first readers, kOrders stretches of tokens one after
// another, so that items under way at a time read queries from the same stretch. Within one, in any order: no
// sum depends on it.
__global__ void __launch_bounds__(kScanThreads)
    orderItemsKernel(PackedView v, const int* starts, const int* item_starts, const int* list,
                     int2* order) {
  __shared__ int places[kOrders];
  int slots = v.kv_heads * v.tiles;
  int stretch = (v.tokens + kOrders - 1) / kOrders;
  auto forEachItem = [&](auto visit) {
    for (int item = threadIdx.x; item < item_starts[slots]; item += kScanThreads) {
      int slot = lastAtMost(item_starts, slots, item);
      int reader = (item - item_starts[slot]) * v.readers_per_item;
      visit(slot, item, list[starts[slot] + reader] / stretch);
    }
  };
  places[threadIdx.x] = 0;
  __syncthreads();
  forEachItem([&](int, int, int at) { atomicAdd(&places[at], 1); });
  __syncthreads();
  int mine = places[threadIdx.x];
  for (int step = 1; step < kOrders; step *= 2) {
    int before = static_cast<int>(threadIdx.x) >= step ? places[threadIdx.x - step] : 0;
    __syncthreads();
    places[threadIdx.x] += before;
    __syncthreads();
  }
  places[threadIdx.x] -= mine;
  __syncthreads();
  forEachItem([&](int slot, int item, int at) {
    order[atomicAdd(&places[at], 1)] = make_int2(item, slot);
  });
}

}  // namespace

Report findReaders(const GradientCall& call) {
  const PackedView& v = call.view;
  const Readers& r = call.readers;
  void* stream = call.b.stream;
  int chunks = static_cast<int>(parts(v.tokens, kChunkTokens));
  int slots = v.kv_heads * v.tiles;
  Grid over_chunks = {dim3(chunks, v.kv_heads), kChoiceThreads, 0};
  Grid over_slots = {dim3(parts(slots, kSumSlots)), kSumSlots * kSumParts, 0};
  Grid one = {dim3(1), kScanThreads, 0};
  Report report = launch("block_readers count", countKernel, over_chunks, stream, v,
                         call.b.selected, r.counts);
  if (report.done) {
    report = launch("block_readers sum", sumChunksKernel, over_slots, stream, v, r.counts,
                    r.totals);
  }
  if (report.done) {
    report = launch("block_readers sum", sumSlotsKernel, one, stream, slots, v.readers_per_item,
                    static_cast<const int*>(r.totals), r.starts, r.item_starts);
  }
  if (report.done) {
    report = launch("block_readers fill", fillKernel, over_chunks, stream, v, call.b.selected,
                    static_cast<const int*>(r.starts), static_cast<const int*>(r.counts), r.list);
  }
  if (report.done) {
    report = launch("block_readers order", orderItemsKernel, one, stream, v,
                    static_cast<const int*>(r.starts), static_cast<const int*>(r.item_starts),
                    static_cast<const int*>(r.list), r.order);
  }
  return report;
}

}  // namespace ssa::cuda
