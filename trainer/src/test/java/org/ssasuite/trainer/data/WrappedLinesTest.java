package org.ssasuite.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WrappedLinesTest {
  /** As Python's {@code textwrap.fill} breaks a paragraph of single spaces. */
  @ParameterizedTest
  @CsvSource(
      value = {
        "the quick brown fox jumps over the lazy dog|10|the quick/brown fox/jumps over/the lazy/dog",
        "a bb ccc dddd|4|a bb/ccc/dddd",
        "a incomprehensible b c|5|a/incomprehensible/b c",
        "incomprehensible|5|incomprehensible",
        "aaaa bbbb|9|aaaa bbbb",
        "aaaa bbbb|8|aaaa/bbbb"
      },
      delimiter = '|')
  void linesAreFilledAndNoWordIsCut(String text, int columns, String wrapped) {
    assertThat(WrappedLines.wrapped(text, columns)).isEqualTo(wrapped.replace('/', '\n'));
  }

  @Test
  void lineFeedsStay() {
    assertThat(WrappedLines.wrapped("one two\n\nthree four five\n", 9))
        .isEqualTo("one two\n\nthree\nfour five\n");
  }

  @Test
  void chanceOfZeroLeavesTexts() {
    WrappedLines lines = new WrappedLines(0, 42);

    assertThat(lines.of("word ".repeat(40))).isEqualTo("word ".repeat(40));
  }
}
