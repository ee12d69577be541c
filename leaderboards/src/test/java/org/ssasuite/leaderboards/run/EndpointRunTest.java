package org.ssasuite.leaderboards.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ssasuite.core.request.ModelCard;
import org.ssasuite.core.run.RunFolder;
import org.ssasuite.core.run.RunResult;
import org.ssasuite.core.run.TaskResult;
import org.ssasuite.leaderboards.Terminal;
import org.ssasuite.leaderboards.Terminal.Outcome;
import org.ssasuite.leaderboards.TinyModel;

/** A checkpoint of ours behind an endpoint against the same one in this process. */
class EndpointRunTest {
  @TempDir static Path folder;
  private static Path model;
  private static Path data;
  private static CheckpointServer server;
  private static CheckpointServer silent;

  @BeforeAll
  static void serve() throws IOException {
    model = TinyModel.write(folder);
    data = TinyModel.data(folder);
    server = new CheckpointServer(model, true);
    silent = new CheckpointServer(model, false);
  }

  @AfterAll
  static void close() {
    server.close();
    silent.close();
  }

  private static Outcome byEndpoint(CheckpointServer at, Object... more) {
    List<Object> words = new ArrayList<>(List.of("run", "--model", at.address()));
    words.addAll(List.of("--served", CheckpointServer.SERVED, "--tokenizer", model));
    words.addAll(List.of(more));
    return Terminal.type(words.toArray());
  }

  private static Path finished(Outcome outcome, Path run) {
    assertThat(outcome.status()).as(outcome.err()).isZero();
    return run;
  }

  private static Path byEndpoint(String out, Object... more) {
    Path run = folder.resolve(out);
    List<Object> words = new ArrayList<>(List.of(more));
    words.addAll(List.of("--out", run));
    return finished(byEndpoint(server, words.toArray()), run);
  }

  private static Path here(String out, Object... more) {
    Path run = folder.resolve(out);
    List<Object> words = new ArrayList<>(List.of("run", "--model", model, "--modes", "full"));
    words.addAll(List.of(more));
    words.addAll(List.of("--out", run));
    return finished(Terminal.type(words.toArray()), run);
  }

  /** The logs of all rows, by mode and task. */
  private static Map<String, String> logs(Path run) throws IOException {
    Map<String, String> logs = new TreeMap<>();
    try (Stream<Path> files = Files.walk(run)) {
      for (Path file : files.filter(each -> each.endsWith("samples.jsonl")).toList()) {
        logs.put(run.relativize(file).toString(), Files.readString(file));
      }
    }
    return logs;
  }

  private static void refuses(Outcome outcome, String line) {
    assertThat(outcome.status()).as(outcome.err()).isEqualTo(2);
    assertThat(outcome.err().lines()).hasSize(1);
    assertThat(outcome.err()).contains(line);
  }

  private static void sameLogs(String name, Object... words) throws IOException {
    Map<String, String> here = logs(here(name + "-here", words));
    Map<String, String> there = logs(byEndpoint(name + "-there", words));

    assertThat(here).isNotEmpty();
    assertThat(there).isEqualTo(here);
  }

  @Test
  void documentsAreRatedToTheBitAsHere() throws IOException {
    sameLogs(
        "documents",
        "--data",
        data,
        "--tasks",
        "pg19,wikitext2-head",
        "--lengths",
        64,
        "--log-items");
  }

  @Test
  void choicesAreRatedToTheBitAsHere() throws IOException {
    sameLogs(
        "choices", "--tasks", "arc_easy,winogrande", "--shots", 0, "--limit", 6, "--log-items");
  }

  @Test
  void promptsAreAnsweredAsHere() throws IOException {
    sameLogs(
        "prompts",
        "--tasks",
        "niah_single_1,niah_multikey_2",
        "--lengths",
        512,
        "--limit",
        3,
        "--log-items");
  }

