package org.ssasuite.leaderboards;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.leaderboards.Terminal.Outcome;

class DecontaminateTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir Path folder;

  private Path corpus(String... texts) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String text : texts) {
      lines.add(MAPPER.createObjectNode().put("text", text).toString());
    }
    return Files.write(folder.resolve("corpus.jsonl"), lines);
  }

  private static Stream<JsonNode> tasksWithHits(Path report) throws IOException {
    JsonNode tasks = MAPPER.readTree(report.toFile()).get("tasks");
    return StreamSupport.stream(tasks.spliterator(), false)
        .filter(task -> task.get("hit_shingles").longValue() > 0);
  }

  private static JsonNode firstLine(String file) throws IOException {
    String text = DataFile.in(Terminal.HOME.data(), file).text();
    return MAPPER.readTree(text.substring(0, text.indexOf('\n')));
  }

  @Test
  void corpusWithNothingOfASuiteIsZero() throws IOException {
    Outcome outcome =
        Terminal.type("decontaminate", "--corpus", corpus("Nobody else has ever said this."));

    assertThat(outcome.status()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("Clean: no 13 words in a row are in both.");
    assertThat(outcome.err()).startsWith("suite ruler: there is no text of its own");
  }

  @Test
  void everyTaskOfTheSuitesIsLookedFor() throws IOException {
    Outcome outcome = Terminal.type("decontaminate", "--corpus", corpus("x"), "--json");

    JsonNode tasks = MAPPER.readTree(outcome.out()).get("tasks");
    assertThat(tasks)
        .extracting(task -> task.get("task").textValue())
        .contains("pg19", "pg19-long", "wikitext2", "piqa", "hellaswag", "arc_challenge")
        .contains("winogrande", "pd_passage_retrieval");
    assertThat(tasks).allMatch(task -> task.get("shingles").longValue() > 0);
  }

  @Test
  void plantedBookAndQuestionAreFoundAndTheStatusIsOne() throws IOException {
    String book = firstLine("pg19/beginnings.jsonl").get("text").textValue();
    JsonNode piqa = firstLine("piqa/valid.jsonl");
    String solved =
        "Q: %s A: %s".formatted(piqa.get("goal").textValue(), piqa.get("sol1").textValue());
    Path out = folder.resolve("report.json");

    Outcome outcome =
        Terminal.type(
            "decontaminate",
            "--corpus",
            corpus("clean", "Once. " + book.substring(0, 1000) + " End.", solved),
            "--suite",
            "pg19",
            "commonsense",
            "--out",
            out);

    assertThat(outcome.status()).isEqualTo(1);
    assertThat(tasksWithHits(out))
        .extracting(task -> task.get("task").textValue())
        .contains("pg19", "piqa")
        .doesNotContain("wikitext2", "hellaswag");
    assertThat(outcome.out()).contains("corpus.jsonl line 2, character 6").contains("Not clean");
  }

  /** The embedded book once more: twelve words of it are nobody's, thirteen are the book's. */
  @Test
  void twelveWordsOfABookAreNotFound() throws IOException {
    String book = firstLine("pg19/beginnings.jsonl").get("text").textValue();
    List<String> words =
        Pattern.compile("[\\p{L}\\p{Nd}]+")
            .matcher(book)
            .results()
            .map(MatchResult::group)
            .skip(200)
            .limit(13)
            .toList();

    Outcome twelve = only("pg19", String.join(" ", words.subList(0, 12)));
    Outcome thirteen = only("pg19", String.join(" ", words));

    assertThat(twelve.status()).isZero();
    assertThat(thirteen.status()).isEqualTo(1);
  }

  private Outcome only(String suite, String text) throws IOException {
    return Terminal.type("decontaminate", "--corpus", corpus(text), "--suite", suite);
  }
}
