package org.ssasuite.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.task.TaskId;

/** What earlier versions wrote is read, and what they did not write is absent. */
class EarlierResultsTest extends ToyRun {
  @Test
  void resultsFromBeforeChanceWasRecordedHaveNone() throws IOException {
    evaluate(doubling());
    String text = Files.readString(folder().resolve("results.json"));
    assertThat(text).contains("\"chance\" : null,");
    Files.writeString(
        folder().resolve("results.json"), before(text).replaceFirst("\\s*\"chance\" : null,", ""));

    assertThat(RunFolder.readResults(folder()).results()).allMatch(r -> r.chance().isEmpty());
  }

  @Test
  void resultsFromBeforeWorkWasRecordedHaveNone() throws IOException {
    evaluate(doubling());
    String text = Files.readString(folder().resolve("results.json"));
    String without =
        before(text)
            .replaceFirst("\\s*\"runs\" : 0,\\s*\"run_tokens\" : 0,\\s*\"shared_tokens\" : 0,", "");
    assertThat(without).isNotEqualTo(text);

    Files.writeString(folder().resolve("results.json"), without);

    assertThat(RunFolder.readResults(folder()).results()).allMatch(r -> r.work().isEmpty());
  }

  @Test
  void specificationFromBeforeChunksHasTheStandardOnes() throws IOException {
    evaluate(doubling());
    String text = Files.readString(folder().resolve("results.json"));
    String without = before(text).replaceFirst(",\\s*\"chunk\" : \\d+,\\s*\"sharing\" : \\w+", "");

    Files.writeString(folder().resolve("results.json"), without);

    RunSpec spec = RunFolder.readResults(folder()).manifest().spec();
    assertThat(without).doesNotContain("chunk", "sharing");
    assertThat(spec.chunk()).isEqualTo(4096);
    assertThat(spec.sharing()).isTrue();
  }

  @Test
  void specificationFromBeforeOrdersHasTheNamesOfItsTasks() throws IOException {
    evaluate(doubling());
    Path file = folder().resolve("manifest.json");
    String before =
        before(Files.readString(file))
            .replaceFirst(
                "(?s)\"tasks\" : \\[.*?\\}\\s*\\]",
                "\"tasks\" : [\"doubling\"], \"lengths\": [1024], \"shots\": null, \"seeds\": [1],"
                    + " \"limit\": null, \"ruler\": null");

    Files.writeString(file, before);

    assertThat(RunFolder.readManifest(folder()).spec().tasks())
        .containsExactly(TaskOrder.of("doubling"));
  }

  @Test
  void resultsFromBeforeVariantsHaveTheWholeNameAsTheTasks() throws IOException {
    evaluate(doubling());
    Path file = folder().resolve("results.json");
    String text = Files.readString(file);
    String before =
        before(text)
            .replaceFirst("\"name\" : \"doubling\"", "\"name\" : \"doubling@seed-1\"")
            .replaceFirst("\\s*\"base\" : \"doubling\",\\s*\"length[^}]*?\"version", "\"version");
    assertThat(before).hasSizeLessThan(text.length());

    Files.writeString(file, before);

    assertThat(RunFolder.readResults(folder()).results().get(0).task())
        .isEqualTo(new TaskId("toys", "doubling@seed-1", 1));
  }

  @Test
  void resultsOfTheFirstVersionHaveNoDigests() throws IOException {
    evaluate(doubling());
    String text = Files.readString(folder().resolve("results.json"));
    Files.writeString(folder().resolve("results.json"), before(text));

    RunResult result = RunFolder.readResults(folder());

    assertThat(result.sealed()).isFalse();
    assertThat(result.manifest().rows()).isEmpty();
    assertThat(result.results()).allMatch(row -> row.log().isEmpty());
  }

  /** As the first version wrote it. */
  private static String before(String text) {
    return text.replace("ssasuite/results/3", "ssasuite/results/1")
        .replace("ssasuite/manifest/2", "ssasuite/manifest/1")
        .replaceAll("\"log\" : \\{[^}]*},\\s*", "")
        .replaceAll("\"rows\" : \\[[^\\]]*],\\s*", "");
  }
}
