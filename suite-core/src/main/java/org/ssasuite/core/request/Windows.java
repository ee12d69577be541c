package org.ssasuite.core.request;

import java.util.ArrayList;
import java.util.List;

/** Which tokens of a document are rated, and what each of them sees. Lengths are in tokens. */
public sealed interface Windows {
  /** The most tokens that one pass reads. */
  int tokens();

  /** The text form, part of a request's digest. */
  String text();

  /**
   * The document's first tokens in one pass, nothing put before them: the token at position i is
   * rated given tokens 0 … i − 1; the first one is not rated. What lies behind is cut.
   */
  record First(int tokens) implements Windows {
    public First {
      if (tokens < 2) {
        throw new IllegalArgumentException("a window needs 2 tokens or more, not " + tokens);
      }
    }

    @Override
    public String text() {
      return "first:" + tokens;
    }
  }

  /**
   * lm-evaluation-harness's rolling windows with one token of context: disjoint windows of rated
   * tokens, the first led by the prefix token (BOS, else EOS), the last one filled up with context.
   * Every token of the document is rated once.
   */
  record Rolling(int tokens) implements Windows {
    public Rolling {
      if (tokens < 1) {
        throw new IllegalArgumentException("a window needs 1 token or more, not " + tokens);
      }
    }

    @Override
    public String text() {
      return "rolling:" + tokens;
    }
  }

  /**
   * One stretch of a document, each of its tokens rated once behind a bounded left context: the
   * tokens {@code end − rated} … {@code end − 1}, in passes that read at most {@code tokens} of the
   * document, nothing put before them. Of a pass its last min(rated, tokens / 2) tokens are rated,
   * so that each has half of the tokens or more before it. What lies outside is not read.
   *
   * @param end behind the last rated token, from 1
   * @param rated how many are rated
   * @param tokens the most that one pass reads, rated ones included
   */
  record Stretch(int end, int rated, int tokens) implements Windows {
    public Stretch {
      if (rated < 1 || tokens < 2 || end < rated || firstRead(end, rated, tokens) < 0) {
        throw new IllegalArgumentException(
            "the %d tokens before token %d, behind %d".formatted(rated, end, tokens));
      }
    }

    /**
     * One pass.
     *
     * @param from the first token that is read
     * @param ratedFrom the first one that is rated
     * @param to behind the last one that is rated
     */
    public record Reading(int from, int ratedFrom, int to) {}

    private static long firstRead(int end, int rated, int tokens) {
      return (long) end - rated + Math.min(rated, tokens / 2) - tokens;
    }

    /** Its passes, in the document's order. */
    public List<Reading> readings() {
      List<Reading> readings = new ArrayList<>();
      int step = Math.min(rated, tokens / 2);
      for (int from = end - rated; from < end; from += step) {
        int to = Math.min(end, from + step);
        readings.add(new Reading(to - tokens, from, to));
      }
      return readings;
    }

    /** Tokens that all passes read together. */
    public int readTokens() {
      return readings().size() * tokens;
    }

    @Override
    public String text() {
      return "stretch:" + end + ":" + rated + ":" + tokens;
    }
  }
}
