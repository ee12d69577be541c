// watched_attention.cc: an attention call that tells where its attention goes, wave by wave
//
// in    AttentionParameters, Watched (kernels/cuda/cuda.h)
// out   what attention.cc gives, bit for bit; the totals, added to
// math  full mode: every key is counted once more with the known sum (count_branch.cu), which gives the
//       group sinks and, per unit of tokens, the mass of each KV head's group; from the latter the best
//       blocks (choose_best.cu), from the sparse mode's kernels the selected ones; the mass of either is
//       counted over their keys (count_selected.cu). Sparse modes: their branches are counted.
// cost  see the kernels; a wave is launched once
// num.  statistics of a row do not depend on its wave; totals are added in fp64, row after row
// memory  the logarithms of sums, 4 bytes per row, head and branch; the lengths of values, 4 bytes each; per
//       block size of a budget the means of its blocks; per row of a wave its statistics, and with budgets
//       4 bytes per unit and KV head: waves have as many rows as Watched grants memory to
// twin  kernels/cpu/observed_attention.h      oracle  bench/watched.h
#include <algorithm>
#include <cstdio>
#include <vector>

#include "kernels/cuda/carver.h"
#include "kernels/cuda/limits.h"
#include "kernels/cuda/observe/observe.h"

namespace ssa::cuda {
namespace {

constexpr int64_t kPage = PageLayout::kTokens;

// A budget, and what its selection reads.
struct Budget {
  Mode mode;
  int means_of;         // an earlier budget of the same block size, or itself
  void* means;          // [S, H, parts, N, D]
  int64_t mean_stride;  // N
  float* normalisers;   // [W, HQ]
};

// A call with statistics: where everything lies.
struct Plan {
  const Watched* watched;
  Call call;
  LogSums log_sums;
  Wave wave;  // without a call
  std::vector<Budget> budgets;
  int32_t* selected;  // [W, H, most blocks]
  int32_t* best;
  int64_t rows;         // W
  int64_t table_waves;  // that the tables have room for
  int64_t* tables;      // [waves, 2 S + 1] starts, then past tokens; then ranges, starts of lengths, tokens
  int64_t bytes;

