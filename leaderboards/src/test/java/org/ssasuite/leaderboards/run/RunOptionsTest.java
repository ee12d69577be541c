package org.ssasuite.leaderboards.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ssasuite.core.run.RunFolder;
import org.ssasuite.core.run.RunManifest;
import org.ssasuite.core.run.RunSpec;
import org.ssasuite.core.run.TaskResult;
import org.ssasuite.leaderboards.Terminal;
import org.ssasuite.leaderboards.Terminal.Outcome;
import org.ssasuite.leaderboards.TinyModel;

/** Suites beside tasks, names of models, BOS, and options from a file. */
class RunOptionsTest {
  @TempDir static Path folder;
  private static Path model;
  private static Path data;

  @BeforeAll
  static void write() throws IOException {
    model = TinyModel.write(folder);
    data = TinyModel.data(folder);
  }

  private static Outcome type(Object... more) {
    List<Object> words = new ArrayList<>(List.of("run", "--model", model, "--data", data));
    words.addAll(List.of(more));
    return Terminal.type(words.toArray());
  }

  private static Path run(String out, Object... more) {
    Path to = folder.resolve(out);
    List<Object> words = new ArrayList<>(List.of(more));
    words.addAll(List.of("--modes", "full", "--lengths", 64, "--out", to));
    Outcome outcome = type(words.toArray());
    assertThat(outcome.status()).as(outcome.err()).isZero();
    return to;
  }

  private static List<String> tasks(Path run) {
    return RunFolder.readResults(run).results().stream()
        .map(one -> one.task().name())
        .distinct()
        .toList();
  }

