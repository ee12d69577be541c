package org.ssasuite.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.request.Work;
import org.ssasuite.core.statistics.Interval;
import org.ssasuite.core.task.Facet;
import org.ssasuite.core.task.MetricRule;
import org.ssasuite.core.task.TaskId;
import org.ssasuite.core.task.Transform;
import org.ssasuite.core.testing.Property;

/** Results are read back as they were written, or refused as bad input. */
class ResultsFileTest extends ToyRun {
  @Test
  void resultsAreReadBackEqual() {
    RunResult written = evaluate(doubling());
    assertThat(RunFolder.readResults(folder())).isEqualTo(written);
  }

  @Test
  void resultsWithEveryKindOfValueAreReadBackEqual() {
    RunResult result =
        new RunResult(
            RunResult.SCHEMA,
            manifest(),
            List.of(taskResult(0.1, new Interval(0.1, 1 / 3.0, 0.95, Interval.Method.BOOTSTRAP))));
    writeResults(result);
    assertThat(RunFolder.readResults(folder())).isEqualTo(result);
  }

  @Test
  void anIntervalWithoutEndsIsWrittenAsNulls() throws IOException {
    Interval line =
        new Interval(
            Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, 0.95, Interval.Method.NONE);
    RunResult result = new RunResult(RunResult.SCHEMA, manifest(), List.of(taskResult(0.5, line)));
    writeResults(result);
    JsonNode interval = json("results.json").at("/results/0/metrics/0/interval");
    assertThat(interval)
        .hasToString("{\"low\":null,\"high\":null,\"level\":0.95,\"method\":\"none\"}");
    assertThat(RunFolder.readResults(folder())).isEqualTo(result);
  }

  @Test
  void missingResultsAreBadInput() {
    assertThatThrownBy(() -> RunFolder.readResults(folder()))
        .isInstanceOf(BadInputException.class)
        .hasMessage(folder().resolve("results.json") + ": no such file or folder");
  }

  @Test
  void resultsOfAnotherVersionAreBadInput() throws IOException {
    assertUnreadable("{\"schema\": \"ssasuite/results/9\"}", "has schema ssasuite/results/9");
  }

  @Test
  void resultsWithoutASchemaAreBadInput() throws IOException {
    assertUnreadable("{\"results\": []}", "has no schema");
  }

  @Test
  void emptyResultsAreBadInput() throws IOException {
    assertUnreadable("", "has no schema");
  }

  @Test
  void everyTruncationOfResultsIsBadInput() throws IOException {
    evaluate(doubling());
    String whole = Files.readString(folder().resolve("results.json")).stripTrailing();
    for (int length = 0; length < whole.length(); length += 7) {
      assertUnreadable(whole.substring(0, length), "");
    }
  }

  @Test
  void mutatedResultsAreReadOrBadInputAndNothingElse() {
    evaluate(doubling());
    for (String wrong : List.of("null", "{}", "[[]]", "true", "-7.5", "\"x\"")) {
      Property.forAll(
          random -> mutated(random, wrong),
          150,
          text -> {
            Files.writeString(folder().resolve("results.json"), text);
            try {
              RunFolder.readResults(folder());
            } catch (BadInputException e) {
              assertThat(e).hasMessageStartingWith(folder().resolve("results.json") + ": ");
            }
          });
    }
  }

  @Test
  void aNumberInPlaceOfANameIsBadInput() {
    assertReplacementIsBad("\"metric\" : \"correct\"", "\"metric\" : 5");
  }

  @Test
  void aNameInPlaceOfANumberIsBadInput() {
    assertReplacementIsBad("\"unscored\" : 0", "\"unscored\" : \"0\"");
  }

  @Test
  void aFractionInPlaceOfACountIsBadInput() {
    assertReplacementIsBad("\"unscored\" : 0", "\"unscored\" : 0.5");
  }

  @Test
  void aMissingFieldIsBadInput() {
    assertReplacementIsBad("\"unscored\" : 0,", "");
  }

  @Test
  void anUnknownFieldIsBadInput() {
    assertReplacementIsBad("\"unscored\" : 0", "\"unscored\" : 0, \"more\" : 1");
  }

  @Test
  void aFieldThatIsThereTwiceIsBadInput() {
    assertReplacementIsBad("\"unscored\" : 0", "\"unscored\" : 0, \"unscored\" : 0");
  }

  @Test
  void aFieldThatFirstFilesLackedIsBadInputInLaterOnes() {
    assertReplacementIsBad("\"chance\" : null,", "");
  }

  @Test
  void workThatIsStatedInPartIsBadInput() {
    assertReplacementIsBad("\"run_tokens\" : 0", "\"run_tokens\" : null");
  }

  @Test
  void aMissingElementIsBadInput() {
    assertReplacementIsBad("\"modes\" : [", "\"modes\" : [ null,");
  }

  private void assertReplacementIsBad(String part, String replacement) {
    evaluate(doubling());
    try {
      String text = Files.readString(folder().resolve("results.json"));
      assertThat(text).contains(part);
      int at = text.indexOf(part);
      assertUnreadable(
          text.substring(0, at) + replacement + text.substring(at + part.length()), "");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void assertUnreadable(String text, String fact) throws IOException {
    Files.createDirectories(folder());
    Path file = Files.writeString(folder().resolve("results.json"), text);
    assertThatThrownBy(() -> RunFolder.readResults(folder()))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContaining(fact);
  }

  /** Results in which one value or name, at random, is something else. */
  private String mutated(Random random, String wrong) {
    String text = RunJson.document(new RunResult(RunResult.SCHEMA, manifest(), List.of()));
    String[] parts = text.split("(?<= : )|(?=[,\n])", -1);
    parts[random.nextInt(parts.length)] = wrong;
    return String.join("", parts);
  }

  private void writeResults(RunResult result) {
    try (RunFolder run = RunFolder.create(folder())) {
      run.writeManifest(result.manifest());
      run.writeResults(result);
    }
  }

  private static TaskResult taskResult(double value, Interval interval) {
    return new TaskResult(
        card(),
        new TaskId("toys", "doubling", 1),
        "protocol",
        "00",
        List.of(
            new MetricResult(
                "m",
                Optional.of(new Facet("position", "(0, 1024]")),
                value,
                interval,
                4,
                2,
                MetricRule.Better.LOWER,
                Optional.of(Transform.BITS))),
        OptionalDouble.of(0.25),
        4,
        1,
        1,
        5_000_000_000L,
        6_000_000_000L,
        Optional.of(new Work(7, 8_000_000_000L, 9_000_000_000L)),
        Optional.of(new LogSeal("5e".repeat(32), 5_000_000_000L, 5)),
        1e-3,
        Optional.empty(),
        Optional.empty());
  }
}
