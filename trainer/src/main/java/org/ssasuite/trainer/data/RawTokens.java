package org.ssasuite.trainer.data;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.ssasuite.core.BadInputException;

/** A bare file of token ids. */
final class RawTokens {
  /** Ids read at once. */
  private static final int PIECE = 1 << 16;

  private RawTokens() {}

  /**
   * Reads a file through once: its digest, its ids, where documents end.
   *
   * @param vocabulary ids that there may be
   * @param endToken ends a document; absent: the file is one
   * @throws BadInputException if the file is missing, or an id is too large
   */
  static DocumentStore open(Path file, TokenWidth width, int vocabulary, OptionalInt endToken) {
    NumberFile ids = NumberFile.open(file, width);
    IntStream.Builder lengths = IntStream.builder();
    int length = 0;
    int[] piece = new int[PIECE];
    for (long i = 0; i < ids.count(); i++) {
      int within = (int) (i % PIECE);
      if (within == 0) {
        ids.read(i, piece, 0, (int) Math.min(PIECE, ids.count() - i));
      }
      int id = piece[within];
      if (id < 0 || id >= vocabulary) {
        throw new BadInputException(
            file,
            "token "
                + i
                + " is "
                + Integer.toUnsignedString(id)
                + "; the vocabulary has "
                + vocabulary
                + " ids");
      }
      if (endToken.isPresent() && id == endToken.getAsInt()) {
        lengths.add(length);
        length = 0;
      } else {
        length = Math.addExact(length, 1);
      }
    }
    lengths.add(length);
    return new DocumentStore(
        new TokenStream(List.of(ids)), new Lengths(lengths.build().toArray()), ids.digest());
  }

  // Nobody outside sees the array.
  @SuppressWarnings("ArrayRecordComponent")
  private record Lengths(int[] lengths) implements DocumentLengths {
    @Override
    public int count() {
      return lengths.length;
    }

    @Override
    public int tokens(int document) {
      return lengths[document];
    }
  }
}
