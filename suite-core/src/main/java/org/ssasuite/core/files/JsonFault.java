package org.ssasuite.core.files;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;

/**
 * What is wrong with a JSON text, in words for people who have the file and not the program: the
 * library's speak of its classes and of options that nobody can set.
 *
 * @param fact without a place
 * @param line from 1; 0 where no place is known
 * @param column from 1; 0 where no place is known
 */
record JsonFault(String fact, int line, int column) {
  private static final String DUPLICATE = "Duplicate field '";

  /** The fault that the library found. */
  static JsonFault of(JsonProcessingException found) {
    JsonLocation at = found.getLocation();
    return at == null
        ? new JsonFault(fact(found), 0, 0)
        : new JsonFault(fact(found), Math.max(at.getLineNr(), 0), Math.max(at.getColumnNr(), 0));
  }

  private static String fact(JsonProcessingException found) {
    String message = found.getOriginalMessage();
    if (found instanceof StreamConstraintsException) {
      return limit(message);
    }
    if (found instanceof JsonEOFException) {
      return "it ends too early";
    }
    if (found instanceof MismatchedInputException) {
      return "something stands behind its end";
    }
    if (message.startsWith(DUPLICATE)) {
      return "key '" + message.substring(DUPLICATE.length()) + " is there twice";
    }
    return "an unexpected character";
  }

  private static String limit(String message) {
    if (message.startsWith("Document nesting depth")) {
      return "nested deeper than is read";
    }
    if (message.startsWith("Number value length")) {
      return "a number of more than 1,000 digits";
    }
    if (message.startsWith("Token count")) {
      return "more than " + JsonDocument.MOST_PIECES + " keys, values and brackets";
    }
    return "a key that is longer than is read, or too many that are alike";
  }

  /** The fact and where it was found, of a text of several lines. */
  String inDocument() {
    return line == 0 ? fact : fact + " at line " + line + ", column " + column;
  }

  /** UTF-16 units before the place, of a text that is one line. */
  int offset() {
    return Math.max(column - 1, 0);
  }
}
