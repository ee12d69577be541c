package org.ssasuite.leaderboards;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ssasuite.leaderboards.Terminal.Outcome;

class HelpTest {
  private static final int HELP_COLUMNS = 100;

  static Stream<String> commands() {
    return Stream.of(
        "",
        "run",
        "merge",
        "report",
        "list",
        "compare",
        "gate",
        "verify",
        "list tasks",
        "list models",
        "list modes",
        "doctor",
        "logprobs",
        "generate",
        "stats",
        "divergence",
        "samples",
        "rescore",
        "op",
        "bench",
        "export",
        "fuzz",
        "model",
        "model random",
        "model round",
        "train",
        "train step",
        "train prepare",
        "decontaminate");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandTeachesByTwoExamplesOrMore(String command) {
    List<String> words = new ArrayList<>(List.of(command.split(" ")));
    words.removeIf(String::isEmpty);
    words.add("--help");

    Outcome outcome = Terminal.type(words.toArray());

    assertThat(outcome.status()).isZero();
    String examples = outcome.out().substring(outcome.out().indexOf("Examples:"));
    assertThat(examples.lines().filter(line -> line.startsWith("  ssa "))).hasSizeBetween(2, 6);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void descriptionsFillTheirLines(String command) {
    List<String> words = new ArrayList<>(List.of(command.split(" ")));
    words.removeIf(String::isEmpty);
    words.add("--help");
    List<String> lines = Terminal.type(words.toArray()).out().lines().toList();

    for (int i = 0; i + 1 < lines.size(); i++) {
      String next = lines.get(i + 1);
      boolean goesOn = next.startsWith(" ".repeat(20)) && !next.isBlank();
      boolean nameAlone = lines.get(i).matches(" *-\\S+( \\S+)*");
      if (goesOn && !nameAlone) {
        String word = next.strip().split(" ", 2)[0];
        assertThat(lines.get(i) + " " + word).as(command).hasSizeGreaterThan(HELP_COLUMNS - 1);
      }
    }
  }

  @Test
  void versionCarriesTheCommit() {
    Outcome outcome = Terminal.type("--version");

    assertThat(outcome.out()).matches("ssa [0-9.]+(-SNAPSHOT)? 0123456789ab\\+dirty\\R");
  }

  @Test
  void listOfTasksHasNameVersionSamplesAndProtocol() {
    Outcome outcome = Terminal.type("list", "tasks");

    assertThat(outcome.out())
        .containsPattern("wikitext2-head +pg19 +1 +3 +word_perplexity +first-3-pages/rolling-2048");
  }

  @Test
  void listOfTasksSaysWhatIsMissing() {
    Outcome outcome = Terminal.type("list", "tasks");

    assertThat(outcome.out())
        .containsPattern("winogrande +commonsense +1 +60 +acc +lm-eval-0.4.9/0-shot")
        .containsPattern("hellaswag +commonsense +[^ ]*hellaswag_train.jsonl: no such file");
  }

  @Test
  void listOfModelsHasParametersLengthAndModes() {
    Outcome outcome = Terminal.type("list", "models");

    assertThat(outcome.out())
        .containsPattern("nsa-mini +3,867,072 +8,192 +nsa:16x16 ")
        .containsPattern("ssa-mini +3,867,072 +8,192 +full sparse:16x16 ");
  }
}
