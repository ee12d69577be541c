package org.ssasuite.core.parquet;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.GzipMembers;
import org.ssasuite.core.files.ZstdLibrary;

/** How pages are packed. */
enum Codec {
  UNCOMPRESSED,
  SNAPPY,
  GZIP,
  ZSTD,
  LZ4_RAW;

  /** Nothing packs better than gzip's thousandth but Zstandard, which the allowance bounds. */
  private static final int GZIP_RATIO = 1_040;

  /** What the heads of short streams come to. */
  private static final int FREE_BYTES = 1_024;

  private static final String OTHER_SIZE = "a page unpacks to another size than it states";

  /**
   * The codec of the format's number.
   *
   * @throws org.ssasuite.core.BadInputException for one that is not read
   */
  static Codec of(int number, Spot spot) {
    return switch (number) {
      case 0 -> UNCOMPRESSED;
      case 1 -> SNAPPY;
      case 2 -> GZIP;
      case 6 -> ZSTD;
      case 7 -> LZ4_RAW;
      case 3 -> throw unread("LZO", spot);
      case 4 -> throw unread("BROTLI", spot);
      // Hadoop's frames around LZ4, which the format gave up for LZ4_RAW.
      case 5 -> throw unread("LZ4", spot);
      default -> throw unread("codec " + number, spot);
    };
  }

  private static BadInputException unread(String codec, Spot spot) {
    return spot.bad(
        "is packed by " + codec + "; UNCOMPRESSED, SNAPPY, GZIP, ZSTD and LZ4_RAW are read");
  }

  /**
   * Unpacks a page.
   *
   * @param size how many bytes it states that it has then; of no more is memory taken
   * @throws org.ssasuite.core.BadInputException if it is corrupt, or has as many not
   */
  byte[] unpacked(byte[] packed, int size, Spot spot) {
    if (size == 0 && packed.length == 0) {
      return packed;
    }
    if (size > (long) ratio() * packed.length + FREE_BYTES) {
      throw spot.bad("a page of " + packed.length + " bytes states that it unpacks to " + size);
    }
    try {
      return switch (this) {
        case UNCOMPRESSED -> sized(packed, size, spot);
        case SNAPPY -> {
          Output out = new Output(size, spot);
          Snappy.unpack(new Cursor(packed, spot), out);
          yield out.whole();
        }
        case LZ4_RAW -> {
          Output out = new Output(size, spot);
          Lz4.unpack(new Cursor(packed, spot), out);
          yield out.whole();
        }
        case GZIP -> gzip(packed, size, spot);
        default -> zstd(packed, size, spot);
      };
    } catch (IOException e) {
      throw spot.bad("a page is corrupt: " + e.getMessage());
    }
  }

  private int ratio() {
    return switch (this) {
      case UNCOMPRESSED -> 1;
      case SNAPPY -> Snappy.MOST_RATIO;
      case LZ4_RAW -> Lz4.MOST_RATIO;
      case GZIP -> GZIP_RATIO;
      default -> 1 << 17;
    };
  }

  private static byte[] gzip(byte[] packed, int size, Spot spot) throws IOException {
    try (InputStream in = new GzipMembers(new ByteArrayInputStream(packed))) {
      byte[] bytes = in.readNBytes(size);
      if (in.read() >= 0) {
        throw spot.bad(OTHER_SIZE);
      }
      return sized(bytes, size, spot);
    }
  }

  private static byte[] zstd(byte[] packed, int size, Spot spot) throws IOException {
    ZstdLibrary.locate();
    byte[] bytes = new byte[size];
    try {
      long n = Zstd.decompressByteArray(bytes, 0, size, packed, 0, packed.length);
      return sized(n == size ? bytes : Arrays.copyOf(bytes, (int) n), size, spot);
    } catch (ZstdException e) {
      throw spot.bad("a page is corrupt: " + e.getMessage());
    }
  }

  private static byte[] sized(byte[] bytes, int size, Spot spot) {
    if (bytes.length != size) {
      throw spot.bad(OTHER_SIZE);
    }
    return bytes;
  }
}
