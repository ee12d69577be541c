package org.ssasuite.trainer.data;

/**
 * What becomes of documents before they are tokenised, drawn by a seed: the same changes, order and
 * corpora give the same text, whatever the number of threads.
 *
 * @param wrapped chance of a document that its lines are broken as a printed page's are, see {@link
 *     WrappedLines}; 0 to 1
 * @param recall share of the characters that recall documents get, see {@link RecallDocuments}; 0
 *     up to, not including, 1
 */
public record CorpusChanges(double wrapped, double recall, long seed) {
  /** Texts as they are. */
  public static final CorpusChanges NONE = new CorpusChanges(0, 0, 0);

  public CorpusChanges {
    if (!(wrapped >= 0 && wrapped <= 1 && recall >= 0 && recall < 1)) {
      throw new IllegalArgumentException("wrapped " + wrapped + ", recall " + recall);
    }
  }

  /** Whether anything is done. */
  public boolean any() {
    return wrapped > 0 || recall > 0;
  }
}
