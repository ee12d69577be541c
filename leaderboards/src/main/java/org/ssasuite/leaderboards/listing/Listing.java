package org.ssasuite.leaderboards.listing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ssasuite.core.VisibleText;
import org.ssasuite.core.python.PythonText;
import org.ssasuite.leaderboards.program.Console;

/** Rows of text under headings, for people and for machines. Mutable while it is filled. */
final class Listing {
  private final String kind;
  private final Set<String> numbers;
  private final List<Map<String, String>> rows = new ArrayList<>();

  /**
   * A listing without rows.
   *
   * @param kind plural, as in {@code tasks}
   * @param numbers headings of columns whose cells are whole numbers, or empty
   */
  Listing(String kind, String... numbers) {
    this.kind = kind;
    this.numbers = Set.of(numbers);
  }

  /** A row of headings and cells in turn. */
  void row(String... headingsAndCells) {
    Map<String, String> row = new LinkedHashMap<>();
    for (int i = 0; i < headingsAndCells.length; i += 2) {
      row.put(headingsAndCells[i], headingsAndCells[i + 1]);
    }
    rows.add(row);
  }

  void print(Console console, boolean json) {
    console.out().print(json ? json() : text());
    console.requireWritten();
  }

  private String text() {
    if (rows.isEmpty()) {
      return "";
    }
    List<String> headings = List.copyOf(rows.get(0).keySet());
    StringBuilder text = new StringBuilder();
    Map<String, String> top = new LinkedHashMap<>();
    headings.forEach(heading -> top.put(heading, heading.replace('_', ' ')));
    List<Map<String, String>> lines = new ArrayList<>(List.of(top));
    lines.addAll(rows);
    for (Map<String, String> line : lines) {
      StringBuilder one = new StringBuilder();
      for (String heading : headings) {
        int width =
            lines.stream()
                    .mapToInt(other -> VisibleText.of(other.get(heading)).length())
                    .max()
                    .orElse(0)
                + 2;
        String cell = VisibleText.of(line.get(heading));
        one.append(cell).append(" ".repeat(width - cell.length()));
      }
      text.append(PythonText.rstrip(one.toString())).append('\n');
    }
    return text.toString();
  }

  /** Version 1 had numbers as texts. */
  private String schema() {
    return "ssasuite/" + kind + (numbers.isEmpty() ? "/1" : "/2");
  }

  /** A number as one, in columns of numbers; absent where there is none. */
  private void put(ObjectNode entry, String heading, String cell) {
    if (!numbers.contains(heading)) {
      entry.put(heading, cell);
    } else if (!cell.isEmpty()) {
      entry.put(heading, Long.parseLong(cell.replace(",", "")));
    }
  }

  private String json() {
    JsonMapper mapper = JsonMapper.builder().build();
    ObjectNode document = mapper.createObjectNode().put("schema", schema());
    ArrayNode entries = document.putArray(kind);
    for (Map<String, String> row : rows) {
      ObjectNode entry = entries.addObject();
      row.forEach((heading, cell) -> put(entry, heading, cell));
    }
    try {
      return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(document) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of texts is always JSON", e);
    }
  }
}
