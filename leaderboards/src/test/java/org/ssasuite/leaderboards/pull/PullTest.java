package org.ssasuite.leaderboards.pull;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ssasuite.core.run.RunLock;
import org.ssasuite.leaderboards.program.Console;
import org.ssasuite.leaderboards.program.Failures;
import org.ssasuite.leaderboards.pull.LocalHub.Trait;
import picocli.CommandLine;

class PullTest {
  private static final HubClient.Waits WAITS =
      new HubClient.Waits(3, Duration.ofMillis(5), Duration.ofSeconds(2), Duration.ofSeconds(3));

  @TempDir Path folder;

  private record Outcome(int status, String out, String err) {}

  private static byte[] bytes(int length, int seed) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (seed * 31 + i * 7 + i / 251);
    }
    return bytes;
  }

  private static Map<String, byte[]> model() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put(".gitattributes", bytes(10, 0));
    files.put("README.md", bytes(500, 1));
    files.put("config.json", "{\"model_type\": \"llama\"}".getBytes(StandardCharsets.UTF_8));
    files.put("model-00001-of-00002.safetensors", bytes(5_000, 2));
    files.put("model-00002-of-00002.safetensors", bytes(3_500, 3));
    files.put("model.safetensors.index.json", bytes(300, 4));
    files.put("onnx/model.safetensors", bytes(100, 5));
    files.put("pytorch_model.bin", bytes(9_000, 6));
    files.put("tokenizer.json", bytes(2_100, 7));
    return files;
  }

  private static final Set<String> NEEDED =
      Set.of(
          "config.json",
          "model-00001-of-00002.safetensors",
          "model-00002-of-00002.safetensors",
          "model.safetensors.index.json",
          "tokenizer.json");

  private static LocalHub hub() {
    return new LocalHub(
        model(), Set.of("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"));
  }

  private static Outcome type(Map<String, String> environment, Stream<Object> words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Console console = new Console(new PrintWriter(out, true), new PrintWriter(err, true), false);
    CommandLine command = new CommandLine(new PullCommand(console, environment, WAITS));
    int status =
        new Failures(console).execute(command, words.map(String::valueOf).toArray(String[]::new));
    return new Outcome(status, out.toString(), err.toString());
  }

  private Outcome pull(LocalHub hub, Map<String, String> environment, Object... more) {
    Stream<Object> where =
        Stream.of("--endpoint", hub.address(), "--cache", folder.resolve("cache"));
    return type(environment, Stream.concat(where, Arrays.stream(more)));
  }

  private Outcome pull(LocalHub hub, Object... more) {
    return pull(hub, Map.of(), more);
  }

  private Path repository() {
    return folder.resolve("cache/models--lab--tiny");
  }

  private Path snapshot() {
    return repository().resolve("snapshots").resolve(LocalHub.COMMIT);
  }

  private void requireModel(Outcome outcome) throws IOException {
    assertThat(outcome.status()).as(outcome.err()).isZero();
    assertThat(outcome.out()).isEqualTo(snapshot() + "\n");
    Map<String, byte[]> files = model();
    try (Stream<Path> there = Files.list(snapshot())) {
      assertThat(there.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(NEEDED);
    }
    for (String name : NEEDED) {
      assertThat(Files.readAllBytes(snapshot().resolve(name))).as(name).isEqualTo(files.get(name));
    }
  }

  private static void refuses(Outcome outcome, String line) {
    assertThat(outcome.status()).as(outcome.err()).isEqualTo(2);
    assertThat(outcome.err().lines().filter(each -> each.startsWith("ssa: "))).hasSize(1);
    assertThat(outcome.err()).contains(line).doesNotContain("hf_secret", "\tat ");
    assertThat(outcome.out()).isEmpty();
  }

  @Test
  void aModelComesWithTheFilesThatAreOfUse() throws IOException {
    try (LocalHub hub = hub()) {
      requireModel(pull(hub, "model", "lab/tiny"));
    }
    assertThat(repository().resolve("refs/main")).hasContent(LocalHub.COMMIT);
    assertThat(Files.isSymbolicLink(snapshot().resolve("config.json"))).isTrue();
  }

  @Test
  void whatIsThereIsNotBroughtAgain() throws IOException {
    try (LocalHub hub = hub()) {
      pull(hub, "model", "lab/tiny");
      int asked = hub.asked().size();
      requireModel(pull(hub, "model", "lab/tiny@v1"));

      assertThat(hub.asked()).hasSize(asked + 2);
    }
    assertThat(repository().resolve("refs/v1")).hasContent(LocalHub.COMMIT);
  }

  @ParameterizedTest
  @EnumSource(names = {"DROPS", "BUSY", "PAGES", "STALLS"})
  void aHubThatIsUnwellGivesTheSame(Trait trait) throws IOException {
    try (LocalHub hub = hub().with(trait)) {
      requireModel(pull(hub, "model", "lab/tiny"));
    }
  }

  @Test
  void whatWasInterruptedGoesOnWhereItWas() throws IOException {
    try (LocalHub hub = hub().with(Trait.BREAKS)) {
      refuses(
          pull(hub, "model", "lab/tiny"),
          "model lab/tiny@main, model-00001-of-00002.safetensors: the connection broke");
      hub.without(Trait.BREAKS);
      int asked = hub.asked().size();
      Outcome outcome = pull(hub, "model", "lab/tiny");

      requireModel(outcome);
      assertThat(outcome.err()).contains("going on");
      assertThat(hub.asked().subList(asked, hub.asked().size()))
          .contains("/elsewhere/model-00001-of-00002.safetensors bytes=1000-");
    }
  }

  @Test
  void aHubThatStartsOverIsFollowed() throws IOException {
    try (LocalHub hub = hub().with(Trait.BREAKS)) {
      pull(hub, "model", "lab/tiny");
      hub.without(Trait.BREAKS);
      hub.with(Trait.STARTS_OVER);

      requireModel(pull(hub, "model", "lab/tiny"));
    }
  }

  @Test
  void anotherPartThanWasAskedForIsNotTaken() {
    try (LocalHub hub = hub().with(Trait.DROPS, Trait.OTHER_PART)) {
      refuses(pull(hub, "model", "lab/tiny"), "another part comes than was asked for");
    }
  }

  @Test
  void twoPullsOfOneRepositoryDoNotMix() throws IOException {
    Files.createDirectories(repository());
    try (LocalHub hub = hub();
        RunLock other = RunLock.take(repository())) {
      refuses(pull(hub, "model", "lab/tiny"), "another run is writing into it");
      assertThat(other).isNotNull();
    }
  }

  @Test
  void otherBytesThanTheTreeStatesAreThrownAway() throws IOException {
    try (LocalHub hub = hub().with(Trait.OTHER_BYTES)) {
      refuses(pull(hub, "model", "lab/tiny"), "config.json: what came has the digest ");
    }
    try (Stream<Path> blobs = Files.list(repository().resolve("blobs"))) {
      assertThat(blobs).isEmpty();
    }
    assertThat(snapshot()).doesNotExist();
  }

  @Test
  void moreThanTheTreeStatesIsRefused() {
    try (LocalHub hub = hub().with(Trait.TOO_LONG)) {
      refuses(
          pull(hub, "model", "lab/tiny"),
          "config.json: more comes than the 23 bytes that its tree states");
    }
  }

  @Test
  void aPathThatLeadsOutIsRefused() {
    try (LocalHub hub = hub().with(Trait.LEADS_OUT)) {
      refuses(
          pull(hub, "model", "lab/tiny"),
          "its tree has a file with the path \"../../outside.json\"");
    }
    assertThat(folder.resolve("cache")).doesNotExist();
  }

  @Test
  void aTokenOpensAndGoesNowhereElse() throws IOException {
    try (LocalHub hub = hub().with(Trait.CLOSED)) {
      refuses(pull(hub, "model", "lab/tiny"), "a token goes into HF_TOKEN");
      requireModel(pull(hub, Map.of("HF_TOKEN", "hf_secret"), "model", "lab/tiny"));

      assertThat(hub.tokensElsewhere()).isEmpty();
      assertThat(hub.asked()).anyMatch(path -> path.startsWith("/elsewhere/"));
      refuses(
          pull(hub, Map.of("HF_TOKEN", "hf_secret2"), "model", "lab/tiny"),
          "the token in HF_TOKEN may not read it");
    }
  }

  @Test
  void whatIsNotThereIsOneLine() {
    try (LocalHub hub = hub()) {
      refuses(
          pull(hub, "model", "lab/other"),
          "model lab/other@main: HTTP 404: the hub has no such repository, revision or file");
      refuses(pull(hub, "model", "lab/tiny@v2"), "model lab/tiny@v2: HTTP 404");
      refuses(
          pull(hub, "model", "lab/tiny", "--file", "tokeniser.json"),
          "has no file tokeniser.json; did you mean tokenizer.json?");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"../tiny", "lab/tiny/x", "lab/..", "", "lab/tiny@../x", "lab tiny"})
  void whatIsNoNameIsRefusedBeforeAnythingIsAsked(String name) {
    try (LocalHub hub = hub()) {
      refuses(pull(hub, "model", name), "pull model " + name);
      assertThat(hub.asked()).isEmpty();
    }
  }

  @Test
  void filesThatAreNamedComeToo() {
    try (LocalHub hub = hub()) {
      Outcome outcome =
          pull(hub, "model", "lab/tiny", "--file", "onnx/model.safetensors", "--only");

      assertThat(outcome.status()).as(outcome.err()).isZero();
      assertThat(snapshot().resolve("onnx/model.safetensors"))
          .hasBinaryContent(model().get("onnx/model.safetensors"));
      assertThat(snapshot().resolve("config.json")).doesNotExist();
    }
  }

  @Test
  void aModelWithoutSafetensorsIsRefusedByName() {
    try (LocalHub hub = new LocalHub(Map.of("pytorch_model.bin", new byte[5]), Set.of())) {
      refuses(
          pull(hub, "model", "lab/tiny"),
          "model lab/tiny@main: has no model.safetensors or shards of it");
    }
  }

  @Test
  void aDataSetComesWithItsFilesOfText() throws IOException {
    Map<String, byte[]> files =
        Map.of("data/test.jsonl", bytes(50, 1), "empty.txt", new byte[0], "script.py", bytes(9, 2));
    try (LocalHub hub = new LocalHub(files, Set.of())) {
      Outcome outcome = pull(hub, "data", "lab/tiny");

      assertThat(outcome.status()).as(outcome.err()).isZero();
      Path there = Path.of(outcome.out().replace("\n", ""));
      assertThat(there).startsWith(folder.resolve("cache/datasets--lab--tiny/snapshots"));
      assertThat(there.resolve("data/test.jsonl")).hasBinaryContent(bytes(50, 1));
      assertThat(there.resolve("empty.txt")).isEmptyFile();
      assertThat(there.resolve("script.py")).doesNotExist();
    }
  }

  @Test
  void aHubsOwnParquetIsARevision() throws IOException {
    Map<String, byte[]> files = Map.of("default/test/0000.parquet", bytes(50, 1));
    try (LocalHub hub = new LocalHub(files, Set.of())) {
      Outcome outcome = pull(hub, "data", "lab/tiny@refs/convert/parquet");

      assertThat(outcome.status()).as(outcome.err()).isZero();
      Path there = Path.of(outcome.out().replace("\n", ""));
      assertThat(there.resolve("default/test/0000.parquet")).hasBinaryContent(bytes(50, 1));
      assertThat(folder.resolve("cache/datasets--lab--tiny/refs/refs/convert/parquet"))
          .hasContent(LocalHub.COMMIT);
    }
  }

  @Test
  void addressesThatMayHoldSecretsAreNotRepeated() {
    for (String address :
        List.of("http://me:hf_secret@host", "http://hf_secret host", "hf_secret")) {
      Outcome outcome = type(Map.of("HF_ENDPOINT", address), Stream.of("model", "lab/tiny"));
      refuses(outcome, "HF_ENDPOINT: ");
    }
  }
}
