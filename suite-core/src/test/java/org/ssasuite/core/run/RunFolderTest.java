package org.ssasuite.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.calibration.ScriptedModel;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.request.Generate;
import org.ssasuite.core.request.LanguageModel;
import org.ssasuite.core.task.Unscored;
import org.ssasuite.core.testing.Property;

/** A whole evaluation with a toy task and a scripted model, and what it leaves on the disk. */
class RunFolderTest extends ToyRun {
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
  void everyFileStatesItsSchemaFirst() throws IOException {
    evaluate(doubling());
    assertThat(json("manifest.json").properties().iterator().next().toString())
        .isEqualTo("schema=\"ssasuite/manifest/2\"");
    assertThat(json("results.json").properties().iterator().next().toString())
        .isEqualTo("schema=\"ssasuite/results/3\"");
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
          String first = FolderName.of(pair.get(0));
          assertThat(first).matches("[a-zA-Z0-9_@+=%.-]*").doesNotStartWith(".");
          assertThat(first.equals(FolderName.of(pair.get(1))))
              .isEqualTo(pair.get(0).equals(pair.get(1)));
        });
  }

  @Test
  void namesThatFitKeepTheirForm() {
    assertThat(FolderName.of("é".repeat(42) + "abc")).isEqualTo("%C3%A9".repeat(42) + "abc");
  }

  @Test
  void namesThatDoNotFitAreCutAndTellTheRestByADigest() {
    String name = "通用大语言模型长文本能力评测专用权重第二版二零二六年十一月最终候选发布";

    assertThat(FolderName.of(name))
        .hasSizeLessThan(256)
        .startsWith("%E9%80%9A%E7%94%A8")
        .matches("(%[0-9A-F]{2})*%-[0-9a-f]{64}")
        .isNotEqualTo(FolderName.of(name + "2"));
  }

  @Test
  void theLongestNameOfAFileSystemHasAFolder() throws IOException {
    Path folder = folder().resolve(FolderName.of("型".repeat(85)));

    assertThat(Files.createDirectories(folder)).isDirectory();
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
