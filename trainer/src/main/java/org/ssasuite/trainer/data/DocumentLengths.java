package org.ssasuite.trainer.data;

/** How many tokens each document has, the end token behind it not counted. */
interface DocumentLengths {
  int count();

  int tokens(int document);
}
