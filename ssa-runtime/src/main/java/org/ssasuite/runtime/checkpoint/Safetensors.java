package org.ssasuite.runtime.checkpoint;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.RegularFile;

/**
 * One safetensors file: eight bytes of header length, a JSON header, raw little-endian data. Only
 * the header is read here; a {@link StoredTensor} maps its data when asked.
 *
 * <p>Source: the format's description in the huggingface/safetensors repository.
 */
public final class Safetensors {
  /** The limit of the reference implementation. */
  private static final long MAX_HEADER_BYTES = 100_000_000;

  private static final int MAX_AXES = 8;
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Safetensors() {}

  /**
   * The tensors of a file by name.
   *
   * @throws BadInputException if the header lies: lengths, offsets, types, overlaps, gaps
   */
  public static Map<String, StoredTensor> read(Path file) {
    try (FileChannel channel = RegularFile.channel(file)) {
      long fileBytes = channel.size();
      if (fileBytes < 8) {
        throw new BadInputException(file, "truncated: " + fileBytes + " bytes");
      }
      long headerBytes = bytes(channel, 0, 8).getLong();
      if (headerBytes < 2 || headerBytes > MAX_HEADER_BYTES || headerBytes > fileBytes - 8) {
        throw new BadInputException(
            file,
            "header length "
                + Long.toUnsignedString(headerBytes)
                + " in a file of "
                + fileBytes
                + " bytes");
      }
      byte[] header = new byte[(int) headerBytes];
      bytes(channel, 8, header.length).get(header);
      return tensors(file, json(file, header), 8 + headerBytes, fileBytes);
    } catch (EOFException e) {
      throw new BadInputException(file, "truncated while being read");
    } catch (IOException e) {
      throw BadInputException.io(file, e);
    }
  }

  /** The file of each tensor, from a {@code model.safetensors.index.json}. */
  static Map<String, String> index(Path file) {
    JsonNode map;
    try {
      map = MAPPER.readTree(new DataFile(file, MAX_HEADER_BYTES).text()).path("weight_map");
    } catch (IOException e) {
      throw new BadInputException(
          file.toString(), "not JSON: " + ModelConfig.firstLine(e.getMessage()), e);
    }
    if (!map.isObject() || map.isEmpty()) {
      throw new BadInputException(file, "has no 'weight_map'");
    }
    Map<String, String> files = new LinkedHashMap<>();
    map.properties()
        .forEach(
            entry -> {
              String name = entry.getValue().asText();
              if (!entry.getValue().isTextual()
                  || !name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,254}")) {
                throw new BadInputException(
                    file, "tensor '" + entry.getKey() + "' lies in no file name: " + name);
              }
              files.put(entry.getKey(), name);
            });
    return files;
  }

  private static ByteBuffer bytes(FileChannel channel, long from, int count) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, from + buffer.position()) < 0) {
        throw new EOFException();
      }
    }
    return buffer.flip();
  }

  private static JsonNode json(Path file, byte[] header) {
    try {
      JsonNode node = MAPPER.readTree(header);
      if (node == null || !node.isObject()) {
        throw new BadInputException(file, "header is not a JSON object");
      }
      return node;
    } catch (IOException e) {
      throw new BadInputException(
          file.toString(), "header is not JSON: " + ModelConfig.firstLine(e.getMessage()), e);
    }
  }

  private static Map<String, StoredTensor> tensors(
      Path file, JsonNode header, long dataStart, long fileBytes) {
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    header
        .properties()
        .forEach(
            entry -> {
              if (!entry.getKey().equals("__metadata__")) {
                tensors.put(
                    entry.getKey(),
                    tensor(file, entry.getKey(), entry.getValue(), dataStart, fileBytes));
              }
            });
    requireSeamless(file, tensors, dataStart, fileBytes);
    return tensors;
  }

  private static StoredTensor tensor(
      Path file, String name, JsonNode entry, long dataStart, long fileBytes) {
    JsonNode offsets = entry.path("data_offsets");
    JsonNode axes = entry.path("shape");
    if (!offsets.isArray() || offsets.size() != 2 || !axes.isArray() || axes.size() > MAX_AXES) {
      throw bad(file, name, "has no dtype, shape and data_offsets");
    }
    ElementType type =
        ElementType.ofSafetensors(entry.path("dtype").asText())
            .orElseThrow(
                () ->
                    bad(
                        file,
                        name,
                        "is of dtype " + entry.path("dtype") + "; known are BF16, F16, F32"));
    long[] shape = new long[axes.size()];
    long elements = 1;
    for (int i = 0; i < shape.length; i++) {
      shape[i] = whole(file, name, axes.get(i));
      // 2^40 elements are more than any file here holds, and keep the product in a long.
      if (shape[i] > 0 && elements > (1L << 40) / shape[i]) {
        throw bad(file, name, "has an impossible shape " + axes);
      }
      elements *= shape[i];
    }
    long from = whole(file, name, offsets.get(0));
    long to = whole(file, name, offsets.get(1));
    if (from > to || to > fileBytes - dataStart) {
      throw bad(
          file,
          name,
          "lies at " + offsets + ", outside of the " + (fileBytes - dataStart) + " bytes of data");
    }
    if (to - from != elements * type.bytes()) {
      throw bad(
          file, name, "has " + (to - from) + " bytes for shape " + axes + " of " + type.name());
    }
    return new StoredTensor(file, name, type, shape, dataStart + from, to - from);
  }

  private static long whole(Path file, String name, JsonNode value) {
    if (!value.canConvertToExactIntegral() || !value.canConvertToLong() || value.longValue() < 0) {
      throw bad(file, name, "has " + value + " where a whole number is needed");
    }
    return value.longValue();
  }

  /** The reference implementation refuses overlaps and gaps; a lying header shows there. */
  private static void requireSeamless(
      Path file, Map<String, StoredTensor> tensors, long dataStart, long fileBytes) {
    List<StoredTensor> inOrder = new ArrayList<>(tensors.values());
    inOrder.sort(
        Comparator.comparingLong(StoredTensor::offset).thenComparingLong(StoredTensor::bytes));
    long end = dataStart;
    for (StoredTensor tensor : inOrder) {
      if (tensor.offset() != end) {
        throw bad(
            file,
            tensor.name(),
            tensor.offset() < end ? "overlaps another tensor" : "has a gap before it");
      }
      end += tensor.bytes();
    }
    if (end != fileBytes) {
      throw new BadInputException(file, (fileBytes - end) + " bytes behind the last tensor");
    }
  }

  private static BadInputException bad(Path file, String name, String fact) {
    return new BadInputException(file, "tensor '" + name + "' " + fact);
  }
}
