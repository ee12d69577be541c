package org.ssasuite.tasks.pg19;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.request.TokenCounter;

/**
 * Books that have enough tokens for a tokenizer, with how many each has.
 *
 * @param digest of all files that they were chosen from
 */
record LongBooks(List<Sized> books, String digest) {
  LongBooks {
    books = List.copyOf(books);
  }

  /** A book with its tokens. */
  record Sized(Book book, int tokens) {}

  /**
   * The long texts, and behind them the beginnings of books that none of these is of, as far as
   * there are such files.
   *
   * @throws BadInputException if there is neither file, or one is corrupt
   */
  static BookFile all(Path data, List<String> files) {
    List<Path> there =
        files.stream().flatMap(file -> DataFolder.findIfThere(data, file).stream()).toList();
    if (there.isEmpty()) {
      throw new BadInputException(
          data, "has none of " + String.join(", ", files) + ", packed or not");
    }
    List<Book> books = new ArrayList<>();
    List<String> digests = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (Path path : there) {
      BookFile file = BookFile.read(path);
      file.books().stream().filter(book -> ids.add(book.id())).forEach(books::add);
      digests.add(file.digest());
    }
    return new BookFile(books, Digests.sha256(String.join("\n", digests)));
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
