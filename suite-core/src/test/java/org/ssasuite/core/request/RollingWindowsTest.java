package org.ssasuite.core.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ssasuite.core.request.RollingWindows.Window;
import org.ssasuite.core.testing.Golden;

class RollingWindowsTest {
  static List<JsonNode> golden() {
    return Golden.vectors("rolling-windows.jsonl");
  }

  @ParameterizedTest
  @MethodSource("golden")
  void windowsAreTheReferences(JsonNode golden) {
    List<Window> expected = new ArrayList<>();
    for (JsonNode window : golden.get("windows")) {
      JsonNode input = window.get("input");
      JsonNode rated = window.get("rated");
      expected.add(
          new Window(
              input.isNull() ? 0 : input.get(0).intValue(),
              input.isNull() ? 0 : input.get(1).intValue(),
              window.get("prefix").booleanValue(),
              rated.get(0).intValue(),
              rated.get(1).intValue()));
    }

    assertThat(
            RollingWindows.of(golden.get("tokens").intValue(), golden.get("max_tokens").intValue()))
        .isEqualTo(expected);
  }

  @Test
  void emptyDocumentHasNoWindow() {
    assertThat(RollingWindows.of(0, 8)).isEmpty();
  }

  @Test
  void lastPartialWindowKeepsAFullContext() {
    List<Window> windows = RollingWindows.of(34, 10);

    assertThat(windows.get(3)).isEqualTo(new Window(23, 33, false, 30, 34));
    assertThat(windows.get(3).inputTokens()).isEqualTo(10);
    assertThat(windows.get(3).ratedTokens()).isEqualTo(4);
  }

  @Test
  void prefixTokenCountsAsInput() {
    assertThat(RollingWindows.of(5, 10).get(0).inputTokens()).isEqualTo(5);
  }

  @Test
  void windowOfNoTokenIsRefused() {
    assertThatThrownBy(() -> RollingWindows.of(3, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("3 tokens in windows of 0");
  }

  @Test
  void tokenWithoutALeftNeighbourNeedsThePrefix() {
    assertThatThrownBy(() -> new Window(0, 3, false, 0, 4))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