  /** Its own token ends an answer, behind one token at least. */
  @Test
  void dialoguesAreAnsweredAsHere() throws IOException {
    StringBuilder items = new StringBuilder();
    for (String name : List.of("Ann", "Ben", "Cy")) {
      items.append(
          ("{\"input\": \"Dialogue: %s: Hi!\\nSummary: \", \"context\": \"Dialogue: A: So?\\nSummary: So."
                  + "\", \"answers\": [\"%s greets.\"], \"length\": 9, \"dataset\": \"samsum\","
                  + " \"language\": \"en\", \"all_classes\": null, \"_id\": \"%s\"}\n")
              .formatted(name, name, name));
    }
    Path own = Files.createDirectories(folder.resolve("dialogues/longbench"));
    Files.writeString(own.resolve("samsum.jsonl"), items);

    sameLogs(
        "dialogues",
        "--data",
        own.getParent(),
        "--tasks",
        "samsum",
        "--lengths",
        64,
        "--log-items");
  }

  @Test
  void aSpecialTokenThatBeginsTextsIsSentAsHere() throws IOException {
    sameLogs("begun", "--data", data, "--tasks", "pg19", "--lengths", 64, "--bos", "yes");
  }

  @Test
  void aRowStatesWhatTheServerSaysAndNotWhereItIs() throws IOException {
    Path run =
        byEndpoint("stated", "--data", data, "--tasks", "pg19", "--lengths", 64, "--limit", 1);

    RunResult result = RunFolder.readResults(run);
    TaskResult row = result.results().get(0);
    ModelCard card = row.model();
    assertThat(card.name()).isEqualTo("tiny");
    assertThat(card.mode()).isEqualTo("full");
    assertThat(card.facts())
        .containsEntry("endpoint", "completions")
        .containsEntry("served", CheckpointServer.SERVED)
        .containsEntry("owned_by", "ssa")
        .containsEntry("prompts", "token ids")
        .containsEntry("ratings", "echo with logprobs")
        .containsEntry("greedy", "temperature 0, penalties off")
        .containsKey("sha256:tokenizer.json");
    assertThat(card.facts().values()).noneMatch(fact -> fact.contains("127.0.0.1"));
    assertThat(result.manifest().spec().models()).containsExactly(server.address());
  }

  @Test
  void aFinishedRunIsVerifiedWithoutItsServer() {
    Path run = byEndpoint("kept", "--data", data, "--tasks", "pg19", "--lengths", 64);
    int asked = server.asked();
    Outcome verified = Terminal.type("verify", run);

    assertThat(verified.status()).as(verified.out()).isZero();
    assertThat(server.asked()).isEqualTo(asked);
  }

  @Test
  void aManifestDoesTheRunAgain() throws IOException {
    Path run = byEndpoint("first", "--data", data, "--tasks", "pg19", "--lengths", 64);
    Path again = folder.resolve("again");
    Outcome outcome =
        Terminal.type("run", "--config", run.resolve("manifest.json"), "--out", again);

    assertThat(outcome.status()).as(outcome.err()).isZero();
    assertThat(logs(again)).isEqualTo(logs(run));
    assertThat(Files.readString(run.resolve("report.html"))).contains("--served lab/tiny");
  }

  @Test
  void aBusyServerChangesNothing() throws IOException {
    String[] words = {"--data", data.toString(), "--tasks", "pg19", "--lengths", "64"};
    Map<String, String> before = logs(byEndpoint("calm", (Object[]) words));
    try {
      server.isBusyAt(number -> number % 3 == 1);
      assertThat(logs(byEndpoint("busy", (Object[]) words))).isEqualTo(before);
    } finally {
      server.isBusyAt(number -> false);
    }
  }

