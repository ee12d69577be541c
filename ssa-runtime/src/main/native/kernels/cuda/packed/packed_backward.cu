// packed_backward.cu: attention over packed sequences, backward, step by step
//
// in    q, out, d_out [T, HQ, D], k, v [T, H, D]  element; log_sum_exp [T, HQ]  fp32;
//       selected [T, H, k]
// out   dq [T, HQ, D], dk, dv [T, H, D]  element
// math  query_gradient.cu and key_gradient.cu; the selection is constant; the compressed branch's
//       gradients flow through the means (packed_means.cu)
// cost  14 D flop per query head and key: scores are made twice, so that each sum has one owner
// num.  same input, same bits: every sum runs in one order
// twin  kernels/cpu/packed_backward.h      oracle  trainer/src/main/native/bench/gradients.cu
#include "kernels/cuda/packed/packed_gradient.h"
#include "kernels/cuda/packed/packed_tables.h"
#include "kernels/cuda/packed/packed_view.cuh"
#include "kernels/cuda/packed/range_gradient.cuh"

namespace ssa::cuda {
namespace {

int64_t ceilDivide(int64_t a, int64_t b) { return (a + b - 1) / b; }

// How a branch's keys are cut into tiles and items.
struct Cut {
  int tile_keys;
  int readers_per_item;
};

Cut cutOf(const ssa::Branch& branch) {
  switch (branch.kind) {
    case BranchKind::kSelected:
      return {static_cast<int>(branch.block_size), 128};
    case BranchKind::kCompressed:
      return {32, 512};
    default:
      return {128, 8192};
  }
}

// Items that a call of ranges is cut into, about: several times what a device computes at once. Fixed, so
// that sums do not depend on the device.
constexpr int64_t kItems = 1056;
constexpr int64_t kLeastReaders = 64;

// A call's tables on the host, and where all that it needs lies.
struct Plan {
  PackedView view = {};
  GradientCall call;
  Tables tables;
  void* mean_k = nullptr;
  void* mean_v = nullptr;
  int64_t bytes = 0;
  std::vector<int> starts, key_starts, tile_starts, row_starts, item_starts;

  explicit Plan(const PackedBackward& b) : call{b, view, {}, b.k, b.v, {}, {}, {}, {}, {}, {}} {
    const PackedProblem& p = b.problem;
    Cut cut = cutOf(p.branch);
    int group = static_cast<int>(p.query_heads / p.kv_heads);
    bool range = p.branch.kind != BranchKind::kSelected;
    view.kind = p.branch.kind;
    view.tokens = static_cast<int>(p.tokens);
    view.query_heads = static_cast<int>(p.query_heads);
    view.kv_heads = static_cast<int>(p.kv_heads);
    view.group = group;
    view.sequences = static_cast<int>(p.sequences);
    view.block_size = static_cast<int>(p.branch.block_size);
    view.block_count = static_cast<int>(p.branch.block_count);
    view.window = static_cast<int>(p.branch.window);
    view.tile_keys = cut.tile_keys;
    view.row_tokens = range && group < 16 ? 16 / group : 1;
    view.readers_per_item = cut.readers_per_item;
    call.groups = hasRangeKernels(p, b.element);
    call.gathers = !call.groups && b.element == Element::kBFloat16;
    if (call.groups) {
      view.tile_keys = rangeRows(p.head_dim);
      view.row_tokens = rangeRows(p.head_dim) / group;
    }
    cutSequences(p);
    cutItems(p);
    place(b);
  }
  Plan(const Plan&) = delete;
  Plan& operator=(const Plan&) = delete;

 private:
  void cutSequences(const PackedProblem& p) {
    bool compressed = p.branch.kind == BranchKind::kCompressed;
    starts.assign(p.starts, p.starts + p.sequences + 1);
    key_starts = tile_starts = row_starts = {0};
    for (int64_t s = 0; s < p.sequences; s++) {
      int64_t tokens = p.starts[s + 1] - p.starts[s];
      int64_t keys = compressed ? tokens / p.branch.block_size : tokens;
      key_starts.push_back(key_starts.back() + static_cast<int>(keys));
      tile_starts.push_back(tile_starts.back() + static_cast<int>(ceilDivide(keys, view.tile_keys)));
      row_starts.push_back(row_starts.back() +
                           static_cast<int>(ceilDivide(tokens, view.row_tokens)));
    }
    view.tiles = tile_starts.back();
  }

