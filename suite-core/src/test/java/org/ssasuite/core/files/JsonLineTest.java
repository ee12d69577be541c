package org.ssasuite.core.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ssasuite.core.BadInputException;

class JsonLineTest {
  private static JsonLine line(String text) {
    return JsonLine.parse(Path.of("f"), 3, text.getBytes(StandardCharsets.UTF_8), true);
  }

  @Test
  void listOfStringsIsReadInOrder() {
    assertThat(line("{\"t\": [\"b\", \"\", \"a\"]}").texts("t")).containsExactly("b", "", "a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "\"a\"", "{\"a\": \"b\"}", "[\"a\", 1]", "[null]", "[[\"a\"]]"})
  void whatIsNoListOfStringsIsBadInput(String value) {
    assertThatThrownBy(() -> line("{\"t\": " + value + "}").texts("t"))
        .isInstanceOf(BadInputException.class)
        .hasMessage("f: line 3: field 't' is not a list of strings");
  }

  @Test
  void missingListIsBadInput() {
    assertThatThrownBy(() -> line("{}").texts("t"))
        .isInstanceOf(BadInputException.class)
        .hasMessage("f: line 3: field 't' is missing");
  }

  @Test
  void indexIsReadUpToItsEnd() {
    assertThat(line("{\"i\": 3}").index("i", 4)).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"4", "-1", "1.0", "\"1\"", "null", "4294967297", "1e0", "true"})
  void whatIsNoIndexIsBadInput(String value) {
    assertThatThrownBy(() -> line("{\"i\": " + value + "}").index("i", 4))
        .isInstanceOf(BadInputException.class)
        .hasMessage("f: line 3: field 'i' is not a whole number from 0 to 3");
  }

  @Test
  void missingIndexIsBadInput() {
    assertThatThrownBy(() -> line("{}").index("i", 4))
        .isInstanceOf(BadInputException.class)
        .hasMessage("f: line 3: field 'i' is missing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\\ud83d", "a\\ude00b", "a\\ude00\\ud83d"})
  void halfASurrogatePairIsBadInputWhereItIsRead(String text) {
    JsonLine line = line("{\"t\": \"" + text + "\", \"l\": [\"" + text + "\"], \"u\": \"b\"}");

    assertThat(line.text("u")).isEqualTo("b");
    assertThatThrownBy(() -> line.text("t"))
        .isInstanceOf(BadInputException.class)
        .hasMessage("f: line 3: field 't' has half of a surrogate pair at character 1");
    assertThatThrownBy(() -> line.texts("l"))
        .isInstanceOf(BadInputException.class)
        .hasMessage("f: line 3: field 'l' has half of a surrogate pair at character 1");
  }

  @Test
  void aWholeSurrogatePairIsRead() {
    assertThat(line("{\"t\": \"\\ud83d\\ude00\"}").text("t")).isEqualTo("\ud83d\ude00");
  }
}
