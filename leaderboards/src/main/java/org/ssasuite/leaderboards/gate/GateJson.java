package org.ssasuite.leaderboards.gate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A gate's outcome for machines: all digits, shares and not percent, what is absent left out. */
final class GateJson {
  private static final String SCHEMA = "ssasuite/gate/1";

  private GateJson() {}

  static String of(Gate gate) {
    JsonMapper mapper = JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
    ObjectNode document = mapper.createObjectNode().put("schema", SCHEMA);
    document.put("outcome", gate.outcome().text());
    document.put("margin", gate.terms().margin());
    document.put("alpha", gate.terms().alpha());
    document.put("power", gate.terms().power());
    ArrayNode rows = document.putArray("rows");
    gate.rows().forEach(row -> put(rows.addObject(), row));
    ArrayNode notes = document.putArray("notes");
    gate.notes().forEach(notes::add);
    try {
      return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(document) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of numbers and texts is always JSON", e);
    }
  }

  private static void put(ObjectNode line, RowJudgement row) {
    line.put("model", row.row().model());
    line.put("mode", row.row().mode());
    line.put("task", row.row().task().name());
    line.put("metric", row.row().metric());
    finite(line, "baseline", Math.exp(row.paired().ratioA()));
    finite(line, "run", Math.exp(row.paired().ratioB()));
    finite(line, "increase", RowJudgement.relative(row.paired().difference()));
    finite(line, "lower", RowJudgement.relative(row.bounds().lower()));
    finite(line, "upper", RowJudgement.relative(row.bounds().upper()));
    row.paired().standardError().ifPresent(error -> line.put("nats_standard_error", error));
    line.put("samples", row.paired().samples());
    line.put("baseline_samples", row.baselineSamples());
    line.put("documents", row.paired().documents());
    row.needed().ifPresent(documents -> line.put("documents_needed", documents));
    line.put("outcome", row.outcome().text());
  }

  /** JSON has no infinities; a single document has no bounds. */
  private static void finite(ObjectNode line, String name, double value) {
    if (Double.isFinite(value) && value > -1) {
      line.put(name, value);
    }
  }
}
