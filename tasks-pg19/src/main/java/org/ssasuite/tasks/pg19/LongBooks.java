package org.ssasuite.tasks.pg19;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.hub.HubData;
import org.ssasuite.core.hub.PublishedSet;
import org.ssasuite.core.hub.RecordFiles;
import org.ssasuite.core.hub.Split;
import org.ssasuite.core.request.TokenCounter;

/**
 * Books that have enough tokens for a tokenizer, with how many each has.
 *
 * @param digest of the file that they were chosen from
 */
record LongBooks(List<Sized> books, String digest) {
  LongBooks {
    books = List.copyOf(books);
  }

  /** A book with its tokens. */
  record Sized(Book book, int tokens) {}

  /**
   * The long texts; where there are none, the beginnings of books. Not those of the latter that are
   * long enough beside the former: beginnings are cut by their characters, and the few that make
   * many tokens of them are odd ones.
   *
   * @throws BadInputException if there is neither file, or it is corrupt
   */
  static BookFile all(Path data, List<String> files) {
    return files.stream()
        .flatMap(file -> DataFile.find(data, file).stream())
        .findFirst()
        .map(RecordFiles::of)
        .or(() -> HubData.in(data).find(PublishedSet.PG19, Split.TEST))
        .map(BookFile::read)
        .orElseThrow(
            () ->
                new BadInputException(
                    data, "has none of " + String.join(", ", files) + ", packed or not"));
  }

  /**
   * Those of a file that have at least so many tokens.
   *
   * @throws BadInputException if none has
   */
  static LongBooks of(BookFile file, int least, TokenCounter counter, String task) {
    List<Sized> books = new ArrayList<>();
    int most = 0;
    for (Book book : file.books()) {
      int tokens = counter.recount(book.text());
      most = Math.max(most, tokens);
      if (tokens >= least) {
        books.add(new Sized(book, tokens));
      }
    }
    if (books.isEmpty()) {
      throw new BadInputException(
          "task " + task,
          "needs books of "
              + least
              + " tokens or more, and the longest of "
              + file.books().size()
              + " has "
              + most);
    }
    return new LongBooks(books, file.digest());
  }

  /** As tasks over whole books have them. */
  BookFile file() {
    return new BookFile(books.stream().map(Sized::book).toList(), digest);
  }
}
