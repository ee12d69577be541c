package org.ssasuite.core.python;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Expected values are Python 3.11's. */
class PythonReprTest {
  @Test
  void singleQuotesUnlessTheTextHasSomeAndNoDoubleOnes() {
    assertThat(PythonRepr.repr("plain")).isEqualTo("'plain'");
    assertThat(PythonRepr.repr("it's")).isEqualTo("\"it's\"");
    assertThat(PythonRepr.repr("say \"x\"")).isEqualTo("'say \"x\"'");
    assertThat(PythonRepr.repr("both ' and \"")).isEqualTo("'both \\' and \"'");
  }

  @Test
  void whatCannotBePrintedIsEscaped() {
    assertThat(PythonRepr.repr("tab\t nl\n cr\r bs\\")).isEqualTo("'tab\\t nl\\n cr\\r bs\\\\'");
    assertThat(PythonRepr.repr("\u00a0\u200b\u00e9\u65e5\ud83d\ude00\0\u007f\u0085\ue000\u2028"))
        .isEqualTo("'\\xa0\\u200b\u00e9\u65e5\ud83d\ude00\\x00\\x7f\\x85\\ue000\\u2028'");
  }

  @Test
  void listIsInBrackets() {
    assertThat(PythonRepr.repr(List.of("a", "b's"))).isEqualTo("['a', \"b's\"]");
  }
}
