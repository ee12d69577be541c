package org.ssasuite.leaderboards.report.page;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ssasuite.core.VisibleText;
import org.ssasuite.core.files.StrictJson;
import org.ssasuite.leaderboards.report.samples.SampleFacts;

/**
 * A table that a reader unfolds, as data of which {@code page.js} makes it then. Mutable while it
 * is filled.
 */
final class FoldedTable {
  private static final StrictJson JSON = new StrictJson(List.of());

  private final List<String> head = new ArrayList<>();
  private final ArrayNode numbers = JSON.mapper().createArrayNode();
  private final ArrayNode rows = JSON.mapper().createArrayNode();
  private ArrayNode row = rows;
  private int cells;

  FoldedTable column(String heading) {
    head.add(VisibleText.of(heading));
    return this;
  }

  /** One of numbers. */
  FoldedTable numbers(String heading) {
    numbers.add(head.size());
    return column(heading);
  }

  FoldedTable row() {
    requireWhole();
    row = rows.addArray();
    cells = 0;
    return this;
  }

  FoldedTable cell(String text) {
    row.add(VisibleText.of(text));
    cells++;
    return this;
  }

  FoldedTable cell(long count) {
    return cell(String.valueOf(count));
  }

  /** What is shown when a reader asks for it. */
  FoldedTable cell(List<SampleFacts.Fact> facts) {
    if (facts.isEmpty()) {
      return cell("");
    }
    ArrayNode all = row.addArray();
    facts.forEach(fact -> all.addArray().add(fact.name()).add(VisibleText.of(fact.text())));
    cells++;
    return this;
  }

  private void requireWhole() {
    if (!rows.isEmpty() && cells != head.size()) {
      throw new IllegalStateException(cells + " cells for " + head.size() + " columns");
    }
  }

  /**
   * What the template gets.
   *
   * @param key of the element
   * @param note a sentence above the table; may be empty
   */
  Map<String, Object> fold(String key, String title, String note) {
    requireWhole();
    ObjectNode content = JSON.mapper().createObjectNode();
    ArrayNode names = content.putArray("head");
    head.forEach(names::add);
    content.set("numbers", numbers);
    content.set("rows", rows);
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("key", key);
    model.put("title", VisibleText.of(title));
    model.put("note", VisibleText.of(note));
    model.put("json", PictureJson.harmless(JSON.line(content)));
    return model;
  }
}
