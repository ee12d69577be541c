package org.ssasuite.leaderboards;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.leaderboards.Terminal.Outcome;

class TrainPrepareTest {
  @TempDir Path folder;

  private Path corpus() throws IOException {
    return Files.writeString(
        folder.resolve("a.jsonl"),
        """
        {"body": "x"}
        {"body": "y"}
        {"body": "x"}
        """);
  }

  @Test
  void reportsDocumentsDuplicatesAndTokens() throws IOException {
    Outcome outcome =
        Terminal.type(
            "train",
            "prepare",
            "--corpus",
            corpus(),
            "--text-field",
            "body",
            "--tokenizer",
            "ssa-mini",
            "--out",
            folder.resolve("data"));

    assertThat(outcome.status()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .containsPattern("\\| a\\.jsonl +\\| +3 \\| +1 \\| +0 \\| +6 \\|")
        .containsPattern("Duplicates were kept\\.\\RDigest: [0-9a-f]{64}\\R");
    assertThat(folder.resolve("data/shard-00000.tokens")).hasSize(12);
  }

  @Test
  void jsonIsTheManifest() throws IOException {
    Outcome outcome =
        Terminal.type(
            "train",
            "prepare",
            "--corpus",
            corpus(),
            "--text-field",
            "body",
            "--tokenizer",
            "ssa-mini",
            "--drop-duplicates",
            "--json",
            "--out",
            folder.resolve("data"));

    JsonNode manifest = new ObjectMapper().readTree(outcome.out());
    assertThat(manifest.get("schema").textValue()).isEqualTo("ssasuite/token-shards/1");
    assertThat(manifest.get("documents").intValue()).isEqualTo(2);
    assertThat(outcome.out()).isEqualTo(Files.readString(folder.resolve("data/data.json")));
  }

  @Test
  void lineWithoutTheTextIsBadInput() throws IOException {
    Path corpus = corpus();

    Outcome outcome =
        Terminal.type(
            "train",
            "prepare",
            "--corpus",
            corpus,
            "--tokenizer",
            "ssa-mini",
            "--out",
            folder.resolve("data"));

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err().strip())
        .isEqualTo("ssa: " + corpus + ": line 1: field 'text' is missing");
  }
}
