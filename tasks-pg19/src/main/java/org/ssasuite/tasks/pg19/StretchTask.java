package org.ssasuite.tasks.pg19;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ssasuite.core.extrapolation.LengthMeasures;
import org.ssasuite.core.extrapolation.LengthScale;
import org.ssasuite.core.request.DocumentRating;
import org.ssasuite.core.request.Observe;
import org.ssasuite.core.request.RateDocument;
import org.ssasuite.core.request.RatedTokens;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.request.Response;
import org.ssasuite.core.request.Windows;
import org.ssasuite.core.task.Aggregate;
import org.ssasuite.core.task.Score;
import org.ssasuite.core.task.Task;
import org.ssasuite.core.task.TaskId;
import org.ssasuite.core.task.Unscored;

/**
 * The loss on the same tokens of books, once at each length: what is rated never changes, only how
 * much of the book is read before it.
 *
 * <p>A length counts all tokens that one pass reads, the rated ones among them: at the trained
 * length no token stands at a position that training had not. The last 512 tokens of a pass are
 * rated, or half of it where that is less; a stretch's 512 tokens then take several passes.
 */
final class StretchTask implements Task<BookStretch> {
  /** Rated tokens of a stretch. */
  static final int TARGETS = 512;

  private final TaskId id;
  private final LengthScale scale;
  private final int ofEach;
  private final LongBooks books;

  /**
   * Of books that are long enough for it.
   *
   * @param ofEach stretches of a book
   */
  StretchTask(TaskId id, LengthScale scale, int ofEach, LongBooks books) {
    this.id = id;
    this.scale = scale;
    this.ofEach = ofEach;
    this.books = books;
  }

  /** Tokens that a book needs so that no two of its stretches rate the same one. */
  static int leastTokens(int longest, int ofEach) {
    return Math.addExact(longest, Math.multiplyExact(ofEach - 1, TARGETS));
  }

  @Override
  public TaskId id() {
    return id;
  }

  /** Text unit, targets, lengths, reference, BOS, weighting. */
  @Override
  public String protocol() {
    String lengths = scale.lengths().stream().map(String::valueOf).collect(Collectors.joining(","));
    return "book-of-%d-or-more/%d-stretches-of-%d-targets/lengths-%s-read-with-targets/at-most-half-rated/reference-%d/no-bos/targets"
        .formatted(leastTokens(scale.longest(), ofEach), ofEach, TARGETS, lengths, scale.trained());
  }

  @Override
  public String dataDigest() {
    return books.digest();
  }

  @Override
  public Stream<BookStretch> samples() {
    return BookStretch.of(books, scale.longest(), ofEach).stream();
  }

  @Override
  public List<Request<?>> requests(BookStretch stretch) {
    return scale.lengths().stream()
        .<Request<?>>map(
            length ->
                new RateDocument(
                    stretch.book().text(),
                    new Windows.Stretch(stretch.end(), TARGETS, length),
                    Observe.nothing()))
        .toList();
  }

  @Override
  public Score score(BookStretch stretch, List<Response> responses) {
    double[] nats = new double[responses.size()];
    for (int i = 0; i < nats.length; i++) {
      RatedTokens rated = ((DocumentRating) responses.get(i)).tokens();
      for (int token = 0; token < rated.size(); token++) {
        if (!Double.isFinite(rated.logProbability(token))) {
          return new Unscored(
              "the log-probability of token %d behind up to %d is %s"
                  .formatted(
                      rated.firstPosition() + token,
                      scale.lengths().get(i) - 1,
                      rated.logProbability(token)));
        }
      }
      nats[i] = rated.nats(0, rated.size());
    }
    // The same tokens are rated at every length.
    int bytes = bytes(stretch, ((DocumentRating) responses.get(0)).tokens());
    return bytes == 0
        ? new Unscored("no text in the rated tokens")
        : LengthMeasures.of(scale, nats, TARGETS, bytes);
  }

  private static int bytes(BookStretch stretch, RatedTokens rated) {
    int end = rated.textEnd(rated.size() - 1);
    String text = stretch.book().text().substring(rated.textBegin(), end);
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  @Override
  public Aggregate aggregate() {
    return LengthMeasures.AGGREGATE;
  }
}