  const Observation& asked() const { return watched->asked; }
  int64_t tableWords() const { return 2 * call.p.sequences + 1; }
};

int64_t pastOf(const Watched& w, int64_t s) {
  return w.past_tokens == nullptr ? 0 : w.past_tokens[s];
}

int64_t tokensOf(const Watched& w, int64_t s) {
  return pastOf(w, s) + w.sequence_starts[s + 1] - w.sequence_starts[s];
}

int64_t paddedTokens(const Watched& w, int64_t s) {
  return ceilDivide(tokensOf(w, s), kPage) * kPage;
}

Mode modeOf(const BlockBudget& budget, int64_t most_tokens) {
  int64_t blocks = std::max<int64_t>(1, ceilDivide(most_tokens, budget.block_size));
  return {ModeKind::kSparse, budget.block_size, std::min(budget.block_count, blocks), 0};
}

// Places what budgets need; returns the bytes of a wave's row.
int64_t planBudgets(Plan* plan, Carver* carver) {
  const AttentionParameters& p = plan->call.p;
  plan->wave.unit_tokens = 16;
  int64_t part_bytes = p.layout.element == Element::kFloat32 ? 6 : 4;
  int64_t most = 1;
  for (int64_t i = 0; i < plan->asked().budget_count; i++) {
    Budget budget = {};
    budget.mode = modeOf(plan->asked().budgets[i], p.most_tokens);
    budget.means_of = static_cast<int>(i);
    int64_t size = budget.mode.block_size;
    plan->wave.unit_tokens = std::min<int>(plan->wave.unit_tokens, static_cast<int>(size));
    most = std::max(most, budget.mode.block_count);
    budget.mean_stride = ceilDivide(p.most_tokens / size + 1, kMeanTile) * kMeanTile;
    for (int64_t j = i - 1; j >= 0; j--) {
      if (plan->budgets[j].mode.block_size == size) {
        budget.means_of = static_cast<int>(j);
      }
    }
    budget.means = budget.means_of < i
                       ? plan->budgets[budget.means_of].means
                       : carver->take<void>(p.sequences * p.kv_heads * budget.mean_stride *
                                            p.layout.head_dim * part_bytes);
    plan->budgets.push_back(budget);
  }
  plan->wave.units = ceilDivide(p.most_tokens, kPage) * (kPage / plan->wave.unit_tokens);
  int64_t parts = importanceParts(p.query_heads / p.kv_heads);
  return p.kv_heads * (4 * parts * plan->wave.units + 8 * most) +
         4 * p.query_heads * plan->asked().budget_count;
}

void placeWave(Plan* plan, bool counts, Carver* carver) {
  const AttentionParameters& p = plan->call.p;
  int64_t heads = plan->rows * p.query_heads;
  plan->wave.values = carver->take<float>(heads * plan->wave.columns * 4);
  plan->wave.sums = carver->take<double>(counts ? heads * kSums * 8 : 0);
  if (plan->asked().watchesBudgets()) {
    int64_t most = 1;
    for (size_t i = 0; i < plan->budgets.size(); i++) {
      Budget& budget = plan->budgets[i];
      most = std::max(most, budget.mode.block_count);
      bool own = budget.means_of == static_cast<int>(i);
      budget.normalisers = own ? carver->take<float>(heads * 4)
                               : plan->budgets[budget.means_of].normalisers;
    }
    int64_t pairs = plan->rows * p.kv_heads;
    int64_t parts = importanceParts(p.query_heads / p.kv_heads);
    plan->wave.importance = carver->take<float>(pairs * parts * plan->wave.units * 4);
    plan->selected = carver->take<int32_t>(pairs * most * 4);
    plan->best = carver->take<int32_t>(pairs * most * 4);
  }
}

Plan planOf(const AttentionParameters& p, const Watched& watched) {
  Plan plan = {};
  plan.watched = &watched;
  plan.call = prepare(p);
  Carver carver = {static_cast<char*>(p.workspace), static_cast<int64_t>(workspaceBytes(p))};
  const Observation& asked = plan.asked();
  bool budgets = asked.watchesBudgets();
  bool counts = asked.sinks || budgets;
  bool three = p.mode.kind == ModeKind::kThreeBranch;
  for (int gate = 0; gate < 3 && counts; gate++) {
    if (gate == 1 || three) {
      plan.log_sums.of_branch[gate] = carver.take<float>(p.tokens * p.query_heads * 4);
    }
  }
  if (asked.sinks) {
    int64_t tokens = 0;
    for (int64_t s = 0; s < p.sequences; s++) {
      tokens += p.kv_heads * paddedTokens(watched, s);
    }
    plan.wave.lengths = carver.take<float>(tokens * 4);
  }
  plan.wave.columns = static_cast<int>(columnsOf(asked, p.mode.kind));
  int64_t row_bytes = p.query_heads * (4 * plan.wave.columns + (counts ? 8 * kSums : 0));
  if (budgets) {
    row_bytes += planBudgets(&plan, &carver);
  }
  plan.rows = std::min(p.tokens, std::max<int64_t>(1, watched.wave_bytes / row_bytes));
  placeWave(&plan, counts, &carver);
  plan.table_waves = ceilDivide(p.tokens, plan.rows);
  plan.tables = carver.take<int64_t>((plan.table_waves * plan.tableWords() + 4 * p.sequences) * 8);
  plan.bytes = carver.used;
  return plan;
}

Report refuseBudgets(const Plan& plan) {
  Report report;
  for (const Budget& budget : plan.budgets) {
    if (budget.mode.block_count > kMostBlocks) {
      report.done = false;
      std::snprintf(report.why, sizeof report.why,
                    "statistics: a budget of %lld blocks of %lld tokens; up to %lld are selected",
                    static_cast<long long>(budget.mode.block_count),
                    static_cast<long long>(budget.mode.block_size),
                    static_cast<long long>(kMostBlocks));
      return report;
    }
  }
  if (plan.asked().error && plan.asked().budget_count > 0) {
    report.done = false;
    std::snprintf(report.why, sizeof report.why, "statistics: the group error is made on the CPU only");
  }
  return report;
}

// The first rows of waves: each begins with a row that is watched.
std::vector<int64_t> firstRows(const Plan& plan) {
  const Watched& w = *plan.watched;
  std::vector<int64_t> first;
  int64_t covered = 0;
  for (int64_t s = 0; s < plan.call.p.sequences; s++) {
    int64_t past = pastOf(w, s);
    int64_t from = std::max(w.asked.ranges[2 * s], past);
    int64_t to = std::min(w.asked.ranges[2 * s + 1], tokensOf(w, s));
    int64_t last = w.sequence_starts[s] + to - past;
    int64_t row = std::max(covered, w.sequence_starts[s] + from - past);
    for (; row < last; row += plan.rows) {
      first.push_back(row);
      covered = row + plan.rows;
    }
  }
  return first;
}

// What the device reads of waves: starts and past tokens as if a wave's rows were all new ones.
std::vector<int64_t> tablesOf(const Plan& plan, const std::vector<int64_t>& first) {
  const Watched& w = *plan.watched;
  const AttentionParameters& p = plan.call.p;
  std::vector<int64_t> table;
  for (int64_t begin : first) {
    int64_t end = std::min(begin + plan.rows, p.tokens);
    for (int64_t s = 0; s <= p.sequences; s++) {
      table.push_back(std::clamp(w.sequence_starts[s], begin, end) - begin);
    }
    for (int64_t s = 0; s < p.sequences; s++) {
      table.push_back(pastOf(w, s) + std::clamp(w.sequence_starts[s], begin, end) -
                      w.sequence_starts[s]);
    }
  }
  table.resize(plan.table_waves * plan.tableWords(), 0);
  table.insert(table.end(), w.asked.ranges, w.asked.ranges + 2 * p.sequences);
  int64_t tokens = 0;
  for (int64_t s = 0; s < p.sequences; s++) {
    table.push_back(tokens);
    tokens += p.kv_heads * paddedTokens(w, s);
  }
  for (int64_t s = 0; s < p.sequences; s++) {
    table.push_back(paddedTokens(w, s));
  }
  return table;
}

// Calls a step unless one before it has failed.
struct Steps {
  Report report;