  // Items of ranges are known here; those of the selected branch are counted on the device.
  void cutItems(const PackedProblem& p) {
    int64_t slots = static_cast<int64_t>(view.tiles) * view.kv_heads;
    if (p.branch.kind == BranchKind::kSelected) {
      int64_t choices = p.tokens * p.kv_heads * p.branch.block_count;
      call.readers.most_items = slots + choices / view.readers_per_item;
      return;
    }
    if (call.groups) {
      int64_t readers = 0;
      forEachTile([&](int n) { readers += n; });
      int64_t each = ceilDivide(readers, kItems * kLeastReaders) * kLeastReaders;
      view.readers_per_item = static_cast<int>(each < kLeastReaders ? kLeastReaders : each);
    }
    item_starts = {0};
    forEachTile([&](int n) {
      item_starts.push_back(item_starts.back() +
                            static_cast<int>(ceilDivide(n, view.readers_per_item)));
    });
    call.readers.most_items = item_starts.back();
  }

  // Calls with the readers of every slot.
  template <typename Visit>
  void forEachTile(Visit visit) const {
    for (int h = 0; h < view.kv_heads; h++) {
      for (int s = 0; s < view.sequences; s++) {
        int tokens = starts[s + 1] - starts[s];
        int keys = key_starts[s + 1] - key_starts[s];
        for (int first = 0; first < keys; first += view.tile_keys) {
          int last = keys < first + view.tile_keys ? keys : first + view.tile_keys;
          KeyRange range =
              readerRange(view.kind, view.block_size, view.window, tokens, first, last);
          visit(range.to - range.from);
        }
      }
    }
  }

  const int* table(char* at, const std::vector<int>& values) {
    int64_t offset = tables.add(values);
    return reinterpret_cast<const int*>(at + offset);
  }

  void place(const PackedBackward& b) {
    const PackedProblem& p = b.problem;
    Workspace room = {static_cast<char*>(b.workspace)};
    int64_t table_bytes = aligned(static_cast<int64_t>(item_starts.size()) * 4);
    for (const std::vector<int>* values : {&starts, &key_starts, &tile_starts, &row_starts}) {
      table_bytes += aligned(static_cast<int64_t>(values->size()) * 4);
    }
    char* at = room.take<char>(table_bytes);
    view.starts = table(at, starts);
    view.key_starts = table(at, key_starts);
    view.tile_starts = table(at, tile_starts);
    view.row_starts = table(at, row_starts);
    call.readers.item_starts = const_cast<int*>(table(at, item_starts));
    call.delta = room.take<float>(p.tokens * p.query_heads);
    int64_t slots = static_cast<int64_t>(view.tiles) * view.kv_heads;
    if (p.branch.kind == BranchKind::kSelected) {
      call.readers.counts = room.take<int>(ceilDivide(p.tokens, kChunkTokens) * slots);
      call.readers.totals = room.take<int>(slots);
      call.readers.starts = room.take<int>(slots + 1);
      call.readers.item_starts = room.take<int>(slots + 1);
      call.readers.list = room.take<int>(p.tokens * p.kv_heads * p.branch.block_count);
      call.readers.order = room.take<int2>(call.readers.most_items);
    }
    call.parts =
        room.take<float>(call.readers.most_items * 2 * view.tile_keys * p.head_dim);
    if (p.branch.kind == BranchKind::kCompressed) {
      int64_t size = static_cast<int64_t>(key_starts.back()) * p.kv_heads * p.head_dim;
      int64_t element = b.element == Element::kFloat32 ? 4 : 2;
      mean_k = room.take<char>(size * element);
      mean_v = room.take<char>(size * element);
      call.keys = mean_k;
      call.values = mean_v;
      call.mean_keys = room.take<float>(size);
      call.mean_values = room.take<float>(size);
    }
    bytes = room.used;
  }
};

}  // namespace

size_t workspaceBytes(const PackedBackward& b) {
  PackedBackward counted = b;
  counted.workspace = nullptr;
  return static_cast<size_t>(Plan(counted).bytes);
}

Report backward(const PackedBackward& b) {
  Report report = checkPacked(b.problem, b.element);
  if (!report.done || b.problem.tokens == 0) {
    return report;
  }
  Plan plan(b);
  const GradientCall& call = plan.call;
  cudaError_t error = plan.tables.copyTo(b.workspace, b.stream);
  report = error == cudaSuccess ? Report() : failed("tables", error);
  auto then = [&](auto step) {
    if (report.done) {
      report = step();
    }
  };
  bool compressed = b.problem.branch.kind == BranchKind::kCompressed;
  if (compressed) {
    then([&] { return compressKeys(call, plan.mean_k, plan.mean_v); });
  }
  if (b.problem.branch.kind == BranchKind::kSelected) {
    then([&] { return findReaders(call); });
  }
  if (!call.gathers) {
    then([&] { return outputDots(call); });
  }
  then([&] { return queryGradients(call); });
  if (call.readers.most_items > 0) {
    then([&] { return keyGradients(call); });
  }
  if (compressed) {
    then([&] { return spreadGradients(call); });
  }
  return report;
}

}  // namespace ssa::cuda
