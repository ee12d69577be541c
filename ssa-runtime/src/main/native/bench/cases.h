// cases.h: what contract.cu puts to the kernels
#pragma once

#include <string>
#include <vector>

#include "bench/world.h"

namespace ssa::bench {

inline std::string modeName(const Mode& mode) {
  const char* kinds[] = {"full", "sparse", "released", "nsa", "window", "random", "best"};
  std::string name = kinds[static_cast<int>(mode.kind)];
  if (mode.kind != ModeKind::kFull) {
    name += ":" + std::to_string(mode.block_size) + "x" + std::to_string(mode.block_count);
  }
  return name;
}

inline Mode sparse(int64_t size, int64_t count) { return {ModeKind::kSparse, size, count, 0}; }

inline std::vector<Case> allCases() {
  const Mode full = {ModeKind::kFull, 0, 0, 0};
  const Mode released = {ModeKind::kReleased, 16, 16, 0};
  const Mode nsa = {ModeKind::kThreeBranch, 16, 4, 50};
  std::vector<Case> cases;
  auto add = [&](const char* what, Element e, int64_t dim, int64_t hq, int64_t h,
                 std::vector<int64_t> past, std::vector<int64_t> fresh, Mode mode) -> Case& {
    std::string name = std::string(nameOf(e)) + " D " + std::to_string(dim) + " " +
                       std::to_string(hq) + "/" + std::to_string(h) + " " + modeName(mode) + " " +
                       what;
    cases.push_back({name, e, dim, hq, h, past, fresh, mode});
    return cases.back();
  };
  for (Element e : {Element::kBFloat16, Element::kFloat16, Element::kFloat32}) {
    for (int64_t dim : {32, 64, 128}) {
      for (Mode mode : {full, sparse(16, 4), released, nsa}) {
        Case& c = add("prefill", e, dim, 16, 1, {0}, {700}, mode);
        c.gates = mode.kind == ModeKind::kThreeBranch;
        add("chunks, decode", e, dim, 8, 2, {513, 40, 0, 300}, {1, 1, 77, 129}, mode);
        Case& rows = add("rows, chunks", e, dim, 8, 2, {300, 40, 0, 130}, {1, 1, 77, 29}, mode);
        rows.rows = true;
        rows.gates = true;
        rows.decoding = false;
      }
      for (int64_t group : {1, 3, 4, 24, 32}) {
        add("groups", e, dim, 2 * group, 2, {0, 200}, {150, 1}, sparse(8, 5));
        add("groups", e, dim, 2 * group, 2, {0, 200}, {150, 1}, full);
      }
    }
  }
  Element bf16 = Element::kBFloat16;
  for (Mode mode : {full, sparse(16, 16), released, nsa}) {
    add("one token", bf16, 64, 16, 1, {0}, {1}, mode);
    add("two tokens", bf16, 64, 16, 1, {0}, {2}, mode);
    add("empty among others", bf16, 64, 32, 2, {0, 17, 0}, {16, 0, 33}, mode);
    add("decode far", bf16, 64, 32, 2, {5000, 2047, 130}, {1, 1, 1}, mode);
  }
  for (auto [size, count] : std::vector<std::pair<int64_t, int64_t>>{
           {8, 1}, {8, 2}, {32, 32}, {64, 3}, {128, 2}, {16, 64}, {8, 200}}) {
    add("budgets", bf16, 64, 16, 1, {0}, {2100}, sparse(size, count));
    add("budgets", bf16, 64, 16, 1, {1999}, {1}, sparse(size, count));
  }
  add("budgets", bf16, 64, 16, 1, {0}, {2100}, Mode{ModeKind::kReleased, 32, 8, 0});
  add("budgets", bf16, 64, 16, 1, {0}, {2100}, Mode{ModeKind::kReleased, 32, 32, 0});
  add("budgets", bf16, 64, 16, 1, {1700}, {1}, Mode{ModeKind::kReleased, 8, 8, 0});
  for (Mode mode : {full, sparse(16, 16), released}) {
    add("large scores", bf16, 64, 16, 1, {0}, {1500}, mode).scale = 16;
    add("large scores, decode", bf16, 64, 16, 1, {1499}, {1}, mode).scale = 16;
  }
  for (Element e : {Element::kBFloat16, Element::kFloat32}) {
    for (std::vector<int64_t> cut : {std::vector<int64_t>{0, 900}, {3000, 1}}) {
      Case& equal = add("equal keys: ties", e, 64, 16, 1, {cut[0]}, {cut[1]}, sparse(16, 8));
      equal.inputs = Inputs::kEqualKeys;
      equal.rotary = false;
      add("zero queries: ties", e, 64, 16, 1, {cut[0]}, {cut[1]}, sparse(16, 8)).inputs =
          Inputs::kZeroQueries;
    }
  }
  return cases;
}

inline std::vector<Mode> controls(int64_t size, int64_t count) {
  return {{ModeKind::kWindowBlocks, size, count, 0},
          {ModeKind::kRandomBlocks, size, count, 0},
          {ModeKind::kBestBlocks, size, count, 0}};
}

// Of window, random and best blocks, cut elsewhere: by so many tokens.
constexpr int64_t kControlCut = 129;
inline std::vector<Case> cutControlCases() {
  std::vector<Case> cases;
  for (Element e : {Element::kBFloat16, Element::kFloat16, Element::kFloat32}) {
    for (Mode mode : controls(16, 4)) {
      for (int64_t group : {3, 4, 24}) {
        Case c = {std::string(nameOf(e)) + " D 64 " + std::to_string(group) + "/1 " + modeName(mode),
                  e, 64, group, 1, {37, 300}, {400, 333}, mode};
        c.decoding = false;
        cases.push_back(c);
      }
    }
  }
  return cases;
}

// Of window, random and best blocks.
inline std::vector<Case> controlCases() {
  std::vector<Case> cases;
  auto add = [&](const char* what, Element e, int64_t dim, int64_t hq, int64_t h,
                 std::vector<int64_t> past, std::vector<int64_t> fresh, Mode mode) -> Case& {
    std::string name = std::string(nameOf(e)) + " D " + std::to_string(dim) + " " +
                       std::to_string(hq) + "/" + std::to_string(h) + " " + modeName(mode) + " " +
                       what;
    cases.push_back({name, e, dim, hq, h, past, fresh, mode});
    return cases.back();
  };
  for (Element e : {Element::kBFloat16, Element::kFloat16, Element::kFloat32}) {
    for (int64_t dim : {32, 64, 128}) {
      for (Mode mode : controls(16, 4)) {
        add("prefill", e, dim, 16, 1, {0}, {700}, mode).gates = true;
        add("chunks, decode", e, dim, 8, 2, {513, 40, 0, 300}, {1, 1, 77, 129}, mode);
        Case& rows = add("rows, chunks", e, dim, 8, 2, {300, 40, 0, 130}, {1, 1, 77, 29}, mode);
        rows.rows = true;
        rows.gates = true;
        rows.decoding = false;
      }
    }
    for (Mode mode : controls(8, 5)) {
      for (int64_t group : {1, 3, 4, 24, 32}) {
        add("groups", e, 64, 2 * group, 2, {0, 200}, {150, 1}, mode);
      }
      add("one token", e, 64, 16, 1, {0}, {1}, mode);
      add("empty among others", e, 64, 32, 2, {0, 17, 0}, {16, 0, 133}, mode);
      add("decode far", e, 64, 32, 2, {5000, 2047, 130}, {1, 1, 1}, mode);
      // At 4, fp32 sums of values are off by a little more than is allowed, in every mode.
      add("large scores", e, 64, 16, 1, {0}, {1500}, mode).scale =
          e == Element::kFloat32 ? 2.0f : 4.0f;
    }
    for (auto [size, count] : std::vector<std::pair<int64_t, int64_t>>{
             {8, 1}, {8, 2}, {32, 32}, {64, 3}, {128, 2}, {16, 64}, {8, 200}}) {
      for (Mode mode : controls(size, count)) {
        add("budgets", e, 64, 16, 1, {0}, {2100}, mode);
        add("budgets", e, 64, 16, 1, {1999}, {1}, mode);
      }
    }
    Mode best = {ModeKind::kBestBlocks, 16, 8, 0};
    for (std::vector<int64_t> cut : {std::vector<int64_t>{0, 900}, {3000, 1}}) {
      Case& equal = add("equal keys: ties", e, 64, 16, 1, {cut[0]}, {cut[1]}, best);
      equal.inputs = Inputs::kEqualKeys;
      equal.rotary = false;
      add("zero queries: ties", e, 64, 16, 1, {cut[0]}, {cut[1]}, best).inputs =
          Inputs::kZeroQueries;
    }
  }
  return cases;
}

inline std::vector<Case> longControlCases() {
  std::vector<Case> cases;
  for (Mode mode : controls(16, 16)) {
    // On both sides of the position from which other kernels take over, side by side.
    Case c = {"bf16 D 64 16/1 " + modeName(mode) + " 65,535 beside 65,736 tokens",
              Element::kBFloat16, 64, 16, 1, {65000, 64000}, {535, 1736}, mode};
    cases.push_back(c);
  }
  return cases;
}

inline std::vector<Case> longCases() {
  std::vector<Case> cases;
  for (Mode mode : {sparse(16, 16), Mode{ModeKind::kReleased, 16, 16, 0}}) {
    Case c = {"bf16 D 64 32/2 " + modeName(mode) + " 131,072 tokens", Element::kBFloat16, 64, 32, 2,
              {0}, {131072}, mode};
    c.rotary = false;
    cases.push_back(c);
  }
  // On both sides of the position from which other kernels take over, side by side.
  Case c = {"bf16 D 64 16/1 sparse:32x16 65,535 beside 65,736 tokens", Element::kBFloat16, 64, 16, 1,
            {65000, 64000}, {535, 1736}, sparse(32, 16)};
  cases.push_back(c);
  Case large = {"bf16 D 128 16/2 sparse:64x16 70,000 tokens, large scores", Element::kBFloat16, 128,
                16, 2, {0}, {70000}, sparse(64, 16)};
  large.scale = 16;
  cases.push_back(large);
  return cases;
}

}  // namespace ssa::bench
