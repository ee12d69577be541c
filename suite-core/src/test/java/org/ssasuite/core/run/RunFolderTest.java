package org.ssasuite.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.calibration.ScriptedModel;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.request.ContextFit;
import org.ssasuite.core.request.Generate;
import org.ssasuite.core.request.Generation;
import org.ssasuite.core.request.LanguageModel;
import org.ssasuite.core.request.ModelCard;
import org.ssasuite.core.request.Work;
import org.ssasuite.core.statistics.Interval;
import org.ssasuite.core.task.Facet;
import org.ssasuite.core.task.MetricRule;
import org.ssasuite.core.task.TaskId;
import org.ssasuite.core.task.Transform;
import org.ssasuite.core.task.Unscored;
import org.ssasuite.core.testing.Property;
import org.ssasuite.core.testing.ToyTask;

/** A whole evaluation with a toy task and a scripted model, and what it leaves on the disk. */
class RunFolderTest {
  private static final ToyTask TASK = ToyTask.of(6);

  @TempDir Path parent;

  @Test
  void aRunLeavesManifestSamplesAndResults() throws IOException {
    evaluate(doubling());
    assertThat(files())
        .containsExactlyInAnyOrder(
            ".lock",
            "SHA256SUMS",
            "manifest.json",
            "mini%2Fone/sparse-16x16/doubling/samples.jsonl",
            "results.json");
  }

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
  void everyFileStatesItsSchemaFirst() throws IOException {
    evaluate(doubling());
    assertThat(json("manifest.json").properties().iterator().next().toString())
        .isEqualTo("schema=\"ssasuite/manifest/2\"");
    assertThat(json("results.json").properties().iterator().next().toString())
        .isEqualTo("schema=\"ssasuite/results/2\"");
  }

  @Test
  void twoRunsDifferInNamedClockValuesOnly() throws IOException {
    evaluate(doubling());
    evaluate(doubling(), parent.resolve("again"));
    for (String file : List.of("manifest.json", "results.json")) {
      assertThat(withoutClock(parse(Files.readString(parent.resolve("again").resolve(file)))))
          .isEqualTo(withoutClock(json(file)));
    }
  }

  @Test
  void twoRunsWriteTheSameSamples() {
    evaluate(doubling());
    evaluate(doubling(), parent.resolve("again"));
    assertThat(samplesFile())
        .hasSameBinaryContentAs(
            parent.resolve("again").resolve(folder().relativize(samplesFile())));
  }

  @Test
  void namesInJsonAreInSnakeCase() throws IOException {
    evaluate(doubling());
    assertThat(names(json("results.json"))).allMatch(name -> name.matches("[a-z0-9_]+"));
  }

  @Test
  void aModelThatFailsLeavesWholeLinesAndNoResults() throws IOException {
    LanguageModel inner = doubling();
    LanguageModel failing =
        new ScriptedModel(
            card(),
            Set.of(),
            request -> {
              if (((Generate) request).prompt().contains("4")) {
                throw new IllegalStateException("device lost");
              }
              return inner.answer(List.of(request)).get(0);
            });
    assertThatThrownBy(() -> evaluate(failing)).hasMessage("device lost");
    assertThat(files()).noneMatch(name -> name.startsWith("results"));
    List<String> samples = new ArrayList<>();
    DataFile.of(samplesFile()).forEachJsonLine(line -> samples.add(line.text("sample")));
    assertThat(samples).containsExactly("toy-0", "toy-1", "toy-2", "toy-3");
    assertThat(Files.readString(samplesFile())).endsWith("}\n");
  }

  @Test
  void aFolderWithAManifestIsRefused() {
    try (RunFolder run = RunFolder.create(folder())) {
      run.writeManifest(manifest());
    }
    assertThatThrownBy(() -> RunFolder.create(folder()))
        .isInstanceOf(BadInputException.class)
        .hasMessage(folder() + ": holds a run already (manifest.json)");
  }

  @Test
  void aFolderWithResultsIsRefused() throws IOException {
    Files.createDirectories(folder());
    Files.writeString(folder().resolve("results.json"), "{}");
    assertThatThrownBy(() -> RunFolder.create(folder()))
        .isInstanceOf(BadInputException.class)
        .hasMessage(folder() + ": holds a run already (results.json)");
  }

  @Test
  void aFileInPlaceOfTheFolderIsRefused() throws IOException {
    Files.writeString(folder(), "");
    assertThatThrownBy(() -> RunFolder.create(folder()))
        .isInstanceOf(BadInputException.class)
        .hasMessage(folder() + ": exists and is not a folder");
  }

  @Test
  void theSameLogTwiceIsRefused() {
    try (RunFolder run = RunFolder.create(folder())) {
      run.samples(card(), TASK.id()).close();
      assertThatThrownBy(() -> run.samples(card(), TASK.id()))
          .isInstanceOf(BadInputException.class)
          .hasMessageStartingWith(samplesFile() + ": exists already");
    }
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "uses Linux's /dev/full")
  void aFullDiskIsBadInputThatNamesTheLog() throws IOException {
    Path full = Path.of("/dev/full");
    try (SampleLog log = new SampleLog(full, FileChannel.open(full, StandardOpenOption.WRITE))) {
      assertThatThrownBy(
              () ->
                  log.append(
                      new SampleRecord(
                          "s", "d", List.of(), new Unscored("r"), OptionalDouble.empty(), 0, 0)))
          .isInstanceOf(BadInputException.class)
          .hasMessage("/dev/full: No space left on device");
    }
  }