  template <typename Step>
  void then(Step step) {
    if (report.done) {
      report = step();
    }
  }
};

// The call of a wave whose rows begin with `first`.
Wave waveAt(const Plan& plan, int64_t index, int64_t first) {
  Wave wave = plan.wave;
  wave.call = plan.call;
  AttentionParameters& p = wave.call.p;
  int64_t element = p.layout.elementBytes();
  int64_t dim = p.layout.head_dim;
  p.tokens = std::min(plan.rows, p.tokens - first);
  p.decoding = false;
  wave.call.prefill = true;
  wave.call.decode = false;
  p.sequence_starts = plan.tables + index * plan.tableWords();
  p.past_tokens = p.sequence_starts + p.sequences + 1;
  wave.call.queries = static_cast<char*>(wave.call.queries) + first * p.query_heads * dim * element;
  if (wave.call.gates != nullptr) {
    wave.call.gates = static_cast<char*>(wave.call.gates) + first * p.query_heads * 3 * element;
  }
  p.selected += first * p.kv_heads * p.mode.block_count;
  return wave;
}

Wave budgetWave(const Plan& plan, const Wave& wave, const Budget& budget) {
  Wave of = wave;
  of.call.p.mode = budget.mode;
  of.call.p.selected = plan.selected;
  of.call.means = budget.means;
  of.call.mean_stride = budget.mean_stride;
  of.call.normalisers = budget.normalisers;
  return of;
}

void captureBudgets(const Plan& plan, const Wave& wave, const Counted& full, Steps* steps) {
  int column = static_cast<int>(budgetColumn(plan.asked(), ModeKind::kFull));
  for (size_t i = 0; i < plan.budgets.size(); i++, column += 2) {
    const Budget& budget = plan.budgets[i];
    Wave of = budgetWave(plan, wave, budget);
    if (budget.means_of == static_cast<int>(i)) {
      steps->then([&] { return blockNormalisers(of.call); });
    }
    steps->then([&] { return blockTopK(of.call); });
    steps->then([&] { return captureMass(of, full, {plan.selected, column}); });
    steps->then([&] { return chooseBest(of, plan.best); });
    steps->then([&] { return captureMass(of, full, {plan.best, column + 1}); });
  }
}

void countWave(const Plan& plan, const Wave& wave, int64_t first, Steps* steps) {
  const AttentionParameters& p = wave.call.p;
  auto counted = [&](int gate, int64_t column) {
    return Counted{gate, plan.log_sums.of_branch[gate] + first * p.query_heads,
                   static_cast<int>(column)};
  };
  bool sinks = plan.asked().sinks;
  if (p.mode.kind == ModeKind::kFull && (sinks || plan.asked().watchesBudgets())) {
    Counted full = counted(1, kGateColumns);
    steps->then([&] { return countBranch(wave, Branch::kFull, full); });
    captureBudgets(plan, wave, full, steps);
    if (sinks) {
      steps->then([&] { return sinkColumns(wave, full); });
    }
  } else if (sinks) {
    Counted selected = counted(1, kGateColumns);
    steps->then([&] { return countSelected(wave, selected); });
    steps->then([&] { return sinkColumns(wave, selected); });
  }
  if (sinks && p.mode.kind == ModeKind::kThreeBranch) {
    Counted window = counted(2, kGateColumns + kSinkColumns);
    Counted compressed = counted(0, kGateColumns + 2 * kSinkColumns);
    steps->then([&] { return countBranch(wave, Branch::kWindow, window); });
    steps->then([&] { return sinkColumns(wave, window); });
    steps->then([&] { return countBranch(wave, Branch::kCompressed, compressed); });
    steps->then([&] { return compressedColumns(wave, compressed); });
  }
  steps->then([&] { return addRows(wave, plan.asked().buckets, plan.asked().totals); });
}

}  // namespace

size_t workspaceBytes(const AttentionParameters& p, const Watched& watched) {
  AttentionParameters counting = p;
  counting.workspace = nullptr;
  return static_cast<size_t>(planOf(counting, watched).bytes);
}

Report watchedAttention(const AttentionParameters& p, const Watched& watched) {
  Steps steps;
  steps.report = checkAttention(p);
  if (!steps.report.done || p.tokens == 0) {
    return steps.report;
  }
  Plan plan = planOf(p, watched);
  steps.then([&] { return refuseBudgets(plan); });
  steps.then([&] { return attend(plan.call, plan.log_sums); });
  std::vector<int64_t> first = firstRows(plan);
  if (first.empty()) {
    return steps.report;
  }
  std::vector<int64_t> tables = tablesOf(plan, first);
  steps.then([&] { return upload(tables.data(), plan.tables, tables.size() * 8, p.stream); });
  const int64_t* behind = plan.tables + plan.table_waves * plan.tableWords();
  plan.wave.ranges = behind;
  plan.wave.length_starts = behind + 2 * p.sequences;
  plan.wave.length_tokens = behind + 3 * p.sequences;
  plan.wave.call = plan.call;
  if (plan.wave.lengths != nullptr) {
    steps.then([&] { return measureValues(plan.call, plan.wave); });
  }
  for (size_t i = 0; i < plan.budgets.size(); i++) {
    if (plan.budgets[i].means_of == static_cast<int>(i)) {
      Wave whole = budgetWave(plan, plan.wave, plan.budgets[i]);
      steps.then([&] { return blockMeans(whole.call); });
    }
  }
  for (size_t i = 0; i < first.size(); i++) {
    Wave wave = waveAt(plan, static_cast<int64_t>(i), first[i]);
    countWave(plan, wave, first[i], &steps);
  }
  return steps.report;
}

}  // namespace ssa::cuda
