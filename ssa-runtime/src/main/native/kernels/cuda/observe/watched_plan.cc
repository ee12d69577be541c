// watched_plan.cc: see watched_plan.h
#include "kernels/cuda/observe/watched_plan.h"

#include <algorithm>

#include "kernels/cuda/carver.h"

namespace ssa::cuda {
namespace {

constexpr int64_t kPage = PageLayout::kTokens;

// Memory for the selections of as many rows as it holds, in which the kernels that choose blocks find
// enough to do.
constexpr int64_t kSelectionBytes = int64_t{32} << 20;

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

// Whole tiles of rows, of `rows` at most, if they are one.
int64_t wholeTiles(int64_t rows, int64_t tokens) {
  return rows < tokens ? std::max<int64_t>(1, rows) : rows / tokens * tokens;
}

// How many rows a wave, and the selections before it, have memory for.
void planRows(Plan* plan) {
  const AttentionParameters& p = plan->call.p;
  int64_t row_bytes = p.query_heads * (4 * plan->wave.columns + 8 * kSums);
  row_bytes += plan->in_passing ? 4 * p.query_heads : 0;
  int64_t selected_bytes = 0;
  for (const Budget& budget : plan->budgets) {
    selected_bytes += 4 * (p.kv_heads * budget.mode.block_count + p.query_heads);
  }
  if (!plan->budgets.empty()) {
    int64_t parts = importanceParts(p.query_heads / p.kv_heads);
    row_bytes += 4 * p.kv_heads * mostBlocks(*plan);
    row_bytes += plan->counts() ? 4 * p.kv_heads * parts * plan->wave.units : 0;
    row_bytes += plan->shares() ? p.query_heads * (2 * plan->wave.units + 4) : 0;
    row_bytes += plan->errors() ? 4 * (2 * p.query_heads * p.layout.head_dim + p.kv_heads) : 0;
  }
  int64_t bytes = plan->watched->wave_bytes;
  int64_t selection_bytes = std::min(bytes, kSelectionBytes);
  int64_t tokens = countedTokens(plan->call);
  if (plan->in_passing) {
    tokens = tokensWatchedInPassing(plan->call);
  }
  plan->rows = std::max<int64_t>(1, bytes / row_bytes);
  plan->rows = plan->rows < p.tokens ? wholeRounds(plan->call, plan->rows, tokens) : p.tokens;
  if (plan->shares()) {
    // Nine tenths of it are the shares of the last rows: with less, these do not fill the device.
    bytes = bytes / 5 * 7;
    selection_bytes /= 2;
    int64_t of_shares = p.query_heads * 2 * plan->wave.units;
    int64_t full = wholeTiles(bytes / (2 * row_bytes - of_shares), tokens);
    plan->rows = std::min(p.tokens, 2 * full);
    plan->share_bytes = std::min(p.tokens, full) * of_shares;
  }
  plan->selected = p.tokens;
  if (selected_bytes > 0) {
    int64_t waves = selection_bytes / (selected_bytes * plan->rows);
    plan->selected = std::min(p.tokens, std::max<int64_t>(1, waves) * plan->rows);
  }
}

// Memory in the place of shares, which come only behind what is kept there.
float* inPlaceOfShares(const Plan& plan, int64_t begin, int64_t bytes, Carver* carver) {
  if (begin + bytes > plan.share_bytes) {
    return carver->take<float>(bytes);
  }
  char* shares = reinterpret_cast<char*>(plan.wave.shares.of_heads);
  return reinterpret_cast<float*>(shares == nullptr ? nullptr : shares + begin);
}

void placeRows(Plan* plan, Carver* carver) {
  const AttentionParameters& p = plan->call.p;
  int64_t heads = plan->rows * p.query_heads;
  plan->wave.values = carver->take<float>(heads * plan->wave.columns * 4);
  plan->wave.sums = carver->take<double>(heads * kSums * 8);
  if (plan->in_passing && !plan->call.decode) {
    plan->log_sums.of_branch[1] = carver->take<float>(heads * 4);
  }
  if (plan->shares()) {
    plan->wave.shares.of_heads = carver->take<uint16_t>(plan->share_bytes);
    plan->wave.shares.weights = carver->take<float>(heads * 4);
  }
  int64_t normaliser_bytes = ceilDivide(plan->selected * p.query_heads * 4, 256) * 256;
  for (size_t i = 0; i < plan->budgets.size(); i++) {
    Budget& budget = plan->budgets[i];
    bool own = budget.means_of == static_cast<int>(i);
    int64_t begin = static_cast<int64_t>(i) * normaliser_bytes;
    budget.normalisers = own ? inPlaceOfShares(*plan, begin, normaliser_bytes, carver)
                             : plan->budgets[budget.means_of].normalisers;
    budget.selected =
        carver->take<int32_t>(plan->selected * p.kv_heads * budget.mode.block_count * 4);
  }
  if (!plan->budgets.empty()) {
    int64_t pairs = plan->rows * p.kv_heads;
    int64_t parts = importanceParts(p.query_heads / p.kv_heads);
    if (plan->counts()) {
      plan->wave.importance = carver->take<float>(pairs * parts * plan->wave.units * 4);
    }
    plan->best = carver->take<int32_t>(pairs * mostBlocks(*plan) * 4);
    if (plan->errors()) {
      plan->outputs.full = carver->take<float>(heads * p.layout.head_dim * 4);
      plan->outputs.sparse = carver->take<float>(heads * p.layout.head_dim * 4);
      plan->outputs.longest = carver->take<float>(pairs * 4);
    }
  }
}

// Units of the longest sequence of rows [first, last), whole pages.
int64_t unitsOf(const Plan& plan, int64_t first, int64_t last) {
  const Watched& w = *plan.watched;
  int64_t most = 1;
  for (int64_t s = 0; s < plan.call.p.sequences; s++) {
    int64_t from = std::max(first, w.sequence_starts[s]);
    int64_t to = std::min(last, w.sequence_starts[s + 1]);
    if (from < to) {
      most = std::max(most, pastOf(w, s) + to - w.sequence_starts[s]);
    }
  }
  return ceilDivide(most, kPage) * (kPage / kShareTokens);
}

// How many rows make the wave that begins at `row`, up to `end`.
int64_t waveRows(const Plan& plan, int64_t row, int64_t end) {
  if (!plan.shares()) {
    return plan.rows;
  }
  int64_t rows = std::min(plan.rows, end - row);
  int64_t fit = rows;
  do {
    rows = fit;
    int64_t row_bytes = plan.call.p.query_heads * 2 * unitsOf(plan, row, row + rows);
    fit = std::max<int64_t>(1, plan.share_bytes / row_bytes);
  } while (fit < rows);
  int64_t tokens = tokensWatchedInPassing(plan.call);
  return row + rows == end ? rows : wholeRounds(plan.call, wholeTiles(rows, tokens), tokens);
}

// Rows that are watched, from `begin` to `end`, in pieces of as many as rows(first, end) says: each begins with
// a row that is watched.
template <typename RowsOf>
std::vector<Piece> piecesOf(const Plan& plan, int64_t begin, int64_t end, int64_t* table,
                            RowsOf rows_of) {
  const Watched& w = *plan.watched;
  std::vector<Piece> pieces;
  int64_t covered = begin;
  for (int64_t s = 0; s < plan.call.p.sequences; s++) {
    int64_t past = pastOf(w, s);
    int64_t from = std::max(w.asked.ranges[2 * s], past);
    int64_t to = std::min(w.asked.ranges[2 * s + 1], tokensOf(w, s));
    int64_t last = std::min(end, w.sequence_starts[s] + to - past);
    int64_t row = std::max(covered, w.sequence_starts[s] + from - past);
    while (row < last) {
      covered = std::min(end, row + rows_of(row, end));
      pieces.push_back({row, covered, (*table)++, unitsOf(plan, row, covered)});
      row = covered;
    }
  }
  return pieces;
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

}  // namespace

Plan planOf(const AttentionParameters& p, const Watched& watched) {
  Plan plan = {};
  plan.watched = &watched;
  plan.call = prepare(p);
  Carver carver = {static_cast<char*>(p.workspace), static_cast<int64_t>(workspaceBytes(p))};
  const Observation& asked = plan.asked();
  bool three = p.mode.kind == ModeKind::kThreeBranch;
  plan.in_passing = watchesInPassing(plan.call) && (asked.sinks || asked.watchesBudgets());
  for (int64_t i = 0; i < asked.budget_count; i++) {
    plan.in_passing = plan.in_passing && asked.budgets[i].block_size >= kShareTokens;
  }
  for (int gate = 0; gate < 3 && (asked.sinks || asked.watchesBudgets()); gate++) {
    if ((gate == 1 && plan.counts()) || three) {
      plan.log_sums.of_branch[gate] = carver.take<float>(p.tokens * p.query_heads * 4);
    }
  }
  int64_t values = 0;
  for (int64_t s = 0; s < p.sequences; s++) {
    values += p.kv_heads * paddedTokens(watched, s);
  }
  if (asked.sinks || plan.errors()) {
    plan.wave.lengths = carver.take<float>(values * 4);
  }
  if (asked.sinks && plan.in_passing) {
    plan.wave.shares.lengths = carver.take<uint16_t>(values * 2);
  }
  plan.wave.sinks = asked.sinks;
  plan.wave.columns = static_cast<int>(columnsOf(asked, p.mode.kind));
  if (asked.watchesBudgets()) {
    planBudgets(&plan, &carver);
    if (plan.errors()) {
      plan.wave.unit_lengths = carver.take<float>(values / plan.wave.unit_tokens * 4);
    }
  }
  planRows(&plan);
  placeRows(&plan, &carver);
  plan.pieces = 2 * p.sequences + 2;  // of rows that no wave has
  for (const Selection& selection : selectionsOf(plan)) {
    plan.pieces += 1 + static_cast<int64_t>(selection.waves.size());
  }
  plan.tables = carver.take<int64_t>((plan.pieces * plan.tableWords() + 4 * p.sequences) * 8);
  plan.bytes = carver.used;
  return plan;
}

std::vector<Selection> selectionsOf(const Plan& plan) {
  std::vector<Selection> all;
  int64_t table = 0;
  auto selected = [&](int64_t, int64_t) { return plan.selected; };
  auto waves = [&](int64_t row, int64_t end) { return waveRows(plan, row, end); };
  int64_t pieces = 0;
  for (const Piece& rows : piecesOf(plan, 0, plan.call.p.tokens, &pieces, selected)) {
    all.push_back({rows, {}});
    all.back().rows.table = table++;
    all.back().waves = piecesOf(plan, rows.first, rows.last, &table, waves);
  }
  return all;
}

std::vector<Piece> othersOf(const Plan& plan, const std::vector<Selection>& selections) {
  std::vector<Piece> others;
  int64_t covered = 0;
  int64_t table = 0;
  for (const Selection& selection : selections) {
    for (const Piece& wave : selection.waves) {
      if (wave.first > covered) {
        others.push_back({covered, wave.first, 0, 0});
      }
      covered = wave.last;
      table = wave.table + 1;
    }
  }
  if (covered < plan.call.p.tokens) {
    others.push_back({covered, plan.call.p.tokens, 0, 0});
  }
  for (Piece& piece : others) {
    piece.table = table++;
  }
  return others;
}

std::vector<int64_t> tablesOf(const Plan& plan, const std::vector<Selection>& selections,
                              const std::vector<Piece>& others) {
  const Watched& w = *plan.watched;
  int64_t sequences = plan.call.p.sequences;
  std::vector<int64_t> tables(plan.pieces * plan.tableWords(), 0);
  for (const Selection& selection : selections) {
    putTable(plan, selection.rows, &tables);
    for (const Piece& wave : selection.waves) {
      putTable(plan, wave, &tables);
    }
  }
  for (const Piece& piece : others) {
    putTable(plan, piece, &tables);
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

}  // namespace ssa::cuda
