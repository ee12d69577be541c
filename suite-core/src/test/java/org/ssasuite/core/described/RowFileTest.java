package org.ssasuite.core.described;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.testing.Golden;

class RowFileTest {
  @TempDir Path folder;

  static List<JsonNode> tables() {
    return Golden.vectors("csv-and-templates.jsonl", "csv");
  }

  private List<Row> rows(String name, String text) {
    return RowFile.read(Made.write(folder, name, text)).rows();
  }

  private void refused(String name, String text, String fact) {
    assertThatThrownBy(() -> rows(name, text))
        .isInstanceOf(BadInputException.class)
        .hasMessage(folder.resolve(name) + ": " + fact);
  }

  @ParameterizedTest
  @MethodSource("tables")
  void csvIsPythons(JsonNode vector) {
    List<List<String>> read = new ArrayList<>();
    List<String> names = new ArrayList<>();
    vector.get("rows").get(0).forEach(name -> names.add(name.textValue()));
    rows("rows.csv", vector.get("text").textValue())
        .forEach(row -> read.add(names.stream().map(row::text).toList()));
    List<List<String>> expected = new ArrayList<>();
    for (JsonNode row : vector.get("rows")) {
      List<String> values = new ArrayList<>();
      row.forEach(value -> values.add(value.textValue()));
      expected.add(values);
    }

    assertThat(read).isEqualTo(expected.subList(1, expected.size()));
  }

  @Test
  void theThreeFormsGiveTheSameTexts() {
    assertThat(rows("a.csv", "q,n\n\"a\nb\",7\n").get(0).text("q")).isEqualTo("a\nb");
    assertThat(rows("a.json", "[{\"q\": \"a\\nb\", \"n\": 7}]").get(0).text("n")).isEqualTo("7");
    assertThat(rows("a.jsonl", "{\"q\": \"a\\nb\", \"n\": 7}").get(0).text("n")).isEqualTo("7");
  }

  @Test
  void aByteOrderMarkIsNoPartOfTheFirstName() {
    assertThat(rows("a.csv", "\uFEFFq,n\na,7\n").get(0).text("q")).isEqualTo("a");
    assertThat(rows("a.json", "\uFEFF[{\"q\": \"a\"}]").get(0).text("q")).isEqualTo("a");
    assertThat(rows("a.jsonl", "\uFEFF{\"q\": \"a\"}").get(0).text("q")).isEqualTo("a");
  }

  @Test
  void aFieldOfAnObjectIsCalledByBothKeys() {
    Row row = rows("a.jsonl", "{\"choices\": {\"text\": [\"a\", 2]}, \"x.y\": \"z\"}").get(0);

    assertThat(row.texts("choices.text")).containsExactly("a", "2");
    assertThat(row.text("x.y")).isEqualTo("z");
  }

  @Test
  void emptyDataAreRefused() {
    refused("a.jsonl", "", "no row in it");
    refused("a.json", "[]", "no row in it");
    refused("a.csv", "q,n\n", "no row in it");
    refused("a.csv", "", "no row in it");
  }

  @Test
  void columnsAreRows() {
    Path file =
        Path.of("src/test/resources/golden/parquet/struct-of-lists.parquet").toAbsolutePath();
    assertThat(RowFile.read(file).rows()).hasSize(4);
    assertThat(RowFile.read(file).digest()).isEqualTo(Digests.sha256(file));
  }

  @Test
  void dataOfOtherFormsAreRefused() {
    refused("a.json", "{\"data\": []}", "is no list of objects");
    refused("a.json", "[{}, 5]", "row 2 is no object");
    refused(
        "a.tsv",
        "q\tn\n",
        "is no file of rows: .jsonl, .json or .csv, plain or packed, or .parquet");
    refused("a.parquet", "[]", "is no Parquet file: it has 2 bytes");
    refused("a.jsonl", "[1]\n", "line 1, offset 0: not a JSON object");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "q,q\\na,b | record 1: name 'q' is twice",
        "q,\\na,b | record 1: a name is empty",
        "q,n\\na\\n | record 2 has 1 values, and there are 2 names",
        "q,n\\na,b\\nc,d,e\\n | record 3 has 3 values, and there are 2 names",
      })
  void brokenTablesAreRefused(String table, String fact) {
    refused("a.csv", table.replace("\\n", "\n"), fact);
  }

  @Test
  void quotesWithoutAnEndAreRefused() {
    String fact = " is no CSV: a quote that does not end where its value ends";
    refused("a.csv", "q,n\na,\"b\n", "record 2" + fact);
    refused("a.csv", "q,n\nc,d\n\"a\"b,c\n", "record 3" + fact);
  }

  @Test
  void valuesOfOtherTypesAreRefused() {
    Row row = rows("a.jsonl", "{\"x\": 1.5, \"y\": null, \"z\": true, \"l\": [null]}").get(0);
    String place = folder.resolve("a.jsonl") + ": line 1: ";

    assertThatThrownBy(() -> row.text("x"))
        .hasMessage(place + "field 'x' is not a text or a whole number");
    assertThatThrownBy(() -> row.text("y"))
        .hasMessage(place + "field 'y' is not a text or a whole number");
    assertThatThrownBy(() -> row.texts("z"))
        .hasMessage(place + "field 'z' is not a text, a whole number or a list of them");
    assertThatThrownBy(() -> row.texts("l"))
        .hasMessage(place + "field 'l[0]' is not a text or a whole number");
    assertThatThrownBy(() -> row.text("a"))
        .hasMessage(place + "field 'a' is missing; there are x, y, z, l");
  }

  @Test
  void halfASurrogatePairIsRefused() {
    Row row = rows("a.jsonl", "{\"q\": \"a\\ud800\"}").get(0);

    assertThatThrownBy(() -> row.text("q"))
        .hasMessageEndingWith("field 'q' has half of a surrogate pair at character 1");
  }
}
