package org.ssasuite.core.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names that repositories of the Hub have. */
class HubFileTest {
  @ParameterizedTest
  @CsvSource({
    "data, train-00002-of-00023-5263dc4323e881d2.parquet, TRAIN",
    "ARC-Easy, test-00000-of-00001.parquet, TEST",
    "validation, 0000.parquet, VALIDATION",
    "wikitext-2-raw-v1, wikitext-2-raw-v1-test.parquet, TEST",
    "passage_count, long_bench-test.parquet, TEST",
    "hellaswag, hellaswag_val.jsonl.gz, VALIDATION",
    "arc, ARC-Easy-Test.jsonl, TEST",
    "winogrande, train_xl.jsonl, TRAIN",
    "winogrande, dev.jsonl, VALIDATION",
    "data, eval-00000-of-00001.parquet, TEST",
    "test, squad.parquet, TEST",
    "LongBench-v2, data.json, TRAIN",
    "contest, latest.jsonl, TRAIN"
  })
  void theSplitIsInTheName(String folder, String name, Split split) {
    assertThat(HubFile.of(Path.of(folder, name), List.of(folder)).split()).isEqualTo(split);
  }

  @ParameterizedTest
  @CsvSource({
    "README.md, false",
    "dataset_infos.json, false",
    "state.json, false",
    ".gitattributes, false",
    "data-00000-of-00001.arrow, false",
    "test.PARQUET, true",
    "test.jsonl.zst, true",
    "data.json, true"
  })
  void recordsAreToldByTheName(String name, boolean records) {
    assertThat(HubFile.holdsRecords(name)).isEqualTo(records);
  }

  @Test
  void aShardKnowsHowManyThereAre() {
    HubFile file = HubFile.of(Path.of("data", "train-00002-of-00023.parquet"), List.of("data"));
    assertThat(file.shard()).isEqualTo(2);
    assertThat(file.shards()).hasValue(23);
  }
}
