package org.ssasuite.tasks.longbench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataSetTest {
  /** THUDM/LongBench 2e00731f: LongBench/config/dataset2maxlen.json and LongBench/eval.py. */
  @ParameterizedTest
  @CsvSource({
    "narrativeqa, 128, F1",
    "qasper, 128, F1",
    "multifieldqa_en, 64, F1",
    "multifieldqa_zh, 64, F1_ZH",
    "hotpotqa, 32, F1",
    "2wikimqa, 32, F1",
    "musique, 32, F1",
    "dureader, 128, ROUGE_L_ZH",
    "gov_report, 512, ROUGE_L",
    "qmsum, 512, ROUGE_L",
    "multi_news, 512, ROUGE_L",
    "vcsum, 512, ROUGE_L_ZH",
    "trec, 64, CLASS_SHARE",
    "triviaqa, 32, F1",
    "samsum, 128, ROUGE_L",
    "lsht, 64, CLASS_SHARE",
    "passage_count, 32, COUNT",
    "passage_retrieval_en, 32, RETRIEVAL",
    "passage_retrieval_zh, 32, RETRIEVAL_ZH",
    "lcc, 64, CODE_SIM",
    "repobench-p, 64, CODE_SIM",
  })
  void limitAndScoringAreUpstreams(String name, int newTokens, Scoring scoring) {
    DataSet set = DataSet.named(name).orElseThrow();

    assertThat(set.newTokens()).isEqualTo(newTokens);
    assertThat(set.scoring()).isEqualTo(scoring);
  }

  @Test
  void thirteenSetsHaveAnEvenLengthPart() {
    assertThat(DataSet.values())
        .hasSize(21)
        .filteredOn(set -> set.has(DataSet.Trait.EXTENDED))
        .extracting(DataSet::text)
        .containsExactly(
            "qasper",
            "multifieldqa_en",
            "hotpotqa",
            "2wikimqa",
            "gov_report",
            "multi_news",
            "trec",
            "triviaqa",
            "samsum",
            "passage_count",
            "passage_retrieval_en",
            "lcc",
            "repobench-p");
  }

  @Test
  void sixSetsNeverGetAChatTemplate() {
    assertThat(DataSet.values())
        .filteredOn(set -> set.has(DataSet.Trait.NO_CHAT))
        .extracting(DataSet::text)
        .containsExactly("trec", "triviaqa", "samsum", "lsht", "lcc", "repobench-p");
  }

  @Test
  void fourSetsAreScoredByTheirFirstLine() {
    assertThat(DataSet.values())
        .filteredOn(set -> set.has(DataSet.Trait.FIRST_LINE))
        .extracting(DataSet::text)
        .containsExactly("trec", "triviaqa", "samsum", "lsht");
  }
}
