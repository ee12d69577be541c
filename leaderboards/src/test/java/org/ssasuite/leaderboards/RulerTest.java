package org.ssasuite.leaderboards;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.leaderboards.Terminal.Outcome;

/** RULER on the command line. */
class RulerTest {
  @TempDir Path folder;

  private Outcome samples(Object... more) {
    Object[] words = new Object[more.length + 5];
    System.arraycopy(
        new Object[] {"samples", "--suite", "ruler", "--cache", folder.resolve("cache")},
        0,
        words,
        0,
        5);
    System.arraycopy(more, 0, words, 5, more.length);
    return Terminal.type(words);
  }

  @Test
  void samplesHaveTheReferencesFields() throws IOException {
    Outcome outcome =
        samples("--task", "vt", "--length", "1k", "--tokenizer", "whitespace", "--count", 2);

    assertThat(outcome.status()).as(outcome.err()).isZero();
    List<String> lines = outcome.out().lines().toList();
    assertThat(lines).hasSize(2);
    JsonNode sample = new ObjectMapper().readTree(lines.get(1));
    assertThat(sample.fieldNames())
        .toIterable()
        .containsExactly(
            "index", "input", "outputs", "length", "length_w_model_temp", "answer_prefix");
    assertThat(sample.get("index").intValue()).isEqualTo(1);
  }

  @Test
  void samplesAreCutToTheTokenizerThatIsNamed() throws IOException {
    Outcome outcome =
        samples(
            "--task",
            "niah_single_1",
            "--length",
            2048,
            "--count",
            1,
            "--tokenizer",
            Terminal.HOME.models().resolve("ssa-mini"));

    assertThat(outcome.status()).as(outcome.err()).isZero();
    JsonNode sample = new ObjectMapper().readTree(outcome.out());
    assertThat(sample.get("length").intValue()).isBetween(1900, 2048);
  }

  @Test
  void tokenizerIsAskedFor() {
    Outcome outcome = samples("--task", "vt");

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err()).contains("--tokenizer");
  }

  @Test
  void unknownVersionIsNamed() {
    Outcome outcome =
        samples("--task", "vt", "--tokenizer", "whitespace", "--version", "nvidia-2023");

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err()).contains("nvidia-2023").contains("lmeval-0.4.9");
  }

  @Test
  void taskOfAnotherSuiteIsRefused() {
    Outcome outcome = samples("--task", "piqa");

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err()).contains("commonsense");
  }

  @Test
  void runHasScoresAveragesAndANeedleTrace() throws IOException {
    Path model = TinyModel.write(folder);
    Path run = folder.resolve("run");
    Outcome outcome =
        Terminal.type(
            "run",
            "--model",
            model,
            "--tasks",
            "niah_single_1,vt",
            "--lengths",
            "1k,1200",
            "--limit",
            1,
            "--cache",
            folder.resolve("cache"),
            "--out",
            run);

    assertThat(outcome.status()).as(outcome.err()).isZero();
    String table = Files.readString(run.resolve("leaderboard.md"));
    assertThat(table).contains("wAvg. (inc)").contains("Needle trace").contains("2 of 13");
    assertThat(table).contains("niah_single_1@1200");
    JsonNode manifest = new ObjectMapper().readTree(run.resolve("manifest.json").toFile());
    assertThat(manifest.at("/spec/tasks/0/own/version/0").asText()).isEqualTo("nvidia-2025");
    assertThat(manifest.path("data").path("vt@1024").asText()).matches("[0-9a-f]{64}");
  }
}
