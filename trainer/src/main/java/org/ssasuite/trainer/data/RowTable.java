package org.ssasuite.trainer.data;

import java.util.Arrays;

/** Where each row of the released packing begins. Sixteen bytes a row. */
final class RowTable {
  private long[] tokens = new long[1 << 10];
  private int[] documents = new int[1 << 10];
  private int[] withins = new int[1 << 10];
  private int rows;

  private RowTable() {}

  /**
   * Packs all documents.
   *
   * @param length T, tokens per row
   */
  static RowTable of(DocumentLengths lengths, int length) {
    RowTable table = new RowTable();
    long documentStart = 0;
    int used = length;
    for (int document = 0; document < lengths.count(); document++) {
      int count = lengths.tokens(document);
      for (int within = 0; within < count; within += length - 1) {
        int chunk = Math.min(count - within, length - 1) + 1;
        if (used + chunk > length) {
          table.add(documentStart + within, document, within);
          used = 0;
        }
        used += chunk;
      }
      documentStart += count + 1L;
    }
    return table;
  }

  private void add(long token, int document, int within) {
    if (rows == tokens.length) {
      tokens = Arrays.copyOf(tokens, 2 * rows);
      documents = Arrays.copyOf(documents, 2 * rows);
      withins = Arrays.copyOf(withins, 2 * rows);
    }
    tokens[rows] = token;
    documents[rows] = document;
    withins[rows] = within;
    rows++;
  }

  int rows() {
    return rows;
  }

  /** The first token of a row in the stream. */
  long token(int row) {
    return tokens[row];
  }

  /** The document that it is of. */
  int document(int row) {
    return documents[row];
  }

  /** Its place within that document. */
  int within(int row) {
    return withins[row];
  }
}
