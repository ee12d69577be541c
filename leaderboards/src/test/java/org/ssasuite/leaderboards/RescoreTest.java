package org.ssasuite.leaderboards;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ssasuite.leaderboards.Terminal.Outcome;

class RescoreTest {
  private static final String YES =
      "{\"pred\": \"Yes, it is\", \"answers\": [\"Yes\", \"it is yes\"], \"all_classes\": null,"
          + " \"length\": 3999}\n";
  private static final String NO =
      "{\"pred\": \"no\", \"answers\": [\"Yes\"], \"all_classes\": null, \"length\": 8000}\n";

  private static Outcome rescore(Path folder, String... more) {
    Object[] words = new Object[4 + more.length];
    System.arraycopy(new Object[] {"rescore", folder, "--suite", "longbench"}, 0, words, 0, 4);
    System.arraycopy(more, 0, words, 4, more.length);
    return Terminal.type(words);
  }

  @Test
  void theResultIsUpstreams(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("qasper.jsonl"), YES + NO + NO);
    Files.writeString(folder.resolve("result.json"), "not looked at");

    assertThat(rescore(folder).out()).isEqualTo("{\n    \"qasper\": 33.33\n}\n");
  }

  @Test
  void bucketsAreUpstreamsAndAnEmptyOneIsNaN(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("qasper.jsonl"), YES + NO);

    assertThat(rescore(folder, "--e").out())
        .isEqualTo(
            """
            {
                "qasper": {
                    "0-4k": 100.0,
                    "4-8k": NaN,
                    "8k+": 0.0
                }
            }
            """);
  }

  @Test
  void aFileGetsUpstreamsBytes(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("qasper.jsonl"), YES);
    Path out = folder.resolve("ours.json");

    assertThat(rescore(folder, "--out", out.toString()).out()).isEmpty();
    assertThat(out).hasContent("{\n    \"qasper\": 100.0\n}");
    assertThat(Files.readString(out)).endsWith("}");
  }

  @Test
  void theClassesOfTheLastLineAreThoseOfAll(@TempDir Path folder) throws IOException {
    Files.writeString(
        folder.resolve("trec.jsonl"),
        """
        {"pred": "\\nFood\\nAnimal", "answers": ["Food"], "all_classes": ["None"], "length": 1}
        {"pred": "Animal", "answers": ["Food"], "all_classes": ["Food", "Animal"], "length": 1}
        """);

    assertThat(rescore(folder).out()).contains("\"trec\": 50.0");
  }

  @Test
  void ourDocumentHasAveragesAndForms(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("qasper.jsonl"), YES + NO);
    Files.writeString(folder.resolve("musique.jsonl"), YES);

    JsonNode document = new ObjectMapper().readTree(rescore(folder, "--json", "--e").out());

    assertThat(document.get("schema").asText()).isEqualTo("ssasuite/rescore/1");
    assertThat(document.get("average").asDouble()).isEqualTo(75);
    assertThat(document.at("/categories/single_document_qa").asDouble()).isEqualTo(50);
    assertThat(document.at("/buckets/0-4k").asDouble()).isEqualTo(100);
    assertThat(document.at("/buckets/4-8k").isNull()).isTrue();
    assertThat(document.at("/data_sets/1/data_set").asText()).isEqualTo("qasper");
    assertThat(document.at("/data_sets/1/metric").asText()).isEqualTo("f1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "qasper.jsonl | {\"pred\": \"x\", \"all_classes\": null} | line 1: field 'answers' is missing",
        "qasper.jsonl | {\"answers\": [], \"all_classes\": null} | line 1: field 'pred' is missing",
        "qasper.jsonl | {\"pred\": \"x\", \"answers\": []} | line 1: field 'all_classes' is missing",
        "qasper.jsonl | {\"pred\": \"x\", \"answers\": [ | truncated last line",
        "trec.jsonl | {\"pred\": \"x\", \"answers\": [\"a\"], \"all_classes\": null} | scored by its classes",
        "passage_retrieval_en.jsonl | {\"pred\": \"x\", \"answers\": [\"3\"], \"all_classes\": null} | names no paragraph",
        "quasper.jsonl | {} | is none of LongBench's data sets: narrativeqa",
        "qasper.txt | {} | holds no prediction file",
      })
  void whatCannotBeScoredIsNamed(String name, String line, String fact, @TempDir Path folder)
      throws IOException {
    Files.writeString(folder.resolve(name), line);

    Outcome outcome = rescore(folder);

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err()).startsWith("ssa: " + folder).contains(fact).hasLineCount(1);
  }

  @Test
  void aMissingLengthMattersForBucketsOnly(@TempDir Path folder) throws IOException {
    String line = "{\"pred\": \"x\", \"answers\": [\"x\"], \"all_classes\": null}\n";
    Files.writeString(folder.resolve("qasper.jsonl"), line);

    assertThat(rescore(folder).status()).isZero();
    assertThat(rescore(folder, "--e").err()).contains("line 1: field 'length' is missing");
  }

  @Test
  void indelIsAskedForByName(@TempDir Path folder) throws IOException {
    String reference = "b".repeat(100) + "a".repeat(150);
    String line =
        "{\"pred\": \"%s\", \"answers\": [\"%s\"], \"all_classes\": null, \"length\": 1}\n"
            .formatted("a".repeat(150) + "b".repeat(100), reference);
    Files.writeString(folder.resolve("lcc.jsonl"), line);

    assertThat(rescore(folder).out()).contains("\"lcc\": 0.0");
    assertThat(rescore(folder, "--code-sim", "indel").out()).contains("\"lcc\": 60.0");
    assertThat(rescore(folder, "--code-sim", "jaro").err()).contains("neither difflib nor indel");
  }
}
