// select_best.cc: the blocks that hold most of what a KV head's group attends to
//
// in    queries, the keys in the pages; the host's sequence starts and past tokens
// out   selected [T, H, k]  int32 ascending, then -1; out is written over, as attention to all keys
// math  full attention leaves the logarithm of each row's sum (attend_branch.cu); with it every key is
//       weighed once more, summed over units of 8 or 16 keys and the group's heads (count_branch.cu); the
//       own block and the k - 1 blocks before it with the largest sums (choose_best.cu): what
//       captured_best counts
// cost  that of full attention, and 2 t HQ D flop and t HQ exponentials per token
// num.  that of the named files. Where a row's sum is no number all its masses are none, and the lower
//       blocks are taken
// memory per row and head 4 bytes; waves of as many rows as kWaveBytes hold masses of
// twin  kernels/cpu/select_best.h      oracle  bench/controls.h
#include "kernels/cuda/selection/select_best.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "kernels/cuda/observe/observe.h"

namespace ssa::cuda {
namespace {

constexpr int64_t kWaveBytes = int64_t{192} << 20;
constexpr int64_t kPage = PageLayout::kTokens;

int unitTokens(const Mode& mode) { return mode.block_size == 8 ? 8 : 16; }

int64_t tableWords(const Call& call) { return 2 * call.p.sequences + 1; }

// Rows that belong to sequences.
int64_t rowsOf(const Call& call) { return call.p.host_starts[call.p.sequences]; }

// What the device reads of each wave: starts and past tokens as if its rows were all new ones.
std::vector<int64_t> tablesOf(const Call& call) {
  const AttentionParameters& p = call.p;
  std::vector<int64_t> tables;
  for (int64_t i = 0; i < call.best.pieces; i++) {
    int64_t first = std::min(i * call.best.rows, rowsOf(call));
    int64_t last = std::min(first + call.best.rows, rowsOf(call));
    auto start = [&](int64_t s) { return std::clamp(p.host_starts[s], first, last) - first; };
    for (int64_t s = 0; s <= p.sequences; s++) {
      tables.push_back(start(s));
    }
    for (int64_t s = 0; s < p.sequences; s++) {
      int64_t before = p.host_past == nullptr ? 0 : p.host_past[s];
      tables.push_back(before + start(s) + first - p.host_starts[s]);
    }
  }
  for (int64_t s = 0; s < p.sequences; s++) {
    tables.push_back(0);
    tables.push_back(INT32_MAX);
  }
  return tables;
}

// The call whose new tokens are a piece's rows.
Wave waveAt(const Call& call, int64_t piece) {
  int64_t first = piece * call.best.rows;
  Wave wave = {};
  wave.call = call;
  AttentionParameters& p = wave.call.p;
  p.tokens = std::min(call.best.rows, rowsOf(call) - first);
  p.decoding = false;
  wave.call.prefill = true;
  wave.call.decode = false;
  p.sequence_starts = call.best.tables + piece * tableWords(call);
  p.past_tokens = p.sequence_starts + p.sequences + 1;
  wave.call.queries = static_cast<char*>(call.queries) +
                      first * p.query_heads * p.layout.head_dim * p.layout.elementBytes();
  p.selected += first * p.kv_heads * p.mode.block_count;
  wave.ranges = call.best.tables + call.best.pieces * tableWords(call);
  wave.sums = call.best.sums;
  wave.importance = call.best.importance;
  wave.units = call.best.units;
  wave.unit_tokens = unitTokens(p.mode);
  return wave;
}

}  // namespace

void placeBest(Call& call, Carver& carver) {
  const AttentionParameters& p = call.p;
  BestMasses& best = call.best;
  int64_t parts = importanceParts(p.query_heads / p.kv_heads);
  best.units = ceilDivide(p.most_tokens, kPage) * (kPage / unitTokens(p.mode));
  int64_t row_bytes = p.query_heads * kSums * 8 + p.kv_heads * parts * best.units * 4;
  best.rows = std::max<int64_t>(1, kWaveBytes / row_bytes);
  best.rows = best.rows < p.tokens ? wholeRounds(call, best.rows, countedTokens(call)) : std::max<int64_t>(1, p.tokens);
  best.pieces = ceilDivide(p.tokens, best.rows);
  best.log_sums = carver.take<float>(p.tokens * p.query_heads * 4);
  best.sums = carver.take<double>(best.rows * p.query_heads * kSums * 8);
  best.importance = carver.take<float>(best.rows * p.kv_heads * parts * best.units * 4);
  best.tables = carver.take<int64_t>((best.pieces * tableWords(call) + 2 * p.sequences) * 8);
}

Report selectBest(const Call& call) {
  const AttentionParameters& p = call.p;
  Report report = attendBranch(call, Branch::kFull, {1, nullptr, nullptr, call.best.log_sums, true});
  std::vector<int64_t> tables = tablesOf(call);
  if (report.done) {
    report = upload(tables.data(), call.best.tables, tables.size() * 8, p.stream);
  }
  for (int64_t i = 0; i * call.best.rows < rowsOf(call) && report.done; i++) {
    Wave wave = waveAt(call, i);
    int64_t first = i * call.best.rows;
    report = countBranch(wave, Branch::kFull, {1, call.best.log_sums + first * p.query_heads, 0});
    if (report.done) {
      report = chooseBest(wave, wave.call.p.selected);
    }
  }
  return report;
}

}  // namespace ssa::cuda
