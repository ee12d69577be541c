package org.ssasuite.leaderboards;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ssasuite.leaderboards.Terminal.Outcome;

class SamplesTest {
  private static List<JsonNode> lines(Outcome outcome) throws IOException {
    assertThat(outcome.status()).as(outcome.err()).isZero();
    ObjectMapper mapper = new ObjectMapper();
    List<JsonNode> lines = new ArrayList<>();
    for (String line : outcome.out().lines().toList()) {
      lines.add(mapper.readTree(line));
    }
    return lines;
  }

  @Test
  void everyChoiceHasALine() throws IOException {
    List<JsonNode> lines =
        lines(Terminal.type("samples", "--task", "piqa", "--shots", 0, "--count", 2));

    assertThat(lines)
        .extracting(line -> line.get("doc").asInt() + " " + line.get("choice").asInt())
        .containsExactly("0 0", "0 1", "1 0", "1 1");
    assertThat(lines)
        .allMatch(line -> line.get("context").textValue().endsWith("\nAnswer:"))
        .allMatch(line -> line.get("continuation").textValue().startsWith(" "));
  }

  @Test
  void shotsStandBeforeTheQuestion() throws IOException {
    List<JsonNode> lines =
        lines(Terminal.type("samples", "--task", "arc_easy", "--shots", 3, "--count", 1));

    assertThat(lines.get(0).get("context").textValue().split("\n\n", -1)).hasSize(4);
  }

  @Test
  void fingerprintOfShotsIsOneDigestThatDependsOnTheSeed() {
    Outcome one = Terminal.type("samples", "--task", "piqa", "--fingerprint", "--seed", 1);
    Outcome other = Terminal.type("samples", "--task", "piqa", "--fingerprint", "--seed", 12);

    assertThat(one.out()).matches("fewshot [0-9a-f]{32}\\R").isNotEqualTo(other.out());
  }

  @Test
  void fingerprintWithoutShotsHasTheHarnesssDigestToo() {
    Outcome outcome = Terminal.type("samples", "--task", "winogrande", "--fingerprint");

    assertThat(outcome.out()).matches("fewshot [0-9a-f]{32}\\Rlm-eval [0-9a-f]{64}\\R");
  }
}