  @Test
  void aRunThatAServerBreaksGoesOnWhereItWas() throws IOException {
    Object[] words = {"--data", data, "--tasks", "pg19", "--lengths", 64, "--batch", 1};
    Map<String, String> whole = logs(byEndpoint("whole", words));
    Path run = folder.resolve("broken");
    Object[] into = Stream.concat(Stream.of(words), Stream.of("--out", run)).toArray();
    int before = server.asked();
    try {
      // Behind three of the probe's completions and two samples.
      server.isBrokenAt(number -> number > before + 5);
      Outcome outcome = byEndpoint(server, into);
      assertThat(outcome.status()).isEqualTo(2);
      assertThat(outcome.err()).contains("answers HTTP 400: never");
    } finally {
      server.isBrokenAt(number -> false);
    }
    int asked = server.asked();
    finished(byEndpoint(server, into), run);

    assertThat(server.asked() - asked).as("the probe's and the last sample's").isEqualTo(3 + 1);
    assertThat(logs(run)).isEqualTo(whole);
  }

  @Test
  void tasksThatAServerCannotRunAreNamedBeforeAnythingRuns() {
    Path run = folder.resolve("refused");
    int asked = silent.asked();
    Outcome outcome =
        byEndpoint(
            silent, "--tasks", "pg19,niah_single_1", "--lengths", 512, "--limit", 1, "--out", run);

    refuses(
        outcome,
        "model tiny: pg19: log-probabilities of prompts are needed, which the server does not give:"
            + " HTTP 400: no logprobs here; of the tasks asked for it can run niah_single_1");
    assertThat(run).doesNotExist();
    assertThat(silent.asked() - asked).isEqualTo(3);
  }

  @Test
  void aServerWithoutLogProbabilitiesAnswersPrompts() {
    Path run = folder.resolve("written");
    Outcome outcome =
        byEndpoint(
            silent, "--tasks", "niah_single_1", "--lengths", 512, "--limit", 1, "--out", run);

    finished(outcome, run);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--modes | sparse:8x2 | is computed by a server, in mode full alone, not in sparse:8x2",
        "--rope | linear:2 | --rope linear:2: an endpoint computes as its server was told",
        "--observe | sinks | --observe: an endpoint shows nothing of attention",
        "--observe | needle | --observe: an endpoint shows nothing of attention",
        "--suite | attention | --observe: an endpoint shows nothing of attention",
        "--concurrency | 0 | --concurrency: must be 1 to 1024, not 0",
        "--timeout | 0 | --timeout: must be 1 to 86400 seconds, not 0",
      })
  void whatNoServerShowsOrIsToldIsRefused(String option, String value, String line) {
    refuses(byEndpoint(server, option, value, "--data", data, "--lengths", 64), line);
  }

  @Test
  void comparisonsOfModesAreRefusedByName() {
    refuses(
        byEndpoint(
            server, "--suite", "conformance", "--modes", "full", "--data", data, "--lengths", 64),
        "conformance: modes of attention are compared, and an endpoint has full alone");
  }

  @Test
  void budgetsAreNotTried() {
    refuses(
        byEndpoint(server, "--suite", "budget", "--on", "pg19", "--data", data, "--lengths", 64),
        "model tiny: is computed by a server, in mode full alone, not in sparse:");
  }

  @Test
  void aModelThatIsNotServedIsRefused() {
    refuses(
        Terminal.type(
            "run",
            "--model",
            server.address(),
            "--served",
            "lab/tine",
            "--tokenizer",
            model,
            "--tasks",
            "niah_single_1"),
        "serves no model 'lab/tine', but lab/tiny; did you mean lab/tiny?");
  }

  @Test
  void whatBelongsTogetherIsAskedFor() {
    refuses(
        Terminal.type("run", "--model", "http://127.0.0.1:1/v1", "--tasks", "pg19"),
        "--model http://127.0.0.1:1/v1: needs --served");
    refuses(
        Terminal.type("run", "--model", "http://127.0.0.1:1/v1", "--served", "a"),
        "--served a: needs --tokenizer");
    refuses(
        Terminal.type("run", "--model", model, "--served", "a", "--tokenizer", model),
        "--served a: goes with --model http://HOST/v1");
    refuses(
        Terminal.type("run", "--model", model, "--tokenizer", model),
        "--tokenizer " + model + ": goes with --served");
  }
}
