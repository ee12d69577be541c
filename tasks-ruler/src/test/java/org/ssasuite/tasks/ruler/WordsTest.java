package org.ssasuite.tasks.ruler;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.python.PythonRandom;
import org.ssasuite.core.testing.Golden;
import org.ssasuite.tasks.ruler.generator.NeedleWords;
import org.ssasuite.tasks.ruler.text.WordLists;

class WordsTest {
  private static final String GOLDEN = "words-and-scores.jsonl";

  @Test
  void pairsStandInPythonsOrder() {
    JsonNode vector = Golden.vectors(GOLDEN, "pairs").get(0);
    NeedleWords words = NeedleWords.wonderwords();

    assertThat(words.size()).isEqualTo(vector.get("size").intValue());
    for (int i = 0; i < vector.get("numbers").size(); i++) {
      assertThat(words.get(vector.get("numbers").get(i).intValue()))
          .isEqualTo(vector.get("words").get(i).textValue());
    }
  }

  @Test
  void poolOfCommonWordsIsShuffledLikePythons() {
    JsonNode vector = Golden.vectors(GOLDEN, "pool").get(0);
    List<String> pool = new ArrayList<>(WordLists.all());
    new PythonRandom(42).shuffle(pool);

    assertThat(pool).hasSize(vector.get("size").intValue());
    List<String> first = new ArrayList<>();
    vector.get("first").forEach(word -> first.add(word.textValue()));
    assertThat(pool.subList(0, first.size())).isEqualTo(first);
  }
}
