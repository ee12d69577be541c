package org.ssasuite.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerPatternTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "(a+)+$",
        "(?:a*b?)*c",
        "(a|a)+b",
        "((a{2,})b)*",
        "(x(a+)y)+?",
        "(a+){100}",
        "(a+){2,}",
        "[a-z]+\\s*[a-z]+\\s*[a-z]+!"
      })
  void whatBacktracksOnHarmlessTextsIsRefused(String pattern) {
    assertThat(TokenizerPattern.danger(pattern)).isPresent();
  }

  /** GPT-2's, Llama 3's, GPT-4o's, DeepSeek's and Granite's expressions, and odd ones. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
        "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
            + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
        "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+"
            + "(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*",
        "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+",
        "\\d{1,3}(?=(?:\\d{3})*\\b)",
        "",
        ")",
        "(",
        "[",
        "\\",
        "a{",
        "{3}"
      })
  void publishedExpressionsAreNot(String pattern) {
    assertThat(TokenizerPattern.danger(pattern)).isEmpty();
  }
}
