package org.ssasuite.leaderboards.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.leaderboards.program.Console;
import picocli.CommandLine;

class FuzzCommandTest {
  @TempDir Path folder;

  private final StringWriter out = new StringWriter();

  private int type(String... words) {
    Console console = new Console(new PrintWriter(out), new PrintWriter(out), false);
    return new CommandLine(Planted.command(console)).execute(words);
  }

  @Test
  void aCrashIsARowAndTheNextCaseRuns() throws IOException {
    int status = type("--seed", "3", "--n", "5", "--json", "--out", folder.toString());

    JsonNode document = JsonMapper.builder().build().readTree(out.toString());
    JsonNode well = document.get("readers").get(0);
    JsonNode crashing = document.get("readers").get(1);
    assertThat(status).isEqualTo(1);
    assertThat(document.get("schema").textValue()).isEqualTo("ssasuite/fuzz/1");
    assertThat(well.get("read").intValue()).isEqualTo(5);
    assertThat(crashing.get("crash").intValue()).isBetween(1, 4);
    assertThat(crashing.get("crash").intValue() + crashing.get("read").intValue()).isEqualTo(5);
    JsonNode finding = crashing.get("findings").get(0);
    assertThat(finding.get("fact").textValue()).startsWith("status 134");
    assertThat(folder.resolve("crashing/case-" + finding.get("case") + "/file-0")).exists();
  }

  @Test
  void readersThatBehaveEndWithStatusZero() {
    int status = type("--n", "3", "--reader", "well");

    assertThat(status).isZero();
    assertThat(out.toString().lines()).hasSize(2);
    assertThat(out.toString()).containsPattern("well +3 +3 +0 +0 ");
  }

  @Test
  void oneCaseKeepsItsFile() {
    type("--reader", "well", "--case", "5", "--out", folder.toString());

    assertThat(out.toString()).startsWith("read (planted)");
    assertThat(folder.resolve("well/case-5/file")).hasSize(10);
  }
}
