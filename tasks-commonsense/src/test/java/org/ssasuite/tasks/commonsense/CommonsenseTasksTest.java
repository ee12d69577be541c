package org.ssasuite.tasks.commonsense;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.task.Sample;
import org.ssasuite.core.task.Task;

class CommonsenseTasksTest {
  private static final long SEED = CommonsenseTasks.DEFAULT_SEED;

  @TempDir Path folder;

  static List<String> names() {
    return Made.names();
  }

  private static Task<?> embedded(String name, int shots, long seed) {
    return Made.task(name, EmbeddedData.folder(), shots, seed);
  }

  private static String nameOf(String name, int shots, long seed) {
    return embedded(name, shots, seed).id().name();
  }

  @Test
  void namesAreInTableOrder() {
    assertThat(names())
        .containsExactly(
            "piqa", "hellaswag", "hellaswag-valshots", "arc_easy", "arc_challenge", "winogrande");
  }

  @ParameterizedTest
  @CsvSource({
    "piqa,3",
    "hellaswag,10",
    "hellaswag-valshots,10",
    "arc_easy,25",
    "arc_challenge,25",
    "winogrande,0"
  })
  void defaultShotsAreThePapers(String name, int shots) {
    assertThat(Made.ownShots(name)).isEqualTo(shots);
  }

  @ParameterizedTest
  @CsvSource({"piqa", "hellaswag-valshots", "arc_easy", "arc_challenge", "winogrande"})
  void embeddedDataIsEnoughForTheDefaultShots(String name) {
    assertThat(embedded(name, Made.ownShots(name), SEED).samples()).hasSize(60);
  }

  @Test
  void defaultsDoNotShowInTheName() {
    assertThat(nameOf("piqa", 3, SEED)).isEqualTo("piqa");
  }

  @Test
  void otherShotsShowInTheName() {
    assertThat(nameOf("piqa", 0, SEED)).isEqualTo("piqa@0-shot");
  }

  @Test
  void otherSeedShowsInTheName() {
    assertThat(nameOf("arc_easy", 25, 12)).isEqualTo("arc_easy@seed-12");
  }

  @Test
  void withoutShotsEverySeedIsTheSameTask() {
    assertThat(Made.order("piqa", 0, 12)).isEqualTo(Made.order("piqa", 0, SEED));
  }

  @Test
  void otherShotsAndSeedShowInTheName() {
    assertThat(nameOf("winogrande", 5, 1)).isEqualTo("winogrande@5-shot@seed-1");
  }

  @ParameterizedTest
  @CsvSource({
    "arc_easy,25,1,lm-eval-0.4.9/25-shot/seed-1/no-bos",
    "piqa,0,1234,lm-eval-0.4.9/0-shot/seed-1234/no-bos",
    "hellaswag-valshots,10,1234,lm-eval-0.4.9/10-shot/seed-1234/no-bos/shots-from-validation"
  })
  void protocolSaysWhatFiguresMustShare(String name, int shots, long seed, String protocol) {
    assertThat(embedded(name, shots, seed).protocol()).isEqualTo(protocol);
  }

  @Test
  void digestOfOneFileIsTheFiles() {
    assertThat(embedded("winogrande", 0, SEED).dataDigest())
        .isEqualTo(Digests.sha256(EmbeddedData.folder().resolve("winogrande/dev.jsonl")));
  }

  @Test
  void digestOfSeveralFilesIsOfTheirDigests() {
    Path arc = EmbeddedData.folder().resolve("arc");

    assertThat(embedded("arc_easy", 1, SEED).dataDigest())
        .isEqualTo(
            Digests.sha256(
                Digests.sha256(arc.resolve("ARC-Easy-test.jsonl"))
                    + "\n"
                    + Digests.sha256(arc.resolve("ARC-Easy-train.jsonl"))));
  }

  @Test
  void eachCallGivesTheSameSamples() {
    Task<?> task = embedded("piqa", 3, SEED);

    assertThat(samples(task, 60)).isEqualTo(samples(task, 60));
  }

  @Test
  void limitKeepsTheFirstSamples() {
    assertThat(samples(embedded("piqa", 3, SEED), 7))
        .isEqualTo(samples(embedded("piqa", 3, SEED), 60).subList(0, 7));
  }

  private static <S extends Sample> List<S> samples(Task<S> task, int limit) {
    return task.samples().limit(limit).toList();
  }

  @Test
  void hellaSwagWithoutShotsNeedsNoTrainSplit() {
    assertThat(embedded("hellaswag", 0, SEED).samples()).hasSize(100);
  }

  @Test
  void hellaSwagWithShotsNamesTheTaskThatNeedsNoTrainSplit() {
    assertThatThrownBy(() -> embedded("hellaswag", 10, SEED))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            EmbeddedData.folder().resolve("hellaswag/hellaswag_train.jsonl")
                + ": no such file, packed or not, to draw shots from;"
                + " task hellaswag-valshots draws them from the validation split");
  }

  @Test
  void shotsBeyondThePoolAreBadInput() {
    assertThatThrownBy(() -> embedded("piqa", 40, SEED))
        .isInstanceOf(BadInputException.class)
        .hasMessage("task piqa: draws 41 records for 40 shots, and there are 40");
  }

  @Test
  void asManyShotsAsThereAreNumbersAreBadInput() {
    assertThatThrownBy(() -> embedded("piqa", Integer.MAX_VALUE, SEED))
        .isInstanceOf(BadInputException.class)
        .hasMessage("task piqa: draws 2147483648 records for 2147483647 shots, and there are 40");
  }

  @Test
  void arcDrawsNoRecordBeyondTheShots() {
    assertThat(embedded("arc_easy", 40, SEED).samples()).hasSize(60);
  }

  @Test
  void unknownNameIsBadInput() {
    assertThatThrownBy(() -> embedded("boolq", 0, SEED))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "task boolq: is none of piqa, hellaswag, hellaswag-valshots, arc_easy,"
                + " arc_challenge, winogrande");
  }

  @ParameterizedTest
  @MethodSource("names")
  void missingDataIsBadInput(String name) {
    assertThatThrownBy(() -> Made.task(name, folder, 0, SEED))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(folder.toString())
        .hasMessageEndingWith(": no such file, packed or not");
  }

  @Test
  void corruptPackedFileIsBadInput() throws Exception {
    Files.createDirectories(folder.resolve("winogrande"));
    Path file = Files.writeString(folder.resolve("winogrande/dev.jsonl.gz"), "no gzip");

    assertThatThrownBy(() -> Made.task("winogrande", folder, 0, SEED))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(file.toString());
  }
}
