package org.ssasuite.core.described;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.ssasuite.core.metrics.LossMetrics;
import org.ssasuite.core.metrics.PositionFacets;
import org.ssasuite.core.metrics.TextSize;
import org.ssasuite.core.python.PythonJson;
import org.ssasuite.core.python.PythonText;
import org.ssasuite.core.request.DocumentRating;
import org.ssasuite.core.request.Observe;
import org.ssasuite.core.request.RateDocument;
import org.ssasuite.core.request.RatedTokens;
import org.ssasuite.core.request.Request;
import org.ssasuite.core.request.Response;
import org.ssasuite.core.request.Windows;
import org.ssasuite.core.task.Aggregate;
import org.ssasuite.core.task.Score;
import org.ssasuite.core.task.Unscored;

/**
 * The loss on texts. Of their first tokens the loss is divided by the words and bytes of the rated
 * stretch, as task {@code pg19} does; in rolling windows by those of the whole text, as
 * lm-evaluation-harness 0.4.9 does ({@code weighted_perplexity}), whose words are the pieces
 * between white space.
 */
final class RateTask extends DescribedTask<RateTask.Item> {
  private final Windows windows;

  /** A row's text. */
  record Item(RowName name, String text) implements RowSample {
    Item {
      Objects.requireNonNull(name);
      Objects.requireNonNull(text);
    }
  }

  RateTask(Frame frame, String dataDigest, List<Item> items, Windows windows) {
    super(frame, dataDigest, items);
    this.windows = Objects.requireNonNull(windows);
  }

  @Override
  public List<Request<?>> requests(Item item) {
    return List.of(new RateDocument(item.text(), windows, Observe.nothing()));
  }

  @Override
  public Score score(Item item, List<Response> responses) {
    DocumentRating rating = (DocumentRating) responses.get(0);
    return windows instanceof Windows.First
        ? ofBeginning(item, rating.tokens())
        : ofWhole(item, rating);
  }

  private Score ofBeginning(Item item, RatedTokens rated) {
    if (rated.size() == 0) {
      return new Unscored("fewer than 2 tokens: there is none to rate");
    }
    String stretch = item.text().substring(rated.textBegin(), rated.textEnd(rated.size() - 1));
    TextSize size = new TextSize(PythonText.split(stretch).size(), bytes(stretch));
    return LossMetrics.score(rated, size, tokens -> PositionFacets.of(tokens, windows.tokens()));
  }

  private static Score ofWhole(Item item, DocumentRating rating) {
    if (rating.fit().truncated()) {
      return new Unscored(
          rating.fit().usedTokens() + " of " + rating.fit().tokens() + " tokens were read");
    }
    if (rating.tokens().size() == 0) {
      return new Unscored("no token: there is none to rate");
    }
    TextSize size = new TextSize(PythonText.whitespacePieces(item.text()), bytes(item.text()));
    return LossMetrics.score(rating.tokens(), size, tokens -> List.of());
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  @Override
  public Aggregate aggregate() {
    return LossMetrics.AGGREGATE;
  }

  @Override
  Stream<String> lines(Item item) {
    return Stream.of(
        "{\"doc\": "
            + PythonJson.dumps(item.id())
            + ", \"text\": "
            + PythonJson.dumps(item.text())
            + "}");
  }
}
