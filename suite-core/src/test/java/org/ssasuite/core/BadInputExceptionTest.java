package org.ssasuite.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BadInputExceptionTest {
  @Test
  void whatATerminalWouldObeyIsEscaped() {
    assertThat(new BadInputException("a\nb", "\u001b[2J \u0000 \u2028 \u202e \ud800 \t\r é 😀"))
        .hasMessage("a\\nb: \\u001b[2J \\u0000 \\u2028 \\u202e \\ud800 \\t\\r é 😀");
  }

  @Test
  void aFactThatQuotesAFileIsShort() {
    assertThat(new BadInputException("a.json", "x".repeat(1 << 20)).getMessage())
        .hasSize("a.json: ".length() + 501)
        .endsWith("x…");
  }

  @Test
  void aFactStaysShortWhenItIsEscaped() {
    assertThat(new BadInputException("a.json", "\u0000".repeat(400)).getMessage())
        .hasSize("a.json: ".length() + 501);
  }
}
