package org.ssasuite.core.described;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ssasuite.core.files.Digests;

/**
 * What a row is called.
 *
 * @param id unique in its task
 * @param document that it stems from
 */
record RowName(String id, String document) {
  private static final int LONGEST = 200;
  private static final int LONGEST_DOCUMENT = 64;
  private static final int DOCUMENT_HEX_DIGITS = 16;

  RowName {
    if (id.isEmpty() || document.isEmpty()) {
      throw new IllegalArgumentException("row '" + id + "' of document '" + document + "'");
    }
  }

  /**
   * Names of all rows. A document whose name is longer than 64 characters, as the text itself is,
   * is called by the first 16 hex digits of its SHA-256.
   *
   * @throws org.ssasuite.core.BadInputException for two rows of one id
   */
  static List<RowName> all(List<Row> rows, Optional<String> id, Optional<String> document) {
    List<RowName> names = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (Row row : rows) {
      String name =
          id.map(field -> name(row, field)).orElseGet(() -> Integer.toString(names.size()));
      if (!ids.add(name)) {
        throw row.bad("a second row with id '" + name + "'");
      }
      names.add(new RowName(name, document.map(field -> document(row, field)).orElse(name)));
    }
    return names;
  }

  private static String name(Row row, String field) {
    String name = filled(row, field);
    if (name.length() > LONGEST) {
      throw row.bad("field '" + field + "' has more than " + LONGEST + " characters for an id");
    }
    return name;
  }

  private static String document(Row row, String field) {
    String name = filled(row, field);
    return name.length() > LONGEST_DOCUMENT
        ? Digests.sha256(name).substring(0, DOCUMENT_HEX_DIGITS)
        : name;
  }

  private static String filled(Row row, String field) {
    String name = row.text(field);
    if (name.isEmpty()) {
      throw row.bad("field '" + field + "' is empty");
    }
    return name;
  }
}
