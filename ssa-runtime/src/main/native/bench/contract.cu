// contract.cu: whether the CUDA kernels keep their contract
//
// Random cases, regular, irregular and degenerate; outputs, workspace and pages begin as NaN. Each case
// runs three times and must give the same bits; sequences of a batch must give the bits that they
// give alone, and long ones the bits that they give when they are cut elsewhere; then every row (512
// random ones of a long case) is held against the fp64 oracle:
//   selected  the own block, and no block left out that is more important than one taken, up to ties
//             of epsilon (1e-5 for fp32, else 1e-3); equal importances go to the lower block; window
//             and random blocks exactly (bench/controls.h), best blocks by masses, up to 1e-3
//   out       positions of inf and NaN first, then |x - y| <= tolerance (1 + |y|), then the cosine of
//             a row; tolerances: fp32 2e-5 (sums of 2^11 terms), fp16 2e-3, bf16 1e-2 (a rounding each
//             of weights and result, 2^-11 and 2^-9, and their sums)
//
//   contract          all cases
//   contract small    cases of few tokens, for compute-sanitizer
//   contract long     cases of 65,535 to 131,072 tokens only
//   contract controls cases of window, random and best blocks only; with "small" or "long" those
//   contract divergence  cases of token_divergence only (bench/divergence.h); "small" as above
//   contract watched  cases of attention statistics only (bench/watched.h); with a further word those
//                     whose names contain it, or "small" or "long" as above; with a third
//                     word each in one run, without comparing bits
#include <cstring>
#include <numeric>

#include "bench/check.h"
#include "bench/controls.h"
#include "bench/divergence.h"
#include "bench/head.h"
#include "bench/rows.h"
#include "bench/watched_passing.h"
#include "bench/world.h"

namespace ssa::bench {
namespace {

// The first call's result and the second's, on fresh pages.
std::vector<Result> runBoth(const Case& c, const World& world, size_t first, size_t last) {
  std::vector<int64_t> zero(c.past.size(), 0);
  std::vector<int64_t> all = c.past;
  std::vector<int64_t> of_pages;
  int64_t past = 0;
  for (size_t s = 0; s < all.size(); s++) {
    all[s] += c.fresh[s];
    past += s >= first && s < last ? c.past[s] : 0;
  }
  for (size_t s = first; s < last; s++) {
    of_pages.push_back(all[s]);
  }
  Pages pages(c, of_pages);
  Result before;
  if (past > 0) {
    before = run(c, world, pages, first, last, zero, c.past);
  }
  Result after = run(c, world, pages, first, last, c.past, all);
  return {before, after};
}

bool same(const Result& a, const Result& b) {
  return a.out == b.out && a.selected == b.selected;
}

// Whether each sequence alone gives the bits that it gives in the batch.
bool aloneIsTheSame(const Case& c, const World& world, const Result& together) {
  int64_t row = 0;
  for (size_t s = 0; s < c.fresh.size(); s++) {
    if (c.fresh[s] == 0) {
      continue;
    }
    Result alone = runBoth(c, world, s, s + 1)[1];
    size_t bytes = alone.out.size() / c.fresh[s];
    size_t blocks = c.kv_heads * c.mode.block_count;
    if (std::memcmp(alone.out.data(), together.out.data() + row * bytes, alone.out.size()) != 0 ||
        !std::equal(alone.selected.begin(), alone.selected.end(),
                    together.selected.begin() + row * blocks)) {
      return false;
    }
    row += c.fresh[s];
  }
  return true;
}

// Whether the last tokens have the same bits if `earlier` of the second call's go in by the first.
bool cutIsTheSame(const Case& c, int64_t earlier) {
  Case cut = c;
  for (size_t s = 0; s < c.fresh.size(); s++) {
    int64_t moved = std::min(earlier, c.fresh[s] - 2);
    cut.past[s] += moved;
    cut.fresh[s] -= moved;
  }
  World world = makeWorld(c);
  Result whole = runBoth(c, world, 0, c.fresh.size())[1];
  Result part = runBoth(cut, world, 0, c.fresh.size())[1];
  int64_t rows = std::accumulate(c.fresh.begin(), c.fresh.end(), int64_t{0});
  size_t bytes = whole.out.size() / rows;
  size_t blocks = c.kv_heads * c.mode.block_count;
  int64_t row = 0;
  int64_t part_row = 0;
  bool same = true;
  for (size_t s = 0; s < c.fresh.size(); s++) {
    row += c.fresh[s] - cut.fresh[s];
    same = same &&
           std::memcmp(whole.out.data() + row * bytes, part.out.data() + part_row * bytes,
                       cut.fresh[s] * bytes) == 0 &&
           std::equal(part.selected.begin() + part_row * blocks,
                      part.selected.begin() + (part_row + cut.fresh[s]) * blocks,
                      whole.selected.begin() + row * blocks);
    row += cut.fresh[s];
    part_row += cut.fresh[s];
  }
  std::printf("%-6s %s, cut %lld tokens later\n", same ? "ok" : "WRONG", c.name.c_str(),
              static_cast<long long>(earlier));
  std::fflush(stdout);
  return same;
}

bool passes(const Case& c, int64_t most_rows, int repeats) {
  World world = makeWorld(c);
  std::vector<Result> results = runBoth(c, world, 0, c.fresh.size());
  bool deterministic = true;
  for (int i = 1; i < repeats; i++) {
    std::vector<Result> again = runBoth(c, world, 0, c.fresh.size());
    deterministic = deterministic && same(results[0], again[0]) && same(results[1], again[1]);
  }
  bool independent = c.fresh.size() == 1 || aloneIsTheSame(c, world, results[1]);
  Verdict verdict;
  int64_t before = 0;
  int64_t after = 0;
  for (size_t s = 0; s < c.fresh.size(); s++) {
    const Sequence& sequence = world.rotated[s];
    if (!results[0].out.empty()) {
      checkRows(Check(c, sequence, results[0], before, 0, s), rowsToCheck(0, c.past[s], most_rows),
                &verdict);
    }
    checkRows(Check(c, sequence, results[1], after, c.past[s], s),
              rowsToCheck(c.past[s], c.past[s] + c.fresh[s], most_rows), &verdict);
    before += c.past[s];
    after += c.fresh[s];
  }
  bool good = deterministic && independent && verdict.rows > 0 &&
              verdict.wrong_selections == 0 && verdict.wrong_rows == 0;
  std::printf("%-6s %-58s rows %6lld  selections wrong %lld  rows wrong %lld  error %.1e%s%s\n",
              good ? "ok" : "WRONG", c.name.c_str(), static_cast<long long>(verdict.rows),
              static_cast<long long>(verdict.wrong_selections),
              static_cast<long long>(verdict.wrong_rows), verdict.largest_error,
              deterministic ? "" : "  BITS DIFFER BETWEEN RUNS",
              independent ? "" : "  BITS DEPEND ON NEIGHBOURS");
  std::fflush(stdout);
  return good;
}

struct Tally {
  int64_t run = 0;
  int64_t wrong = 0;

