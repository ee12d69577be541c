package org.ssasuite.tasks.pg19;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.metrics.TextSize;
import org.ssasuite.core.request.ContextFit;
import org.ssasuite.core.request.DocumentRating;
import org.ssasuite.core.request.Observe;
import org.ssasuite.core.request.RateDocument;
import org.ssasuite.core.request.RatedTokens;
import org.ssasuite.core.request.Windows;
import org.ssasuite.core.task.Measure;
import org.ssasuite.core.task.Score;
import org.ssasuite.core.task.Scored;
import org.ssasuite.core.task.TaskId;
import org.ssasuite.core.task.Unscored;

class WikiTaskTest {
  private static final WikiPage PAGE = new WikiPage(0, "= A =\ntext.", new TextSize(4, 16));
  private static final WikiTask TASK =
      new WikiTask(
          new TaskId("pg19", "wikitext2", 1),
          new Windows.Rolling(512),
          new WikiFile(List.of(PAGE), true, "d".repeat(64)));

  private static Score score(ContextFit fit, float... logProbabilities) {
    RatedTokens rated = new RatedTokens(0, 0, logProbabilities, new int[logProbabilities.length]);
    return TASK.score(PAGE, List.of(new DocumentRating(rated, fit, Optional.empty())));
  }

  @Test
  void asksForTheDetokenisedTextInRollingWindows() {
    assertThat(TASK.requests(PAGE))
        .isEqualTo(
            List.of(new RateDocument("= A =\ntext.", new Windows.Rolling(512), Observe.nothing())));
  }

  @Test
  void lossIsDividedByTheOriginalPage() {
    assertThat(((Scored) score(ContextFit.whole(2), -3, -5)).measures())
        .containsExactly(
            Measure.of("word_perplexity", 2, 4),
            Measure.of("byte_perplexity", 0.5, 16),
            Measure.of("bits_per_byte", 0.5, 16),
            Measure.of("token_nats", 4, 2));
  }

  @Test
  void pageThatWasCutIsUnscored() {
    assertThat(score(new ContextFit(3, 2), -3, -5))
        .isEqualTo(new Unscored("2 of 3 tokens were read"));
  }

  @Test
  void pageWithoutTokensIsUnscored() {
    assertThat(score(ContextFit.whole(0)))
        .isEqualTo(new Unscored("no token: there is none to rate"));
  }
}
