package org.ssasuite.leaderboards.fuzz;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** Ways to pack a file so that unpacking it goes wrong, or never ends. */
final class Packing {
  private static final List<String> ENDINGS = List.of(".gz", ".xz", ".zst");

  /** Of one member of a bomb; a bomb has up to 64 of them. */
  private static final int MEMBER_BYTES = 2 << 20;

  private static final List<String> FILLINGS =
      List.of(" ", "[", "\n", "\u0000", "{\"id\": \"a\", \"text\": \"b\"}\n");

  private Packing() {}

  static Mutant mutant(RandomGenerator random, Mutant inner) {
    String ending = ENDINGS.get(random.nextInt(ENDINGS.size()));
    byte[] plain = inner.content();
    return switch (random.nextInt(10)) {
      case 0, 1 -> mutant(inner, "packed", ending, pack(ending, plain));
      case 2 -> {
        byte[] packed = pack(ending, plain);
        int end = random.nextInt(packed.length);
        yield mutant(inner, "packed, truncated", ending, Arrays.copyOf(packed, end));
      }
      case 3, 4 -> {
        Mutant spoilt = ByteMutations.spoil(random, pack(ending, plain));
        yield mutant(inner, "packed, then " + spoilt.what(), ending, spoilt.content());
      }
      case 5 -> mutant(inner, "not packed", ending, plain);
      case 6 -> {
        String other = ENDINGS.get(random.nextInt(ENDINGS.size()));
        yield mutant(inner, "packed as " + other, ending, pack(other, plain));
      }
      case 7 -> {
        int times = 1 << random.nextInt(10);
        byte[] empty = ByteMutations.repeated(pack(ending, new byte[0]), times);
        byte[] all = ByteMutations.spliced(empty, empty.length, 0, pack(ending, plain));
        yield mutant(inner, times + " empty members before it", ending, all);
      }
      case 8 ->
          mutant(inner, "a dictionary of its own size", ending, greedy(ending, random, plain));
      default -> {
        String filling = FILLINGS.get(random.nextInt(FILLINGS.size()));
        int times = 1 << random.nextInt(7);
        byte[] head = random.nextBoolean() ? pack(ending, plain) : new byte[0];
        byte[] bomb =
            ByteMutations.spliced(
                head, head.length, 0, ByteMutations.repeated(member(ending, filling), times));
        yield mutant(
            inner, "then " + times * (MEMBER_BYTES >> 20) + " MiB of filling", ending, bomb);
      }
    };
  }

  private static Mutant mutant(Mutant inner, String what, String ending, byte[] content) {
    return new Mutant(inner.what().isEmpty() ? what : inner.what() + "; " + what, ending, content);
  }

  private static byte[] member(String ending, String filling) {
    return pack(
        ending, filling.repeat(MEMBER_BYTES / filling.length()).getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] pack(String ending, byte[] plain) {
    if (ending.equals(".zst")) {
      return Zstd.compress(plain);
    }
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (OutputStream out =
          ending.equals(".gz")
              ? new GZIPOutputStream(bytes)
              : new XZOutputStream(bytes, new LZMA2Options(1))) {
        out.write(plain);
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Little content whose head asks for much memory. */
  private static byte[] greedy(String ending, RandomGenerator random, byte[] plain) {
    return switch (ending) {
      case ".xz" -> {
        byte[] one = withDictionary(pack(ending, plain), random.nextInt(41));
        yield ByteMutations.repeated(one, 1 << random.nextInt(8));
      }
      case ".zst" -> zstandardWindow(random.nextInt(32), plain);
      default -> longGzipName(1 << random.nextInt(22));
    };
  }

  /** The fifth byte of a block's head, which follows twelve of the stream's, codes the size. */
  private static byte[] withDictionary(byte[] packed, int code) {
    int head = 12;
    if (packed.length < head + 12 || packed[head] == 0) {
      return packed;
    }
    byte[] other = packed.clone();
    int bytes = (other[head] & 0xff) * 4 + 4;
    other[head + 4] = (byte) code;
    CRC32 sum = new CRC32();
    sum.update(other, head, bytes - 4);
    ByteBuffer.wrap(other)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(head + bytes - 4, (int) sum.getValue());
    return other;
  }

  /** A frame of one block that is not compressed, with a window of 2^(10 + exponent) bytes. */
  private static byte[] zstandardWindow(int exponent, byte[] plain) {
    int length = Math.min(plain.length, 1 << 16);
    int block = length << 3 | 1;
    return ByteMutations.spliced(
        ByteMutations.bytes(
            0x28, 0xb5, 0x2f, 0xfd, 0, exponent << 3, block, block >> 8, block >> 16),
        9,
        0,
        Arrays.copyOf(plain, length));
  }

  /** A head whose file name has no end. */
  private static byte[] longGzipName(int bytes) {
    byte[] head = ByteMutations.bytes(0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3);
    return ByteMutations.spliced(
        head, head.length, 0, ByteMutations.repeated(new byte[] {'a'}, bytes));
  }
}
