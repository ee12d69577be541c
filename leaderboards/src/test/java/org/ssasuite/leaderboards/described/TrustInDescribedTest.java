package org.ssasuite.leaderboards.described;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.leaderboards.Terminal;
import org.ssasuite.leaderboards.Terminal.Outcome;
import org.ssasuite.leaderboards.TinyModel;

/** What runs of tasks from files are held against: as those of built-in tasks. */
class TrustInDescribedTest {
  @TempDir Path folder;
  private Path model;
  private Path data;
  private Path run;

  @BeforeEach
  void evaluate() throws IOException {
    model = TinyModel.write(folder);
    data = DescribedData.write(folder);
    run = folder.resolve("run");
    Outcome outcome = typeRun("my-books.json", "my-arc.json");
    assertThat(outcome.status()).as(outcome.err()).isZero();
  }

  private Outcome typeRun(String... files) {
    String tasks =
        String.join(",", Stream.of(files).map(file -> data.resolve(file).toString()).toList());
    return Terminal.type(
        "run", "--model", model, "--modes", "full", "--tasks", tasks, "--out", run);
  }

  @Test
  void aRunThatNobodyTouchedAgrees() {
    Outcome outcome = Terminal.type("verify", run);

    assertThat(outcome.status()).as(outcome.out()).isZero();
    assertThat(outcome.out())
        .contains("data of my-books")
        .contains("questions of tiny full my-arc")
        .doesNotContain("not checked");
  }

  @Test
  void theRunHoldsItsDescriptors() throws IOException {
    Files.delete(data.resolve("my-books.json"));
    Files.writeString(data.resolve("my-arc.json"), "{}");

    assertThat(Terminal.type("verify", run).status()).isZero();
  }

  @Test
  void dataThatHaveChangedSinceAreNoticed() throws IOException {
    Path books = data.resolve("pg19/beginnings.jsonl");
    Files.writeString(books, Files.readString(books).replace("number 2", "number 4"));

    Outcome outcome = Terminal.type("verify", run);

    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.out())
        .contains("differs: data of my-books: digest was ")
        .contains("differs: questions of tiny full my-books: ");
  }

  @Test
  void dataThatAreNotThereAnyMoreAreNotVouchedFor() throws IOException {
    Files.delete(data.resolve("arc/ARC-Easy-train.jsonl"));

    Outcome outcome = Terminal.type("verify", run);

    assertThat(outcome.status()).isEqualTo(3);
    assertThat(outcome.out()).contains("not checked: models and data: " + data.resolve("arc"));
  }

  @Test
  void theSameRunIsThereAlready() {
    assertThat(typeRun("my-books.json", "my-arc.json").err()).contains("finished");
  }

  @Test
  void aRunOfAnotherDescriptorIsAnotherRun() throws IOException {
    Path file = data.resolve("my-arc.json");
    Files.writeString(file, Files.readString(file).replace("Answer:", "Answer is:"));

    Outcome outcome = typeRun("my-books.json", "my-arc.json");

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err())
        .contains("own.descriptor[0] is …", "Answer:", " there, …", "Answer is:", " here")
        .hasLineCount(1);
  }

  @Test
  void aRunOfOtherDataIsAnotherRun() throws IOException {
    Path books = data.resolve("pg19/beginnings.jsonl");
    Files.writeString(books, Files.readString(books).replace("number 2", "number 4"));

    Outcome outcome = typeRun("my-books.json", "my-arc.json");

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err()).hasLineCount(1);
  }

  @Test
  void runsAreComparedAndReported() {
    Path first = run;
    run = folder.resolve("again");
    typeRun("my-books.json", "my-arc.json");

    Outcome compared = Terminal.type("compare", first, run);

    assertThat(compared.status()).as(compared.err()).isZero();
    Outcome report = Terminal.type("report", run, "--out", folder.resolve("report"));
    assertThat(report.status()).as(report.err()).isZero();
    assertThat(report.out()).contains("my-books").contains("my-arc");
  }

  @Test
  void theGatePassesTheRunItself() {
    Path baseline = folder.resolve("baseline.json");
    Outcome written = Terminal.type("gate", "--run", run, "--write", "--baseline", baseline);
    assertThat(written.status()).as(written.err()).isZero();

    Outcome gate = Terminal.type("gate", "--run", run, "--baseline", baseline);

    assertThat(gate.status()).as(gate.out() + gate.err()).isZero();
  }

  @Test
  void samplesAreShownAndDigested() {
    Path arc = data.resolve("my-arc.json");
    Outcome shown = Terminal.type("samples", "--task", arc, "--count", 1, "--shots", 0);
    assertThat(shown.err()).isEmpty();
    assertThat(shown.out()).hasLineCount(3).startsWith("{\"doc\": \"0\", \"choice\": 0, ");
    assertThat(Terminal.type("samples", "--task", arc, "--fingerprint").out())
        .matches("requests [0-9a-f]{64}\n");
  }

  @Test
  void theNameOfABuiltInTaskIsRefused() throws IOException {
    Path file = data.resolve("my-books.json");
    Files.writeString(file, Files.readString(file).replace("my-books", "piqa"));

    Outcome outcome = Terminal.type("run", "--model", model, "--tasks", file);

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err())
        .isEqualTo("ssa: task " + file + ": has the name of task piqa of suite commonsense\n");
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    Path file = data.resolve("none.json");

    Outcome outcome = Terminal.type("run", "--model", model, "--tasks", file);

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err()).isEqualTo("ssa: " + file + ": no such file or folder\n");
  }

  @Test
  void tasksFromFilesAreNotListed() {
    assertThat(Terminal.type("list", "tasks").out()).doesNotContain("described");
  }
}
