package org.ssasuite.runtime.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerPatternTest {
  private static final String GPT_2 =
      "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

  private static final String O200K =
      "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
          + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
          + "|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(?:a{1,64}){1,64}c",
        "(?<x>a\\g<x>?\\g<x>?)c",
        "a*a*a*a*c",
        "(?:a*a*a*|b)(?:a*a*a*|b)(?:a*a*a*|b)(?:a*a*a*|b)c",
        "(a*)(a*)(a*)(a*)\\1\\2\\3\\4c",
        "(a+)+$",
        "(?:a*b?)*c",
        "(a|a)+b",
        "a*c",
        "\\s+$",
        "a+?b",
        "(?<=a)b",
        "(?>a*)c",
        "a{1,3}+",
        "a{65}",
        "(?i)a",
        "\\bfoo",
        "\\d{1,3}(?=(?:\\d{3})*\\b)",
        "a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?c",
        "\\s*[\\r\\n]+",
        "\\s*[\\r\\n]+|\\s|\\s+",
        "[^\\r\\n]*[a-z]+",
        "[[:alpha:]]+",
        "[]a]+",
        "a*",
        "",
        ")",
        "(",
        "[",
        "\\",
        "a{",
        "{3}"
      })
  void whatNoPublishedTokenizerHasIsRefused(String pattern) {
    assertThat(TokenizerPattern.refusal(pattern)).isPresent();
  }

  /** Of Llama 3, Qwen 2, cl100k in its newer form, tekken, DeepSeek, Falcon, BLOOM, T5. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        GPT_2,
        O200K,
        "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
            + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
        "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
            + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
        "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}+|\\p{N}{1,3}"
            + "| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+",
        "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+"
            + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*"
            + "|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
        "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+"
            + "| ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+|\\s+(?!\\S)|\\s+",
        "[\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+",
        "[\r\n]",
        "\\s?\\p{L}+",
        "\\s?\\p{P}+",
        "[0-9][0-9][0-9]",
        " ?[^(\\s|[.,!?\u2026\u3002\uff0c\u3001\u0964\u06d4\u060c])]+",
        " {2,}"
      })
  void publishedExpressionsAreRead(String pattern) {
    assertThat(TokenizerPattern.refusal(pattern)).isEmpty();
  }

  @Test
  void aRefusalNamesThePart() {
    assertThat(TokenizerPattern.refusal("(a)\\1"))
        .contains("has '\\1', which no published tokenizer's has");
  }

  @Test
  void aPartThatMustFollowAnEndlessOneIsNamed() {
    assertThat(TokenizerPattern.refusal("a*c"))
        .contains("has 'c' behind a part that repeats without end");
  }

  @ParameterizedTest
  @CsvSource({"a \\p{L}+,true", "[^x]+,true", "' ?\\p{L}+',false", "\\s?\\p{L}+,false"})
  void aMatchSpansALetterAndASpaceOrNot(String pattern, boolean spans) {
    assertThat(TokenizerPattern.of(pattern).spans(' ')).isEqualTo(spans);
  }

  @Test
  void slashesGoOnBehindOtherMarksButNotBehindLetters() {
    assertThat(TokenizerPattern.of(O200K).spans('/')).isFalse();
  }

  @Test
  void publishedExpressionsTakeEveryLetter() {
    assertThat(TokenizerPattern.of(GPT_2).takesEveryLetter()).isTrue();
    assertThat(TokenizerPattern.of(O200K).takesEveryLetter()).isTrue();
    assertThat(TokenizerPattern.of("[a-z]+").takesEveryLetter()).isFalse();
  }
}
