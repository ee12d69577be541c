package org.ssasuite.trainer.recipe;

/** In which order rows come. */
public enum RowOrder {
  /** Shuffled anew for each epoch, from the specification's seed. */
  SHUFFLED,
  /** As they lie in the files. */
  FILE
}
