package org.ssasuite.leaderboards.fuzz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The rows of all readers, for people and for machines. */
record FuzzReport(long seed, List<FuzzRow> rows) {
  private static final String LINE = "%-18s %6s %6s %7s %5s %7s %7s %6s %5s %5s %9s %9s %11s%n";

  FuzzReport {
    rows = List.copyOf(rows);
  }

  boolean well() {
    return rows.stream().allMatch(row -> row.findings().isEmpty());
  }

  static String heading() {
    List<Object> cells = new ArrayList<>(List.of("reader", "cases"));
    for (Verdict verdict : Verdict.values()) {
      cells.add(verdict.text());
    }
    cells.addAll(List.of("most ms", "most heap", "most native"));
    return String.format(Locale.ROOT, LINE, cells.toArray());
  }

  static String line(FuzzRow row) {
    List<Object> cells = new ArrayList<>(List.of(row.reader(), row.cases()));
    for (Verdict verdict : Verdict.values()) {
      cells.add(row.count(verdict));
    }
    cells.addAll(List.of(row.millis(), mebibytes(row.javaBytes()), mebibytes(row.nativeBytes())));
    return String.format(Locale.ROOT, LINE, cells.toArray());
  }

  private static String mebibytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MiB", bytes / (double) (1 << 20));
  }

  /** One line of a case that should not be. */
  String finding(FuzzRow row, Outcome outcome) {
    return row.reader()
        + " case "
        + outcome.number()
        + ": "
        + outcome.verdict().text()
        + " ("
        + outcome.mutation()
        + "): "
        + JsonMutations.shownLong(outcome.fact())
        + "\n  ssa fuzz --seed "
        + seed
        + " --reader "
        + row.reader()
        + " --case "
        + outcome.number()
        + " --out DIR\n";
  }

  String json() {
    JsonMapper mapper = JsonMapper.builder().build();
    ObjectNode document =
        mapper
            .createObjectNode()
            .put("schema", "ssasuite/fuzz/1")
            .put("seed", seed)
            .put("well", well());
    ArrayNode readers = document.putArray("readers");
    for (FuzzRow row : rows) {
      ObjectNode entry = readers.addObject().put("reader", row.reader()).put("cases", row.cases());
      for (Verdict verdict : Verdict.values()) {
        entry.put(verdict.text(), row.count(verdict));
      }
      entry.put("most_millis", row.millis());
      entry.put("most_heap_bytes", row.javaBytes()).put("most_native_bytes", row.nativeBytes());
      ArrayNode findings = entry.putArray("findings");
      for (Outcome outcome : row.findings()) {
        findings
            .addObject()
            .put("case", outcome.number())
            .put("verdict", outcome.verdict().text())
            .put("mutation", outcome.mutation())
            .put("fact", outcome.fact());
      }
    }
    try {
      return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(document) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts and numbers are always JSON", e);
    }
  }
}
