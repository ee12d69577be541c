// watched_oracle.h: attention statistics by their definitions, in fp64, one token and KV head at a time
//
// Shares no code with the kernels: whole rows of weights are made, and each figure is a sum over one.
#pragma once

#include <numeric>

#include "bench/oracle.h"
#include "kernels/observation.h"

namespace ssa::bench {

// A head's statistics of a token, and by how much each may be off where blocks are as good as tied;
// infinite where there are too many choices to try them all.
struct Statistics {
  std::vector<double> value;
  std::vector<double> allowance;
};

constexpr size_t kMostChoices = 256;  // that are tried one by one
constexpr double kSame = 1e-13;       // relative: worths that differ by less are one number, and rounding

// The keys of a row, and its weights over them.
struct WeightRow {
  std::vector<int64_t> keys;
  std::vector<double> weights;

  template <typename Counts>
  double sumOf(Counts counts) const {
    double sum = 0;
    for (size_t i = 0; i < keys.size(); i++) {
      sum += counts(keys[i]) ? weights[i] : 0;
    }
    return sum;
  }
};

template <typename Key>
WeightRow weightRow(const Sequence& s, const float* q, const std::vector<int64_t>& keys, Key key) {
  WeightRow row = {keys, std::vector<double>(keys.size())};
  double top = -std::numeric_limits<double>::infinity();
  for (size_t i = 0; i < keys.size(); i++) {
    row.weights[i] = dot(q, key(keys[i]), s.dim) / std::sqrt(static_cast<double>(s.dim));
    top = std::max(top, row.weights[i]);
  }
  double total = 0;
  for (double& x : row.weights) {
    x = std::exp(x - top);
    total += x;
  }
  for (double& x : row.weights) {
    x /= total;
  }
  return row;
}

inline double valueLength(const Sequence& s, int64_t t, int64_t h) {
  return std::sqrt(dot(s.value(t, h), s.value(t, h), s.dim));
}

inline double bitsOf(const WeightRow& row) {
  double bits = 0;
  for (double a : row.weights) {
    bits -= a > 0 ? a * std::log2(a) : 0;
  }
  return bits;
}

inline void putEntropies(const WeightRow& row, double* to) {
  to[0] = row.keys.empty() ? 0 : bitsOf(row);
  to[1] = row.keys.size() < 2 ? 0 : to[0] / std::log2(static_cast<double>(row.keys.size()));
}

// One branch's columns.
inline void putSinks(const Sequence& s, const WeightRow& row, int64_t t, int64_t h, double* to) {
  double* at = to + 64;
  std::vector<double> weighted(row.keys.size());
  double all = 0;
  for (size_t i = 0; i < row.keys.size(); i++) {
    if (row.keys[i] < 64) {
      to[row.keys[i]] = row.weights[i];
    }
    weighted[i] = row.weights[i] * valueLength(s, row.keys[i], h);
    all += weighted[i];
  }
  for (int64_t n : {1, 4, 64}) {
    double part = 0;
    for (size_t i = 0; i < row.keys.size(); i++) {
      part += row.keys[i] < n ? weighted[i] : 0;
    }
    *at++ = all == 0 ? 0 : part / all;
  }
  for (int64_t n : {16, 128, 1024}) {
    *at++ = row.sumOf([&](int64_t j) { return j > t - n; });
  }
  putEntropies(row, at);
  double squares = 0;
  for (double a : row.weights) {
    squares += a * a;
  }
  at[2] = 1 / squares;
}

// The own block and the k - 1 best before it, ascending; `close`: those whose place a difference of
// epsilon would change.
inline std::vector<int64_t> bestBlocks(const std::vector<double>& worth, int64_t own, int64_t k,
                                       double epsilon, std::vector<int64_t>* close) {
  std::vector<int64_t> order(own);
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](int64_t a, int64_t b) { return worth[a] > worth[b]; });
  int64_t taken = std::min(k - 1, own);
  if (taken > 0 && taken < own) {
    double low = std::min(worth[order[taken - 1]], worth[order[taken]]);
    double high = std::max(worth[order[taken - 1]], worth[order[taken]]);
    for (int64_t b : order) {
      if (worth[b] >= low * (1 - epsilon) && worth[b] <= high * (1 + epsilon)) {
        close->push_back(b);
      }
    }
    if (high - low > epsilon * high) {
      close->clear();
    }
  }
  order.resize(taken);
  order.push_back(own);
  std::sort(order.begin(), order.end());
  return order;
}

