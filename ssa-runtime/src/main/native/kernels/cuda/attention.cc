// attention.cc: full, block-sparse and three-branch attention on the device, step by step
//
// in    AttentionParameters (kernels/cuda/cuda.h): new tokens of packed sequences, and the pages that
//       hold what came before them
// out   out [T, HQ, D], selected [T, H, k]; the new keys and values are in the pages
// math  full:     gate_1 softmax(q k / sqrt(D)) v over all keys up to the token
//       sparse:   the same over the keys of the selected blocks
//       window, random, best: as sparse, over blocks chosen by select_unseen.cu and select_best.cc
//       three:    gate_0 compressed + gate_1 selected + gate_2 window
// num.  same input, same bits: every sum runs in one order, and work is cut per sequence
// twin  kernels/cpu/attention.h      oracle  bench/contract.cu
#include <cstdio>

#include "kernels/cuda/call.h"
#include "kernels/cuda/carver.h"
#include "kernels/cuda/limits.h"
#include "kernels/cuda/selection/select_best.h"

namespace ssa::cuda {
namespace {

// Places the intermediate results; returns the bytes that they take.
int64_t place(Call& call, void* workspace) {
  const AttentionParameters& p = call.p;
  bool means = choosesByMeans(p.mode.kind);
  bool best = p.mode.kind == ModeKind::kBestBlocks;
  bool three = p.mode.kind == ModeKind::kThreeBranch;
  int64_t element = p.layout.elementBytes();
  int64_t dim = p.layout.head_dim;
  int64_t heads = p.tokens * p.query_heads;
  call.prefill = p.most_new_tokens > 1 || !p.decoding;
  call.decode = p.least_new_tokens == 1 && p.decoding;
  bool branches = p.mode.kind == ModeKind::kFull || three || best;
  int64_t blocks = means ? p.most_tokens / p.mode.block_size : 0;
  call.mean_stride = means ? ceilDivide(blocks + 1, kMeanTile) * kMeanTile : 0;
  call.block_chunks = call.decode && means ? ceilDivide(blocks + 1, kDecodeBlocks) : 0;
  call.key_chunks = call.decode && branches ? ceilDivide(p.most_tokens, kDecodeKeys) : 0;
  Carver carver = {static_cast<char*>(workspace)};
  bool as_given = p.cos == nullptr && p.row_stride == 0;
  call.queries = as_given ? const_cast<void*>(p.q) : carver.take<void>(heads * dim * element);
  bool open_gates = p.gates != nullptr && p.row_stride != 0;
  call.gates = open_gates ? carver.take<void>(heads * 3 * element) : const_cast<void*>(p.gates);
  int64_t numbers = p.sequences * p.kv_heads * call.mean_stride * dim;
  if (means) {
    int64_t part_bytes = p.layout.element == Element::kFloat32 ? 6 : 4;
    call.means = carver.take<void>(numbers * part_bytes);
    call.normalisers = carver.take<float>(heads * 4);
  }
  if (three) {
    call.key_means = carver.take<void>(numbers * element);
    call.value_means = carver.take<void>(numbers * element);
    call.branches = carver.take<float>(heads * dim * 4);
  }
  if (call.decode) {
    call.part_normalisers =
        carver.take<float>(call.block_chunks * p.sequences * p.query_heads * 4);
    call.candidates = carver.take<uint64_t>(call.block_chunks * p.sequences * p.kv_heads *
                                            p.mode.block_count * 8);
    call.part_out =
        carver.take<float>(call.key_chunks * p.sequences * p.query_heads * dim * 4);
    call.part_state = carver.take<float>(call.key_chunks * p.sequences * p.query_heads * 8);
  }
  if (p.mode.kind == ModeKind::kRandomBlocks) {
    call.seeds = carver.take<int64_t>(p.sequences * 8);
  }
  if (best) {
    placeBest(call, carver);
  }
  return carver.used;
}

Report refuse(const char* what, int64_t value, const char* supported) {
  Report report;
  report.done = false;
  std::snprintf(report.why, sizeof report.why, "attention: %s %lld; %s", what,
                static_cast<long long>(value), supported);
  return report;
}

Report select(const Call& call) {
  ModeKind kind = call.p.mode.kind;
  if (kind == ModeKind::kBestBlocks) {
    return selectBest(call);
  }
  if (!choosesByMeans(kind)) {
    return selectUnseen(call);
  }
  Report report = blockMeans(call);
  report = report.done ? blockNormalisers(call) : report;
  return report.done ? blockTopK(call) : report;
}

}  // namespace

Report checkAttention(const AttentionParameters& p) {
  int64_t group = p.kv_heads < 1 ? 0 : p.query_heads / p.kv_heads;
  if (group < 1 || group * p.kv_heads != p.query_heads || group > kMostGroup) {
    return refuse("query heads per KV head", group, "whole numbers from 1 to 32");
  }
  if (p.mode.kind == ModeKind::kFull) {
    return Report();
  }
  int64_t size = p.mode.block_size;
  if (size != 8 && size != 16 && size != 32 && size != 64 && size != 128) {
    return refuse("block size", size, "8, 16, 32, 64 or 128");
  }
  if (p.mode.block_count < 1 || p.mode.block_count > kMostBlocks) {
    return refuse("selected blocks", p.mode.block_count, "1 to 512");
  }
  return Report();
}

size_t workspaceBytes(const AttentionParameters& p) {
  Call call = {};
  call.p = p;
  return static_cast<size_t>(place(call, nullptr));
}

Call prepare(const AttentionParameters& p) {
  Call call = {};
  call.p = p;
  place(call, p.workspace);
  return call;
}

Report attention(const AttentionParameters& p) {
  Report report = checkAttention(p);
  return !report.done || p.tokens == 0 ? report : attend(prepare(p), LogSums());
}

Report attend(const Call& call, const LogSums& sums) {
  const AttentionParameters& p = call.p;
  Report report = append(call);
  auto then = [&](auto step) {
    if (report.done) {
      report = step();
    }
  };
  if (p.sequences == 0) {
    return report;
  }
  auto landing = [&](int gate, const float* earlier, float* later) {
    float* sum = sums.of_branch[gate];
    return Landing{gate, earlier, later, sum, sum != nullptr};
  };
  Landing alone = landing(1, nullptr, nullptr);
  if (p.mode.kind == ModeKind::kFull) {
    then([&] { return attendBranch(call, Branch::kFull, alone); });
    return report;
  }
  then([&] { return select(call); });
  if (p.mode.kind != ModeKind::kThreeBranch) {
    then([&] { return attendSelected(call, alone); });
    return report;
  }
  Landing compressed = landing(0, nullptr, call.branches);
  Landing selected = landing(1, call.branches, call.branches);
  Landing window = landing(2, call.branches, nullptr);
  then([&] { return attendBranch(call, Branch::kCompressed, compressed); });
  then([&] { return attendSelected(call, selected); });
  then([&] { return attendBranch(call, Branch::kWindow, window); });
  return report;
}

}  // namespace ssa::cuda
