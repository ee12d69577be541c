// watched_passing.h: cases whose rows are counted as they are answered (attend_watched_sm90.cu): where the kernels
// have such a shape, and no budget has blocks of 8
#pragma once

#include "bench/watched.h"

namespace ssa::bench {

inline WatchedCase passingCase(const std::string& what, Element e, int64_t hq, int64_t h,
                               std::vector<int64_t> past, std::vector<int64_t> fresh) {
  WatchedCase w;
  w.base.name = std::string(nameOf(e)) + " D 64 " + std::to_string(hq) + "/" + std::to_string(h) +
                " in passing, " + what;
  w.base.element = e;
  w.base.dim = 64;
  w.base.query_heads = hq;
  w.base.kv_heads = h;
  w.base.past = past;
  w.base.fresh = fresh;
  w.base.mode = {ModeKind::kFull, 0, 0, 0};
  w.base.decoding = false;
  int64_t longest = 1;
  for (size_t s = 0; s < past.size(); s++) {
    longest = std::max(longest, past[s] + fresh[s]);
    w.watching.ranges.push_back(0);
    w.watching.ranges.push_back(past[s] + fresh[s]);
  }
  w.watching.buckets = bucketsFor(longest);
  w.watching.capture = true;
  w.watching.budgets = {{16, 4}, {64, 2}};
  return w;
}

inline std::vector<WatchedCase> passingCases() {
  std::vector<WatchedCase> cases;
  auto add = [&](const std::string& what, Element e, int64_t hq, int64_t h,
                 std::vector<int64_t> past, std::vector<int64_t> fresh) -> WatchedCase& {
    cases.push_back(passingCase(what, e, hq, h, past, fresh));
    return cases.back();
  };
  for (Element e : {Element::kBFloat16, Element::kFloat16}) {
    add("gates", e, 16, 1, {0}, {300}).base.gates = true;
    add("errors", e, 16, 1, {0}, {300}).watching.error = true;
    add("chunks, packed", e, 8, 2, {130, 0, 40, 1, 0}, {77, 1, 1, 200, 33});
    WatchedCase& rows = add("rows, within", e, 8, 2, {150, 3}, {120, 61});
    rows.base.rows = rows.base.gates = true;
    rows.watching.ranges = {37, 203, 5, 1 << 20};
    add("decodes", e, 8, 2, {200, 17}, {1, 1}).base.decoding = true;
    WatchedCase& both = add("reads and decodes", e, 8, 2, {200, 17, 130, 0}, {1, 150, 1, 64});
    both.base.decoding = true;
    both.watching.error = true;
    for (int64_t tokens : {1, 2, 15, 16, 17, 63, 64, 65, 127, 128, 129}) {
      add(std::to_string(tokens) + " tokens", e, 8, 2, {0}, {tokens});
    }
    // Rows of a chunk's first tiles see other tiles' ends than the same rows in one call.
    for (int64_t cut : {1, 3, 64, 127, 129, 1023, 1153, 1301, 1500, 1697}) {
      add("1,700 tokens cut at " + std::to_string(cut), e, 16, 1, {cut}, {1700 - cut});
    }
    for (int64_t group : {1, 3, 5, 12, 24, 32}) {
      WatchedCase& far = add("2,600 tokens", e, group, 1, {1500}, {1100});
      far.watching.budgets = {{32, 20}, {128, 4}};
      far.watching.ranges = {1400, 1800};
    }
    WatchedCase& packed = add("long ones, packed", e, 8, 2, {1201, 0, 1350}, {333, 1400, 50});
    packed.watching.ranges = {1100, 1400, 1290, 1400, 0, 1400};
    // The first call watches none of its rows, which are more than a narrow wave has.
    add("the last of many", e, 8, 2, {1500}, {200}).watching.ranges = {1650, 1700};
    WatchedCase& only = add("capture only", e, 16, 1, {0}, {400});
    only.watching.sinks = false;
    add("sinks only", e, 16, 1, {0}, {1500}).watching.budgets = {};
    // Largest scores rise by more than what is written before them reaches.
    add("large scores", e, 16, 1, {0}, {1500}).base.scale = 16;
    WatchedCase& equal = add("equal keys", e, 8, 2, {0}, {500});
    equal.base.inputs = Inputs::kEqualKeys;
    equal.base.rotary = false;
    add("zero queries", e, 8, 2, {0}, {1500}).base.inputs = Inputs::kZeroQueries;
  }
  return cases;
}

}  // namespace ssa::bench
