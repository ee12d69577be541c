package org.ssasuite.core.files;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What of a JSON document does not fit the record that it is read as, in words of ours. */
public final class JsonMisfit {
  private JsonMisfit() {}

  /**
   * The key and what is wrong with it.
   *
   * @param document the tree that was read
   * @param kind what the document is, with an article
   */
  public static String fact(JsonMappingException failure, JsonNode document, String kind) {
    String key = key(failure);
    String of = key.isEmpty() ? "" : key + ".";
    Throwable cause = failure.getCause();
    if (cause instanceof IllegalArgumentException) {
      return of + cause.getMessage();
    }
    if (cause instanceof NullPointerException) {
      return of + cause.getMessage() + " is null";
    }
    if (failure instanceof UnrecognizedPropertyException) {
      return key + " is no key of " + kind;
    }
    JsonNode value = document.at(pointer(failure));
    if (value.isMissingNode()) {
      return key + " is missing";
    }
    if (failure instanceof InvalidFormatException format && format.getTargetType().isEnum()) {
      return key + " is " + value + "; known are " + constants(format.getTargetType());
    }
    Class<?> type =
        failure instanceof MismatchedInputException mismatch ? mismatch.getTargetType() : null;
    return key + " is " + value + "; " + needed(type) + " is needed";
  }

  private static String key(JsonMappingException failure) {
    StringBuilder key = new StringBuilder();
    for (JsonMappingException.Reference step : failure.getPath()) {
      if (step.getFieldName() == null) {
        key.append('[').append(step.getIndex()).append(']');
      } else {
        key.append(key.length() == 0 ? "" : ".").append(step.getFieldName());
      }
    }
    return key.toString();
  }

  private static JsonPointer pointer(JsonMappingException failure) {
    JsonPointer pointer = JsonPointer.empty();
    for (JsonMappingException.Reference step : failure.getPath()) {
      pointer =
          step.getFieldName() == null
              ? pointer.appendIndex(Math.max(step.getIndex(), 0))
              : pointer.appendProperty(step.getFieldName());
    }
    return pointer;
  }

  private static String constants(Class<?> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(", "));
  }

  private static String needed(Class<?> type) {
    if (type == null) {
      return "something else";
    }
    if (type == int.class || type == long.class) {
      return "a whole number";
    }
    if (type == double.class) {
      return "a number";
    }
    if (type == boolean.class) {
      return "true or false";
    }
    if (type == String.class) {
      return "a text";
    }
    if (Collection.class.isAssignableFrom(type)) {
      return "a list";
    }
    if (Map.class.isAssignableFrom(type)) {
      return "an object";
    }
    return type.isEnum() ? "one of " + constants(type) : "an object";
  }
}
