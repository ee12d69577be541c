package org.ssasuite.leaderboards.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ssasuite.core.BadInputException;
import org.ssasuite.leaderboards.Terminal;
import org.ssasuite.leaderboards.Terminal.Outcome;
import org.ssasuite.leaderboards.compare.PlantedRun;

/**
 * A run that is some 0.2 nats worse in each of 24 documents, and every edit of every one of its
 * files: no edit of one file makes the gate pass, and none is taken by anything that judges runs.
 */
class GateEditsTest {
  private static final String LOG = "m/full/books/samples.jsonl";
  private static final int DOCUMENTS = 24;

  /** The commands open runs as the gate does: a few edits of each file show it. */
  private static final int EDITS_FOR_COMMANDS = 15;

  @TempDir Path folder;
  private Path good;
  private Path worse;
  private Path baseline;

  @BeforeEach
  void writeRuns() {
    good = run("good", 0);
    worse = run("worse", 0.2);
    baseline = folder.resolve("baseline.json");
    assertThat(Terminal.type("gate", "--write", "--baseline", baseline, "--run", good).status())
        .isZero();
    assertThat(gate().status()).isEqualTo(1);
  }

  private Path run(String name, double shift) {
    Random random = new Random(5);
    double[] losses = new double[DOCUMENTS];
    Arrays.setAll(
        losses, i -> 3 + random.nextGaussian() + shift * (1 + 0.2 * random.nextGaussian()));
    return new PlantedRun("m", "full").losses("books", losses).write(folder.resolve(name));
  }

  private Outcome gate() {
    return Terminal.type("gate", "--baseline", baseline, "--run", worse);
  }

  @ParameterizedTest
  @ValueSource(strings = {"manifest.json", "results.json", "SHA256SUMS", LOG})
  void noEditOfAFileMakesTheGatePass(String name) throws IOException {
    Path file = worse.resolve(name);
    byte[] intact = Files.readAllBytes(file);
    for (Edit edit : edits(name)) {
      put(file, edit);
      assertThatThrownBy(() -> PerplexityGate.passes(baseline, worse))
          .as("%s: %s", name, edit.what())
          .isInstanceOf(BadInputException.class)
          .hasMessageStartingWith(worse.toString());
    }
    Files.write(file, intact);
    assertThat(gate().status()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"manifest.json", "results.json", "SHA256SUMS", LOG})
  void noCommandTakesAnEditOfAFile(String name) throws IOException {
    Path file = worse.resolve(name);
    byte[] intact = Files.readAllBytes(file);
    List<Edit> edits = edits(name);
    for (int i = 0; i < edits.size(); i += 1 + edits.size() / EDITS_FOR_COMMANDS) {
      put(file, edits.get(i));
      refused(gate(), edits.get(i));
      refused(Terminal.type("compare", good, worse), edits.get(i));
      refused(Terminal.type("report", worse, "--out", folder), edits.get(i));
      assertThat(Terminal.type("verify", worse).status()).as(edits.get(i).what()).isIn(1, 2);
    }
    Files.write(file, intact);
    // The model of a planted run is not there.
    assertThat(Terminal.type("verify", worse).status()).isEqualTo(3);
  }

  private void refused(Outcome outcome, Edit edit) {
    assertThat(outcome.status()).as("%s: %s", edit.what(), outcome).isEqualTo(2);
    assertThat(outcome.err()).as(edit.what()).hasLineCount(1).startsWith("ssa: " + worse);
  }

  @Test
  void filesThatNoFigureRestsOnChangeNothing() throws IOException {
    for (String name : List.of("leaderboard.csv", "leaderboard.md", ".lock", "notes.txt")) {
      Files.writeString(worse.resolve(name), "pass");
      assertThat(gate().status()).isEqualTo(1);
    }
    Files.delete(worse.resolve(".lock"));
    assertThat(gate().status()).isEqualTo(1);
  }

  @Test
  void noEditOfTheBaselineIsTaken() throws IOException {
    for (Edit edit : Edit.ofJson(Files.readAllBytes(baseline))) {
      put(baseline, edit);
      assertThatThrownBy(() -> PerplexityGate.passes(baseline, worse))
          .as(edit.what())
          .isInstanceOf(BadInputException.class)
          .hasMessageStartingWith(baseline.toString());
    }
  }

  private List<Edit> edits(String name) throws IOException {
    byte[] intact = Files.readAllBytes(worse.resolve(name));
    byte[] other = Files.readAllBytes(good.resolve(name));
    List<Edit> edits = new ArrayList<>(Edit.ofWhole(intact, other));
    if (name.endsWith(".json")) {
      edits.addAll(Edit.ofJson(intact));
    } else {
      edits.addAll(Edit.ofLines(intact, other));
    }
    if (name.equals(LOG)) {
      edits.addAll(Edit.ofJsonLines(intact));
    }
    String text = new String(intact, StandardCharsets.UTF_8);
    edits.removeIf(edit -> edit.content().filter(text::equals).isPresent());
    // The order of digests says nothing.
    edits.removeIf(edit -> name.equals("SHA256SUMS") && edit.what().endsWith("at the end"));
    assertThat(edits).hasSizeGreaterThan(DOCUMENTS / 3);
    return edits;
  }

  private static void put(Path file, Edit edit) throws IOException {
    if (edit.content().isPresent()) {
      Files.writeString(file, edit.content().get());
    } else {
      Files.delete(file);
    }
  }
}
