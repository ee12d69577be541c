package org.ssasuite.tasks.pg19;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.ssasuite.core.task.Sample;

/**
 * A stretch of a book whose last tokens are rated.
 *
 * @param number of the book's stretches, from 0
 * @param end behind its last token
 */
record BookStretch(Book book, int number, int end) implements Sample {
  BookStretch {
    Objects.requireNonNull(book);
  }

  /**
   * So many of each book: the first one ends where the longest context is just there, the last one
   * with the book, the others in between, as far apart as they can; a single one ends with the
   * book. All first ones come before all second ones, so that a run that is cut short has many
   * books and not a few.
   *
   * @param longest tokens before the end of any
   * @param count of each book
   */
  static List<BookStretch> of(LongBooks books, int longest, int count) {
    List<BookStretch> stretches = new ArrayList<>();
    for (int number = 0; number < count; number++) {
      for (LongBooks.Sized sized : books.books()) {
        long room = (long) sized.tokens() - longest;
        long shift = count == 1 ? room : number * room / (count - 1);
        stretches.add(new BookStretch(sized.book(), number, longest + (int) shift));
      }
    }
    return stretches;
  }

  @Override
  public String id() {
    return book.id() + "." + number;
  }

  @Override
  public String document() {
    return book.id();
  }
}
