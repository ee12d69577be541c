// watched_attention.cc: an attention call that tells where its attention goes, wave by wave
//
// in    AttentionParameters, Watched (kernels/cuda/cuda.h)
// out   what attention.cc gives, bit for bit; the totals, added to
// math  full mode: every key is counted once more with the known sum (count_branch.cu), which gives the
//       group sinks and, per unit of tokens, the mass of each KV head's group; from the latter the best
//       blocks (choose_best.cu), from the sparse mode's kernels the selected ones; the mass of either is
//       counted over their keys (count_selected.cu), and for the group error both are attended to once
//       more (error_columns.cu). Sparse modes: their branches are counted.
// cost  see the kernels; a wave is launched once
// num.  statistics of a row do not depend on its wave; totals are added in fp64, row after row
// memory  the logarithms of sums, 4 bytes per row, head and branch; the lengths of values, 4 bytes each; per
//       block size of a budget the means of its blocks; the selections of as many rows as kSelectionBytes
//       hold; per row of a wave its statistics, and with budgets 4 bytes per unit and KV head: waves have as
//       many rows as Watched grants memory to
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

// Memory for the selections of as many rows as it holds, in which the kernels that choose blocks find
// enough to do.
constexpr int64_t kSelectionBytes = int64_t{32} << 20;

// A budget, its selection and what that reads.
struct Budget {
  Mode mode;
  int means_of;         // an earlier budget of the same block size, or itself
  void* means;          // [S, H, parts, N, D]
  int64_t mean_stride;  // N
  float* normalisers;   // [R, HQ]
  int32_t* selected;    // [R, H, K]
};

