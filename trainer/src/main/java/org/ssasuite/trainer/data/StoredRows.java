package org.ssasuite.trainer.data;

/** Rows of tokens that lie in files. */
abstract sealed class StoredRows implements TrainingData permits ReleasedRows, StreamRows {
  final TokenStream tokens;
  final RowSequence sequence;
  final BatchShape shape;
  private final String digest;

  StoredRows(TokenStream tokens, RowSequence sequence, BatchShape shape, String digest) {
    this.tokens = tokens;
    this.sequence = sequence;
    this.shape = shape;
    this.digest = digest;
  }

  @Override
  public final long rows() {
    return sequence.rows();
  }

  @Override
  public final String digest() {
    return digest;
  }

  @Override
  public final long distinctTokens() {
    return tokens.tokens();
  }

  @Override
  public final void close() {
    // Files are open only while they are read.
  }
}
