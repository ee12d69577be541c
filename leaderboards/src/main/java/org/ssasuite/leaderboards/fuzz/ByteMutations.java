package org.ssasuite.leaderboards.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Ways to spoil a file by its bytes: encodings, ends, pieces that are missing or there twice. */
final class ByteMutations {
  /** Bytes that are no UTF-8: alone, overlong, surrogates, beyond Unicode, cut. */
  private static final List<byte[]> NO_UTF8 =
      List.of(
          bytes(0xff),
          bytes(0x80),
          bytes(0xc0, 0x80),
          bytes(0xc1, 0xbf),
          bytes(0xe0, 0x80, 0xaf),
          bytes(0xed, 0xa0, 0x80),
          bytes(0xed, 0xbf, 0xbf),
          bytes(0xf0, 0x80, 0x80, 0xaf),
          bytes(0xf4, 0x90, 0x80, 0x80),
          bytes(0xf8, 0x88, 0x80, 0x80, 0x80),
          bytes(0xe2, 0x82),
          bytes(0xfe, 0xff));

  private static final List<byte[]> MARKS =
      List.of(
          bytes(0xef, 0xbb, 0xbf), bytes(0xff, 0xfe), bytes(0xfe, 0xff), bytes(0, 0, 0xfe, 0xff));

  private static final List<Charset> CHARSETS =
      List.of(
          StandardCharsets.UTF_16LE,
          StandardCharsets.UTF_16BE,
          StandardCharsets.UTF_16,
          Charset.forName("UTF-32"),
          StandardCharsets.ISO_8859_1);

  private static final List<String> TAILS =
      List.of("\n", "\n\n", "}", "]", ",", "x", "{}", "null", "\u0000", "\u001a", " ", "\r", "\"");

  private static final String BOUNDARIES = "{}[],:\"\n()' \t";

  private ByteMutations() {}

  static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  static Mutant spoil(RandomGenerator random, byte[] content) {
    return switch (random.nextInt(13)) {
      case 0, 1 -> truncatedAtBoundary(random, content);
      case 2 -> truncated(random, content);
      case 3 -> new Mutant("empty", "", new byte[0]);
      case 4 -> inserted(random, content, NO_UTF8.get(random.nextInt(NO_UTF8.size())), "no UTF-8");
      case 5 -> {
        byte[] mark = MARKS.get(random.nextInt(MARKS.size()));
        yield new Mutant("byte order mark", "", spliced(content, 0, 0, mark));
      }
      case 6 -> {
        Charset charset = CHARSETS.get(random.nextInt(CHARSETS.size()));
        byte[] other = new String(content, StandardCharsets.UTF_8).getBytes(charset);
        yield new Mutant("in " + charset, "", other);
      }
      case 7 -> {
        byte[] tail = TAILS.get(random.nextInt(TAILS.size())).getBytes(StandardCharsets.UTF_8);
        byte[] tails = repeated(tail, 1 << random.nextInt(12));
        yield new Mutant(
            tails.length + " bytes behind the end", "", spliced(content, content.length, 0, tails));
      }
      case 8 -> inserted(random, content, repeated(bytes(0), 1 << random.nextInt(12)), "zeros");
      case 9 -> flipped(random, content);
      case 10 -> pieceTwice(random, content);
      case 11 -> pieceMissing(random, content);
      default -> {
        String text = new String(content, StandardCharsets.ISO_8859_1);
        String other = random.nextBoolean() ? text.replace("\n", "\r\n") : text.replace('\n', '\r');
        yield new Mutant("other line ends", "", other.getBytes(StandardCharsets.ISO_8859_1));
      }
    };
  }

  private static Mutant truncatedAtBoundary(RandomGenerator random, byte[] content) {
    int at = random.nextInt(content.length + 1);
    while (at < content.length && BOUNDARIES.indexOf((char) content[at]) < 0) {
      at++;
    }
    int end = Math.min(content.length, at + random.nextInt(2));
    return new Mutant("ends after " + end + " bytes", "", Arrays.copyOf(content, end));
  }

  private static Mutant truncated(RandomGenerator random, byte[] content) {
    int end = random.nextInt(content.length + 1);
    return new Mutant("ends after " + end + " bytes", "", Arrays.copyOf(content, end));
  }

  private static Mutant inserted(
      RandomGenerator random, byte[] content, byte[] piece, String name) {
    int at = random.nextInt(content.length + 1);
    return new Mutant(
        piece.length + " bytes, " + name + ", at " + at, "", spliced(content, at, 0, piece));
  }

  private static Mutant flipped(RandomGenerator random, byte[] content) {
    byte[] other = content.clone();
    int times = content.length == 0 ? 0 : 1 << random.nextInt(6);
    for (int i = 0; i < times; i++) {
      other[random.nextInt(other.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return new Mutant(times + " bits flipped", "", other);
  }

  private static Mutant pieceTwice(RandomGenerator random, byte[] content) {
    int from = random.nextInt(content.length + 1);
    int to = from + random.nextInt(content.length - from + 1);
    byte[] piece = Arrays.copyOfRange(content, from, to);
    int at = random.nextInt(content.length + 1);
    return new Mutant(
        "bytes " + from + " to " + to + " once more at " + at, "", spliced(content, at, 0, piece));
  }

  private static Mutant pieceMissing(RandomGenerator random, byte[] content) {
    int from = random.nextInt(content.length + 1);
    int to = from + random.nextInt(content.length - from + 1);
    return new Mutant(
        "bytes " + from + " to " + to + " missing",
        "",
        spliced(content, from, to - from, new byte[0]));
  }

  /** The bytes with some of them taken out and others put in. */
  static byte[] spliced(byte[] content, int at, int taken, byte[] put) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(content, 0, at);
    out.writeBytes(put);
    out.write(content, at + taken, content.length - at - taken);
    return out.toByteArray();
  }

  static byte[] repeated(byte[] piece, int times) {
    byte[] all = new byte[piece.length * times];
    for (int i = 0; i < times; i++) {
      System.arraycopy(piece, 0, all, i * piece.length, piece.length);
    }
    return all;
  }

  /** What git keeps in place of a large file. */
  static Mutant gitPointer(RandomGenerator random) {
    String text =
        "version https://git-lfs.github.com/spec/v1\noid sha256:%064x\nsize %d\n"
            .formatted(random.nextLong(), random.nextInt(1 << 30));
    return new Mutant("a Git LFS pointer", "", text.getBytes(StandardCharsets.US_ASCII));
  }
}
