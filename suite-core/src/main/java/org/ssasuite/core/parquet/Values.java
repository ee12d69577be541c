package org.ssasuite.core.parquet;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;

/**
 * The values of one page, in its encoding.
 *
 * <p>Source: {@code Encodings.md} of apache/parquet-format.
 */
interface Values {
  int PLAIN = 0;
  int PLAIN_DICTIONARY = 2;
  int RUNS = 3;
  int DELTA_NUMBERS = 5;
  int DELTA_LENGTHS = 6;
  int DELTA_TEXTS = 7;
  int DICTIONARY = 8;
  int SPLIT_BYTES = 9;

  /** The next one; a page that has none any more is refused. */
  JsonNode next();

  /**
   * Those of a page.
   *
   * @param most of which there are no more
   * @throws org.ssasuite.core.BadInputException for an encoding that the kind does not have
   */
  static Values of(int encoding, ValueKind kind, Cursor in, int most, Allowance allowance) {
    boolean text = kind == ValueKind.TEXT;
    if (encoding == PLAIN) {
      return plain(kind, in);
    }
    if (encoding == RUNS && kind == ValueKind.BOOLEAN) {
      BitRuns runs = new BitRuns(in.split(in.fourBytes()), 1);
      return () -> kind.ofBits(runs.next());
    }
    if (encoding == DELTA_NUMBERS && kind.isWhole()) {
      Listed numbers = new Listed(DeltaNumbers.read(in, most), in.spot());
      return () -> kind.ofBits(numbers.next());
    }
    if (encoding == DELTA_LENGTHS && text) {
      Listed lengths = new Listed(DeltaNumbers.read(in, most), in.spot());
      return () -> ValueKind.text(in.take(lengths.nextLength()), in.spot());
    }
    if (encoding == DELTA_TEXTS && text) {
      return new FrontCoded(in, most, allowance);
    }
    if (encoding == SPLIT_BYTES && kind.bytes() > 0) {
      return new SplitBytes(kind, in);
    }
    throw in.spot().bad("is in " + name(encoding) + ", which is not read for its type");
  }

  /** Those of pages that refer to a dictionary. */
  static Values of(JsonNode[] dictionary, Cursor in) {
    BitRuns places = new BitRuns(in, in.rest() == 0 ? 0 : in.next());
    return () -> {
      int place = places.next();
      if (place < 0 || place >= dictionary.length) {
        throw in.spot().bad("refers to entry " + place + " of " + dictionary.length);
      }
      return dictionary[place];
    };
  }

  private static Values plain(ValueKind kind, Cursor in) {
    return switch (kind) {
      case TEXT -> () -> ValueKind.text(in.take(in.fourBytes()), in.spot());
      case BOOLEAN -> new PlainTruth(in);
      default ->
          kind.bytes() == Integer.BYTES
              ? () -> kind.ofBits(in.fourBytes())
              : () -> kind.ofBits(in.eightBytes());
    };
  }

  /** An encoding in the words of the format. */
  static String name(int encoding) {
    return switch (encoding) {
      case PLAIN -> "PLAIN";
      case PLAIN_DICTIONARY -> "PLAIN_DICTIONARY";
      case RUNS -> "RLE";
      case 4 -> "BIT_PACKED";
      case DELTA_NUMBERS -> "DELTA_BINARY_PACKED";
      case DELTA_LENGTHS -> "DELTA_LENGTH_BYTE_ARRAY";
      case DELTA_TEXTS -> "DELTA_BYTE_ARRAY";
      case DICTIONARY -> "RLE_DICTIONARY";
      case SPLIT_BYTES -> "BYTE_STREAM_SPLIT";
      default -> "encoding " + encoding;
    };
  }

  /** Truth values, eight a byte, the lowest bit first. Mutable. */
  final class PlainTruth implements Values {
    private final Cursor in;
    private long bit;

    PlainTruth(Cursor in) {
      this.in = in;
    }

    @Override
    public JsonNode next() {
      bit++;
      return ValueKind.BOOLEAN.ofBits(in.bits(bit - 1, 1));
    }
  }

  /** Numbers that have been read, one by one. Mutable. */
  final class Listed {
    private final long[] numbers;
    private final Spot spot;
    private int at;

    Listed(long[] numbers, Spot spot) {
      this.numbers = numbers;
      this.spot = spot;
    }

    long next() {
      if (at == numbers.length) {
        throw spot.bad("a page has fewer values than it states");
      }
      return numbers[at++];
    }

    int nextLength() {
      long length = next();
      if (length < 0 || length > Integer.MAX_VALUE) {
        throw spot.bad("a text has " + length + " bytes");
      }
      return (int) length;
    }
  }

  /** Texts, each of which begins with a part of the one before it. Mutable. */
  final class FrontCoded implements Values {
    private final Cursor in;
    private final Allowance allowance;
    private final Listed prefixes;
    private final Listed rests;
    private byte[] last = {};

    FrontCoded(Cursor in, int most, Allowance allowance) {
      this.in = in;
      this.allowance = allowance;
      this.prefixes = new Listed(DeltaNumbers.read(in, most), in.spot());
      this.rests = new Listed(DeltaNumbers.read(in, most), in.spot());
    }

    @Override
    public JsonNode next() {
      int prefix = prefixes.nextLength();
      byte[] rest = in.take(rests.nextLength());
      if (prefix > last.length) {
        throw in.spot().bad("a text takes " + prefix + " bytes of " + last.length);
      }
      allowance.bytes(prefix);
      byte[] text = Arrays.copyOf(last, prefix + rest.length);
      System.arraycopy(rest, 0, text, prefix, rest.length);
      last = text;
      return ValueKind.text(text, in.spot());
    }
  }

  /** Numbers whose first bytes stand together, then their second ones, and so on. Mutable. */
  final class SplitBytes implements Values {
    private final ValueKind kind;
    private final Cursor in;
    private final int count;
    private int at;

    SplitBytes(ValueKind kind, Cursor in) {
      this.kind = kind;
      this.in = in;
      this.count = in.rest() / kind.bytes();
    }

    @Override
    public JsonNode next() {
      if (at == count) {
        throw in.spot().bad("a page has fewer values than it states");
      }
      long bits = 0;
      for (int i = 0; i < kind.bytes(); i++) {
        bits |= (long) in.peek(at + (long) i * count) << (Byte.SIZE * i);
      }
      at++;
      return kind.ofBits(bits);
    }
  }
}
