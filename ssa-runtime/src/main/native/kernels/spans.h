// spans.h: stretches of keys whose mass a call tells, and blocks that its selection has to take
#pragma once

#include <cstdint>

namespace ssa {

// A call tells, for each query token of a sequence's range, how much of full attention's mass lies on
// each of the sequence's stretches, and how much of that on keys that the mode attends to.
struct SpanMasses {
  const int64_t* queries;  // [S, 2] first query and the one behind the last, by position
  const int64_t* spans;    // [N, 3] sequence, first key, the one behind the last; sequences ascend
  int64_t span_count;      // N
  double* masses;          // [R, HQ, 2] mass, attended mass; a row per sequence, query and stretch
};

// Blocks that are chosen before all others, by queries from one on.
struct ForcedBlocks {
  const int64_t* rows;  // [F, 3] sequence, block, first query; sequences ascend
  int64_t count;        // F
};

}  // namespace ssa