// Every choice that is as good as `chosen` when blocks among `close` are exchanged, ascending each; none if
// there are more than kMostChoices. Where the close ones' worths are the same, the lower ones are taken,
// and there is one choice.
inline std::vector<std::vector<int64_t>> choicesOf(const std::vector<int64_t>& chosen,
                                                   const std::vector<int64_t>& close,
                                                   const std::vector<double>& worth) {
  double least = std::numeric_limits<double>::infinity(), most = 0;
  for (int64_t b : close) {
    least = std::min(least, worth[b]);
    most = std::max(most, worth[b]);
  }
  if (close.empty() || most - least <= kSame * most) {
    return {chosen};
  }
  std::vector<bool> taken;
  std::vector<int64_t> fixed;
  for (int64_t b : close) {
    taken.push_back(std::binary_search(chosen.begin(), chosen.end(), b));
  }
  for (int64_t b : chosen) {
    if (std::find(close.begin(), close.end(), b) == close.end()) {
      fixed.push_back(b);
    }
  }
  std::sort(taken.begin(), taken.end());
  std::vector<std::vector<int64_t>> choices;
  do {
    if (choices.size() == kMostChoices) {
      return {};
    }
    choices.push_back(fixed);
    for (size_t i = 0; i < close.size(); i++) {
      if (taken[i]) {
        choices.back().push_back(close[i]);
      }
    }
    std::sort(choices.back().begin(), choices.back().end());
  } while (std::next_permutation(taken.begin(), taken.end()));
  return choices;
}

// Shares of a row in each block, and in the chosen ones.
struct BlockShares {
  std::vector<double> mass;  // [own + 1]

  double of(const std::vector<int64_t>& blocks) const {
    double sum = 0;
    for (int64_t b : blocks) {
      sum += mass[b];
    }
    return sum;
  }
  // The most that exchanging close blocks may change.
  double allowance(const std::vector<int64_t>& close) const {
    double least = 1, most = 0;
    for (int64_t b : close) {
      least = std::min(least, mass[b]);
      most = std::max(most, mass[b]);
    }
    return close.empty() ? 0 : (most - least) * static_cast<double>(close.size()) / 2;
  }
};

inline std::vector<double> outputOf(const Sequence& s, const WeightRow& row, int64_t h) {
  std::vector<double> out(s.dim, 0.0);
  for (size_t i = 0; i < row.keys.size(); i++) {
    for (int64_t d = 0; d < s.dim; d++) {
      out[d] += row.weights[i] * s.value(row.keys[i], h)[d];
    }
  }
  return out;
}

inline double lengthOf(const std::vector<double>& x) {
  double square = 0;
  for (double v : x) {
    square += v * v;
  }
  return std::sqrt(square);
}

// output_error and error_bound of keeping the chosen blocks only.
inline void putError(const Sequence& s, const WeightRow& row, int64_t t, int64_t h, int64_t head,
                     const BlockBudget& budget, const std::vector<int64_t>& chosen, double* to) {
  std::vector<int64_t> kept;
  double dropped = 0;
  double longest = 0;
  for (size_t i = 0; i < row.keys.size(); i++) {
    if (std::binary_search(chosen.begin(), chosen.end(), row.keys[i] / budget.block_size)) {
      kept.push_back(row.keys[i]);
    } else {
      dropped += row.weights[i];
      longest = std::max(longest, valueLength(s, row.keys[i], h));
    }
  }
  to[0] = to[1] = 0;
  if (kept.size() == row.keys.size()) {
    return;
  }
  WeightRow sparse =
      weightRow(s, s.query(t, head), kept, [&](int64_t j) { return s.key(j, h); });
  std::vector<double> full = outputOf(s, row, h);
  std::vector<double> part = outputOf(s, sparse, h);
  std::vector<double> difference(s.dim);
  for (int64_t d = 0; d < s.dim; d++) {
    difference[d] = full[d] - part[d];
  }
  to[0] = lengthOf(difference) / lengthOf(full);
  to[1] = dropped * (longest + lengthOf(part)) / lengthOf(full);
}

// The middle of what the choices give, and how far they are from it.
inline void putErrors(const Sequence& s, const WeightRow& row, int64_t t, int64_t h, int64_t head,
                      const BlockBudget& budget, const std::vector<std::vector<int64_t>>& choices,
                      double* value, double* allowance) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  double least[] = {kInfinity, kInfinity}, most[] = {0, 0};
  for (const std::vector<int64_t>& chosen : choices) {
    double found[2];
    putError(s, row, t, h, head, budget, chosen, found);
    for (int i = 0; i < 2; i++) {
      least[i] = std::min(least[i], found[i]);
      most[i] = std::max(most[i], found[i]);
    }
  }
  for (int i = 0; i < 2; i++) {
    value[i] = choices.empty() ? 0 : (least[i] + most[i]) / 2;
    allowance[i] = choices.empty() ? kInfinity : (most[i] - least[i]) / 2;
  }
}

