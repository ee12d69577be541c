// check.h: rows of a case's result against the fp64 oracle
#pragma once

#include "bench/cases.h"
#include "bench/controls.h"

namespace ssa::bench {

struct Tolerance {
  double epsilon;
  double out;
};

inline Tolerance toleranceOf(Element element) {
  switch (element) {
    case Element::kFloat32:
      return {1e-5, 2e-5};
    case Element::kFloat16:
      return {1e-3, 2e-3};
    default:
      return {1e-3, 1e-2};
  }
}

// Scores in fp32 move masses by their own rounding.
constexpr double kMassEpsilon = 1e-3;

struct Verdict {
  int64_t rows = 0;
  int64_t wrong_selections = 0;
  int64_t wrong_rows = 0;
  double largest_error = 0;
};

// Rows of a result against the oracle; a row is a (token, KV head) of a sequence.
struct Check {
  const Case& c;
  const Sequence& s;
  const Result& result;
  int64_t first_row;  // of the sequence's token `from` in the result
  int64_t from;
  int64_t number;     // of the sequence among the case's
  std::vector<std::vector<double>> means;
  std::vector<Compressed> compressed;

  Check(const Case& c, const Sequence& s, const Result& result, int64_t first_row, int64_t from,
        int64_t number)
      : c(c), s(s), result(result), first_row(first_row), from(from), number(number) {
    for (int64_t h = 0; h < s.kv_heads && choosesByMeans(c.mode.kind); h++) {
      means.push_back(blockMeans(s, s.k, h, c.mode.block_size));
      compressed.push_back(c.mode.kind == ModeKind::kThreeBranch
                               ? Compressed{means.back(), blockMeans(s, s.v, h, c.mode.block_size)}
                               : Compressed{});
    }
  }

  bool selectionHoldsBy(int64_t t, int64_t h, const int32_t* selected) const {
    int64_t own = t / c.mode.block_size;
    switch (c.mode.kind) {
      case ModeKind::kWindowBlocks:
        return selectionHolds(c.mode, recencyRanks(own), t, selected, 0);
      case ModeKind::kRandomBlocks:
        return selectionHolds(c.mode, drawnRanks(seedOf(number), h, t, own), t, selected, 0);
      case ModeKind::kBestBlocks:
        return selectionHolds(c.mode, massRanks(s, h, t, c.mode.block_size), t, selected,
                              kMassEpsilon);
      default:
        return selectionHolds(c.mode, importances(s, means[h], t, h, c.mode.block_size), t, selected,
                              toleranceOf(c.element).epsilon);
    }
  }

  bool selectionIsRight(int64_t t, int64_t h, const int32_t* selected) const {
    if (!selectionHoldsBy(t, h, selected)) {
      return false;
    }
    int64_t own = t / c.mode.block_size;
    bool ties = c.mode.kind == ModeKind::kSparse || c.mode.kind == ModeKind::kBestBlocks;
    if (c.inputs != Inputs::kRandom && ties &&
        own >= c.mode.block_count) {
      for (int64_t i = 0; i + 1 < c.mode.block_count; i++) {
        if (selected[i] != i) {
          return false;
        }
      }
    }
    return true;
  }

  // The largest error of the row's heads, or infinity.
  double errorOf(int64_t t, int64_t h, const int32_t* selected) const {
    Compressed none;
    std::vector<double> wanted = attention(s, c.mode, t, h, selected,
                                           compressed.empty() ? none : compressed[h]);
    double worst = 0;
    for (int64_t g = 0; g < s.group(); g++) {
      int64_t head = (first_row + t - from) * s.query_heads + h * s.group() + g;
      double xy = 0, xx = 0, yy = 0;
      for (int64_t d = 0; d < s.dim; d++) {
        double x = valueAt(c.element, result.out, head * s.dim + d);
        double y = wanted[g * s.dim + d];
        if (!std::isfinite(x) || !std::isfinite(y)) {
          return INFINITY;
        }
        worst = std::max(worst, std::fabs(x - y) / (1 + std::fabs(y)));
        xy += x * y;
        xx += x * x;
        yy += y * y;
      }
      if (xy < 0.999 * std::sqrt(xx * yy) - 1e-6) {
        return INFINITY;
      }
    }
    return worst;
  }
};

inline void checkRows(const Check& check, const std::vector<int64_t>& tokens, Verdict* verdict) {
  int64_t heads = check.s.kv_heads;
  std::vector<Verdict> rows(tokens.size() * heads);
  onAllThreads(static_cast<int64_t>(rows.size()), [&](int64_t i) {
    int64_t t = tokens[i / heads];
    int64_t h = i % heads;
    int64_t row = check.first_row + t - check.from;
    int64_t at = (row * heads + h) * check.c.mode.block_count;
    const int32_t* selected = check.result.selected.data() + at;
    bool sparse = check.c.mode.kind != ModeKind::kFull;
    if (sparse && !check.selectionIsRight(t, h, selected)) {
      rows[i].wrong_selections = 1;
      return;
    }
    rows[i].largest_error = check.errorOf(t, h, selected);
    rows[i].wrong_rows = !(rows[i].largest_error <= toleranceOf(check.c.element).out);
  });
  for (const Verdict& row : rows) {
    verdict->rows++;
    verdict->wrong_selections += row.wrong_selections;
    verdict->wrong_rows += row.wrong_rows;
    verdict->largest_error = std::max(verdict->largest_error, row.largest_error);
  }
}

inline std::vector<int64_t> rowsToCheck(int64_t from, int64_t to, int64_t most) {
  std::vector<int64_t> tokens;
  if (from == to) {
    return tokens;
  }
  bool all = to - from <= most;
  for (int64_t i = 0; i < (all ? to - from : most); i++) {
    uint64_t pick = all ? i : mix(i) % static_cast<uint64_t>(to - from);
    tokens.push_back(from + static_cast<int64_t>(pick));
  }
  tokens.push_back(to - 1);
  return tokens;
}

}  // namespace ssa::bench
