package org.ssasuite.tasks.longbench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ssasuite.core.files.Digests;

class PromptTemplatesTest {
  @ParameterizedTest
  @CsvSource({
    "narrativeqa, aada7ed24b06abac",
    "qasper, 0fbdd123fe7f83d6",
    "multifieldqa_en, 20b4666a2de8a1f7",
    "multifieldqa_zh, 344b3a4e557cd547",
    "hotpotqa, 9ec4ae308865bd0c",
    "2wikimqa, 9ec4ae308865bd0c",
    "musique, 9ec4ae308865bd0c",
    "dureader, ae53329f51b17908",
    "gov_report, 91c25d585b189ced",
    "qmsum, dca23b678fe0183b",
    "multi_news, 2af3f28c40b902e6",
    "vcsum, 3e5d8241bc9b512e",
    "trec, 0eff8bebdba99d91",
    "triviaqa, 00a802e6377e72fc",
    "samsum, a68d884234907eef",
    "lsht, f3edabdf7fae53d6",
    "passage_count, 986550b6c61009c6",
    "passage_retrieval_en, 39b96b7fa52bdd2a",
    "passage_retrieval_zh, c1e2346e245eb365",
    "lcc, 6a1f24cf0bb83cd9",
    "repobench-p, ee9ec182ea5ffeb7",
  })
  void templateIsUpstreams(String set, String digest) {
    String template = PromptTemplates.of(DataSet.named(set).orElseThrow());

    assertThat(Digests.sha256(template)).startsWith(digest);
  }

  @Test
  void placeholdersInAValueStay() {
    assertThat(PromptTemplates.filled("{context}\n{input}", "a {input} b", "{context}"))
        .isEqualTo("a {input} b\n{context}");
  }
}
