package org.ssasuite.core.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ssasuite.core.BadInputException;

/** Folders as hubs and their programs lay them out; records are JSON, as some hubs' are. */
class HubDataTest {
  private static final String PIQA =
      "{\"goal\": \"g\", \"sol1\": \"a\", \"sol2\": \"b\", \"label\": 0}\n";
  private static final String ARC =
      "{\"id\": \"%s\", \"question\": \"q\", \"choices\": {}, \"answerKey\": \"A\"}\n";

  @TempDir private Path folder;

  private Path write(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  private Optional<RecordFiles> find(PublishedSet set, Split split) {
    return HubData.in(folder).find(set, split);
  }

  @Test
  void theSplitIsInTheFilesName() throws IOException {
    write("data/train-00000-of-00001.jsonl", PIQA);
    Path validation = write("data/validation-00000-of-00001.jsonl", PIQA);
    assertThat(find(PublishedSet.PIQA, Split.VALIDATION).orElseThrow().files())
        .containsExactly(validation);
  }

  @Test
  void shardsComeInTheirOrder() throws IOException {
    Path second = write("data/train-00001-of-00002-0123456789abcdef.jsonl", PIQA);
    Path first = write("data/train-00000-of-00002-fedcba9876543210.jsonl", PIQA);
    assertThat(find(PublishedSet.PIQA, Split.TRAIN).orElseThrow().files())
        .containsExactly(first, second);
  }

  @Test
  void aShardThatIsNotThereIsNamed() throws IOException {
    write("data/train-00000-of-00003.jsonl", PIQA);
    write("data/train-00002-of-00003.jsonl", PIQA);
    assertThatThrownBy(() -> find(PublishedSet.PIQA, Split.TRAIN))
        .isInstanceOf(BadInputException.class)
        .hasMessage(folder.resolve("data") + ": lacks shard 1 of 3 of PIQA's train split");
  }

  @Test
  void aHubsOwnConversionHasTheSplitAsAFolder() throws IOException {
    Path file = write("plain_text/validation/0000.jsonl", PIQA);
    assertThat(find(PublishedSet.PIQA, Split.VALIDATION).orElseThrow().files())
        .containsExactly(file);
  }

  @Test
  void aConversionOfTheBeginningOnlyIsRefused() throws IOException {
    Path file = write("default/partial-validation/0000.jsonl", PIQA);
    assertThatThrownBy(() -> find(PublishedSet.PIQA, Split.VALIDATION))
        .hasMessage(file + ": is only the beginning of PIQA's validation");
  }

  @Test
  void configurationsAreToldByTheirFolders() throws IOException {
    write("ARC-Challenge/test-00000-of-00001.jsonl", ARC.formatted("c"));
    Path easy = write("ARC-Easy/test-00000-of-00001.jsonl", ARC.formatted("e"));
    assertThat(find(PublishedSet.ARC_EASY, Split.TEST).orElseThrow().files()).containsExactly(easy);
  }

  @Test
  void smallerTrainingSplitsOfWinograndeAreNotTheLargest() throws IOException {
    String record =
        "{\"sentence\": \"a _\", \"option1\": \"x\", \"option2\": \"y\", \"answer\": \"1\"}\n";
    write("winogrande_xs/train-00000-of-00001.jsonl", record);
    assertThat(find(PublishedSet.WINOGRANDE, Split.TRAIN)).isEmpty();
  }

  @Test
  void aFolderOfSeveralRepositoriesIsLookedThrough() throws IOException {
    String commit = "c".repeat(40);
    write("datasets--ybisk--piqa/refs/main", commit);
    Files.createDirectories(folder.resolve("datasets--ybisk--piqa/blobs"));
    Path file = write("datasets--ybisk--piqa/snapshots/" + commit + "/data/validation.jsonl", PIQA);
    write("datasets--ybisk--piqa/snapshots/" + "d".repeat(40) + "/data/validation.jsonl", PIQA);
    write("models--lab--tiny/config.json", "{}");
    assertThat(find(PublishedSet.PIQA, Split.VALIDATION).orElseThrow().files())
        .containsExactly(file);
  }

  @Test
  void aRepositoryThatIsNotWholeKeepsNoOtherFromBeingRead() throws IOException {
    Files.createDirectories(folder.resolve("datasets--lab--other/blobs"));
    Files.createDirectories(folder.resolve("datasets--lab--other/snapshots"));
    Path file = write("data/validation.jsonl", PIQA);
    assertThat(find(PublishedSet.PIQA, Split.VALIDATION).orElseThrow().files())
        .containsExactly(file);
  }

  @Test
  void aRepositoryByNameHasToHaveTheFields() throws IOException {
    Path file =
        write("piqa/validation.jsonl", "{\"goal\": \"g\", \"sol1\": \"a\", \"label\": 1}\n");
    assertThatThrownBy(() -> find(PublishedSet.PIQA, Split.VALIDATION))
        .hasMessage(
            file + ": has no field 'sol2', which PIQA has; its fields are goal, label, sol1");
  }

  @Test
  void theSameSplitTwiceIsRefused() throws IOException {
    write("one/validation.jsonl", PIQA);
    write("two/validation.jsonl", PIQA);
    assertThatThrownBy(() -> find(PublishedSet.PIQA, Split.VALIDATION))
        .hasMessage(
            folder
                + ": holds PIQA's validation split more than once: one/validation.jsonl,"
                + " two/validation.jsonl");
  }

  @Test
  void theSecondVersionOfSquadIsPreferred() throws IOException {
    String record =
        "{\"title\": \"t\", \"context\": \"c\", \"question\": \"q\", \"answers\": {}}\n";
    write("squad/plain_text/validation-00000-of-00001.jsonl", record);
    Path second = write("squad_v2/squad_v2/validation-00000-of-00001.jsonl", record);
    assertThat(find(PublishedSet.SQUAD, Split.VALIDATION).orElseThrow().files())
        .containsExactly(second);
  }

  @Test
  void aJsonListIsReadARowAtATime() throws IOException {
    write(
        "LongBench-v2/data.json",
        "[{\"_id\": 1, \"question\": \"\", \"choice_A\": \"\", \"choice_B\": \"\", \"choice_C\":"
            + " \"\", \"choice_D\": \"\", \"answer\": \"A\"},\n {\"_id\": 2}]");
    List<String> read = new ArrayList<>();
    find(PublishedSet.LONGBENCH_V2, Split.TRAIN)
        .orElseThrow()
        .forEach(line -> read.add(line.bad("").getMessage() + line.object().get("_id")));
    assertThat(read).hasSize(2).allMatch(text -> text.contains("data.json: row "));
  }

  @Test
  void longBenchsUnpackedFilesAreToldByTheirNames() throws IOException {
    String record =
        "{\"input\": \"\", \"context\": \"\", \"answers\": [], \"all_classes\": null, \"length\": 1}\n";
    Path file = write("data/qasper_e.jsonl", record);
    write("data/qasper.jsonl", record);
    assertThat(find(PublishedSet.longBench("qasper_e"), Split.TEST).orElseThrow().files())
        .containsExactly(file);
  }

  @Test
  void anArchiveIsNamed() throws IOException {
    Path archive = write("data.zip", "PK");
    assertThat(
            HubData.in(folder)
                .missing(PublishedSet.longBench("qasper"), Split.TEST, "longbench/qasper.jsonl"))
        .hasMessage(archive + ": is not read as it is: unpack it into its folder");
  }

  @Test
  void columnsThatAreBrokenAreSaidToBe() throws IOException {
    Path file = write("validation.parquet", "version https://git-lfs.github.com/spec/v1\n");
    assertThat(HubData.in(folder).missing(PublishedSet.PIQA, Split.VALIDATION, "piqa/valid.jsonl"))
        .hasMessageStartingWith(file + ": this is a Git LFS pointer");
  }

  @Test
  void whatIsThereInsteadIsSaid() throws IOException {
    write("data/validation.jsonl", PIQA);
    HubData hub = HubData.in(folder);
    assertThat(hub.missing(PublishedSet.SQUAD, Split.VALIDATION, "ruler_qa/squad.json"))
        .hasMessage(folder + ": has no SQuAD; it holds PIQA (piqa)");
  }

  @Test
  void aSplitThatIsNotThereIsNamedWithThoseThatAre() throws IOException {
    write("data/validation.jsonl", PIQA);
    HubData hub = HubData.in(folder);
    assertThat(hub.missing(PublishedSet.PIQA, Split.TRAIN, "piqa/train.jsonl"))
        .hasMessage(folder + ": has PIQA without its train split: validation is there");
  }

  @Test
  void whatSaveToDiskWroteIsNamed() throws IOException {
    write("piqa/validation/data-00000-of-00001.arrow", "ARROW1");
    write("piqa/validation/state.json", "{}");
    HubData hub = HubData.in(folder);
    assertThat(hub.missing(PublishedSet.PIQA, Split.VALIDATION, "piqa/valid.jsonl"))
        .hasMessage(
            folder
                + ": has no PIQA that is read: its .arrow files are what save_to_disk writes; write"
                + " the splits with to_parquet, as validation.parquet");
  }

  @Test
  void nothingAtAllIsTheFileOfTheSuitesOwnLayout() {
    HubData hub = HubData.in(folder);
    assertThat(hub.missing(PublishedSet.PIQA, Split.VALIDATION, "piqa/valid.jsonl"))
        .hasMessage(folder.resolve("piqa/valid.jsonl") + ": no such file, packed or not");
  }

  @Test
  void theSuitesOwnLayoutComesFirst() throws IOException {
    write("data/validation.jsonl", PIQA);
    Path own = write("piqa/valid.jsonl", PIQA);
    assertThat(
            HubData.split(folder, "piqa/valid.jsonl", PublishedSet.PIQA, Split.VALIDATION).files())
        .containsExactly(own);
  }

  @Test
  void columnsAreReadAsJsonIs() throws IOException {
    Path file = folder.resolve("ai2_arc/ARC-Easy/test-00000-of-00001.parquet");
    Files.createDirectories(file.getParent());
    Files.copy(
        Path.of("src/test/resources/golden/parquet/struct-of-lists.parquet").toAbsolutePath(),
        file);
    List<String> read = new ArrayList<>();
    find(PublishedSet.ARC_EASY, Split.TEST)
        .orElseThrow()
        .forEach(line -> read.add(line.text("id") + line.within("choices").texts("label")));
    assertThat(read).containsExactly("Q0[A, B]", "Q1[A, B, C, D]", "Q2[A, B]", "Q3[A, B, C]");
  }
}
