package org.ssasuite.trainer.data;

import java.util.ArrayList;
import java.util.List;

/** What {@link Preparation} wrote, for its report. */
public final class PreparedData {
  private final ShardManifest manifest;

  PreparedData(ShardManifest manifest) {
    this.manifest = manifest;
  }

  /**
   * A row of the report.
   *
   * @param name a corpus, or {@code all}
   * @param documents lines of the file
   * @param duplicates documents whose text an earlier one has too
   * @param empty documents without a token
   * @param tokens written, end tokens included
   */
  public record Row(String name, long documents, long duplicates, long empty, long tokens) {}

  /** A row per corpus and one for all. */
  public List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    long documents = 0;
    for (ShardManifest.Corpus corpus : manifest.corpora()) {
      documents += corpus.documents();
      rows.add(
          new Row(
              corpus.name(),
              corpus.documents(),
              corpus.duplicates(),
              corpus.empty(),
              corpus.tokens()));
    }
    rows.add(new Row("all", documents, manifest.duplicates(), manifest.empty(), manifest.tokens()));
    return rows;
  }

  /** Whether duplicates were left out. */
  public boolean duplicatesDropped() {
    return manifest.duplicatesDropped();
  }

  /** Of all tokens and documents, 64 hex digits. */
  public String digest() {
    return manifest.digest();
  }

  /** The text of {@code data.json}. */
  public String json() {
    return manifest.text();
  }
}
