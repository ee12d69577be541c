package org.ssasuite.leaderboards.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.run.CheckedRun;
import org.ssasuite.core.run.RunResult;
import org.ssasuite.core.run.TaskResult;
import org.ssasuite.leaderboards.Terminal;
import org.ssasuite.leaderboards.Terminal.Outcome;
import picocli.CommandLine;

/** The tour of the embedded models, a sample of each task. */
class TourTest {
  private static final int COLUMNS = 100;

  @TempDir static Path folder;
  private static Outcome outcome;
  private static Path run;

  @BeforeAll
  static void tour() {
    run = folder.resolve("tour");
    outcome = Terminal.type("run", "--preset", "tour", "--limit", "1", "--out", run);
    assertThat(outcome.status()).as(outcome.err()).isZero();
  }

  private static RunResult result() {
    return CheckedRun.open(run).result();
  }

  private static List<String> rows(String task) {
    return result().results().stream()
        .filter(row -> row.task().base().equals(task))
        .map(row -> row.model().name() + " " + row.model().mode())
        .toList();
  }

  @Test
  void eachPartHasItsModelsInItsModes() {
    assertThat(rows("pg19"))
        .containsExactly(
            "fullattn-mini full",
            "fullattn-mini sparse:16x16",
            "moba-mini full",
            "moba-mini sparse:16x16",
            "nsa-mini nsa:16x16",
            "ssa-mini full",
            "ssa-mini sparse:16x16");
    assertThat(rows("extrapolation"))
        .containsExactly("fullattn-mini sparse:16x16", "ssa-mini sparse:16x16");
    assertThat(rows("niah_single_1"))
        .containsExactly(
            "fullattn-mini full",
            "fullattn-mini sparse:16x16",
            "ssa-mini full",
            "ssa-mini sparse:16x16");
  }

  @Test
  void beyondTrainingItReadsNoMoreLengthsThanItNeeds() {
    assertThat(result().results())
        .filteredOn(row -> row.task().base().equals("extrapolation"))
        .extracting(TaskResult::protocol)
        .allSatisfy(protocol -> assertThat(protocol).contains("/lengths-1024,8192,16384-read"));
  }

  @Test
  void everyRowSaysWhereAttentionWent() {
    assertThat(result().results()).allMatch(row -> row.attention().isPresent());
  }

  @Test
  void itSaysWhatItDoesBeforeItDoesIt() {
    assertThat(outcome.err())
        .contains("Part 1 of 3: loss on 1 book, 2,048 tokens each")
        .contains("Part 2 of 3: beyond training")
        .contains("Part 3 of 3: 1 needle hidden in 1,024 tokens");
  }

  @Test
  void itsSummaryFitsATerminal() {
    assertThat(outcome.out().lines().filter(line -> !line.endsWith("report.html")))
        .allMatch(line -> line.codePointCount(0, line.length()) <= COLUMNS);
  }

  @Test
  void thePageSaysHowEachRowIsDoneAgain() throws IOException {
    List<String> lines = outcome.out().lines().toList();

    assertThat(Files.readString(Path.of(lines.get(lines.size() - 1))))
        .contains(
            "./ssa run --model ssa-mini --modes sparse:16x16 --tasks extrapolation --limit 1"
                + " --lengths 1024,8192,16384 --safe-margin 0.02 --stretches 1 --exact-lengths");
  }

  @Test
  void thePathOfThePageIsItsLastLine() {
    List<String> lines = outcome.out().lines().toList();
    Path page = Path.of(lines.get(lines.size() - 1));
    assertThat(page).isAbsolute();
    assertThat(Files.exists(page)).isTrue();
  }

  @Test
  void itsRunIsWhatItSaysItIs() {
    Outcome verified = Terminal.type("verify", run);
    assertThat(verified.status()).as(verified.out()).isZero();
  }

  @Test
  void theSameCommandFindsItFinished() {
    Outcome again = Terminal.type("run", "--preset", "tour", "--limit", "1", "--out", run);
    assertThat(again.status()).as(again.err()).isZero();
    assertThat(again.err()).contains("holds this run, finished");
    assertThat(again.out()).endsWith(folder.resolve("tour/report.html").toString() + "\n");
  }

  private static Optional<Preset> preset(Optional<Preset> named, String... words) {
    CommandLine command = new CommandLine(new RunCommand(null, Terminal.HOME));
    command.parseArgs(words);
    return Tour.preset(named, command.getCommandSpec());
  }

  @Test
  void aRunIsATourWhereNothingIsSaidOfWhatIsEvaluated() {
    assertThat(preset(Optional.empty())).contains(Preset.TOUR);
    assertThat(preset(Optional.empty(), "--out", "x", "--threads", "1", "--json", "--fresh"))
        .contains(Preset.TOUR);
    assertThat(preset(Optional.empty(), "--model", "ssa-mini")).isEmpty();
    assertThat(preset(Optional.empty(), "--limit", "5")).isEmpty();
    assertThat(preset(Optional.empty(), "--observe", "sinks")).isEmpty();
    assertThat(preset(Optional.of(Preset.FULL))).contains(Preset.FULL);
  }

  @Test
  void aTourHasModelsAndTasksOfItsOwn() {
    assertThat(preset(Optional.of(Preset.TOUR), "--limit", "5")).contains(Preset.TOUR);
    assertThatThrownBy(() -> preset(Optional.of(Preset.TOUR), "--model", "ssa-mini"))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "--model: goes without --preset tour, which has models, modes and tasks of its own");
  }

  @Test
  void standardIsKnownByItsEarlierName() {
    PresetName names = new PresetName();
    assertThat(names.convert("quick")).isEqualTo(Preset.STANDARD);
    assertThat(names.convert("standard")).isEqualTo(Preset.STANDARD);
    assertThat(names.convert("extrapolation-32k")).isEqualTo(Preset.EXTRAPOLATION_32K);
    assertThatThrownBy(() -> names.convert("huge"))
        .hasMessageStartingWith("'huge' is none of tour, standard, full");
  }
}
