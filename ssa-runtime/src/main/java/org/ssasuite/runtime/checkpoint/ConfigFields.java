package org.ssasuite.runtime.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Optional;
import org.ssasuite.core.BadInputException;

/** Typed access to one JSON object of a model folder; messages name the file and the field. */
record ConfigFields(Path file, JsonNode object) {
  /** Larger sizes than this are mistakes, and would overflow products of a few sizes. */
  private static final int MAX_SIZE = 1 << 28;

  BadInputException bad(String field, String fact) {
    return new BadInputException(file, "'" + field + "' " + fact);
  }

  Optional<JsonNode> find(String field) {
    JsonNode value = object.get(field);
    return value == null || value.isNull() ? Optional.empty() : Optional.of(value);
  }

  int size(String field) {
    return findSize(field).orElseThrow(() -> bad(field, "is missing"));
  }

  Optional<Integer> findSize(String field) {
    Optional<Integer> value = findCount(field);
    value
        .filter(n -> n < 1)
        .ifPresent(
            n -> {
              throw bad(field, "is " + n + "; it must be at least 1");
            });
    return value;
  }

  /** A whole number from 0 on. */
  Optional<Integer> findCount(String field) {
    return find(field).map(value -> count(field, value));
  }

  private int count(String field, JsonNode value) {
    if (!value.canConvertToExactIntegral() || !value.canConvertToInt()) {
      throw bad(field, "is " + value + "; a whole number is needed");
    }
    int n = value.intValue();
    if (n < 0 || n > MAX_SIZE) {
      throw bad(field, "is " + n + "; it must lie between 0 and " + MAX_SIZE);
    }
    return n;
  }

  double positive(String field) {
    if (find(field).isEmpty()) {
      throw bad(field, "is missing");
    }
    return positive(field, 1);
  }

  double positive(String field, double absent) {
    double x = find(field).map(value -> number(field, value)).orElse(absent);
    if (!(x > 0) || Double.isInfinite(x)) {
      throw bad(field, "is " + x + "; a positive number is needed");
    }
    return x;
  }

  private double number(String field, JsonNode value) {
    if (!value.isNumber()) {
      throw bad(field, "is " + value + "; a number is needed");
    }
    return value.doubleValue();
  }

  boolean flag(String field, boolean absent) {
    return find(field)
        .map(
            value -> {
              if (!value.isBoolean()) {
                throw bad(field, "is " + value + "; true or false is needed");
              }
              return value.booleanValue();
            })
        .orElse(absent);
  }

  Optional<String> findText(String field) {
    return find(field)
        .map(
            value -> {
              if (!value.isTextual()) {
                throw bad(field, "is " + value + "; a text is needed");
              }
              return value.textValue();
            });
  }

  Optional<ConfigFields> findObject(String field) {
    return find(field)
        .map(
            value -> {
              if (!value.isObject()) {
                throw bad(field, "is " + value + "; an object is needed");
              }
              return new ConfigFields(file, value);
            });
  }
}
