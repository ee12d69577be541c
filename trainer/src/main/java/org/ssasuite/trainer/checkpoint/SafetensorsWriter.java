package org.ssasuite.trainer.checkpoint;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.ssasuite.core.BadInputException;
import org.ssasuite.trainer.engine.Engine;

/** Writes tensors as a safetensors file of fp32: header length, JSON header, little-endian data. */
public final class SafetensorsWriter {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final long PIECE = 1L << 20;

  private SafetensorsWriter() {}

  /**
   * Writes a new file through to the disk.
   *
   * @param tensors by name, contiguous; the file's order
   * @throws BadInputException if it exists or cannot be written
   */
  public static void write(Path file, Map<String, Tensor> tensors) {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      byte[] header = header(tensors);
      ByteBuffer start = bytes(Long.BYTES + header.length).putLong(header.length).put(header);
      writeFully(channel, start.flip());
      for (Tensor tensor : tensors.values()) {
        write(channel, tensor.flatten());
      }
      channel.force(true);
    } catch (IOException e) {
      throw BadInputException.io(file, e);
    }
  }

  private static void write(FileChannel channel, Tensor flat) throws IOException {
    for (long from = 0; from < flat.numel(); from += PIECE) {
      long count = Math.min(PIECE, flat.numel() - from);
      float[] values = Engine.floats(flat.narrow(0, from, count));
      ByteBuffer piece = bytes(Float.BYTES * values.length);
      piece.asFloatBuffer().put(values);
      writeFully(channel, piece);
    }
  }

  private static ByteBuffer bytes(int count) {
    return ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Filled up with spaces so that the data starts at a multiple of 8 bytes. */
  private static byte[] header(Map<String, Tensor> tensors) throws IOException {
    ObjectNode header = MAPPER.createObjectNode();
    // Hugging Face's loader asks for it.
    header.putObject("__metadata__").put("format", "pt");
    long offset = 0;
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      Tensor tensor = entry.getValue();
      long end = offset + tensor.numel() * Float.BYTES;
      ObjectNode place = header.putObject(entry.getKey());
      place.put("dtype", "F32");
      for (int axis = 0; axis < tensor.dim(); axis++) {
        place.withArray("shape").add(tensor.size(axis));
      }
      place.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    String json = MAPPER.writeValueAsString(header);
    return (json + " ".repeat(Math.floorMod(-json.length(), 8))).getBytes(StandardCharsets.UTF_8);
  }
}
