package org.ssasuite.tasks.commonsense;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.python.PythonJson;
import org.ssasuite.core.testing.Golden;

/** The reference's requests, character for character: on the embedded data and on odd records. */
class RequestsTest {
  private static final String GOLDEN = "commonsense.jsonl";
  private static final int DOCUMENT_HEX_DIGITS = 16;

  @TempDir Path folder;

  static List<JsonNode> runs() {
    return Golden.vectors(GOLDEN, "requests");
  }

  static List<JsonNode> firsts() {
    return Golden.vectors(GOLDEN, "first");
  }

  static List<JsonNode> harnessHashes() {
    return Golden.vectors(GOLDEN, "lm_eval_hash");
  }

  static List<JsonNode> madeRuns() {
    return Golden.vectors(GOLDEN, "made");
  }

  static List<JsonNode> madeRequests() {
    return Golden.vectors(GOLDEN, "made_requests");
  }

  private static Stream<JsonNode> requests(JsonNode run, Path data) {
    return Made.requests(
        run.get("task").textValue(),
        data,
        run.path("shots").intValue(),
        run.path("seed").longValue());
  }

  private static List<String> fingerprints(JsonNode run) {
    return Made.fingerprints(
        run.get("task").textValue(),
        EmbeddedData.folder(),
        run.path("shots").intValue(),
        run.path("seed").longValue());
  }

  private static List<String> pair(JsonNode request) {
    return List.of(request.get("context").textValue(), request.get("continuation").textValue());
  }

  private static List<String> documents(Stream<JsonNode> requests) {
    Map<Integer, String> lines =
        requests.collect(
            Collectors.groupingBy(
                request -> request.get("doc").intValue(),
                TreeMap::new,
                Collectors.mapping(
                    request -> PythonJson.dumps(pair(request)) + "\n", Collectors.joining())));
    return lines.values().stream()
        .map(text -> Digests.sha256(text).substring(0, DOCUMENT_HEX_DIGITS))
        .toList();
  }

  private static List<List<String>> pairs(Stream<JsonNode> requests) {
    return requests.map(RequestsTest::pair).toList();
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.textValue()));
    return texts;
  }

  private static List<List<String>> pairs(JsonNode requests) {
    List<List<String>> pairs = new ArrayList<>();
    requests.forEach(pair -> pairs.add(texts(pair)));
    return pairs;
  }

  /** A data folder with the records that were made up for a task. */
  private Path made(JsonNode run) throws IOException {
    JsonNode made =
        Golden.vectors(GOLDEN, "made_files").stream()
            .filter(vector -> vector.get("task").equals(run.get("task")))
            .findFirst()
            .orElseThrow();
    for (Map.Entry<String, JsonNode> file : made.get("files").properties()) {
      Path path = folder.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue().textValue());
    }
    return folder;
  }

  @ParameterizedTest
  @MethodSource("firsts")
  void firstDocumentReadsAsInTheReference(JsonNode run) {
    assertThat(
            pairs(
                requests(run, EmbeddedData.folder())
                    .filter(request -> request.get("doc").intValue() == 0)))
        .isEqualTo(pairs(run.get("requests")));
  }

  @ParameterizedTest
  @MethodSource("runs")
  void everyDocumentIsTheReferences(JsonNode run) {
    assertThat(documents(requests(run, EmbeddedData.folder())))
        .isEqualTo(texts(run.get("documents")));
  }

  @ParameterizedTest
  @MethodSource("runs")
  void fingerprintIsTheReferences(JsonNode run) {
    assertThat(fingerprints(run)).contains("fewshot " + run.get("fewshot").textValue());
  }

  @ParameterizedTest
  @MethodSource("harnessHashes")
  void hashOfShuffledDocumentsIsThatOfPython(JsonNode vector) {
    assertThat(fingerprints(vector)).contains("lm-eval " + vector.get("sha256").textValue());
  }

  @ParameterizedTest
  @MethodSource("madeRequests")
  void oddRecordsReadAsInTheReference(JsonNode run) throws IOException {
    List<List<String>> expected = pairs(run.get("requests"));

    assertThat(pairs(requests(run, made(run)).limit(expected.size()))).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("madeRuns")
  void shotsThatAreTheQuestionItselfAreDroppedLikeTheReferences(JsonNode run) throws IOException {
    assertThat(documents(requests(run, made(run)))).isEqualTo(texts(run.get("documents")));
  }
}