  @Test
  void folderNamesOfDifferentModelsDiffer() {
    Property.forAll(
        random -> List.of(Property.strings("a./:%_é", 4).apply(random), "a./"),
        200,
        pair -> {
          String first = RunFolder.folderName(pair.get(0));
          assertThat(first).matches("[a-zA-Z0-9_@+=%.-]*").doesNotStartWith(".");
          assertThat(first.equals(RunFolder.folderName(pair.get(1))))
              .isEqualTo(pair.get(0).equals(pair.get(1)));
        });
  }

  @Test
  void namesThatFitKeepTheirForm() {
    assertThat(RunFolder.folderName("é".repeat(42) + "abc")).isEqualTo("%C3%A9".repeat(42) + "abc");
  }

  @Test
  void namesThatDoNotFitAreCutAndTellTheRestByADigest() {
    String name = "通用大语言模型长文本能力评测专用权重第二版二零二六年十一月最终候选发布";

    assertThat(RunFolder.folderName(name))
        .hasSizeLessThan(256)
        .startsWith("%E9%80%9A%E7%94%A8")
        .matches("(%[0-9A-F]{2})*%-[0-9a-f]{64}")
        .isNotEqualTo(RunFolder.folderName(name + "2"));
  }

  @Test
  void theLongestNameOfAFileSystemHasAFolder() throws IOException {
    Path folder = folder().resolve(RunFolder.folderName("型".repeat(85)));

    assertThat(Files.createDirectories(folder)).isDirectory();
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
  void aFieldThatFirstFilesLackedIsBadInputInLaterOnes() {
    assertReplacementIsBad("\"chance\" : null,", "");
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
    return text.replace("ssasuite/results/2", "ssasuite/results/1")
        .replace("ssasuite/manifest/2", "ssasuite/manifest/1")
        .replaceAll("\"log\" : \\{[^}]*},\\s*", "")
        .replaceAll("\"rows\" : \\[[^\\]]*],\\s*", "");
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

  private RunResult evaluate(LanguageModel model) {
    return evaluate(model, folder());
  }

  private static RunResult evaluate(LanguageModel model, Path folder) {
    try (RunFolder run = RunFolder.create(folder)) {
      run.writeManifest(manifest());
      TaskResult result;
      try (SampleLog log = run.samples(model.card(), TASK.id())) {
        result = TaskRunner.run(TASK, model, OptionalInt.empty(), 2, log, Progress.silent());
      }
      RunResult all = new RunResult(RunResult.SCHEMA, manifest(), List.of(result));
      run.writeResults(all);
      return all;
    }
  }

  private static LanguageModel doubling() {
    return new ScriptedModel(
        card(),
        Set.of(),
        request -> {
          int number =
              Integer.parseInt(((Generate) request).prompt().replaceAll("^2 \\* | =$", ""));
          return new Generation("" + 2 * number, 1, ContextFit.whole(7), Optional.empty());
        });
  }

  private static ModelCard card() {
    return new ModelCard(
        "mini/one", "sparse:16x16", OptionalInt.of(1024), Map.of("precision", "fp32"));
  }

  private static RunManifest manifest() {
    return new RunManifest(
        RunManifest.SCHEMA,
        new RunSpec(
            "custom",
            List.of("mini/one"),
            List.of("sparse:16x16"),
            List.of(
                TaskOrder.of("doubling")
                    .withLength(1024)
                    .withShots(0)
                    .withSeed(Long.MAX_VALUE)
                    .withLimit(5)
                    .withOwn(Map.of("version", List.of("one")))),
            Optional.of("llama3:4"),
            Optional.empty(),
            "cpu",
            "fp32",
            2,
            1,
            512,
            false),
        "0.1.0",
        Optional.of("0123abc+dirty"),
        Machine.current(),
        List.of(card()),
        Map.of("doubling", "00"),
        Map.of("Grüße 😀 \ud800", "1"),
        List.of(new PlannedRow("mini/one", "sparse:16x16", TASK.id(), TASK.protocol(), "00", 6)),
        1_700_000_000L);
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
        1e-3);
  }

  private Path folder() {
    return parent.resolve("run");
  }

  private Path samplesFile() {
    return folder().resolve("mini%2Fone/sparse-16x16/doubling/samples.jsonl");
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.walk(folder())) {
      return all.filter(Files::isRegularFile)
          .map(file -> folder().relativize(file).toString())
          .toList();
    }
  }

  private JsonNode json(String file) throws IOException {
    return parse(Files.readString(folder().resolve(file)));
  }

  private static JsonNode parse(String text) throws IOException {
    return new ObjectMapper().readTree(text);
  }

  private static List<String> names(JsonNode node) {
    List<String> names = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      if (!field.getKey().equals("libraries")) { // keyed by what the user's machine has
        names.add(field.getKey());
        names.addAll(names(field.getValue()));
      }
    }
    if (node.isArray()) {
      node.forEach(element -> names.addAll(names(element)));
    }
    return names;
  }

  private static JsonNode withoutClock(JsonNode node) {
    node.forEach(RunFolderTest::withoutClock);
    if (node instanceof ObjectNode object) {
      List<String> clock =
          names(object).stream().filter(name -> name.matches(".*_(seconds|millis)")).toList();
      object.remove(clock);
    }
    return node;
  }
}