inline void putBudget(const Sequence& s, const Observation& asked, const BlockBudget& budget,
                      int64_t t, int64_t h, const std::vector<WeightRow>& rows, double epsilon,
                      int64_t column, std::vector<Statistics>* to) {
  int64_t own = t / budget.block_size;
  std::vector<BlockShares> shares;
  std::vector<double> mass(own, 0.0);
  for (const WeightRow& row : rows) {
    shares.push_back({std::vector<double>(own + 1, 0.0)});
    for (size_t i = 0; i < row.keys.size(); i++) {
      shares.back().mass[row.keys[i] / budget.block_size] += row.weights[i];
    }
    for (int64_t b = 0; b < own; b++) {
      mass[b] += shares.back().mass[b];
    }
  }
  std::vector<double> importance =
      importances(s, blockMeans(s, s.k, h, budget.block_size), t, h, budget.block_size);
  std::vector<int64_t> close, close_best;
  std::vector<int64_t> chosen = bestBlocks(importance, own, budget.block_count, epsilon, &close);
  std::vector<std::vector<int64_t>> choices = choicesOf(chosen, close, importance);
  std::vector<int64_t> best = bestBlocks(mass, own, budget.block_count, epsilon, &close_best);
  for (size_t g = 0; g < rows.size(); g++) {
    Statistics& statistics = (*to)[g];
    int64_t at = column;
    if (asked.capture) {
      statistics.value[at] = shares[g].of(chosen);
      statistics.allowance[at++] = shares[g].allowance(close);
      statistics.value[at] = shares[g].of(best);
      statistics.allowance[at++] = shares[g].allowance(close_best);
    }
    if (asked.error) {
      putErrors(s, rows[g], t, h, h * s.group() + static_cast<int64_t>(g), budget, choices,
                &statistics.value[at], &statistics.allowance[at]);
    }
  }
}

// The statistics of a token's heads of one group; `selected` [k] is what the device attended to.
inline std::vector<Statistics> statisticsOf(const Sequence& s, const Mode& mode,
                                            const Observation& asked, int64_t t, int64_t h,
                                            const int32_t* selected, double epsilon) {
  int64_t columns = columnsOf(asked, mode.kind);
  std::vector<Statistics> all(s.group(), {std::vector<double>(columns, 0.0),
                                          std::vector<double>(columns, 0.0)});
  auto key = [&](int64_t j) { return s.key(j, h); };
  std::vector<int64_t> attended;
  if (mode.kind == ModeKind::kFull) {
    attended = upTo(0, t + 1);
  }
  for (int64_t i = 0; mode.kind != ModeKind::kFull && i < mode.block_count && selected[i] >= 0; i++) {
    for (int64_t j : upTo(selected[i] * mode.block_size, (selected[i] + 1) * mode.block_size)) {
      if (j <= t) {
        attended.push_back(j);
      }
    }
  }
  std::vector<double> means;
  if (mode.kind == ModeKind::kThreeBranch) {
    means = blockMeans(s, s.k, h, mode.block_size);
  }
  std::vector<WeightRow> rows;
  for (int64_t g = 0; g < s.group(); g++) {
    int64_t head = h * s.group() + g;
    const float* q = s.query(t, head);
    double* to = all[g].value.data();
    for (int64_t i = 0; i < 3 && !s.gates.empty(); i++) {
      to[i] = s.gates[(t * s.query_heads + head) * 3 + i];
    }
    rows.push_back(weightRow(s, q, attended, key));
    if (!asked.sinks) {
      continue;
    }
    putSinks(s, rows.back(), t, h, to + 3);
    if (mode.kind == ModeKind::kThreeBranch) {
      putSinks(s, weightRow(s, q, upTo(t + 1 - mode.window, t + 1), key), t, h, to + 3 + 73);
      putEntropies(weightRow(s, q, upTo(0, (t + 1) / mode.block_size),
                             [&](int64_t b) { return &means[b * s.dim]; }),
                   to + 3 + 2 * 73);
    }
  }
  int64_t each = (asked.capture ? 2 : 0) + (asked.error ? 2 : 0);
  int64_t column = columns - each * asked.budget_count;
  for (int64_t i = 0; i < asked.budget_count && each > 0; i++) {
    putBudget(s, asked, asked.budgets[i], t, h, rows, epsilon, column + i * each, &all);
  }
  return all;
}

// Whether the best blocks hold as much of each group as those that were chosen, up to rounding.
inline bool bestAreBest(const Observation& asked, const Mode& mode, int64_t query_heads, int64_t kv_heads,
                        const double* totals) {
  int64_t columns = columnsOf(asked, mode.kind);
  int64_t group = query_heads / kv_heads;
  int64_t each = asked.error ? 4 : 2;
  for (int64_t i = 0; asked.capture && i < asked.buckets * kv_heads; i++) {
    for (int64_t b = 1; b <= asked.budget_count; b++) {
      double chosen = 0, best = 0;
      for (int64_t g = 0; g < group; g++) {
        const double* of = totals + (i * group + g + 1) * columns - each * b;
        chosen += of[0];
        best += of[1];
      }
      if (best < chosen * (1 - 1e-5)) {
        return false;
      }
    }
  }
  return true;
}

}  // namespace ssa::bench
