package org.ssasuite.leaderboards.fuzz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** What a process that runs cases tells the one that started it: a JSON object a line. */
final class OutcomeLine {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
  private static final String BEGUN = "begun";

  private OutcomeLine() {}

  /** Said before a case, so that a crash can be told whose it is. */
  static String begun(int number) {
    return "{\"" + BEGUN + "\": " + number + "}";
  }

  static String of(Outcome outcome) {
    try {
      return MAPPER.writeValueAsString(outcome);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts and numbers are always JSON", e);
    }
  }

  /** What a line says: the beginning of a case, or its outcome. */
  static JsonNode read(String line) {
    try {
      return MAPPER.readTree(line);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not a line of ours: " + line, e);
    }
  }

  static boolean isBegun(JsonNode line) {
    return line.has(BEGUN);
  }

  static int begun(JsonNode line) {
    return line.get(BEGUN).intValue();
  }

  static Outcome outcome(JsonNode line) {
    return MAPPER.convertValue(line, Outcome.class);
  }
}
