// packed_forward.cu: attention over packed sequences, forward
//
// in    q [T, HQ, D], k, v [T, H, D]  element, rotated (see kernels/cuda/packed/packed.h)
// out   out [T, HQ, D]  element; log_sum_exp [T, HQ]  fp32; selected [T, H, k]
// math  the steps of attention.cc, one branch at a time, over pages that hold the packed keys
// cost  that of the steps, and one copy of k and v: 4 T H D elements
// num.  as the steps
// twin  kernels/cpu/packed_forward.h      oracle  trainer/src/main/native/bench/gradients.cu
#include <cstdio>

#include "kernels/cuda/call.h"
#include "kernels/cuda/launch.cuh"
#include "kernels/cuda/packed/packed_tables.h"

namespace ssa::cuda {
namespace {

constexpr int64_t kMostGroup = 32;
constexpr int64_t kMostBlocks = 512;

Report refuse(const char* what, int64_t value, const char* supported) {
  Report report;
  report.done = false;
  std::snprintf(report.why, sizeof report.why, "%s %lld; %s", what, static_cast<long long>(value),
                supported);
  return report;
}

Mode modeOf(const ssa::Branch& branch) {
  switch (branch.kind) {
    case BranchKind::kFull:
      return {ModeKind::kFull, 0, 0, 0};
    case BranchKind::kSelected:
      return {branch.released ? ModeKind::kReleased : ModeKind::kSparse, branch.block_size,
              branch.block_count, 0};
    case BranchKind::kCompressed:
      return {ModeKind::kThreeBranch, branch.block_size, 1, 1};
    default:
      // The block size has no meaning here; the largest asks for the least memory.
      return {ModeKind::kThreeBranch, PageLayout::kTokens, 1, branch.window};
  }
}

// A call of the runtime's kernels, its pages and its tables.
struct Paged {
  AttentionParameters p = {};
  Tables tables;
  int64_t bytes = 0;

  explicit Paged(const PackedForward& f) {
    const PackedProblem& problem = f.problem;
    p.tokens = problem.tokens;
    p.query_heads = problem.query_heads;
    p.kv_heads = problem.kv_heads;
    p.sequences = problem.sequences;
    p.layout = {f.element, problem.kv_heads, problem.head_dim,
                problem.branch.kind == BranchKind::kCompressed};
    p.q = f.q;
    p.k = f.k;
    p.v = f.v;
    p.mode = modeOf(problem.branch);
    p.out = f.out;
    p.selected = f.selected;
    p.stream = f.stream;
    p.decoding = true;
    measure(problem);
    place(problem, static_cast<char*>(f.workspace));
  }

 private:
  void measure(const PackedProblem& problem) {
    p.least_new_tokens = problem.tokens;
    for (int64_t s = 0; s < problem.sequences; s++) {
      int64_t n = problem.starts[s + 1] - problem.starts[s];
      p.most_tokens = n > p.most_tokens ? n : p.most_tokens;
      p.least_new_tokens = n > 0 && n < p.least_new_tokens ? n : p.least_new_tokens;
    }
    p.most_new_tokens = p.most_tokens;
    p.page_columns = (p.most_tokens + PageLayout::kTokens - 1) / PageLayout::kTokens;
  }

  void place(const PackedProblem& problem, char* workspace) {
    std::vector<int64_t> starts(problem.starts, problem.starts + problem.sequences + 1);
    std::vector<int64_t> past(problem.sequences, 0);
    std::vector<int64_t> offsets(problem.sequences * p.page_columns, 0);
    int64_t pages = 0;
    for (int64_t s = 0; s < problem.sequences; s++) {
      for (int64_t t = starts[s]; t < starts[s + 1]; t += PageLayout::kTokens) {
        offsets[s * p.page_columns + (t - starts[s]) / PageLayout::kTokens] =
            pages++ * p.layout.layerBytes();
      }
    }
    Workspace room = {workspace};
    int64_t table_bytes = aligned(8 * (problem.sequences + 1)) + aligned(8 * problem.sequences) +
                          aligned(8 * problem.sequences * p.page_columns);
    char* table = room.take<char>(table_bytes);
    char* memory = room.take<char>(pages * p.layout.layerBytes());
    p.workspace = room.take<char>(static_cast<int64_t>(workspaceBytes(p)));
    bytes = room.used;
    std::vector<char*> addresses;
    for (int64_t offset : offsets) {
      addresses.push_back(memory + offset);
    }
    p.sequence_starts = reinterpret_cast<const int64_t*>(table + tables.add(starts));
    p.past_tokens = reinterpret_cast<const int64_t*>(table + tables.add(past));
    p.pages = reinterpret_cast<char* const*>(table + tables.add(addresses));
  }
};

// Whether attendGathered takes a call: at D = 32 the wider steps of attendSelected are faster.
bool gathers(const PackedForward& f) {
  return f.element == Element::kBFloat16 && f.problem.head_dim > 32;
}

}  // namespace

Report checkPacked(const PackedProblem& p, Element element) {
  int64_t group = p.query_heads / p.kv_heads;
  if (group > kMostGroup) {
    return refuse("query heads per KV head", group, "1 to 32 on CUDA");
  }
  if (p.branch.kind == BranchKind::kSelected && p.branch.block_count > kMostBlocks) {
    return refuse("selected blocks", p.branch.block_count, "1 to 512 on CUDA");
  }
  if (element == Element::kFloat16) {
    return refuse("element", static_cast<int64_t>(element), "fp32 or bf16");
  }
  return Report();
}

size_t workspaceBytes(const PackedForward& f) {
  PackedForward counted = f;
  counted.workspace = nullptr;
  return static_cast<size_t>(Paged(counted).bytes);
}

Report forward(const PackedForward& f) {
  Report report = checkPacked(f.problem, f.element);
  if (!report.done || f.problem.tokens == 0) {
    return report;
  }
  Paged paged(f);
  cudaError_t error = paged.tables.copyTo(f.workspace, f.stream);
  if (error != cudaSuccess) {
    return failed("tables", error);
  }
  Call call = prepare(paged.p);
  call.trains = true;
  Landing landing = {1, nullptr, nullptr, f.log_sum_exp};
  report = append(call);
  auto then = [&](auto step) {
    if (report.done) {
      report = step();
    }
  };
  switch (f.problem.branch.kind) {
    case BranchKind::kFull:
      then([&] { return attendBranch(call, cuda::Branch::kFull, landing); });
      break;
    case BranchKind::kWindow:
      then([&] { return attendBranch(call, cuda::Branch::kWindow, landing); });
      break;
    case BranchKind::kCompressed:
      then([&] { return blockMeans(call); });
      then([&] { return attendBranch(call, cuda::Branch::kCompressed, landing); });
      break;
    case BranchKind::kSelected:
      then([&] { return blockMeans(call); });
      then([&] { return blockNormalisers(call); });
      then([&] { return blockTopK(call); });
      then([&] {
        return gathers(f) ? attendGathered(f, paged.p.sequence_starts)
                          : attendSelected(call, landing);
      });
      break;
  }
  return report;
}

}  // namespace ssa::cuda
