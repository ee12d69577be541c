package org.ssasuite.tasks.ruler.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.python.PythonText;
import org.ssasuite.core.testing.Golden;

/** Sentences as NLTK splits them with the same parameters. */
class PunktTest {
  private static final Punkt PUNKT = new Punkt(PunktParameters.english());

  static List<JsonNode> texts() {
    return Golden.vectors("punkt.jsonl", "text");
  }

  private static List<String> sentences(String text) {
    return PUNKT.split(text).stream().map(s -> text.substring(s.from(), s.to())).toList();
  }

  @ParameterizedTest
  @MethodSource("texts")
  void sentencesAreNltks(JsonNode vector) {
    List<String> expected = new ArrayList<>();
    vector.get("sentences").forEach(sentence -> expected.add(sentence.textValue()));

    assertThat(sentences(vector.get("text").textValue())).isEqualTo(expected);
  }

  @Test
  void everySentenceOfTheEmbeddedEssaysIsNltks() {
    JsonNode vector = Golden.vectors("punkt.jsonl", "public_domain").get(0);
    String text = String.join(" ", PythonText.split(EssayFile.publicDomain().text()));

    List<String> sentences = sentences(text);

    assertThat(sentences).hasSize(vector.get("sentences").intValue());
    Stream<String> lines = sentences.stream().map(sentence -> sentence + "\n");
    assertThat(Digests.sha256(lines)).isEqualTo(vector.get("sha256").textValue());
  }

  @Test
  void noTextHasNoSentence() {
    assertThat(PUNKT.split("")).isEmpty();
  }
}
