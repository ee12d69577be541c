package org.ssasuite.runtime.gguf;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ssasuite.core.BadInputException;

/**
 * Reads the header of a GGUF file from its first byte on. Mutable, lives as long as the reading.
 */
final class GgufHeader {
  /** "GGUF" in the order of a little-endian number. */
  static final int MAGIC = 0x46554747;

  private static final String ALIGNMENT = "general.alignment";
  private static final int DEFAULT_ALIGNMENT = 32;
  private static final int MOST_ALIGNMENT = 1 << 20;

  /** Published files have some fifty. */
  private static final int MOST_KEYS = 1 << 16;

  private static final int MOST_KEY_BYTES = 65_535;

  /** llama.cpp's own limit is half of it. */
  private static final int MOST_NAME_BYTES = 128;

  /** More than any published checkpoint has. */
  private static final int MOST_TENSORS = 1 << 17;

  private static final int MOST_AXES = 4;

  /** More elements than any file here holds; keeps their bytes in a long. */
  private static final long MOST_ELEMENTS = 1L << 40;

  /** Values of an array that is read: the largest vocabularies have half a million merges. */
  static final long MOST_VALUES = 1L << 21;

  /** Of a text in an array, bytes. */
  static final int MOST_TEXT = 1 << 16;

  /** Bytes of a text that is kept, and of all of them. */
  private static final int MOST_KEPT = 1 << 20;

  private static final int MOST_KEPT_IN_ALL = 1 << 24;

  static final Set<GgufType> NUMBERS =
      EnumSet.complementOf(EnumSet.of(GgufType.STRING, GgufType.ARRAY, GgufType.BOOL));

  private final Path file;
  private final long fileBytes;
  private final GgufCursor cursor;
  private final Map<String, GgufValue> metadata = new LinkedHashMap<>();
  private final Map<String, GgufTensor> tensors = new LinkedHashMap<>();
  private long kept;

  GgufHeader(Path file, FileChannel channel) throws IOException {
    this.file = file;
    this.fileBytes = channel.size();
    this.cursor = new GgufCursor(file, channel, 0);
  }

  GgufFile read() throws IOException {
    if (fileBytes < 4 || cursor.code() != MAGIC) {
      throw cursor.bad("not a GGUF file: it does not begin with GGUF");
    }
    int version = cursor.code();
    if (Integer.reverseBytes(version) >= 1 && Integer.reverseBytes(version) <= 3) {
      throw cursor.bad("is in big-endian order; little-endian files are read");
    }
    if (version != 2 && version != 3) {
      throw cursor.bad("is GGUF of version " + Integer.toUnsignedString(version) + ", not 2 or 3");
    }
    long count = cursor.count("tensors", MOST_TENSORS);
    long keys = cursor.count("keys", MOST_KEYS);
    for (long i = 0; i < keys; i++) {
      String key = cursor.text("a key", MOST_KEY_BYTES);
      kept += key.length();
      requireKept();
      if (metadata.putIfAbsent(key, value(key)) != null) {
        throw cursor.bad("has the key '" + key + "' twice");
      }
    }
    for (long i = 0; i < count; i++) {
      readTensor();
    }
    place();
    return new GgufFile(file, metadata, tensors);
  }

  private void requireKept() {
    if (kept > MOST_KEPT_IN_ALL) {
      throw cursor.bad("has more than " + MOST_KEPT_IN_ALL + " bytes of keys and texts");
    }
  }

  private GgufType type(String key) throws IOException {
    int code = cursor.code();
    return GgufType.of(code)
        .orElseThrow(
            () ->
                cursor.bad(
                    "'"
                        + key
                        + "' is of type "
                        + Integer.toUnsignedString(code)
                        + ", which GGUF has not"));
  }

  private GgufValue value(String key) throws IOException {
    GgufType type = type(key);
    return switch (type) {
      case STRING -> text();
      case ARRAY -> array(key);
      default -> cursor.number(type);
    };
  }

  private GgufValue text() throws IOException {
    long bytes = cursor.textBytes();
    if (bytes > MOST_KEPT) {
      cursor.skip(bytes);
      return new GgufValue.LongText(bytes);
    }
    kept += bytes;
    requireKept();
    return new GgufValue.Text(cursor.text(bytes));
  }

