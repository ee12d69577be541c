package org.ssasuite.runtime.checkpoint;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.ssasuite.runtime.engine.Precision;

/** Writes safetensors files: header length, JSON header, little-endian data. */
public final class SafetensorsWriter {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final int BUFFER_BYTES = 1 << 20;

  private final Precision format;
  private final FileChannel channel;
  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);

  private SafetensorsWriter(Precision format, FileChannel channel) {
    this.format = format;
    this.channel = channel;
  }

  /** Gives the numbers of a tensor, in row-major order. */
  @FunctionalInterface
  public interface Numbers {
    /** Puts all numbers of the tensor of that name, in pieces of any length. */
    void put(String name, Sink to) throws IOException;
  }

  /** Takes a tensor's numbers. */
  @FunctionalInterface
  public interface Sink {
    /** The first {@code count} of them come next. */
    void put(float[] values, int count) throws IOException;
  }

  /**
   * Writes a new file through to the disk; memory does not grow with it.
   *
   * @param format that the numbers are rounded to
   * @param shapes of the tensors by name; the file's order
   * @throws IOException if it exists or cannot be written
   */
  public static void write(
      Path file, Precision format, Map<String, List<Long>> shapes, Numbers numbers)
      throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      SafetensorsWriter writer = new SafetensorsWriter(format, channel);
      writer.header(shapes);
      for (Map.Entry<String, List<Long>> tensor : shapes.entrySet()) {
        writer.tensor(tensor.getKey(), elements(tensor.getValue()), numbers);
      }
      writer.drain();
      channel.force(true);
    }
  }

  private static long elements(List<Long> shape) {
    return shape.stream().reduce(1L, Math::multiplyExact);
  }

  private void tensor(String name, long elements, Numbers numbers) throws IOException {
    long[] left = {elements};
    numbers.put(
        name,
        (values, count) -> {
          left[0] -= count;
          for (int i = 0; i < count; i++) {
            if (buffer.remaining() < format.bytes()) {
              drain();
            }
            format.put(values[i], buffer);
          }
        });
    if (left[0] != 0) {
      throw new IllegalStateException(name + " got " + -left[0] + " numbers beyond its shape");
    }
  }

  private void drain() throws IOException {
    write(buffer.flip());
    buffer.clear();
  }

  private void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Filled up with spaces so that the data starts at a multiple of 8 bytes. */
  private void header(Map<String, List<Long>> shapes) throws IOException {
    ObjectNode header = MAPPER.createObjectNode();
    // Hugging Face's loader asks for it.
    header.putObject("__metadata__").put("format", "pt");
    long offset = 0;
    for (Map.Entry<String, List<Long>> tensor : shapes.entrySet()) {
      long end = Math.addExact(offset, elements(tensor.getValue()) * format.bytes());
      ObjectNode entry = header.putObject(tensor.getKey());
      entry.put("dtype", format.storedName());
      tensor.getValue().forEach(entry.putArray("shape")::add);
      entry.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    byte[] json = MAPPER.writeValueAsString(header).getBytes(StandardCharsets.UTF_8);
    int padding = Math.floorMod(-json.length, Long.BYTES);
    write(
        ByteBuffer.allocate(Long.BYTES + json.length + padding)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong((long) json.length + padding)
            .put(json)
            .put(" ".repeat(padding).getBytes(StandardCharsets.UTF_8))
            .flip());
  }
}
