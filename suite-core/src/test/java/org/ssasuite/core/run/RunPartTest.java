package org.ssasuite.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.catalogue.TaskOrder;

class RunPartTest {
  private static final RunPart FIRST = new RunPart(List.of("a"), List.of(), List.of());
  private static final RunPart SECOND =
      new RunPart(List.of("b"), List.of("one"), List.of("sparse"));

  @TempDir Path folder;

  private static RunSpec spec(RunPart... parts) {
    return new RunSpec(
        "tour",
        List.of("one", "two"),
        List.of(),
        List.of(),
        List.of(TaskOrder.of("a").withLength(4), TaskOrder.of("a"), TaskOrder.of("b")),
        Optional.empty(),
        Optional.empty(),
        "cpu",
        "fp32",
        1,
        1,
        1,
        true,
        Optional.empty(),
        false,
        Optional.empty(),
        List.of(parts),
        Optional.empty());
  }

  private static RunManifest manifest(RunSpec spec) {
    return new RunManifest(
        RunManifest.SCHEMA,
        spec,
        "1",
        Optional.empty(),
        new Machine("os", "arch", "processor", 1, "java"),
        List.of(),
        Map.of(),
        Map.of(),
        List.of(),
        0);
  }

  @Test
  void partsAreReadAsTheyWereWritten() throws IOException {
    RunManifest written = manifest(spec(FIRST, SECOND));
    Files.writeString(folder.resolve("manifest.json"), RunJson.document(written));

    assertThat(RunFolder.readManifest(folder)).isEqualTo(written);
  }

  @Test
  void aSpecWithoutPartsDoesNotSpeakOfThem() {
    assertThat(RunJson.document(manifest(spec()))).doesNotContain("parts");
    assertThat(spec().allParts())
        .containsExactly(new RunPart(List.of("a", "b"), List.of(), List.of()));
  }

  @Test
  void eachTaskIsInOnePart() {
    assertThatThrownBy(() -> spec(FIRST))
        .hasMessage("tasks of the parts are [a], of the run [a, b]");
    assertThatThrownBy(() -> spec(FIRST, SECOND, SECOND))
        .hasMessage("tasks of the parts are [a, b, b], of the run [a, b]");
  }

  @Test
  void aFileWithATaskInNoPartIsBadInput() throws IOException {
    String text = RunJson.document(manifest(spec(FIRST, SECOND)));
    String changed = text.replaceFirst("(?s)(\"parts\".*\"tasks\"[^\"]*)\"b\"", "$1\"c\"");
    assertThat(changed).isNotEqualTo(text);
    Files.writeString(folder.resolve("manifest.json"), changed);

    assertThatThrownBy(() -> RunFolder.readManifest(folder))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("manifest.json");
  }
}
