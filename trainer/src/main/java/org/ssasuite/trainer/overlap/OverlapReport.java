package org.ssasuite.trainer.overlap;

import java.util.List;
import java.util.Objects;
import org.ssasuite.core.files.StrictJson;

/**
 * What stands in both.
 *
 * @param clean whether nothing does
 * @param words of a shingle
 * @param normalisation what a word is, in words
 */
public record OverlapReport(
    String schema,
    boolean clean,
    int words,
    String normalisation,
    List<CorpusResult> corpora,
    List<TaskResult> tasks) {
  static final String SCHEMA = "ssasuite/decontamination/1";
  static final String NORMALISATION =
      "runs of letters and digits in lower case, each ideograph a word of its own";

  private static final StrictJson JSON = new StrictJson(List.of());

  /**
   * One file of the corpus.
   *
   * @param sha256 of the file as it lies on the disk
   * @param hits its documents that hold a shingle of a suite
   */
  public record CorpusResult(String name, String sha256, long documents, List<CorpusHit> hits) {
    public CorpusResult {
      hits = List.copyOf(hits);
    }
  }

  /**
   * A document of the corpus.
   *
   * @param line its line, from 1
   * @param shingles places where a suite's shingle begins
   */
  public record CorpusHit(long line, int shingles) {}

  /**
   * One task.
   *
   * @param documents of the task
   * @param shortDocuments those with fewer words than a shingle, which cannot be found
   * @param shingles different ones within each document, summed
   * @param hitShingles those that the corpus holds
   * @param hits documents with such a one, the largest share first
   */
  public record TaskResult(
      String suite,
      String task,
      int documents,
      int shortDocuments,
      long shingles,
      long hitShingles,
      List<DocumentHit> hits) {
    public TaskResult {
      hits = List.copyOf(hits);
    }
  }

  /**
   * A document of a task.
   *
   * @param example the first shingle of it that was found
   */
  public record DocumentHit(String document, int shingles, int hitShingles, Example example) {
    /** How much of the document the corpus holds, 0 to 1. */
    double share() {
      return (double) hitShingles / shingles;
    }
  }

  /**
   * One shingle and where it stands; offsets are UTF-16 units into the text.
   *
   * @param corpus name of the file
   * @param text which of the document's texts, from 0
   */
  public record Example(
      String words, String corpus, long line, int offset, int text, int textOffset) {}

  public OverlapReport {
    Objects.requireNonNull(normalisation);
    corpora = List.copyOf(corpora);
    tasks = List.copyOf(tasks);
  }

  /** The whole text of the report's file. */
  public String json() {
    return JSON.document(this);
  }
}
