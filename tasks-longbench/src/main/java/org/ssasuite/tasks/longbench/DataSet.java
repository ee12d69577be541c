package org.ssasuite.tasks.longbench;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.ssasuite.core.metrics.Lines;

/**
 * The 21 data sets of LongBench v1, in the order of its program.
 *
 * <p>Reference: THUDM/LongBench 2e00731f, {@code LongBench/eval.py}, {@code LongBench/pred.py},
 * {@code LongBench/config/dataset2maxlen.json}.
 */
enum DataSet {
  NARRATIVEQA("narrativeqa", Category.SINGLE_DOCUMENT_QA, Scoring.F1, 128),
  QASPER("qasper", Category.SINGLE_DOCUMENT_QA, Scoring.F1, 128, Trait.EXTENDED),
  MULTIFIELDQA_EN("multifieldqa_en", Category.SINGLE_DOCUMENT_QA, Scoring.F1, 64, Trait.EXTENDED),
  MULTIFIELDQA_ZH("multifieldqa_zh", Category.SINGLE_DOCUMENT_QA, Scoring.F1_ZH, 64, Trait.CHINESE),
  HOTPOTQA("hotpotqa", Category.MULTI_DOCUMENT_QA, Scoring.F1, 32, Trait.EXTENDED),
  TWO_WIKI_MQA("2wikimqa", Category.MULTI_DOCUMENT_QA, Scoring.F1, 32, Trait.EXTENDED),
  MUSIQUE("musique", Category.MULTI_DOCUMENT_QA, Scoring.F1, 32),
  DUREADER("dureader", Category.MULTI_DOCUMENT_QA, Scoring.ROUGE_L_ZH, 128, Trait.CHINESE),
  GOV_REPORT("gov_report", Category.SUMMARIZATION, Scoring.ROUGE_L, 512, Trait.EXTENDED),
  QMSUM("qmsum", Category.SUMMARIZATION, Scoring.ROUGE_L, 512),
  MULTI_NEWS("multi_news", Category.SUMMARIZATION, Scoring.ROUGE_L, 512, Trait.EXTENDED),
  VCSUM("vcsum", Category.SUMMARIZATION, Scoring.ROUGE_L_ZH, 512, Trait.CHINESE),
  TREC(
      "trec",
      Category.FEW_SHOT_LEARNING,
      Scoring.CLASS_SHARE,
      64,
      Trait.FIRST_LINE,
      Trait.NO_CHAT,
      Trait.EXTENDED),
  TRIVIAQA(
      "triviaqa",
      Category.FEW_SHOT_LEARNING,
      Scoring.F1,
      32,
      Trait.FIRST_LINE,
      Trait.NO_CHAT,
      Trait.EXTENDED),
  SAMSUM(
      "samsum",
      Category.FEW_SHOT_LEARNING,
      Scoring.ROUGE_L,
      128,
      Trait.FIRST_LINE,
      Trait.NO_CHAT,
      Trait.ENDS_AT_LINE_FEED,
      Trait.EXTENDED),
  LSHT(
      "lsht",
      Category.FEW_SHOT_LEARNING,
      Scoring.CLASS_SHARE,
      64,
      Trait.FIRST_LINE,
      Trait.NO_CHAT,
      Trait.CHINESE),
  PASSAGE_COUNT("passage_count", Category.SYNTHETIC, Scoring.COUNT, 32, Trait.EXTENDED),
  PASSAGE_RETRIEVAL_EN(
      "passage_retrieval_en", Category.SYNTHETIC, Scoring.RETRIEVAL, 32, Trait.EXTENDED),
  PASSAGE_RETRIEVAL_ZH(
      "passage_retrieval_zh", Category.SYNTHETIC, Scoring.RETRIEVAL_ZH, 32, Trait.CHINESE),
  LCC("lcc", Category.CODE, Scoring.CODE_SIM, 64, Trait.NO_CHAT, Trait.EXTENDED),
  REPOBENCH_P("repobench-p", Category.CODE, Scoring.CODE_SIM, 64, Trait.NO_CHAT, Trait.EXTENDED);

  /** What some data sets have and others have not. */
  enum Trait {
    /** It has a part in LongBench-E. */
    EXTENDED,
    /** Its texts are Chinese, their lengths counted in characters. */
    CHINESE,
    /** Only the first line of a prediction that is not empty is scored. */
    FIRST_LINE,
    /** Its prompt is never put into a chat template. */
    NO_CHAT,
    /** A generation ends at the token of a line feed, and has another one before it. */
    ENDS_AT_LINE_FEED
  }

  private final String text;
  private final Category category;
  private final Scoring scoring;
  private final int newTokens;

  // An immutable list, which the compiler cannot see.
  @SuppressWarnings("ImmutableEnumChecker")
  private final List<Trait> traits;

  DataSet(String text, Category category, Scoring scoring, int newTokens, Trait... traits) {
    this.text = text;
    this.category = category;
    this.scoring = scoring;
    this.newTokens = newTokens;
    this.traits = List.of(traits);
  }

  /** The data set of this name. */
  static Optional<DataSet> named(String name) {
    return Arrays.stream(values()).filter(set -> set.text.equals(name)).findFirst();
  }

  /** Its name upstream. */
  String text() {
    return text;
  }

  Category category() {
    return category;
  }

  Scoring scoring() {
    return scoring;
  }

  /** The most tokens that a prediction may have. */
  int newTokens() {
    return newTokens;
  }

  boolean has(Trait trait) {
    return traits.contains(trait);
  }

  /** {@code en}, {@code zh} or {@code code}. */
  String language() {
    if (category == Category.CODE) {
      return "code";
    }
    return has(Trait.CHINESE) ? "zh" : "en";
  }

  /** What of a prediction is scored. */
  String scored(String prediction) {
    return has(Trait.FIRST_LINE) ? Lines.first(prediction) : prediction;
  }
}
