package org.ssasuite.trainer.data;

import java.util.List;

/** The tokens of several files as one sequence: documents with an end token behind each. */
final class TokenStream {
  private final List<NumberFile> parts;
  private final long tokens;

  TokenStream(List<NumberFile> parts) {
    this.parts = List.copyOf(parts);
    this.tokens = parts.stream().mapToLong(NumberFile::count).sum();
  }

  long tokens() {
    return tokens;
  }

  /** Copies tokens {@code from} to {@code from + count − 1}, which there must be. */
  void copy(long from, int[] target, int offset, int count) {
    long first = from;
    int done = 0;
    for (NumberFile part : parts) {
      int here = (int) Math.max(0, Math.min(count - done, part.count() - first));
      if (here > 0) {
        part.read(first, target, offset + done, here);
        done += here;
        first += here;
      }
      first -= part.count();
    }
    if (done < count) {
      throw new IndexOutOfBoundsException("tokens " + from + " to " + (from + count - 1));
    }
  }
}
