package org.ssasuite.tasks.pg19;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.JsonLine;
import org.ssasuite.core.hub.RecordFiles;
import org.ssasuite.core.python.PythonText;

/**
 * A file of books: one JSON object a line with {@code id} (a string or a whole number, unique; or
 * {@code url}, of which what stands behind the last slash is it) and {@code text}. Further fields
 * are for readers.
 *
 * @param digest of the files' content, unpacked
 */
record BookFile(List<Book> books, String digest) {
  private static final Set<String> FIELDS = Set.of("id", "url", "text");

  BookFile {
    books = List.copyOf(books);
  }

  /**
   * Reads all books.
   *
   * @throws BadInputException for a file that is missing, corrupt or without a book, and for a book
   *     without id or text, with the line
   */
  static BookFile read(RecordFiles files) {
    List<Book> books = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    files
        .reading(FIELDS)
        .forEach(
            line -> {
              Book book = book(line);
              if (!ids.add(book.id())) {
                throw line.bad("a second book with id '" + book.id() + "'");
              }
              books.add(book);
            });
    if (books.isEmpty()) {
      throw new BadInputException(files.path(), "no book in it");
    }
    return new BookFile(books, files.digest());
  }

  private static Book book(JsonLine line) {
    String name = id(line);
    String text = line.text("text");
    if (PythonText.split(text).size() == 0) {
      throw line.bad("book '" + name + "' is empty");
    }
    return new Book(name, text);
  }

  /** Hugging Face's copy of PG-19 has no ids, but addresses that end in Project Gutenberg's. */
  private static String id(JsonLine line) {
    JsonNode id = line.object().get("id");
    if (id == null && line.object().has("url")) {
      String address = line.text("url");
      return address.substring(address.lastIndexOf('/') + 1);
    }
    return id != null && id.isIntegralNumber() ? id.asText() : line.text("id");
  }
}
