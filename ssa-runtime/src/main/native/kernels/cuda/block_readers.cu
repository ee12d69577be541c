// block_readers.cu: the selection turned round: for each block and KV head, the tokens that chose it
//
// in    selected [T, H, k]  int32, blocks of the token's sequence
// out   starts [H * tiles + 1], list: rows of tokens, ascending; item_starts [H * tiles + 1]: work items
//       of key_gradient.cu, ceil(readers / readers_per_item) per slot
// math  a counting sort: chunks of 128 tokens count, a sum over chunks and slots, chunks fill
// cost  reads selected twice; T / 128 x H x tiles counters
// num.  no atomics: a chunk is one warp's, whose lanes hold different blocks of one token; the order is
//       that of the tokens
// grid  count, fill: a warp per (chunk, KV head); sums over chunks: a thread per slot; over slots: one
//       block of threads
// twin  kernels/cpu/key_readers.h      oracle  trainer/src/main/native/bench/gradients.cu
#include "kernels/cuda/packed_gradient.h"
#include "kernels/cuda/packed_view.cuh"

namespace ssa::cuda {
namespace {

constexpr int kScanThreads = 1024;

// Calls visit(slot) for the blocks of a token, all of a token's at once.
template <typename Visit>
__device__ void forEachChoice(const PackedView& v, const int32_t* selected, Visit visit) {
  int h = blockIdx.y;
  int first = blockIdx.x * kChunkTokens;
  for (int t = first; t < min(first + kChunkTokens, v.tokens); t++) {
    int s = lastAtMost(v.starts, v.sequences, t);
    const int32_t* blocks = selected + (static_cast<int64_t>(t) * v.kv_heads + h) * v.block_count;
    for (int i = threadIdx.x; i < v.block_count; i += 32) {
      if (blocks[i] >= 0) {
        visit(h * v.tiles + v.tile_starts[s] + blocks[i], t);
      }
    }
    __syncwarp();  // the next token's lanes see this one's counts
  }
}

__global__ void countKernel(PackedView v, const int32_t* selected, int* counts) {
  int* mine = counts + static_cast<int64_t>(blockIdx.x) * v.kv_heads * v.tiles;
  forEachChoice(v, selected, [&](int slot, int) { mine[slot]++; });
}

__global__ void sumChunksKernel(int slots, int chunks, int* counts, int* totals) {
  int slot = blockIdx.x * blockDim.x + threadIdx.x;
  if (slot >= slots) {
    return;
  }
  int sum = 0;
  for (int c = 0; c < chunks; c++) {
    int64_t at = static_cast<int64_t>(c) * slots + slot;
    int mine = counts[at];
    counts[at] = sum;
    sum += mine;
  }
  totals[slot] = sum;
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

__global__ void fillKernel(PackedView v, const int32_t* selected, const int* starts, int* counts,
                           int* list) {
  int* mine = counts + static_cast<int64_t>(blockIdx.x) * v.kv_heads * v.tiles;
  forEachChoice(v, selected, [&](int slot, int t) { list[starts[slot] + mine[slot]++] = t; });
}

}  // namespace

Report findReaders(const GradientCall& call) {
  const PackedView& v = call.view;
  const Readers& r = call.readers;
  void* stream = call.b.stream;
  int chunks = static_cast<int>(parts(v.tokens, kChunkTokens));
  int slots = v.kv_heads * v.tiles;
  Grid over_chunks = {dim3(chunks, v.kv_heads), 32, 0};
  Grid over_slots = {dim3(parts(slots, 256)), 256, 0};
  Grid one = {dim3(1), kScanThreads, 0};
  cudaError_t error =
      cudaMemsetAsync(r.counts, 0, sizeof(int) * static_cast<size_t>(chunks) * slots,
                      static_cast<cudaStream_t>(stream));
  Report report = error == cudaSuccess ? Report() : failed("block_readers", error);
  if (report.done) {
    report = launch("block_readers count", countKernel, over_chunks, stream, v, call.b.selected,
                    r.counts);
  }
  if (report.done) {
    report = launch("block_readers sum", sumChunksKernel, over_slots, stream, slots, chunks,
                    r.counts, r.totals);
  }
  if (report.done) {
    report = launch("block_readers sum", sumSlotsKernel, one, stream, slots, v.readers_per_item,
                    static_cast<const int*>(r.totals), r.starts, r.item_starts);
  }
  if (report.done) {
    report = launch("block_readers fill", fillKernel, over_chunks, stream, v, call.b.selected,
                    static_cast<const int*>(r.starts), r.counts, r.list);
  }
  return report;
}

}  // namespace ssa::cuda
