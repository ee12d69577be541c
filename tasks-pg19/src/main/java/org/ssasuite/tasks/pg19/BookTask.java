package org.ssasuite.tasks.pg19;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.ssasuite.core.metrics.LossMetrics;
import org.ssasuite.core.metrics.PositionFacets;
import org.ssasuite.core.metrics.TextSize;
import org.ssasuite.core.python.PythonText;
import org.ssasuite.core.request.DocumentRating;
import org.ssasuite.core.request.RatedTokens;
import org.ssasuite.core.request.Response;
import org.ssasuite.core.request.Windows;
import org.ssasuite.core.task.Score;
import org.ssasuite.core.task.TaskId;
import org.ssasuite.core.task.Unscored;

/**
 * The loss on the first tokens of books: one pass, no BOS, so that every length that a book is
 * rated at is a prefix of the same pass.
 *
 * <p>Words and bytes are those of the rated stretch of text, from the end of the first token to the
 * end of the last rated one, as it is cut: a word of which only a part lies inside counts as one. A
 * book shorter than the window is rated whole. The fixed word counts of the PG19 paper divide the
 * loss of whole books of the official text; here a window is rated, so they are never used, and
 * these perplexities are not comparable with the paper's.
 */
final class BookTask extends LossTask<Book> {
  private final String unit;
  private final Windows.First window;

  BookTask(TaskId id, Windows.First window, BookFile file) {
    this(id, "book", window, file);
  }

  /**
   * Of some books.
   *
   * @param unit which, as its protocol says it
   */
  BookTask(TaskId id, String unit, Windows.First window, BookFile file) {
    super(id, window, file.digest(), file.books());
    this.unit = unit;
    this.window = window;
  }

  /** Text unit, window, stride, BOS, denominators, weighting. */
  @Override
  public String protocol() {
    return unit + "/first-" + window.tokens() + "/no-stride/no-bos/counted-words/corpus";
  }

  @Override
  String text(Book book) {
    return book.text();
  }

  @Override
  public Score score(Book book, List<Response> responses) {
    RatedTokens rated = ((DocumentRating) responses.get(0)).tokens();
    if (rated.size() == 0) {
      return new Unscored("fewer than 2 tokens: there is none to rate");
    }
    String stretch = book.text().substring(rated.textBegin(), rated.textEnd(rated.size() - 1));
    TextSize size =
        new TextSize(
            PythonText.split(stretch).size(), stretch.getBytes(StandardCharsets.UTF_8).length);
    return LossMetrics.score(rated, size, tokens -> PositionFacets.of(tokens, window.tokens()));
  }
}
