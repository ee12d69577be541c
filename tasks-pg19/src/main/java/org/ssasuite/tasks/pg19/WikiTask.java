package org.ssasuite.tasks.pg19;

import java.util.List;
import org.ssasuite.core.metrics.LossMetrics;
import org.ssasuite.core.request.DocumentRating;
import org.ssasuite.core.request.Response;
import org.ssasuite.core.request.Windows;
import org.ssasuite.core.task.Score;
import org.ssasuite.core.task.TaskId;
import org.ssasuite.core.task.Unscored;

/**
 * WikiText-2 as task {@code wikitext} (2.0) of EleutherAI/lm-evaluation-harness 0.4.9: each page
 * detokenised, rated whole in rolling windows led by the prefix token, and divided by the words and
 * bytes of the page before detokenisation. The reference's window is the model's own length, so a
 * figure is comparable with one of the same window only.
 */
final class WikiTask extends LossTask<WikiPage> {
  private final Windows.Rolling window;
  private final WikiFile file;

  WikiTask(TaskId id, Windows.Rolling window, WikiFile file) {
    super(id, window, file.digest(), file.pages());
    this.window = window;
    this.file = file;
  }

  /** Text unit, window, stride, BOS, denominators, weighting. */
  @Override
  public String protocol() {
    return (file.whole() ? "page" : "first-" + file.pages().size() + "-pages")
        + "/rolling-"
        + window.tokens()
        + "/stride-"
        + window.tokens()
        + "/prefix-bos-or-eos/original-words/corpus";
  }

  @Override
  String text(WikiPage page) {
    return page.text();
  }

  @Override
  public Score score(WikiPage page, List<Response> responses) {
    DocumentRating rating = (DocumentRating) responses.get(0);
    if (rating.fit().truncated()) {
      // The denominators are the whole page's, so a loss over a part of it would be too small.
      return new Unscored(
          rating.fit().usedTokens() + " of " + rating.fit().tokens() + " tokens were read");
    }
    if (rating.tokens().size() == 0) {
      return new Unscored("no token: there is none to rate");
    }
    return LossMetrics.score(rating.tokens(), page.size(), tokens -> List.of());
  }
}
