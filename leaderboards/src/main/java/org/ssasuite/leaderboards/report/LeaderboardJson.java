package org.ssasuite.leaderboards.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** The CSV's rows as JSON objects; what is absent there is absent here. */
final class LeaderboardJson {
  private static final String SCHEMA = "ssasuite/leaderboard/1";

  private LeaderboardJson() {}

  static String of(Leaderboard leaderboard) {
    Table table = LeaderboardCsv.table(leaderboard);
    JsonMapper mapper = JsonMapper.builder().build();
    ObjectNode document = mapper.createObjectNode().put("schema", SCHEMA);
    var rows = document.putArray("rows");
    for (int i = 0; i < table.rowCount(); i++) {
      ObjectNode row = rows.addObject();
      for (Column<?> column : table.columns()) {
        if (!column.isMissing(i)) {
          put(row, column, i);
        }
      }
    }
    try {
      return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(document) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of numbers and texts is always JSON", e);
    }
  }

  private static void put(ObjectNode row, Column<?> column, int i) {
    if (column instanceof DoubleColumn reals) {
      row.put(column.name(), reals.getDouble(i));
    } else if (column instanceof LongColumn wholes) {
      row.put(column.name(), wholes.getLong(i));
    } else if (column instanceof BooleanColumn flags) {
      row.put(column.name(), flags.get(i));
    } else {
      row.put(column.name(), column.getString(i));
    }
  }
}
