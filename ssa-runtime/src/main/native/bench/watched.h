// watched.h: whether statistics keep their contract
//
// A case is watched in two calls, the second of which adds to what the first made. Against it must give
// the same bits: the same again; waves of a few rows; each sequence alone; where nothing is decoded, one
// call for all; and, of the answer, the same calls unwatched. Then the mean over the queries of each
// sequence, bucket and head is held against the fp64 oracle: relative or absolute, whichever allows more,
// 1e-5 or 1e-6 for fp32, 1e-2 or 1e-3 for 16 bits, plus what exchanging blocks as good as tied may change.
#pragma once

#include <cstring>
#include <string>

#include "bench/cases.h"
#include "bench/watched_oracle.h"
#include "bench/world.h"

namespace ssa::bench {

struct WatchedCase {
  Case base;
  Watching watching;
  bool whole = true;  // the oracle takes all queries, else only those of the second call
};

struct WatchedTolerance {
  double relative;
  double absolute;
  double ties;
};

inline WatchedTolerance watchedTolerance(Element element) {
  if (element == Element::kFloat32) {
    return {1e-5, 1e-6, 1e-5};
  }
  return {1e-2, 1e-3, 2e-3};
}

inline int64_t bucketsFor(int64_t tokens) {
  int64_t buckets = 1;
  for (int64_t end = 1024; end < tokens; end *= 2) {
    buckets++;
  }
  return buckets;
}

struct WatchedResult {
  Result first;
  Result second;
  std::vector<double> totals;
};

// The case's two calls, for the sequences [first, last).
inline WatchedResult watch(const Case& c, const World& world, Watching watching, size_t first,
                           size_t last) {
  std::vector<int64_t> zero(c.past.size(), 0);
  std::vector<int64_t> all = c.past;
  std::vector<int64_t> of_pages;
  bool before = false;
  for (size_t s = 0; s < all.size(); s++) {
    all[s] += c.fresh[s];
  }
  for (size_t s = first; s < last; s++) {
    of_pages.push_back(all[s]);
    before = before || c.past[s] > 0;
  }
  Pages pages(c, of_pages);
  WatchedResult result;
  if (before) {
    result.first = run(c, world, pages, first, last, zero, c.past, &watching);
  }
  result.second = run(c, world, pages, first, last, c.past, all, &watching);
  result.totals = watching.totals;
  return result;
}

inline bool sameBits(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

// What is wrong with the bits of a case, in words; empty: nothing.
inline std::string bitsThatDiffer(const WatchedCase& w, const World& world,
                                  const WatchedResult& result) {
  const Case& c = w.base;
  size_t sequences = c.fresh.size();
  std::string wrong;
  if (!sameBits(result.totals, watch(c, world, w.watching, 0, sequences).totals)) {
    wrong += "  BITS DIFFER BETWEEN RUNS";
  }
  Watching narrow = w.watching;
  narrow.wave_bytes = 200000;
  if (!sameBits(result.totals, watch(c, world, narrow, 0, sequences).totals)) {
    wrong += "  BITS DEPEND ON WAVES";
  }
  size_t each = result.totals.size() / sequences;
  for (size_t s = 0; s < sequences && sequences > 1; s++) {
    if (c.fresh[s] == 0) {
      continue;
    }
    std::vector<double> alone = watch(c, world, w.watching, s, s + 1).totals;
    if (std::memcmp(alone.data(), result.totals.data() + s * each, each * sizeof(double)) != 0) {
      wrong += "  BITS DEPEND ON NEIGHBOURS";
      break;
    }
  }
  Case one = c;
  bool cut = false;
  for (size_t s = 0; s < sequences; s++) {
    cut = cut || c.past[s] > 0;
    one.fresh[s] += one.past[s];
    one.past[s] = 0;
  }
  if (cut && !c.decoding &&
      !sameBits(result.totals, watch(one, world, w.watching, 0, sequences).totals)) {
    wrong += "  BITS DEPEND ON CHUNKS";
  }
  std::vector<int64_t> zero(sequences, 0);
  std::vector<int64_t> all = one.fresh;
  Pages pages(c, all);
  if (cut) {
    run(c, world, pages, 0, sequences, zero, c.past);
  }
  Result unwatched = run(c, world, pages, 0, sequences, c.past, all);
  if (unwatched.out != result.second.out || unwatched.selected != result.second.selected) {
    wrong += "  WATCHING CHANGES THE ANSWER";
  }
  return wrong;
}

// The sums of the oracle over one sequence's queries, laid out as the totals' [B, HQ, columns].
struct OracleSums {
  std::vector<double> value;
  std::vector<double> allowance;
  std::vector<int64_t> queries;  // [B]
};

inline OracleSums oracleSums(const WatchedCase& w, const Sequence& s, size_t index, int64_t past,
                             const WatchedResult& result, const int64_t* rows) {
  const Case& c = w.base;
  const Observation asked = w.watching.asked();
  int64_t columns = columnsOf(asked, c.mode.kind);
  int64_t from = asked.ranges[2 * index];
  int64_t to = std::min(asked.ranges[2 * index + 1], s.tokens);
  int64_t width = s.query_heads * columns;
  OracleSums sums = {std::vector<double>(asked.buckets * width, 0.0),
                     std::vector<double>(asked.buckets * width, 0.0),
                     std::vector<int64_t>(asked.buckets, 0)};
  int64_t items = std::max<int64_t>(0, to - from) * s.kv_heads;
  std::vector<std::vector<Statistics>> found(items);
  onAllThreads(items, [&](int64_t i) {
    int64_t t = from + i / s.kv_heads;
    int64_t h = i % s.kv_heads;
    const Result& of = t < past ? result.first : result.second;
    int64_t row = t < past ? rows[0] + t : rows[1] + t - past;
    const int32_t* selected = of.selected.data() + (row * s.kv_heads + h) * c.mode.block_count;
    found[i] =
        statisticsOf(s, c.mode, asked, t, h, selected, watchedTolerance(c.element).ties);
  });
  for (int64_t i = 0; i < items; i++) {
    int64_t t = from + i / s.kv_heads;
    int64_t bucket = bucketOf(t);
    sums.queries[bucket] += i % s.kv_heads == 0;
    for (int64_t g = 0; g < s.group(); g++) {
      int64_t at = bucket * width + (i % s.kv_heads * s.group() + g) * columns;
      for (int64_t k = 0; k < columns; k++) {
        sums.value[at + k] += found[i][g].value[k];
        sums.allowance[at + k] += found[i][g].allowance[k];
      }
    }
  }
  return sums;
}

struct WatchedVerdict {
  int64_t means = 0;
  int64_t wrong = 0;
  int64_t unchecked = 0;  // more choices as good as tied than the oracle tries
  double largest = 0;  // error as a part of what is allowed
  int64_t worst_column = 0;
  double found = 0, wanted = 0;
};

inline void judge(const WatchedCase& w, const OracleSums& wanted, const double* found,
                  WatchedVerdict* verdict) {
  const Observation asked = w.watching.asked();
  int64_t columns = columnsOf(asked, w.base.mode.kind);
  int64_t width = w.base.query_heads * columns;
  WatchedTolerance tolerance = watchedTolerance(w.base.element);
  for (int64_t i = 0; i < asked.buckets * width; i++) {
    int64_t queries = wanted.queries[i / width];
    if (queries == 0) {
      verdict->wrong += found[i] != 0;
      continue;
    }
    double x = found[i] / queries;
    double y = wanted.value[i] / queries;
    double allowed = std::max(tolerance.relative * std::fabs(y), tolerance.absolute) +
                     wanted.allowance[i] / queries;
    if (std::isinf(allowed)) {
      verdict->unchecked++;
      continue;
    }
    double part = std::isfinite(x) ? std::fabs(x - y) / allowed : INFINITY;
    verdict->means++;
    verdict->wrong += !(part <= 1);
    if (!(part <= verdict->largest)) {
      verdict->largest = part;
      verdict->worst_column = i % columns;
      verdict->found = x;
      verdict->wanted = y;
    }
  }
}

inline bool watchedPasses(const WatchedCase& w, bool bits) {
  const Case& c = w.base;
  World world = makeWorld(c);
  size_t sequences = c.fresh.size();
  WatchedResult result = watch(c, world, w.watching, 0, sequences);
  std::string wrong = bits ? bitsThatDiffer(w, world, result) : "";
  WatchedVerdict verdict;
  size_t each = result.totals.size() / sequences;
  int64_t rows[] = {0, 0};
  for (size_t s = 0; s < sequences; s++) {
    OracleSums sums = oracleSums(w, world.rotated[s], s, c.past[s], result, rows);
    judge(w, sums, result.totals.data() + s * each, &verdict);
    wrong += bestAreBest(w.watching.asked(), c.mode, c.query_heads, c.kv_heads, result.totals.data() + s * each)
                 ? ""
                 : "  CHOSEN BETTER THAN BEST";
    rows[0] += c.past[s];
    rows[1] += c.fresh[s];
  }
  bool good = wrong.empty() && verdict.wrong == 0;
  std::printf("%-6s %-66s means %6lld  wrong %lld  unchecked %lld  error %.1e of allowed (column %lld: %.9g, %.9g)%s\n",
              good ? "ok" : "WRONG", c.name.c_str(), static_cast<long long>(verdict.means),
              static_cast<long long>(verdict.wrong), static_cast<long long>(verdict.unchecked),
              verdict.largest,
              static_cast<long long>(verdict.worst_column), verdict.found, verdict.wanted,
              wrong.c_str());
  std::fflush(stdout);
  return good;
}

// The sinks of modes whose blocks are not chosen by means.
inline std::vector<WatchedCase> watchedControlCases() {
  std::vector<WatchedCase> cases;
  for (Element e : {Element::kBFloat16, Element::kFloat16, Element::kFloat32}) {
    for (Mode mode : controls(16, 4)) {
      for (bool decoding : {false, true}) {
        WatchedCase w;
        w.base = {std::string(nameOf(e)) + " D 64 8/2 watched " + modeName(mode) +
                      (decoding ? " decodes" : " chunks, packed"),
                  e, 64, 8, 2, {130, 0, 200}, {77, 200, 1}, mode};
        if (decoding) {
          w.base.past = {200, 17};
          w.base.fresh = {1, 1};
        }
        w.base.decoding = decoding;
        for (size_t s = 0; s < w.base.past.size(); s++) {
          w.watching.ranges.push_back(0);
          w.watching.ranges.push_back(w.base.past[s] + w.base.fresh[s]);
        }
        w.watching.buckets = bucketsFor(300);
        cases.push_back(w);
      }
    }
  }
  return cases;
}

inline std::vector<WatchedCase> watchedCases() {
  const Mode full = {ModeKind::kFull, 0, 0, 0};
  const Mode released = {ModeKind::kReleased, 16, 16, 0};
  const Mode nsa = {ModeKind::kThreeBranch, 16, 4, 50};
  std::vector<WatchedCase> cases;
  auto add = [&](const char* what, Element e, int64_t dim, int64_t hq, int64_t h,
                 std::vector<int64_t> past, std::vector<int64_t> fresh, Mode mode) -> WatchedCase& {
    WatchedCase w;
    w.base.name = std::string(nameOf(e)) + " D " + std::to_string(dim) + " " + std::to_string(hq) +
                  "/" + std::to_string(h) + " watched " + modeName(mode) + " " + what;
    w.base.element = e;
    w.base.dim = dim;
    w.base.query_heads = hq;
    w.base.kv_heads = h;
    w.base.past = past;
    w.base.fresh = fresh;
    w.base.mode = mode;
    w.base.decoding = false;
    int64_t longest = 1;
    for (size_t s = 0; s < past.size(); s++) {
      longest = std::max(longest, past[s] + fresh[s]);
      w.watching.ranges.push_back(0);
      w.watching.ranges.push_back(past[s] + fresh[s]);
    }
    w.watching.buckets = bucketsFor(longest);
    if (mode.kind == ModeKind::kFull) {
      w.watching.capture = true;
      w.watching.error = true;
      w.watching.budgets = {{16, 3}, {8, 4}, {64, 2}};
    }
    cases.push_back(w);
    return cases.back();
  };
  for (Element e : {Element::kBFloat16, Element::kFloat16, Element::kFloat32}) {
    for (int64_t dim : {32, 64, 128}) {
      for (Mode mode : {full, sparse(16, 4), released, nsa}) {
        WatchedCase& gated = add("gates", e, dim, 16, 1, {0}, {300}, mode);
        gated.base.gates = true;
        add("chunks, packed", e, dim, 8, 2, {130, 0, 40, 1, 0}, {77, 1, 1, 200, 33}, mode);
        WatchedCase& rows = add("rows, within", e, dim, 8, 2, {150, 3}, {120, 61}, mode);
        rows.base.rows = rows.base.gates = true;
        rows.watching.ranges = {37, 203, 5, 1 << 20};
        add("decodes", e, dim, 8, 2, {200, 17}, {1, 1}, mode).base.decoding = true;
      }
      for (int64_t group : {1, 2, 3, 5, 12, 24, 32}) {
        add("groups", e, dim, 2 * group, 2, {0, 90}, {150, 1}, full).watching.budgets = {{16, 3}};
      }
    }
    for (int64_t tokens : {1, 2, 7, 8, 9, 63, 64, 65, 127, 128, 129}) {
      for (Mode mode : {full, nsa}) {
        add(std::to_string(tokens).append(" tokens").c_str(), e, 64, 8, 2, {0}, {tokens}, mode);
      }
    }
    add("eight KV heads", e, 64, 32, 8, {0}, {260}, full);
    add("two groups' worth", e, 64, 64, 8, {0}, {90}, nsa);
    WatchedCase& only = add("capture only", e, 64, 16, 1, {0}, {400}, full);
    only.watching.sinks = only.watching.error = false;
    WatchedCase& error = add("error only", e, 64, 16, 1, {0}, {400}, full);
    error.watching.sinks = error.watching.capture = false;
    add("sinks only", e, 64, 16, 1, {0}, {400}, full).watching.budgets = {};
    for (int64_t size : {8, 16, 32, 64, 128}) {
      for (int64_t count : {1, 2, 5, 100000}) {
        WatchedCase& budget = add("budgets", e, 32, 8, 2, {0}, {4 * size + 19}, full);
        budget.base.name += " " + std::to_string(size) + "x" + std::to_string(count);
        budget.watching.budgets = {{size, count}, {128, 3}};
      }
    }
    WatchedCase& longer = add("4,096 tokens", e, 64, 16, 1, {1000}, {3096}, full);
    longer.watching.budgets = {{16, 16}, {16, 64}};
    longer.watching.ranges = {1777, 4096};
    for (int64_t group : {4, 16, 24}) {
      WatchedCase& far = add("2,600 tokens", e, 64, group, 1, {1500}, {1100}, full);
      far.watching.budgets = {{8, 20}, {128, 4}};
      far.watching.ranges = {1400, 1800};
      WatchedCase& alone = add("2,600 tokens, sinks only", e, 128, group, 1, {1500}, {1100}, full);
      alone.watching.budgets = {};
      alone.watching.ranges = {2401, 2600};
    }
    WatchedCase& peaked = add("one key has almost all", e, 64, 8, 2, {0}, {500}, full);
    peaked.base.scale = 4;
    WatchedCase& equal = add("equal keys", e, 64, 8, 2, {0}, {500}, full);
    equal.base.inputs = Inputs::kEqualKeys;
    equal.base.rotary = false;
    add("zero queries", e, 64, 8, 2, {0}, {500}, full).base.inputs = Inputs::kZeroQueries;
  }
  return cases;
}

// Rows far into a long sequence.
inline std::vector<WatchedCase> longWatchedCases() {
  std::vector<WatchedCase> cases;
  for (Element e : {Element::kBFloat16, Element::kFloat32}) {
    for (uint64_t i = 0; i < 4; i++) {
      WatchedCase w;
      int64_t tokens = 131072;
      int64_t from = 65536 + static_cast<int64_t>(mix(i) % 65520);
      w.base = {std::string(nameOf(e)) + " D 64 8/1 watched full 131,072 tokens from " +
                    std::to_string(from),
                e, 64, 8, 1, {65000}, {tokens - 65000}, {ModeKind::kFull, 0, 0, 0}};
      w.base.rotary = false;
      w.base.decoding = false;
      w.watching.capture = true;
      w.watching.error = true;
      w.watching.budgets = {{16, 16}};
      w.watching.ranges = {from, from + 16};
      w.watching.buckets = bucketsFor(tokens);
      cases.push_back(w);
    }
  }
  return cases;
}

}  // namespace ssa::bench
