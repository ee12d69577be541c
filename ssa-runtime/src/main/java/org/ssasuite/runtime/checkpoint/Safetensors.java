package org.ssasuite.runtime.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.GitPointer;
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

  private static final Pattern SHARD_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,254}");

  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private Safetensors() {}

  /**
   * The tensors of a file by name.
   *
   * @throws BadInputException if the header lies: lengths, offsets, types, overlaps, gaps
   */
  public static Map<String, StoredTensor> read(Path file) {
    try (FileChannel channel = RegularFile.channel(file)) {
      long fileBytes = channel.size();
      GitPointer.refuse(file);
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
      channel.position(8);
      InputStream header = bounded(Channels.newInputStream(channel), headerBytes);
      long dataStart = 8 + headerBytes;
      Map<String, StoredTensor> tensors =
          SafetensorsHeader.read(file, header, dataStart, fileBytes - dataStart);
      requireSeamless(file, tensors, dataStart, fileBytes);
      return tensors;
    } catch (EOFException e) {
      throw new BadInputException(file, "truncated while being read");
    } catch (IOException e) {
      throw BadInputException.io(file, e);
    }
  }

  private static InputStream bounded(InputStream in, long bytes) {
    return new InputStream() {
      private long left = bytes;

      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] to, int from, int length) throws IOException {
        int n = left == 0 ? -1 : in.read(to, from, (int) Math.min(length, left));
        left -= Math.max(0, n);
        return n;
      }
    };
  }

  /** The file of each tensor, from a {@code model.safetensors.index.json}. */
  static Map<String, String> index(Path file) {
    byte[] bytes = new DataFile(file, MAX_HEADER_BYTES).bytes();
    Map<String, String> homes = new LinkedHashMap<>();
    try (JsonParser parser = FACTORY.createParser(bytes)) {
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          boolean map = parser.currentName().equals("weight_map");
          if (parser.nextToken() == JsonToken.START_OBJECT && map) {
            readHomes(file, parser, homes);
          } else {
            parser.skipChildren();
          }
        }
        if (parser.nextToken() != null) {
          throw new BadInputException(file, "not JSON: something behind its object");
        }
      }
    } catch (IOException e) {
      throw new BadInputException(
          file.toString(), "not JSON: " + ModelConfig.firstLine(e.getMessage()), e);
    }
    if (homes.isEmpty()) {
      throw new BadInputException(file, "has no 'weight_map'");
    }
    return homes;
  }

  private static void readHomes(Path file, JsonParser parser, Map<String, String> homes)
      throws IOException {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String tensor = parser.currentName();
      boolean text = parser.nextToken() == JsonToken.VALUE_STRING;
      String name = text ? parser.getText() : "";
      if (!SHARD_NAME.matcher(name).matches()) {
        throw new BadInputException(
            file,
            "tensor '" + tensor + "' lies in no file name: " + (text ? name : parser.getText()));
      }
      homes.put(tensor, name);
      if (homes.size() > SafetensorsHeader.MOST_TENSORS) {
        throw new BadInputException(
            file, "has more than " + SafetensorsHeader.MOST_TENSORS + " tensors");
      }
    }
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

  static BadInputException bad(Path file, String name, String fact) {
    return new BadInputException(file, "tensor '" + name + "' " + fact);
  }
}
