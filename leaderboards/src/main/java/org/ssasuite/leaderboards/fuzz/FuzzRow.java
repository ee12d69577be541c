package org.ssasuite.leaderboards.fuzz;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The outcomes of one reader's cases. Mutable while they come in. */
final class FuzzRow {
  private final String reader;
  private final List<Outcome> findings = new ArrayList<>();
  private final Map<Verdict, Integer> counts = new EnumMap<>(Verdict.class);
  private long millis;
  private long javaBytes;
  private long nativeBytes;

  FuzzRow(String reader) {
    this.reader = reader;
  }

  void add(Outcome outcome) {
    counts.merge(outcome.verdict(), 1, Integer::sum);
    if (!outcome.verdict().well()) {
      findings.add(outcome);
    }
    millis = Math.max(millis, outcome.millis());
    javaBytes = Math.max(javaBytes, outcome.javaBytes());
    nativeBytes = Math.max(nativeBytes, outcome.nativeBytes());
  }

  String reader() {
    return reader;
  }

  int cases() {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  int count(Verdict verdict) {
    return counts.getOrDefault(verdict, 0);
  }

  /** The outcomes that should not be, in order. */
  List<Outcome> findings() {
    return List.copyOf(findings);
  }

  /** The longest that one case took. */
  long millis() {
    return millis;
  }

  /** The most that one case took from the heap. */
  long javaBytes() {
    return javaBytes;
  }

  /** The most by which one case made the process grow beside its heap. */
  long nativeBytes() {
    return nativeBytes;
  }
}
