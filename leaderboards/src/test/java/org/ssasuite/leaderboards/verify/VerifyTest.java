package org.ssasuite.leaderboards.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.leaderboards.Terminal;
import org.ssasuite.leaderboards.Terminal.Outcome;
import org.ssasuite.leaderboards.TinyModel;
import org.ssasuite.leaderboards.compare.PlantedRun;

class VerifyTest {
  @TempDir Path folder;
  private Path run;
  private Path model;
  private Path data;

  @BeforeEach
  void evaluate() throws IOException {
    model = TinyModel.write(folder);
    data = TinyModel.data(folder);
    run = folder.resolve("run");
    Outcome outcome =
        Terminal.type(
            "run",
            "--model",
            model,
            "--data",
            data,
            "--tasks",
            "pg19,wikitext2-head",
            "--lengths",
            64,
            "--out",
            run);
    assertThat(outcome.status()).as(outcome.err()).isZero();
  }

  @Test
  void aRunThatNobodyTouchedAgrees() throws IOException {
    Outcome outcome = Terminal.type("verify", run, "--json");
    JsonNode document = new ObjectMapper().readTree(outcome.out());
    assertThat(outcome.status()).isZero();
    assertThat(document.get("agrees").booleanValue()).isTrue();
    assertThat(document.findValuesAsText("outcome")).containsOnly("agrees");
    // Digests, manifest, rows, four results, the spec's models, two models, two data sets,
    // questions
    // of four results, the spec's rows.
    assertThat(document.get("checks")).hasSize(17);
  }

  @Test
  void aFigureThatWasChangedIsNamed() throws IOException {
    Path results = run.resolve("results.json");
    String text = Files.readString(results);
    int at = text.indexOf("\"value\" : ") + "\"value\" : ".length();
    Files.writeString(results, text.substring(0, at) + "9" + text.substring(at));
    differs("differs: tiny full pg19: word_perplexity is 9");
  }

  @Test
  void aSampleThatIsMissingIsNoticed() throws IOException {
    Path log = run.resolve("tiny/full/pg19/samples.jsonl");
    List<String> lines = Files.readAllLines(log);
    Files.writeString(log, String.join("\n", lines.subList(0, 2)) + "\n");
    differs("tiny full pg19: samples is 3 in the results, 2 by the log");
  }

  @Test
  void aSampleThatIsThereTwiceIsNoticed() throws IOException {
    Path log = run.resolve("tiny/full/pg19/samples.jsonl");
    String text = Files.readString(log);
    Files.writeString(log, text + text.lines().findFirst().orElseThrow() + "\n");
    differs("sample 1 is in the log twice");
  }

  @Test
  void anotherManifestIsNoticed() throws IOException {
    Path manifest = run.resolve("manifest.json");
    Files.writeString(
        manifest, Files.readString(manifest).replace("0123456789ab+dirty", "0123456789ab"));
    differs("differs: manifest.json: is not the one in results.json");
  }

  @Test
  void aModelThatHasChangedSinceIsNoticed() throws IOException {
    Path weights = model.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length - 1] ^= 1;
    Files.write(weights, bytes);
    differs("differs: model tiny full: model.safetensors was ");
  }

  @Test
  void dataThatHaveChangedSinceAreNoticedWithTheQuestions() throws IOException {
    Path books = data.resolve("pg19/beginnings.jsonl");
    Files.writeString(books, Files.readString(books).replace("river, number 2", "sea, number 2"));
    differs("differs: data of pg19: digest was ");
    differs("questions of tiny full pg19: 1 samples ask something else now: line 2");
  }

  @Test
  void whatIsNotThereAnyMoreIsNotChecked() throws IOException {
    Files.delete(data.resolve("pg19/beginnings.jsonl"));
    Outcome outcome = Terminal.type("verify", run);
    assertThat(outcome.status()).isEqualTo(3);
    assertThat(outcome.out()).contains("not checked: models and data: ");
  }

  @Test
  void aRunOfTheFirstVersionIsNotVouchedFor() throws IOException {
    PlantedRun.makeFirst(run);
    Outcome outcome = Terminal.type("verify", run);
    assertThat(outcome.status()).isEqualTo(3);
    assertThat(outcome.out())
        .startsWith("not checked: SHA256SUMS: a run of an earlier version")
        .doesNotContain("differs");
  }

  @Test
  void aSampleThatTheTaskHasAndTheRunHasNotIsNoticed() throws IOException {
    Path books = data.resolve("pg19/beginnings.jsonl");
    Files.writeString(
        books, Files.readString(books) + "{\"id\": 4, \"text\": \"The house, number 4.\"}\n");
    differs("differs: questions of tiny full pg19: samples is 3, 4 by the task");
  }

  @Test
  void aCardThatTheSpecDoesNotNameDiffersAndIsShownOnOneLine() {
    String name = "m\u0000\u001b[31m\n**pass**\u202e";
    Path evil =
        new PlantedRun(name, "full").asked("m").losses("books", 1, 2).write(folder.resolve("e"));
    Outcome outcome = Terminal.type("verify", evil);
    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.out())
        .contains(
            "differs: models: m\\u0000\\u001b[31m\\n**pass**\\u202e is not in the spec, which has"
                + " m\n")
        .doesNotContain("\u0000", "\u001b", "\n**pass**", "\u202e");
  }

  @Test
  void aMissingManifestAndMissingLogsDiffer() throws IOException {
    Files.delete(run.resolve("manifest.json"));
    Files.delete(run.resolve("tiny/full/pg19/samples.jsonl"));
    differs("differs: manifest.json: no such file or folder");
    differs("differs: tiny full pg19: no such file or folder");
    differs("differs: SHA256SUMS: manifest.json: no such file");
  }

  @Test
  void anUnfinishedRunIsBadInput() throws IOException {
    Files.delete(run.resolve("results.json"));
    Outcome outcome = Terminal.type("verify", run);
    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err())
        .isEqualTo("ssa: " + run.resolve("results.json") + ": no such file or folder\n");
  }

  private void differs(String line) {
    Outcome outcome = Terminal.type("verify", run);
    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.out()).contains(line);
  }
}
