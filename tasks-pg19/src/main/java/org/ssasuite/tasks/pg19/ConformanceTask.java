package org.ssasuite.tasks.pg19;

import java.util.List;
import java.util.stream.Stream;
import org.ssasuite.core.metrics.DivergenceMetrics;
import org.ssasuite.core.request.CompareDocument;
import org.ssasuite.core.request.ComparedTokens;
import org.ssasuite.core.request.DocumentComparison;
import org.ssasuite.core.request.Observe;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.request.Response;
import org.ssasuite.core.task.Aggregate;
import org.ssasuite.core.task.Score;
import org.ssasuite.core.task.Task;
import org.ssasuite.core.task.TaskId;
import org.ssasuite.core.task.Unscored;

/**
 * How far a mode's predictions on the first tokens of books are from those of a reference mode of
 * the same weights: A is the reference.
 */
final class ConformanceTask implements Task<Book> {
  private final TaskId id;
  private final int tokens;
  private final String reference;
  private final BookFile file;

  /**
   * A comparison.
   *
   * @param tokens the most that a pass reads
   * @param reference the text form of the mode that others are held against
   */
  ConformanceTask(TaskId id, int tokens, String reference, BookFile file) {
    this.id = id;
    this.tokens = tokens;
    this.reference = reference;
    this.file = file;
  }

  @Override
  public TaskId id() {
    return id;
  }

  /** Text unit, window, BOS, what is compared with what. */
  @Override
  public String protocol() {
    return "book/first-" + tokens + "/no-bos/divergence-from-" + reference;
  }

  @Override
  public String dataDigest() {
    return file.digest();
  }

  @Override
  public Stream<Book> samples() {
    return file.books().stream();
  }

  @Override
  public List<Request<?>> requests(Book book) {
    return List.of(new CompareDocument(book.text(), tokens, reference, Observe.nothing()));
  }

  @Override
  public Score score(Book book, List<Response> responses) {
    ComparedTokens compared = ((DocumentComparison) responses.get(0)).tokens();
    if (compared.size() == 0) {
      return new Unscored("fewer than 2 tokens: there is none to predict");
    }
    return DivergenceMetrics.score(compared);
  }

  @Override
  public Aggregate aggregate() {
    return DivergenceMetrics.AGGREGATE;
  }
}
