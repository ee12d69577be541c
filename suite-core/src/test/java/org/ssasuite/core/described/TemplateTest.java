package org.ssasuite.core.described;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ssasuite.core.testing.Golden;

class TemplateTest {
  static List<JsonNode> templates() {
    return Golden.vectors("csv-and-templates.jsonl", "template");
  }

  @ParameterizedTest
  @MethodSource("templates")
  void fillingIsPythons(JsonNode vector) {
    Row row = new Row(Path.of("rows"), "line 1", (ObjectNode) vector.get("values"));

    assertThat(Template.parse("prompt", vector.get("text").textValue()).filled(row))
        .isEqualTo(vector.get("filled").textValue());
  }
}