  private GgufValue array(String key) throws IOException {
    GgufType type = type(key);
    if (type == GgufType.ARRAY) {
      throw cursor.bad("'" + key + "' is an array of arrays, which is not read here");
    }
    long most = cursor.left() / type.bytes();
    long count =
        cursor.count(
            "values in '" + key + "'", type.isVariable() ? Math.min(most, MOST_VALUES) : most);
    long offset = cursor.position();
    if (type.isVariable()) {
      for (long i = 0; i < count; i++) {
        cursor.skip(cursor.textBytes());
      }
    } else {
      cursor.skip(count * type.bytes());
    }
    return new GgufValue.Several(type, count, offset);
  }

  /** Its offset counts from where the data begin, which is not known yet. */
  private void readTensor() throws IOException {
    String name = cursor.text("a tensor's name", MOST_NAME_BYTES);
    int axes = cursor.code();
    if (axes < 1 || axes > MOST_AXES) {
      throw bad(name, "has " + Integer.toUnsignedString(axes) + " axes");
    }
    long[] shape = new long[axes];
    long elements = 1;
    for (int i = axes - 1; i >= 0; i--) {
      shape[i] = ((GgufValue.Whole) cursor.number(GgufType.INT64)).number();
      if (shape[i] < 1 || shape[i] > MOST_ELEMENTS / elements) {
        throw bad(name, "has an axis of " + Long.toUnsignedString(shape[i]));
      }
      elements *= shape[i];
    }
    int code = cursor.code();
    BlockFormat format =
        BlockFormat.of(code)
            .orElseThrow(
                () ->
                    bad(
                        name,
                        "is of "
                            + BlockFormat.name(code)
                            + ", which is not read here; known are "
                            + BlockFormat.names()));
    if (shape[axes - 1] % format.blockElements() != 0) {
      throw bad(
          name,
          "has rows of "
              + shape[axes - 1]
              + ", no multiple of the "
              + format.blockElements()
              + " of a block of "
              + format);
    }
    long offset = ((GgufValue.Whole) cursor.number(GgufType.INT64)).number();
    if (tensors.putIfAbsent(name, new GgufTensor(name, shape, format, offset)) != null) {
      throw bad(name, "is there twice");
    }
  }

  /** Puts the tensors where they lie in the file, one behind the other without overlap or gap. */
  private void place() {
    long alignment = alignment();
    long start = aligned(cursor.position(), alignment);
    List<GgufTensor> inOrder = new ArrayList<>(tensors.values());
    inOrder.sort(Comparator.comparingLong(GgufTensor::offset).thenComparingLong(GgufTensor::bytes));
    long end = 0;
    for (GgufTensor tensor : inOrder) {
      long wanted = aligned(end, alignment);
      if (tensor.offset() != wanted) {
        throw bad(
            tensor.name(),
            "lies at byte "
                + Long.toUnsignedString(tensor.offset())
                + " of the data; "
                + (tensor.offset() % alignment != 0
                    ? "places are multiples of " + alignment
                    : (tensor.offset() < wanted
                            ? "another reaches to byte "
                            : "the one before ends at byte ")
                        + end));
      }
      end = wanted + tensor.bytes();
      if (end > fileBytes - start) {
        throw bad(
            tensor.name(),
            "needs "
                + tensor.bytes()
                + " bytes from byte "
                + (start + wanted)
                + " on; the file ends after "
                + fileBytes);
      }
    }
    if (fileBytes - start > aligned(end, alignment)) {
      throw new BadInputException(
          file, (fileBytes - start - end) + " bytes behind the last tensor");
    }
    tensors.replaceAll(
        (name, tensor) ->
            new GgufTensor(name, tensor.shape(), tensor.format(), start + tensor.offset()));
  }

  private long alignment() {
    GgufValue stated = metadata.get(ALIGNMENT);
    if (stated == null) {
      return DEFAULT_ALIGNMENT;
    }
    if (stated instanceof GgufValue.Whole whole
        && whole.number() >= 8
        && whole.number() <= MOST_ALIGNMENT
        && Long.bitCount(whole.number()) == 1) {
      return whole.number();
    }
    throw cursor.bad(
        "'" + ALIGNMENT + "' is " + stated.text() + "; a power of two from 8 on is needed");
  }

  private static long aligned(long at, long alignment) {
    return (at + alignment - 1) / alignment * alignment;
  }

  private BadInputException bad(String name, String fact) {
    return cursor.bad("tensor '" + name + "' " + fact);
  }
}
