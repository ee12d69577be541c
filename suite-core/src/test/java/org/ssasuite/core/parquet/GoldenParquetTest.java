package org.ssasuite.core.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Files that other programs wrote, with the rows that those programs were given. */
class GoldenParquetTest {
  private static final ObjectMapper JSON = JsonMapper.builder().build();

  @TestFactory
  Stream<DynamicTest> theRowsAreThoseThatWereWritten() throws IOException {
    List<String> lines =
        Files.readAllLines(ParquetFiles.golden("rows.jsonl"), StandardCharsets.UTF_8);
    return lines.stream()
        .skip(1)
        .map(GoldenParquetTest::tree)
        .map(
            one ->
                DynamicTest.dynamicTest(
                    one.get("file").textValue() + " of " + one.get("origin").textValue(),
                    () ->
                        assertThat(texts(ParquetFiles.golden(one.get("file").textValue())))
                            .isEqualTo(texts(one.get("rows")))));
  }

  /** As JSON, since a file's whole numbers may be of more or fewer bits. */
  private static List<String> texts(Path file) {
    List<String> rows = new ArrayList<>();
    ParquetFile.open(file).forEachRow(row -> rows.add(tree(row.toString()).toString()));
    return rows;
  }

  private static List<String> texts(JsonNode rows) {
    List<String> texts = new ArrayList<>();
    rows.forEach(row -> texts.add(row.toString()));
    return texts;
  }

  private static JsonNode tree(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
