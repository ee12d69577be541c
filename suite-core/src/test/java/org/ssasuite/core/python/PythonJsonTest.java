package org.ssasuite.core.python;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ssasuite.core.testing.Golden;

class PythonJsonTest {
  private static final String GOLDEN = "python-json.jsonl";

  static List<JsonNode> strings() {
    return Golden.vectors(GOLDEN, "json");
  }

  static List<JsonNode> lists() {
    return Golden.vectors(GOLDEN, "json_list");
  }

  @ParameterizedTest
  @MethodSource("strings")
  void stringsAreEscapedAsInPython(JsonNode vector) {
    assertThat(PythonJson.dumps(vector.get("text").textValue()))
        .isEqualTo(vector.get("dumps").textValue());
  }

  @ParameterizedTest
  @MethodSource("lists")
  void listsAreWrittenAsInPython(JsonNode vector) {
    List<String> texts = new ArrayList<>();
    vector.get("texts").forEach(text -> texts.add(text.textValue()));

    assertThat(PythonJson.dumps(texts)).isEqualTo(vector.get("dumps").textValue());
  }
}
