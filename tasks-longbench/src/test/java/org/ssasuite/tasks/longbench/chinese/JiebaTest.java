package org.ssasuite.tasks.longbench.chinese;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.OffsetAttribute;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.testing.Golden;

class JiebaTest {
  private static List<String> pieces(String text) {
    return ChineseAnalyzer.pieces().terms(text);
  }

  @Test
  void piecesAreThoseOfThePackage() {
    for (JsonNode vector : Golden.vectors("jieba.jsonl.xz")) {
      List<String> expected = new ArrayList<>();
      vector.get("pieces").forEach(piece -> expected.add(piece.textValue()));
      assertThat(pieces(vector.get("text").textValue())).isEqualTo(expected);
    }
  }

  @Test
  void piecesTogetherAreTheText() {
    for (JsonNode vector : Golden.vectors("jieba.jsonl.xz")) {
      String text = vector.get("text").textValue();
      assertThat(String.join("", pieces(text))).isEqualTo(text);
    }
  }

  @Test
  void wordsThatNoDictionaryHasAreFoundByTheirCharacters() {
    assertThat(pieces("他来到了网易杭研大厦")).containsExactly("他", "来到", "了", "网易", "杭研", "大厦");
  }

  @Test
  void whiteSpaceAndPunctuationArePieces() {
    assertThat(pieces("北京 ，\r\n\n😀")).containsExactly("北京", " ", "，", "\r\n", "\n", "😀");
  }

  @Test
  void lettersAndDigitsStayTogetherWithDecimalsAndPercent() {
    assertThat(pieces("增长3.5%到A2b.c")).containsExactly("增长", "3.5%", "到", "A2b", ".", "c");
  }

  @Test
  void logarithmsAreThoseOfTheReference() {
    // The route compares sums of them, so their last bits have a say in ties.
    Golden.vectors("logarithms.jsonl")
        .get(0)
        .get("pairs")
        .forEach(
            pair ->
                assertThat(Math.log(pair.get(0).intValue()))
                    .isEqualTo(Double.parseDouble(pair.get(1).textValue())));
  }

  @Test
  void theTokenStreamHasOffsets() throws IOException {
    List<String> tokens = new ArrayList<>();
    try (TokenStream stream = ChineseAnalyzer.answerWords().tokenStream("text", "北京，😀 Abc")) {
      stream.reset();
      while (stream.incrementToken()) {
        OffsetAttribute offset = stream.getAttribute(OffsetAttribute.class);
        tokens.add(
            stream.getAttribute(CharTermAttribute.class)
                + " "
                + offset.startOffset()
                + " "
                + offset.endOffset());
      }
      stream.end();
    }
    assertThat(tokens).containsExactly("北京 0 2", "😀 3 5", "abc 6 9");
  }
}
