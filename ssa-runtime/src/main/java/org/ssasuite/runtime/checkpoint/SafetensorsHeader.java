package org.ssasuite.runtime.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.ssasuite.core.BadInputException;

/**
 * The JSON header of one safetensors file, read token by token: a tree of it would take many times
 * its bytes. Mutable, lives as long as the reading.
 */
final class SafetensorsHeader {
  /** Bits of an element, by the names of the safetensors crate 0.7; most are never asked for. */
  private static final Map<String, Integer> BITS =
      Map.ofEntries(
          Map.entry("BOOL", 8),
          Map.entry("F4", 4),
          Map.entry("F6_E2M3", 6),
          Map.entry("F6_E3M2", 6),
          Map.entry("U8", 8),
          Map.entry("I8", 8),
          Map.entry("F8_E5M2", 8),
          Map.entry("F8_E4M3", 8),
          Map.entry("F8_E8M0", 8),
          Map.entry("I16", 16),
          Map.entry("U16", 16),
          Map.entry("F16", 16),
          Map.entry("BF16", 16),
          Map.entry("I32", 32),
          Map.entry("U32", 32),
          Map.entry("F32", 32),
          Map.entry("F64", 64),
          Map.entry("I64", 64),
          Map.entry("U64", 64),
          Map.entry("C64", 64));

  /** More than any published checkpoint has in all its files. */
  static final int MOST_TENSORS = 1 << 17;

  private static final int MAX_AXES = 8;

  /** More elements than any file here holds; keeps their bits in a long. */
  private static final long MOST_ELEMENTS = 1L << 40;

  /** Names occur once: a table of them would only grow. */
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private final Path file;
  private final long dataStart;
  private final long dataBytes;
  private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();

  private SafetensorsHeader(Path file, long dataStart, long dataBytes) {
    this.file = file;
    this.dataStart = dataStart;
    this.dataBytes = dataBytes;
  }

  /**
   * Reads a header.
   *
   * @param json the header's bytes, and no more
   * @throws BadInputException if it is no JSON object of tensors that lie within the data
   */
  static Map<String, StoredTensor> read(
      Path file, InputStream json, long dataStart, long dataBytes) {
    SafetensorsHeader header = new SafetensorsHeader(file, dataStart, dataBytes);
    try (JsonParser parser = FACTORY.createParser(json)) {
      header.readAll(parser);
    } catch (IOException e) {
      throw new BadInputException(
          file.toString(), "header is not JSON: " + ModelConfig.firstLine(e.getMessage()), e);
    }
    return header.tensors;
  }

  private void readAll(JsonParser parser) throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new BadInputException(file, "header is not a JSON object");
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      if (name.equals("__metadata__")) {
        parser.skipChildren();
      } else {
        tensors.put(name, tensor(name, parser));
      }
      if (tensors.size() > MOST_TENSORS) {
        throw new BadInputException(file, "has more than " + MOST_TENSORS + " tensors");
      }
    }
    if (parser.nextToken() != null) {
      throw new BadInputException(file, "header is not JSON: something behind its object");
    }
  }

  private StoredTensor tensor(String name, JsonParser parser) throws IOException {
    String type = null;
    long[] shape = null;
    long[] offsets = null;
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      throw incomplete(name);
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String field = parser.currentName();
      parser.nextToken();
      switch (field) {
        case "dtype" -> type = text(name, parser);
        case "shape" -> shape = numbers(name, parser);
        case "data_offsets" -> offsets = numbers(name, parser);
        default -> parser.skipChildren();
      }
    }
    if (type == null || shape == null || offsets == null || offsets.length != 2) {
      throw incomplete(name);
    }
    return tensor(name, type, shape, offsets);
  }

  private BadInputException incomplete(String name) {
    return Safetensors.bad(file, name, "has no dtype, shape and data_offsets");
  }

  private String text(String name, JsonParser parser) throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw incomplete(name);
    }
    return parser.getText();
  }

  private long[] numbers(String name, JsonParser parser) throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw incomplete(name);
    }
    long[] numbers = new long[MAX_AXES];
    int n = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (n == MAX_AXES) {
        throw Safetensors.bad(file, name, "has more than " + MAX_AXES + " axes");
      }
      numbers[n] = whole(name, parser);
      n++;
    }
    return Arrays.copyOf(numbers, n);
  }

  private long whole(String name, JsonParser parser) throws IOException {
    boolean fits =
        parser.currentToken() == JsonToken.VALUE_NUMBER_INT
            && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
    if (!fits || parser.getLongValue() < 0) {
      throw Safetensors.bad(
          file, name, "has " + parser.getText() + " where a whole number is needed");
    }
    return parser.getLongValue();
  }

  private StoredTensor tensor(String name, String type, long[] shape, long[] offsets) {
    Integer bits = BITS.get(type);
    if (bits == null) {
      throw Safetensors.bad(file, name, "is of dtype '" + type + "', which safetensors has not");
    }
    long elements = 1;
    for (long axis : shape) {
      if (axis > 0 && elements > MOST_ELEMENTS / axis) {
        throw Safetensors.bad(file, name, "has an impossible shape " + Arrays.toString(shape));
      }
      elements *= axis;
    }
    long from = offsets[0];
    long to = offsets[1];
    if (from > to || to > dataBytes) {
      throw Safetensors.bad(
          file,
          name,
          "lies at "
              + Arrays.toString(offsets)
              + ", outside of the "
              + dataBytes
              + " bytes of data");
    }
    // Elements of less than a byte are packed, and fill their bytes.
    if ((to - from) * Byte.SIZE != elements * bits) {
      throw Safetensors.bad(
          file,
          name,
          "has " + (to - from) + " bytes for shape " + Arrays.toString(shape) + " of " + type);
    }
    return new SafetensorsTensor(
        new SafetensorsTensor.Place(file, dataStart + from, to - from),
        name,
        type,
        shape,
        elements);
  }
}