  void count(bool good) {
    run++;
    wrong += !good;
  }
};

void headCases(bool small, Tally* tally) {
  for (Element e : {Element::kBFloat16, Element::kFloat16, Element::kFloat32}) {
    tally->count(headPasses(e, 1, 1, 8, 1, false));
    tally->count(headPasses(e, 3, 130, 40, 0.1f, false));
    tally->count(headPasses(e, 130, 1100, 72, 0.1f, true));
    if (!small) {
      tally->count(headPasses(e, 333, 5003, 192, 0.1f, false));
      tally->count(headPasses(e, 129, 2049, 200, 2, false));
    }
  }
}

void divergenceCasesOf(bool small, Tally* tally) {
  for (const DivergenceCase& d : divergenceCases(small)) {
    tally->count(divergencePasses(d));
  }
}

void rowCases(Tally* tally) {
  for (Element e : {Element::kBFloat16, Element::kFloat16, Element::kFloat32}) {
    for (int64_t width : {4, 132, 512, 2048, 5000}) {
      tally->count(normPasses(e, 5, width, true, 1));
      tally->count(normPasses(e, 1, width, false, 0.01f));
      tally->count(gluPasses(e, 5, width, 3));
    }
    // Its exponential overflows.
    tally->count(gluPasses(e, 3, 64, 60));
  }
}

void residualCases(Tally* tally) {
  for (int64_t width : {1, 2, 3, 64, 127, 2048, 20000}) {
    tally->count(residualPasses(5, width, 1));
    tally->count(residualPasses(1, width, 100));
  }
  tally->count(residualPasses(2500, 512, 3));
}

void watchedCasesOf(const std::string& which, bool once, Tally* tally) {
  bool small = which == "small";
  std::vector<WatchedCase> cases = which == "long" ? longWatchedCases() : watchedCases();
  for (const WatchedCase& w : which == "long" ? std::vector<WatchedCase>() : passingCases()) {
    cases.push_back(w);
  }
  for (const WatchedCase& w : cases) {
    int64_t tokens = std::accumulate(w.base.fresh.begin(), w.base.fresh.end(), int64_t{0});
    bool named = which.empty() || which == "long" || w.base.name.find(which) != std::string::npos;
    if (small ? tokens <= 130 : named) {
      tally->count(watchedPasses(w, !small && !once));
    }
  }
}

// Whether the rule of the oracle tells right selections from wrong ones.
bool oracleTellsApart() {
  const Mode mode = sparse(8, 3);
  const std::vector<double> importance = {0.4, 0.1, 0.3, 0.15, 0.05};
  auto holds = [&](std::vector<int32_t> selected) {
    return selectionHolds(mode, importance, 40, selected.data(), 1e-3);
  };
  return holds({0, 2, 5}) && !holds({0, 3, 5}) && !holds({0, 2, 4}) && !holds({2, 0, 5}) &&
         !holds({0, 2, -1}) && !holds({0, 5, -1}) && !holds({0, 5, 5});
}

// Whether the oracle of errors tries what may be chosen as well, and nothing else.
bool oracleTriesTies() {
  using Choices = std::vector<std::vector<int64_t>>;
  const std::vector<double> worth = {0.4, 0.2, 0.2001, 0.1999, 0.05};
  const std::vector<double> same(5, 0.2);
  return choicesOf({0, 1, 5}, {}, worth) == Choices{{0, 1, 5}} &&
         choicesOf({0, 2, 5}, {2, 1, 3}, worth) == Choices{{0, 3, 5}, {0, 1, 5}, {0, 2, 5}} &&
         choicesOf({0, 1, 2, 5}, {2, 1, 3}, worth) ==
             Choices{{0, 1, 3, 5}, {0, 2, 3, 5}, {0, 1, 2, 5}} &&
         choicesOf({0, 1, 5}, {0, 1, 2, 3, 4}, same) == Choices{{0, 1, 5}};
}

int end(const Tally& tally) {
  std::printf("%lld cases, %lld wrong\n", static_cast<long long>(tally.run),
              static_cast<long long>(tally.wrong));
  return tally.wrong == 0 ? 0 : 1;
}

void longControlCasesOf(Tally* tally) {
  for (const Case& c : longControlCases()) {
    tally->count(passes(c, 128, 2));
    tally->count(cutIsTheSame(c, 500));
  }
}

void controlCasesOf(bool small, Tally* tally) {
  for (const Case& c : controlCases()) {
    int64_t tokens = std::accumulate(c.past.begin(), c.past.end(), int64_t{0}) +
                     std::accumulate(c.fresh.begin(), c.fresh.end(), int64_t{0});
    if (!small || tokens <= 400) {
      tally->count(passes(c, small ? 4 : 160, small ? 1 : 3));
    }
  }
  if (small) {
    return;
  }
  for (const Case& c : cutControlCases()) {
    tally->count(cutIsTheSame(c, kControlCut));
  }
  for (const WatchedCase& w : watchedControlCases()) {
    tally->count(watchedPasses(w, true));
  }
}

int main(int argc, char** argv) {
  if (!oracleTellsApart() || !oracleTriesTies()) {
    std::fprintf(stderr, "the oracle accepts a wrong selection\n");
    return 2;
  }
  std::string which = argc > 1 ? argv[1] : "all";
  Tally tally;
  if (which == "divergence") {
    divergenceCasesOf(argc > 2 && std::string(argv[2]) == "small", &tally);
    return end(tally);
  }
  if (which == "watched") {
    if (argc <= 2) {
      residualCases(&tally);
    }
    watchedCasesOf(argc > 2 ? argv[2] : "", argc > 3, &tally);
    return end(tally);
  }
  if (which == "controls") {
    std::string of = argc > 2 ? argv[2] : "";
    if (of == "long") {
      longControlCasesOf(&tally);
    } else {
      controlCasesOf(of == "small", &tally);
    }
    return end(tally);
  }
  if (which != "long") {
    controlCasesOf(which == "small", &tally);
    headCases(which == "small", &tally);
    divergenceCasesOf(which == "small", &tally);
    rowCases(&tally);
    residualCases(&tally);
    for (const Case& c : allCases()) {
      int64_t tokens = 0;
      for (size_t s = 0; s < c.fresh.size(); s++) {
        tokens += c.past[s] + c.fresh[s];
      }
      if (which == "small" && tokens > 400) {
        continue;
      }
      tally.count(passes(c, which == "small" ? 4 : 160, which == "small" ? 1 : 3));
    }
  }
  if (which != "small") {
    longControlCasesOf(&tally);
    for (const Case& c : longCases()) {
      tally.count(passes(c, 512, 2));
      if (c.past[0] > 0) {
        tally.count(cutIsTheSame(c, 500));
      }
    }
  }
  watchedCasesOf(which == "all" ? "" : which, false, &tally);
  return end(tally);
}

}  // namespace
}  // namespace ssa::bench

int main(int argc, char** argv) { return ssa::bench::main(argc, argv); }
