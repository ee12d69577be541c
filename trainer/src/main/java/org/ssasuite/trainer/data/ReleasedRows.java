package org.ssasuite.trainer.data;

import java.util.stream.IntStream;

/**
 * Rows as SSA's released code packs them. A document goes in chunks of T − 1 tokens with an end
 * token behind each; a row takes chunks in their order while they fit, then end tokens. Each chunk
 * is a document of its own: positions start again and its first token is not rated, nor is the
 * filling, whose positions start again too. An end token behind a chunk is rated.
 *
 * <p>Reference: zhenyi4/ssa 5303419, {@code caching_hf.py} (preprocess_text) and {@code
 * train_pt.py} (DataCollatorWithFlattening). Not kept: there a new row starts with every 1,024th
 * document, or with {@code --streaming} with every one.
 */
final class ReleasedRows extends StoredRows {
  private final DocumentLengths documents;
  private final RowTable table;
  private final int endToken;

  ReleasedRows(
      DocumentStore store, RowTable table, RowSequence sequence, BatchShape shape, int endToken) {
    super(store.tokens(), sequence, shape, store.digest());
    this.documents = store.documents();
    this.table = table;
    this.endToken = endToken;
  }

  @Override
  public PackedBatch batch(long index) {
    Filling filling = new Filling();
    for (int i = 0; i < shape.rows(); i++) {
      filling.row(i * shape.length(), sequence.row(index * shape.rows() + i));
    }
    return filling.batch();
  }

  /** The arrays of one batch while they are filled. Mutable, one owner. */
  private final class Filling {
    private final int total = shape.rows() * shape.length();
    private final int[] inputs = new int[total];
    private final int[] positions = new int[total];
    private final int[] targets = new int[total];
    private final boolean[] rated = new boolean[total];
    private final IntStream.Builder starts = IntStream.builder();

    void row(int offset, int row) {
      int end = offset + shape.length();
      int document = table.document(row);
      int within = table.within(row);
      long documentStart = table.token(row) - within;
      int at = offset;
      while (document < documents.count()) {
        int rest = documents.tokens(document) - within;
        int count = Math.min(rest, shape.length() - 1);
        if (at + count + 1 > end) {
          break;
        }
        if (count > 0) {
          chunk(at, documentStart + within, count);
          at += count + 1;
          within += count;
        }
        if (count == rest) {
          documentStart += documents.tokens(document) + 1L;
          document++;
          within = 0;
        }
      }
      if (at < end) {
        fill(at, end);
      }
      System.arraycopy(inputs, offset + 1, targets, offset, shape.length() - 1);
    }

    private void chunk(int at, long from, int count) {
      starts.add(at);
      tokens.copy(from, inputs, at, count);
      inputs[at + count] = endToken;
      for (int t = 0; t <= count; t++) {
        positions[at + t] = t;
        rated[at + t] = t < count;
      }
    }

    private void fill(int at, int end) {
      starts.add(at);
      for (int t = at; t < end; t++) {
        inputs[t] = endToken;
        positions[t] = t - at;
      }
    }

    PackedBatch batch() {
      starts.add(total);
      return new PackedBatch(
          shape.rows(),
          shape.length(),
          inputs,
          positions,
          targets,
          rated,
          starts.build().toArray());
    }
  }
}
