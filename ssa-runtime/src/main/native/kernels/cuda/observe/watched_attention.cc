// watched_attention.cc: an attention call that tells where its attention goes, wave by wave
//
// in    AttentionParameters, Watched (kernels/cuda/cuda.h)
// out   what attention.cc gives, bit for bit; the totals, added to
// math  full mode: rows are counted as they are answered (attend_watched_sm90.cu), or every key is counted
//       once more with the known sum (count_branch.cu), which gives the group sinks and, per unit of tokens,
//       the mass of each query head or of its group; from the latter the best blocks (choose_best.cu), from
//       the sparse mode's kernels the selected ones; the mass of either is counted over their keys
//       (count_selected.cu), and for the group error both are attended to once more (error_columns.cu).
//       Sparse modes: their branches are counted.
// cost  see the kernels; a wave is launched once
// num.  statistics of a row do not depend on its wave; totals are added in fp64, row after row
// memory see watched_plan.h
// twin  kernels/cpu/observed_attention.h      oracle  bench/watched.h
#include <cstdio>

#include "kernels/cuda/limits.h"
#include "kernels/cuda/observe/watched_plan.h"

namespace ssa::cuda {
namespace {

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
  wave.call_starts = plan.call.p.sequence_starts;
  wave.decodes = plan.call.decode;
  wave.shares.units = piece.units;
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
  p.out = static_cast<char*>(p.out) + piece.first * p.query_heads * head_bytes;
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

// As a wave of which only the sequences that decode are counted.
Wave decodedOf(const Wave& wave) {
  Wave decoded = wave;
  decoded.decoded = wave.call_starts;
  return decoded;
}

// Answers the wave's rows that are read, and counts all.
void answerWave(const Plan& plan, const Wave& wave, const Counted& full, Steps* steps) {
  Landing landing = {1, nullptr, nullptr, const_cast<float*>(full.log_sums), true};
  steps->then([&] { return attendWatched(wave, full, landing); });
  if (plan.call.decode) {
    steps->then([&] { return countBranch(decodedOf(wave), Branch::kFull, full); });
  }
}

void chooseBestBlocks(const Plan& plan, const Wave& of, Steps* steps) {
  if (!plan.in_passing) {
    steps->then([&] { return chooseBest(of, plan.best); });
    return;
  }
  steps->then([&] { return chooseBestOfShares(of, plan.best); });
  if (plan.call.decode) {
    steps->then([&] { return chooseBest(decodedOf(of), plan.best); });
  }
}

void captureBudgets(const Plan& plan, const Wave& wave, int64_t row, const Counted& full,
                    Steps* steps) {
  int column = static_cast<int>(budgetColumn(plan.asked(), ModeKind::kFull));
  if (plan.shares()) {
    steps->then([&] { return addShares(wave); });
  }
  for (const Budget& budget : plan.budgets) {
    Wave of = budgetWave(wave, budget, row);
    // Where errors alone are asked for, their column takes the share in passing.
    Captured selected = {of.call.p.selected, column};
    Captured best = {};
    if (plan.asked().capture) {
      best = {plan.best, column + 1};
      chooseBestBlocks(plan, of, steps);
    }
    steps->then([&] { return captureMass(of, full, selected, best); });
    if (plan.asked().capture) {
      if (plan.in_passing) {
        steps->then([&] { return keepLarger(of, column, column + 1); });
      }
      column += 2;
    }
    if (plan.errors()) {
      of.call.gates = nullptr;
      Landing sparse = {1, nullptr, plan.outputs.sparse};
      sparse.exact = true;
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
    int64_t first = plan.counts() ? piece.first : 0;
    return Counted{gate, plan.log_sums.of_branch[gate] + first * p.query_heads,
                   static_cast<int>(column)};
  };
  bool sinks = plan.asked().sinks;
  if (p.mode.kind == ModeKind::kFull && (sinks || plan.asked().watchesBudgets())) {
    Counted full = counted(1, kGateColumns);
    if (plan.in_passing) {
      answerWave(plan, wave, full, steps);
    } else {
      steps->then([&] { return countBranch(wave, Branch::kFull, full); });
    }
    if (plan.errors()) {
      Call ungated = wave.call;
      ungated.gates = nullptr;
      Landing whole = {1, nullptr, plan.outputs.full};
      whole.exact = true;
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

// Answers what no wave will: rows that nobody watches, then sequences that decode.
void answerOthers(const Plan& plan, const std::vector<Piece>& others, Steps* steps) {
  for (const Piece& piece : others) {
    Call call = waveAt(plan, piece).call;
    steps->then([&] { return attendBranch(call, Branch::kFull, {1, nullptr, nullptr}); });
  }
  if (plan.call.decode) {
    Call decoding = plan.call;
    decoding.prefill = false;
    Landing landing = {1, nullptr, nullptr, plan.log_sums.of_branch[1], true};
    steps->then([&] { return attendBranch(decoding, Branch::kFull, landing); });
  }
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
  std::vector<Selection> selections = selectionsOf(plan);
  bool in_passing = plan.in_passing && !selections.empty();
  // Where rows are counted in passing, there is no room for all rows' logarithms, nor are they asked for.
  LogSums sums = plan.in_passing ? LogSums() : plan.log_sums;
  steps.then([&] { return in_passing ? append(plan.call) : attend(plan.call, sums); });
  if (selections.empty()) {
    return steps.report;
  }
  std::vector<Piece> others = in_passing ? othersOf(plan, selections) : std::vector<Piece>();
  std::vector<int64_t> tables = tablesOf(plan, selections, others);
  steps.then([&] { return upload(tables.data(), plan.tables, tables.size() * 8, p.stream); });
  const int64_t* behind = plan.tables + plan.pieces * plan.tableWords();
  plan.wave.ranges = behind;
  plan.wave.length_starts = behind + 2 * p.sequences;
  plan.wave.length_tokens = behind + 3 * p.sequences;
  plan.wave.call = plan.call;
  if (in_passing) {
    answerOthers(plan, others, &steps);
  }
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