  private static void refuses(Outcome outcome, String line) {
    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err().lines()).hasSize(1);
    assertThat(outcome.err()).contains(line);
  }

  @Test
  void suitesAndTasksAreRowsInTheOrderNamedAndNoneTwice() {
    assertThat(tasks(run("a", "--tasks", "wikitext2-head", "--suite", "conformance")))
        .containsExactly("wikitext2-head", "conformance");
    assertThat(tasks(run("b", "--suite", "conformance,conformance", "--tasks", "pg19,conformance")))
        .containsExactly("conformance", "pg19");
  }

  @Test
  void suitesThatDecideAboutAllRowsGoAlone() {
    refuses(type("--suite", "budget,pg19"), "--suite budget: gives all rows modes of its own");
    refuses(
        type("--suite", "attention", "--tasks", "pg19"), "--suite attention: observes all rows");
  }

  @Test
  void namesStandWhereFoldersWouldAndTheRunIsVerifiedByThem() throws IOException {
    Path run = run("named", "--name", "=2+2 of 日本", "--tasks", "pg19");

    RunManifest manifest = RunFolder.readManifest(run);
    assertThat(manifest.models()).extracting(card -> card.name()).containsExactly("=2+2 of 日本");
    assertThat(Files.readString(run.resolve("leaderboard.csv"))).contains("'=2+2 of 日本");
    Outcome verified = Terminal.type("verify", run);
    assertThat(verified.status()).as(verified.out()).isZero();
    assertThat(Files.readString(run.resolve("report.html"))).contains("--name");
  }

  @Test
  void aRunWithoutNamesDoesNotSayThatItHasNone() throws IOException {
    Path run = run("unnamed", "--tasks", "pg19");

    assertThat(Files.readString(run.resolve("manifest.json")))
        .doesNotContain("\"names\"", "\"bos\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a,b | names 2, --model 1",
        "a/b | without '/'",
        "'' | 1 to 200 characters",
        "' a' | white space at its ends"
      })
  void namesThatDoNotPairOrCannotBeToldApartAreRefused(String names, String line) {
    refuses(type("--name", names, "--tasks", "pg19"), line);
  }

  @Test
  void twoModelsOfOneNameAreRefused() {
    refuses(
        Terminal.type("run", "--model", model + "," + model, "--name", "a,a", "--tasks", "pg19"),
        "--name a: is given twice");
  }

  @Test
  void bosIsPartOfTheProtocolWhereItIsSaid() {
    Path yes = run("yes", "--tasks", "pg19", "--bos", "yes");
    Path no = run("no", "--tasks", "pg19", "--bos", "no");
    Path auto = run("auto", "--tasks", "pg19", "--bos", "auto");

    assertThat(protocol(yes)).isEqualTo("book/first-64/no-stride/bos/counted-words/corpus");
    assertThat(protocol(auto)).isEqualTo("book/first-64/no-stride/no-bos/counted-words/corpus");
    assertThat(protocol(no)).isEqualTo(protocol(auto));
    assertThat(RunFolder.readResults(no).results().get(0).metrics())
        .isEqualTo(RunFolder.readResults(auto).results().get(0).metrics())
        .isNotEqualTo(RunFolder.readResults(yes).results().get(0).metrics());
  }

  private static String protocol(Path run) {
    return RunFolder.readResults(run).results().get(0).protocol();
  }

  @Test
  void bosSaysNothingToRollingWindows() {
    refuses(type("--tasks", "wikitext2", "--bos", "yes"), "--bos: none of the tasks");
    refuses(type("--tasks", "pg19", "--bos", "maybe"), "--bos maybe: is none of auto, yes, no");
  }

  @Test
  void chatTemplateIsPartOfTheProtocolWhereItIsSaid(@TempDir Path folder) throws IOException {
    Path chatting = TinyModel.write(folder);
    Files.writeString(
        chatting.resolve("chat_template.jinja"), "{{ messages[0].content }}\nAnswer:\n");
    Path out = folder.resolve("out");
    List<Object> words =
        List.of("run", "--model", chatting, "--tasks", "piqa", "--shots", 0, "--limit", 1);
    List<Object> more =
        List.of("--modes", "full", "--chat-template", "--log-prompts", "--out", out);
    Outcome outcome = Terminal.type(Stream.concat(words.stream(), more.stream()).toArray());

    assertThat(outcome.status()).as(outcome.err()).isZero();
    assertThat(protocol(out)).matches(".*/no-bos/chat-template-[0-9a-f]{12}");
    try (Stream<Path> files = Files.walk(out)) {
      Path log = files.filter(file -> file.endsWith("samples.jsonl")).findFirst().orElseThrow();
      assertThat(Files.readString(log)).contains("\\nAnswer:\\nAnswer:\"");
    }
  }

  @Test
  void modelWithoutAChatTemplateIsRefused() {
    refuses(
        type("--tasks", "niah_single_1", "--chat-template"),
        "has no chat template: neither chat_template.jinja nor one in tokenizer_config.json");
  }

  private static Path config(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  @Test
  void optionsComeFromYamlAndWhatIsTypedGoesOverThem() throws IOException {
    Path config =
        config(
            "run.yaml",
            "# mine\nmodel: \"%s\"\nname: [our model]\ndata: '%s'\nmodes:\n  - full\ntasks: pg19\n"
                    .formatted(model, data)
                + "lengths: [48]\nlimit: 2\nno-sharing: true\nfresh: false\n");
    Path out = folder.resolve("of-yaml");
    Outcome outcome = Terminal.type("run", "--config", config, "--limit", 1, "--out", out);

    assertThat(outcome.status()).as(outcome.err()).isZero();
    RunSpec spec = RunFolder.readManifest(out).spec();
    assertThat(spec.names()).containsExactly("our model");
    assertThat(spec.sharing()).isFalse();
    assertThat(spec.tasks().get(0).limit()).hasValue(1);
    assertThat(spec.tasks().get(0).length()).hasValue(48);
  }

  @Test
  void aManifestDoesItsRunAgain() {
    Path run =
        run(
            "once",
            "--name",
            "n",
            "--tasks",
            "pg19",
            "--suite",
            "conformance",
            "--limit",
            2,
            "--log-prompts");
    Path again = folder.resolve("twice");
    Outcome outcome =
        Terminal.type("run", "--config", run.resolve("manifest.json"), "--out", again);

    assertThat(outcome.status()).as(outcome.err()).isZero();
    assertThat(RunFolder.readManifest(again).spec()).isEqualTo(RunFolder.readManifest(run).spec());
    assertThat(RunFolder.readResults(again).results())
        .extracting(TaskResult::metrics)
        .isEqualTo(RunFolder.readResults(run).results().stream().map(TaskResult::metrics).toList());
  }

  @Test
  void filesThatChangedSinceTheFirstRunAreToldOf() throws IOException {
    Path other = Files.createDirectories(folder.resolve("moved/pg19"));
    Path book = other.resolve("beginnings.jsonl");
    Files.copy(data.resolve("pg19/beginnings.jsonl"), book);
    Path run = folder.resolve("moving");
    Outcome first =
        Terminal.type(
            "run",
            "--model",
            model,
            "--data",
            folder.resolve("moved"),
            "--tasks",
            "pg19",
            "--lengths",
            32,
            "--modes",
            "full",
            "--out",
            run);
    Files.writeString(book, Files.readString(book).replace("river", "forest"));
    Outcome again =
        Terminal.type(
            "run", "--config", run.resolve("manifest.json"), "--out", folder.resolve("moved2"));

    assertThat(first.status()).as(first.err()).isZero();
    assertThat(again.err()).contains("data: pg19 is not what it was for ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "sute: ruler | 'sute' is no option of a run; did you mean suite?",
        "limit: many | Invalid value for option '--limit': 'many' is not an int",
        "limit: [1, 2] | 'limit' takes one value, not a list of 2",
        "{limit: 1, limit: 2} | has 'limit' twice",
        "{version: a, ruler-version: b} | twice",
        "limit: | 'limit' is nothing",
        "fresh: maybe | 'fresh' is neither true nor false",
        "tasks: {a: b} | 'tasks' is nested",
        "a: &x b | an anchor or a tag",
        "config: other.yaml | 'config' is no option of a run",
        "name: [\"a,b\"] | , separates values",
        "preset: standrd | did you mean standard?",
        "- tasks | no mapping of options",
        "\"tasks: pg19 | not YAML"
      })
  void aFaultOfAFileIsOneLineThatNamesIt(String text, String line) throws IOException {
    Path config = config("bad.yaml", text + "\n");

    Outcome outcome = Terminal.type("run", "--config", config);

    refuses(outcome, line);
    assertThat(outcome.err()).startsWith("ssa: " + config + ": ");
  }
}