// A call with statistics: where everything lies.
struct Plan {
  const Watched* watched;
  Call call;
  LogSums log_sums;
  Wave wave;  // without a call
  std::vector<Budget> budgets;
  int32_t* best;     // [W, H, most blocks]
  Outputs outputs;   // where errors are asked for
  int64_t rows;      // W
  int64_t selected;  // R, a multiple of W or all rows
  int64_t pieces;    // that the tables have room for
  int64_t* tables;   // [pieces, 2 S + 1] starts, then past tokens; then ranges, starts of lengths, tokens

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

int64_t mostBlocks(const Plan& plan) {
  int64_t most = 1;
  for (const Budget& budget : plan.budgets) {
    most = std::max(most, budget.mode.block_count);
  }
  return most;
}

bool errors(const Plan& plan) { return plan.asked().error && plan.asked().budget_count > 0; }

// Lists the budgets and places the means of their blocks.
void planBudgets(Plan* plan, Carver* carver) {
  const AttentionParameters& p = plan->call.p;
  plan->wave.unit_tokens = 16;
  int64_t part_bytes = p.layout.element == Element::kFloat32 ? 6 : 4;
  for (int64_t i = 0; i < plan->asked().budget_count; i++) {
    Budget budget = {};
    budget.mode = modeOf(plan->asked().budgets[i], p.most_tokens);
    budget.means_of = static_cast<int>(i);
    int64_t size = budget.mode.block_size;
    plan->wave.unit_tokens = std::min<int>(plan->wave.unit_tokens, static_cast<int>(size));
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
}

// How many rows a wave, and the selections before it, have memory for.
void planRows(Plan* plan) {
  const AttentionParameters& p = plan->call.p;
  int64_t row_bytes = p.query_heads * (4 * plan->wave.columns + 8 * kSums);
  int64_t selected_bytes = 0;
  for (const Budget& budget : plan->budgets) {
    selected_bytes += 4 * (p.kv_heads * budget.mode.block_count + p.query_heads);
  }
  if (!plan->budgets.empty()) {
    int64_t parts = importanceParts(p.query_heads / p.kv_heads);
    row_bytes += 4 * p.kv_heads * (parts * plan->wave.units + mostBlocks(*plan));
    row_bytes += errors(*plan) ? 4 * (2 * p.query_heads * p.layout.head_dim + p.kv_heads) : 0;
  }
  int64_t bytes = plan->watched->wave_bytes;
  plan->rows = std::min(p.tokens, std::max<int64_t>(1, bytes / row_bytes));
  plan->selected = p.tokens;
  if (selected_bytes > 0) {
    int64_t waves = std::min(bytes, kSelectionBytes) / (selected_bytes * plan->rows);
    plan->selected = std::min(p.tokens, std::max<int64_t>(1, waves) * plan->rows);
  }
}

void placeRows(Plan* plan, Carver* carver) {
  const AttentionParameters& p = plan->call.p;
  int64_t heads = plan->rows * p.query_heads;
  plan->wave.values = carver->take<float>(heads * plan->wave.columns * 4);
  plan->wave.sums = carver->take<double>(heads * kSums * 8);
  for (size_t i = 0; i < plan->budgets.size(); i++) {
    Budget& budget = plan->budgets[i];
    bool own = budget.means_of == static_cast<int>(i);
    budget.normalisers = own ? carver->take<float>(plan->selected * p.query_heads * 4)
                             : plan->budgets[budget.means_of].normalisers;
    budget.selected =
        carver->take<int32_t>(plan->selected * p.kv_heads * budget.mode.block_count * 4);
  }
  if (!plan->budgets.empty()) {
    int64_t pairs = plan->rows * p.kv_heads;
    int64_t parts = importanceParts(p.query_heads / p.kv_heads);
    plan->wave.importance = carver->take<float>(pairs * parts * plan->wave.units * 4);
    plan->best = carver->take<int32_t>(pairs * mostBlocks(*plan) * 4);
    if (errors(*plan)) {
      plan->outputs.full = carver->take<float>(heads * p.layout.head_dim * 4);
      plan->outputs.sparse = carver->take<float>(heads * p.layout.head_dim * 4);
      plan->outputs.longest = carver->take<float>(pairs * 4);
    }
  }
}

Plan planOf(const AttentionParameters& p, const Watched& watched) {
  Plan plan = {};
  plan.watched = &watched;
  plan.call = prepare(p);
  Carver carver = {static_cast<char*>(p.workspace), static_cast<int64_t>(workspaceBytes(p))};
  const Observation& asked = plan.asked();
  bool three = p.mode.kind == ModeKind::kThreeBranch;
  for (int gate = 0; gate < 3 && (asked.sinks || asked.watchesBudgets()); gate++) {
    if (gate == 1 || three) {
      plan.log_sums.of_branch[gate] = carver.take<float>(p.tokens * p.query_heads * 4);
    }
  }
  int64_t values = 0;
  for (int64_t s = 0; s < p.sequences; s++) {
    values += p.kv_heads * paddedTokens(watched, s);
  }
  if (asked.sinks || errors(plan)) {
    plan.wave.lengths = carver.take<float>(values * 4);
  }
  plan.wave.sinks = asked.sinks;
  plan.wave.columns = static_cast<int>(columnsOf(asked, p.mode.kind));
  if (asked.watchesBudgets()) {
    planBudgets(&plan, &carver);
    if (errors(plan)) {
      plan.wave.unit_lengths = carver.take<float>(values / plan.wave.unit_tokens * 4);
    }
  }
  planRows(&plan);
  placeRows(&plan, &carver);
  plan.pieces =
      ceilDivide(p.tokens, plan.selected) * (1 + ceilDivide(plan.selected, plan.rows));
  plan.tables = carver.take<int64_t>((plan.pieces * plan.tableWords() + 4 * p.sequences) * 8);
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
  return report;
}

// Rows that are watched, from `begin` to `end`, in pieces of up to `rows`: each begins with a row that is
// watched.
std::vector<int64_t> piecesOf(const Plan& plan, int64_t begin, int64_t end, int64_t rows) {
  const Watched& w = *plan.watched;
  std::vector<int64_t> first;
  int64_t covered = begin;
  for (int64_t s = 0; s < plan.call.p.sequences; s++) {
    int64_t past = pastOf(w, s);
    int64_t from = std::max(w.asked.ranges[2 * s], past);
    int64_t to = std::min(w.asked.ranges[2 * s + 1], tokensOf(w, s));
    int64_t last = std::min(end, w.sequence_starts[s] + to - past);
    int64_t row = std::max(covered, w.sequence_starts[s] + from - past);
    for (; row < last; row += rows) {
      first.push_back(row);
      covered = row + rows;
    }
  }
  return first;
}

// A piece of the call's rows, and where its table stands.
struct Piece {
  int64_t first;
  int64_t last;
  int64_t table;
};

// Rows whose blocks are chosen together, and the waves in which they are counted.
struct Selection {
  Piece rows;
  std::vector<Piece> waves;
};

std::vector<Selection> selectionsOf(const Plan& plan) {
  std::vector<Selection> all;
  int64_t table = 0;
  int64_t tokens = plan.call.p.tokens;
  for (int64_t first : piecesOf(plan, 0, tokens, plan.selected)) {
    int64_t last = std::min(first + plan.selected, tokens);
    Selection selection = {{first, last, table++}, {}};
    for (int64_t row : piecesOf(plan, first, last, plan.rows)) {
      selection.waves.push_back({row, std::min(row + plan.rows, last), table++});
    }
    all.push_back(selection);
  }
  return all;
}

// What the device reads of a piece: starts and past tokens as if its rows were all new ones.
void putTable(const Plan& plan, const Piece& piece, std::vector<int64_t>* tables) {
  const Watched& w = *plan.watched;
  int64_t* at = tables->data() + piece.table * plan.tableWords();
  int64_t sequences = plan.call.p.sequences;
  for (int64_t s = 0; s <= sequences; s++) {
    at[s] = std::clamp(w.sequence_starts[s], piece.first, piece.last) - piece.first;
  }
  for (int64_t s = 0; s < sequences; s++) {
    at[sequences + 1 + s] =
        pastOf(w, s) + at[s] + piece.first - w.sequence_starts[s];
  }
}

std::vector<int64_t> tablesOf(const Plan& plan, const std::vector<Selection>& selections) {
  const Watched& w = *plan.watched;
  int64_t sequences = plan.call.p.sequences;
  std::vector<int64_t> tables(plan.pieces * plan.tableWords(), 0);
  for (const Selection& selection : selections) {
    putTable(plan, selection.rows, &tables);
    for (const Piece& wave : selection.waves) {
      putTable(plan, wave, &tables);
    }
  }
  tables.insert(tables.end(), w.asked.ranges, w.asked.ranges + 2 * sequences);
  int64_t tokens = 0;
  for (int64_t s = 0; s < sequences; s++) {
    tables.push_back(tokens);
    tokens += plan.call.p.kv_heads * paddedTokens(w, s);
  }
  for (int64_t s = 0; s < sequences; s++) {
    tables.push_back(paddedTokens(w, s));
  }
  return tables;
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

// The call whose new tokens are a piece's rows.
Wave waveAt(const Plan& plan, const Piece& piece) {
  Wave wave = plan.wave;
  wave.call = plan.call;
  AttentionParameters& p = wave.call.p;
  int64_t head_bytes = p.layout.head_dim * p.layout.elementBytes();
  p.tokens = piece.last - piece.first;
  p.decoding = false;
  wave.call.prefill = true;
  wave.call.decode = false;
  p.sequence_starts = plan.tables + piece.table * plan.tableWords();
  p.past_tokens = p.sequence_starts + p.sequences + 1;
  wave.call.queries =
      static_cast<char*>(wave.call.queries) + piece.first * p.query_heads * head_bytes;
  if (wave.call.gates != nullptr) {
    wave.call.gates = static_cast<char*>(wave.call.gates) +
                      piece.first * p.query_heads * 3 * p.layout.elementBytes();
  }
  p.selected += piece.first * p.kv_heads * p.mode.block_count;
  return wave;
}

// A wave as a call of a budget's sparse mode; `row`: of its first row among those of the selection.
Wave budgetWave(const Wave& wave, const Budget& budget, int64_t row) {
  Wave of = wave;
  AttentionParameters& p = of.call.p;
  p.mode = budget.mode;
  p.selected = budget.selected + row * p.kv_heads * budget.mode.block_count;
  of.call.means = budget.means;
  of.call.mean_stride = budget.mean_stride;
  of.call.normalisers = budget.normalisers + row * p.query_heads;
  return of;
}

void selectBlocks(const Plan& plan, const Piece& rows, Steps* steps) {
  Wave wave = waveAt(plan, rows);
  for (size_t i = 0; i < plan.budgets.size(); i++) {
    Wave of = budgetWave(wave, plan.budgets[i], 0);
    if (plan.budgets[i].means_of == static_cast<int>(i)) {
      steps->then([&] { return blockNormalisers(of.call); });
    }
    steps->then([&] { return blockTopK(of.call); });
  }
}

void captureBudgets(const Plan& plan, const Wave& wave, int64_t row, const Counted& full,
                    Steps* steps) {
  int column = static_cast<int>(budgetColumn(plan.asked(), ModeKind::kFull));
  for (const Budget& budget : plan.budgets) {
    Wave of = budgetWave(wave, budget, row);
    // Where errors alone are asked for, their column takes the share in passing.
    Captured selected = {of.call.p.selected, column};
    steps->then([&] { return captureMass(of, full, selected); });
    if (plan.asked().capture) {
      steps->then([&] { return chooseBest(of, plan.best); });
      steps->then([&] { return captureMass(of, full, {plan.best, column + 1}); });
      column += 2;
    }
    if (errors(plan)) {
      of.call.gates = nullptr;
      Landing sparse = {1, nullptr, plan.outputs.sparse};
      steps->then([&] { return attendSelected(of.call, sparse); });
      steps->then([&] { return errorColumns(of, plan.outputs, selected, column); });
      column += 2;
    }
  }
}

// `row`: of the wave's first row among those of its selection.
void countWave(const Plan& plan, const Piece& piece, int64_t row, Steps* steps) {
  Wave wave = waveAt(plan, piece);
  const AttentionParameters& p = wave.call.p;
  auto counted = [&](int gate, int64_t column) {
    return Counted{gate, plan.log_sums.of_branch[gate] + piece.first * p.query_heads,
                   static_cast<int>(column)};
  };
  bool sinks = plan.asked().sinks;
  if (p.mode.kind == ModeKind::kFull && (sinks || plan.asked().watchesBudgets())) {
    Counted full = counted(1, kGateColumns);
    steps->then([&] { return countBranch(wave, Branch::kFull, full); });
    if (errors(plan)) {
      Call ungated = wave.call;
      ungated.gates = nullptr;
      Landing whole = {1, nullptr, plan.outputs.full};
      steps->then([&] { return attendBranch(ungated, Branch::kFull, whole); });
    }
    captureBudgets(plan, wave, row, full, steps);
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
  std::vector<Selection> selections = selectionsOf(plan);
  if (selections.empty()) {
    return steps.report;
  }
  std::vector<int64_t> tables = tablesOf(plan, selections);
  steps.then([&] { return upload(tables.data(), plan.tables, tables.size() * 8, p.stream); });
  const int64_t* behind = plan.tables + plan.pieces * plan.tableWords();
  plan.wave.ranges = behind;
  plan.wave.length_starts = behind + 2 * p.sequences;
  plan.wave.length_tokens = behind + 3 * p.sequences;
  plan.wave.call = plan.call;
  if (plan.wave.lengths != nullptr) {
    steps.then([&] { return measureValues(plan.call, plan.wave); });
  }
  if (plan.wave.unit_lengths != nullptr) {
    steps.then([&] { return measureUnits(plan.call, plan.wave); });
  }
  for (size_t i = 0; i < plan.budgets.size(); i++) {
    if (plan.budgets[i].means_of == static_cast<int>(i)) {
      Wave whole = budgetWave(plan.wave, plan.budgets[i], 0);
      steps.then([&] { return blockMeans(whole.call); });
    }
  }
  for (const Selection& selection : selections) {
    selectBlocks(plan, selection.rows, &steps);
    for (const Piece& wave : selection.waves) {
      countWave(plan, wave, wave.first - selection.rows.first, &steps);
    }
  }
  return steps.report;
}

}  // namespace ssa::cuda
