package org.ssasuite.trainer.data;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.Digests;

/** A bare file of token ids. */
final class RawTokens {
  private RawTokens() {}

  /**
   * Reads a file through once: its digest, its ids, where documents end.
   *
   * @param vocabulary ids that there may be
   * @param endToken ends a document; absent: the file is one
   * @throws BadInputException if the file is missing, or an id is too large
   */
  static DocumentStore open(Path file, TokenWidth width, int vocabulary, OptionalInt endToken) {
    String digest = Digests.sha256(file);
    MappedNumbers ids = MappedNumbers.open(file, width);
    IntStream.Builder lengths = IntStream.builder();
    int length = 0;
    for (long i = 0; i < ids.count(); i++) {
      int id = ids.at(i);
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
        new TokenStream(List.of(ids)), new Lengths(lengths.build().toArray()), digest);
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
