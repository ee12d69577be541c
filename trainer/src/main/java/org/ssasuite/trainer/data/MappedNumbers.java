package org.ssasuite.trainer.data;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.GitPointer;
import org.ssasuite.core.files.RegularFile;

/**
 * A file of unsigned numbers of one width, of any size, through the memory map. The map goes when
 * the object is collected: Java 17 has no other way.
 */
final class MappedNumbers {
  /** Java maps less than 2 GiB at once. */
  private static final long PIECE_BYTES = 1L << 30;

  private final TokenWidth width;
  private final List<MappedByteBuffer> pieces;
  private final long count;

  private MappedNumbers(TokenWidth width, List<MappedByteBuffer> pieces, long count) {
    this.width = width;
    this.pieces = List.copyOf(pieces);
    this.count = count;
  }

  /**
   * Maps a file.
   *
   * @throws BadInputException if it is missing or its size is no multiple of the width
   */
  static MappedNumbers open(Path file, TokenWidth width) {
    GitPointer.refuse(file);
    try (FileChannel channel = RegularFile.channel(file)) {
      long bytes = channel.size();
      if (bytes % width.bytes() != 0) {
        throw new BadInputException(
            file, "has " + bytes + " bytes, no multiple of " + width.bytes());
      }
      List<MappedByteBuffer> pieces = new ArrayList<>();
      for (long at = 0; at < bytes; at += PIECE_BYTES) {
        MappedByteBuffer piece =
            channel.map(FileChannel.MapMode.READ_ONLY, at, Math.min(PIECE_BYTES, bytes - at));
        piece.order(ByteOrder.LITTLE_ENDIAN);
        pieces.add(piece);
      }
      return new MappedNumbers(width, pieces, bytes / width.bytes());
    } catch (IOException e) {
      throw BadInputException.io(file, e);
    }
  }

  long count() {
    return count;
  }

  int at(long index) {
    long at = index * width.bytes();
    return width.get(pieces.get((int) (at / PIECE_BYTES)), (int) (at % PIECE_BYTES));
  }
}
