package org.ssasuite.core.request;

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
}
