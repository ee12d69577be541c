package org.ssasuite.tasks.pg19;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.catalogue.TaskOrder;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.task.Task;
import org.ssasuite.core.task.Variant;

class Pg19TasksTest {
  @TempDir Path folder;

  static Iterable<String> names() {
    return Made.names();
  }

  private static Task<?> embedded(String name) {
    return Made.task(name, EmbeddedData.folder());
  }

  private static Task<?> task(String name, int tokens, Variant variant) {
    return Made.task(TaskOrder.of(name).withLength(tokens), variant, EmbeddedData.folder());
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyNameIsATask(String name) {
    assertThat(embedded(name).id().name()).isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource({"pg19,60", "pg19-long,8", "wikitext2,62", "wikitext2-head,3", "conformance,60"})
  void embeddedDataHasSoManySamples(String name, long samples) {
    assertThat(embedded(name).samples()).hasSize((int) samples);
  }

  @ParameterizedTest
  @CsvSource({
    "pg19,book/first-8192/no-stride/no-bos/counted-words/corpus",
    "pg19-long,book/first-32768/no-stride/no-bos/counted-words/corpus",
    "wikitext2,page/rolling-8192/stride-8192/prefix-bos-or-eos/original-words/corpus",
    "wikitext2-head,first-3-pages/rolling-2048/stride-2048/prefix-bos-or-eos/original-words/corpus",
    "conformance,book/first-8192/no-bos/divergence-from-full"
  })
  void protocolSaysWhatFiguresMustShare(String name, String protocol) {
    assertThat(embedded(name).protocol()).isEqualTo(protocol);
  }

  @ParameterizedTest
  @CsvSource({
    "pg19,pg19/beginnings.jsonl",
    "pg19-long,pg19/long.jsonl",
    "wikitext2,wikitext2/wiki.test.raw",
    "wikitext2-head,wikitext2/wiki.test.raw",
    "conformance,pg19/beginnings.jsonl"
  })
  void digestIsTheUnpackedFiles(String name, String file) {
    assertThat(embedded(name).dataDigest())
        .isEqualTo(Digests.sha256(DataFile.in(EmbeddedData.folder(), file).bytes()));
  }

  @Test
  void windowShowsInTheNameWhereAskedFor() {
    Variant shown = new Variant(OptionalInt.of(4096), OptionalInt.empty(), OptionalLong.empty());
    assertThat(task("pg19", 4096, shown).id().name()).isEqualTo("pg19@4096");
  }

  @Test
  void windowDoesNotShowInTheNameByItself() {
    assertThat(task("pg19", 4096, Variant.NONE).id().name()).isEqualTo("pg19");
  }

  @Test
  void otherWindowShowsInTheProtocol() {
    assertThat(task("wikitext2", 512, Variant.NONE).protocol())
        .isEqualTo("page/rolling-512/stride-512/prefix-bos-or-eos/original-words/corpus");
  }

  @ParameterizedTest
  @CsvSource({"pg19,1,2", "pg19-long,1,2", "conformance,1,2"})
  void windowThatRatesNothingIsBadInput(String name, int tokens, int least) {
    assertThatThrownBy(() -> task(name, tokens, Variant.NONE))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "task " + name + ": needs a window of " + least + " tokens or more, not " + tokens);
  }

  @ParameterizedTest
  @MethodSource("names")
  void missingDataIsBadInput(String name) {
    assertThatThrownBy(() -> Made.task(name, folder))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(folder.toString())
        .hasMessageEndingWith(": no such file, packed or not");
  }

  @Test
  void folderInTheFilesPlaceIsBadInput() throws Exception {
    Path file = Files.createDirectories(folder.resolve("pg19/beginnings.jsonl"));

    assertThatThrownBy(() -> Made.task("pg19", folder))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(file.toString());
  }

  @Test
  void corruptPackedFileIsBadInput() throws Exception {
    Files.createDirectories(folder.resolve("pg19"));
    Path file = Files.writeString(folder.resolve("pg19/long.jsonl.gz"), "no gzip");

    assertThatThrownBy(() -> Made.task("pg19-long", folder))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(file.toString());
  }
}
