package org.ssasuite.trainer.data;

/**
 * Rows of training tokens without an end: behind the last row of an epoch comes the first of the
 * next one. Safe for several threads.
 */
public interface TrainingData extends AutoCloseable {
  /**
   * The batch of a micro-batch number, the same every time it is asked for.
   *
   * @param index from 0 on; batch i holds rows i·B to i·B + B − 1 of the endless sequence
   */
  PackedBatch batch(long index);

  /** Rows of one epoch, each of them different. */
  long rows();

  /** SHA-256 of the tokens and of what divides them into documents, 64 hex digits. */
  String digest();

  /** Tokens that there are, each document's end included. */
  long distinctTokens();

  /** Lets go of the files. */
  @Override
  void close();
}
