// observation.cc: the columns of attention statistics, and the buckets of positions
#include "kernels/observation.h"

#include "kernels/parameters.h"

namespace ssa {

int64_t budgetColumn(const Observation& observation, ModeKind mode) {
  if (!observation.sinks) {
    return kGateColumns;
  }
  return kGateColumns + (mode == ModeKind::kThreeBranch ? 2 * kSinkColumns + kCompressedColumns
                                                        : kSinkColumns);
}

int64_t columnsOf(const Observation& observation, ModeKind mode) {
  int64_t each = (observation.capture ? 2 : 0) + (observation.error ? 2 : 0);
  return budgetColumn(observation, mode) + each * observation.budget_count;
}

int64_t bucketOf(int64_t position) {
  int64_t bucket = 0;
  for (int64_t end = kFirstBucketTokens; position >= end; end *= 2) {
    bucket++;
  }
  return bucket;
}

}  // namespace ssa
