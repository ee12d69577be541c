package org.ssasuite.leaderboards.bench;

import java.util.List;
import java.util.Optional;

/** All that a bench measured. */
record BenchReport(
    BenchPlan plan, Optional<String> commit, List<SpeedRow> rows, Yardsticks yardsticks) {
  BenchReport {
    rows = List.copyOf(rows);
  }
}
