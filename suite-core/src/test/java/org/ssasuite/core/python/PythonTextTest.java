package org.ssasuite.core.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.testing.Golden;

class PythonTextTest {
  private static final String GOLDEN = "python-text.jsonl";

  @Test
  void spaceIsThePythonSet() {
    BitSet expected = new BitSet();
    Golden.vectors(GOLDEN, "space").get(0).get("code_points").forEach(c -> expected.set(c.asInt()));
    BitSet actual = new BitSet();
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      actual.set(c, PythonText.isSpace(c));
    }
    assertThat(actual).isEqualTo(expected);
  }

  @Test
  void wordCharactersAreThoseOfPython() {
    BitSet expected = characters("word");
    forEveryCharacter(c -> assertMember(c, PythonText.isWordCharacter(c), expected.get(c)));
  }

  @Test
  void upperCaseIsThatOfPython() {
    BitSet expected = characters("upper");
    forEveryCharacter(c -> assertMember(c, PythonText.isUpper(c), expected.get(c)));
  }

  @Test
  void lowerCaseIsThatOfPython() {
    BitSet expected = characters("lower");
    forEveryCharacter(c -> assertMember(c, PythonText.isLower(c), expected.get(c)));
  }

  @Test
  void stripsAtEitherEndTakeWhatPythonTakes() {
    String spaces = "\n \u00a0\u2007\u202f\u0085\u001c\u3000";
    assertThat(PythonText.rstrip("a" + spaces)).isEqualTo("a");
    assertThat(PythonText.rstrip(spaces + "a")).isEqualTo(spaces + "a");
    assertThat(PythonText.lstrip(spaces + "a")).isEqualTo("a");
    assertThat(PythonText.lstrip("a" + spaces)).isEqualTo("a" + spaces);
    assertThat(PythonText.rstrip("\u200b\ufeff")).isEqualTo("\u200b\ufeff");
  }

  @Test
  void digitsAreThoseOfPython() {
    BitSet expected = characters("digit");
    forEveryCharacter(
        c ->
            assertMember(
                c, !PythonText.digitRuns(Character.toString(c)).isEmpty(), expected.get(c)));
  }

  private static BitSet characters(String kind) {
    BitSet characters = new BitSet();
    Golden.vectors("python-classes.jsonl", kind)
        .get(0)
        .get("ranges")
        .forEach(range -> characters.set(range.get(0).asInt(), range.get(1).asInt() + 1));
    return characters;
  }

  private static void assertMember(int character, boolean actual, boolean expected) {
    if (actual != expected) {
      assertThat(actual).as("U+%04X", character).isEqualTo(expected);
    }
  }

  @Test
  void digitRunsAreMaximal() {
    assertThat(PythonText.digitRuns("5 of 12, 3.5 and ١٢٣x"))
        .containsExactly("5", "12", "3", "5", "١٢٣");
    assertThat(PythonText.digitRuns("none ² Ⅻ")).isEmpty();
  }

  @Test
  void everyCharacterIsLoweredAsInPython() {
    assertEveryCharacter("lower_changes", PythonText::lower);
  }

  @Test
  void everyCharacterIsCapitalizedAsInPython() {
    assertEveryCharacter("capitalize_changes", PythonText::capitalize);
  }

  @Test
  void everyCharacterBesideASigmaDecidesAsInPython() {
    JsonNode vector = Golden.vectors(GOLDEN, "sigma").get(0);
    Map<Integer, String> expected = new HashMap<>();
    for (JsonNode range : vector.get("ranges")) {
      for (int c = range.get(0).asInt(); c <= range.get(1).asInt(); c++) {
        expected.put(c, range.get(2).asText());
      }
    }
    String neutral = vector.get("neutral").asText();
    List<String> different = new ArrayList<>();
    forEveryCharacter(
        c -> {
          if (!sigmaForms(Character.toString(c)).equals(expected.getOrDefault(c, neutral))) {
            different.add("U+%04X".formatted(c));
          }
        });
    // A Hanunoo vowel killer that Unicode 14.0 made a spacing mark; Java 17 has Unicode 13.0.
    assertThat(different).isSubsetOf("U+1734");
  }

  /** Final (f) or not (m): between the character and a b, before it at the end, behind it. */
  private static String sigmaForms(String letter) {
    String last = PythonText.lower(letter + "Σ");
    return form(PythonText.lower("aΣ" + letter + "b").charAt(1))
        + form(PythonText.lower("aΣ" + letter).charAt(1))
        + form(last.charAt(last.length() - 1));
  }

  private static String form(char sigma) {
    return sigma == 'ς' ? "f" : "m";
  }

  @Test
  void stringsAreSplitAsInPython() {
    for (JsonNode vector : Golden.vectors(GOLDEN, "text")) {
      List<String> words = new ArrayList<>();
      vector.get("split").forEach(word -> words.add(word.asText()));
      assertThat(PythonText.split(text(vector))).as(vector.toString()).isEqualTo(words);
    }
  }

  @Test
  void piecesAreCountedAsInPython() {
    for (JsonNode vector : Golden.vectors(GOLDEN, "text")) {
      assertThat(PythonText.whitespacePieces(text(vector)))
          .as(vector.toString())
          .isEqualTo(vector.get("pieces").asInt());
    }
  }

  @Test
  void stringsAreStrippedAsInPython() {
    assertTexts("strip", PythonText::strip);
  }

  @Test
  void stringsAreLoweredAsInPython() {
    assertTexts("lower", PythonText::lower);
  }

  @Test
  void stringsAreCapitalizedAsInPython() {
    assertTexts("capitalize", PythonText::capitalize);
  }

  @Test
  void lengthsAreThoseOfPython() {
    for (JsonNode vector : Golden.vectors(GOLDEN, "text")) {
      assertThat(PythonText.length(text(vector)))
          .as(vector.toString())
          .isEqualTo(vector.get("length").asInt());
    }
  }

  @Test
  void numbersAreRoundedAsInPythonToTheLastBitAndSign() {
    for (JsonNode vector : Golden.vectors(GOLDEN, "round")) {
      double value = Double.parseDouble(vector.get("value").asText());
      double expected = Double.parseDouble(vector.get("rounded").asText());
      assertThat(Double.doubleToRawLongBits(PythonText.round(value, vector.get("digits").asInt())))
          .as(vector.toString())
          .isEqualTo(Double.doubleToRawLongBits(expected));
    }
  }

  @Test
  void infinitiesAndNanRoundToThemselves() {
    assertThat(PythonText.round(Double.NEGATIVE_INFINITY, 2)).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(PythonText.round(Double.NaN, 2)).isNaN();
  }

  @Test
  void negativeDigitsAreRefused() {
    assertThatThrownBy(() -> PythonText.round(15, -1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void turkishLocaleChangesNothing() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("tr"));
      assertThat(PythonText.lower("TITLE")).isEqualTo("title");
      assertThat(PythonText.capitalize("iI")).isEqualTo("Ii");
    } finally {
      Locale.setDefault(before);
    }
  }

  private static void assertTexts(String field, UnaryOperator<String> function) {
    for (JsonNode vector : Golden.vectors(GOLDEN, "text")) {
      assertThat(function.apply(text(vector)))
          .as(vector.toString())
          .isEqualTo(vector.get(field).asText());
    }
  }

  private static String text(JsonNode vector) {
    return vector.get("text").asText();
  }

  private static void assertEveryCharacter(String kind, UnaryOperator<String> function) {
    Map<String, String> changes = new HashMap<>();
    Golden.vectors(GOLDEN, kind)
        .get(0)
        .get("pairs")
        .forEach(pair -> changes.put(pair.get(0).asText(), pair.get(1).asText()));
    forEveryCharacter(
        c -> {
          String letter = Character.toString(c);
          String actual = function.apply(letter);
          if (!actual.equals(changes.getOrDefault(letter, letter))) {
            assertThat(actual).as("U+%04X", c).isEqualTo(changes.getOrDefault(letter, letter));
          }
        });
  }

  /** Every code point that both Unicode versions know: CPython's and this Java's. */
  private static void forEveryCharacter(IntConsumer check) {
    for (JsonNode range : Golden.vectors(GOLDEN, "assigned").get(0).get("ranges")) {
      for (int c = range.get(0).asInt(); c <= range.get(1).asInt(); c++) {
        if (Character.getType(c) != Character.UNASSIGNED) {
          check.accept(c);
        }
      }
    }
  }
}
