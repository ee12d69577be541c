package org.ssasuite.trainer.data;

import java.util.List;

/** The tokens of several files as one sequence: documents with an end token behind each. */
final class TokenStream {
  private final List<MappedNumbers> parts;
  private final long tokens;

  TokenStream(List<MappedNumbers> parts) {
    this.parts = List.copyOf(parts);
    this.tokens = parts.stream().mapToLong(MappedNumbers::count).sum();
  }

  long tokens() {
    return tokens;
  }

  /** Copies tokens {@code from} to {@code from + count − 1}, which there must be. */
  void copy(long from, int[] target, int offset, int count) {
    long first = from;
    int done = 0;
    for (MappedNumbers part : parts) {
      while (done < count && first < part.count()) {
        target[offset + done] = part.at(first);
        done++;
        first++;
      }
      first -= part.count();
    }
    if (done < count) {
      throw new IndexOutOfBoundsException("tokens " + from + " to " + (from + count - 1));
    }
  }
}
