package org.ssasuite.tasks.ruler;

import org.ssasuite.core.python.PythonText;
import org.ssasuite.core.request.TokenCounter;

/** Tokens are the stretches between white space, as Python's {@code str.split} gives them. */
final class WhitespaceCounter implements TokenCounter {
  @Override
  public String identity() {
    return "whitespace";
  }

  @Override
  public int count(String text, int most) {
    int words = 0;
    boolean inside = false;
    for (int i = 0; i < text.length(); i++) {
      boolean word = !PythonText.isSpace(text.charAt(i));
      words += word && !inside ? 1 : 0;
      inside = word;
      if (words > most) {
        return words;
      }
    }
    return words;
  }

  @Override
  public int recount(String text) {
    return PythonText.split(text).size();
  }

  @Override
  public int specialTokens() {
    return 0;
  }
}
