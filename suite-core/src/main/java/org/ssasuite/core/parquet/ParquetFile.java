package org.ssasuite.core.parquet;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.GitPointer;
import org.ssasuite.core.files.RegularFile;
import org.ssasuite.core.python.PythonText;

/**
 * A file of Apache Parquet: texts, numbers, truth values, lists and structs of them, as JSON
 * objects a row. What it says of itself is held against what is there; memory goes with the bytes
 * of the file.
 *
 * <p>Source: apache/parquet-format.
 */
public final class ParquetFile {
  private static final String ENDING = ".parquet";
  private static final String MARK = "PAR1";
  private static final String ENCRYPTED_MARK = "PARE";
  private static final int MARK_BYTES = 4;
  private static final int TAIL_BYTES = 2 * MARK_BYTES;
  private static final int MOST_FOOTER_BYTES = 64 << 20;

  private final Path path;
  private final Footer footer;

  private ParquetFile(Path path, Footer footer) {
    this.path = path;
    this.footer = footer;
  }

  /** Whether a file is one by its name. */
  public static boolean isNamed(Path path) {
    return PythonText.lower(String.valueOf(path.getFileName())).endsWith(ENDING);
  }

  /**
   * Reads the footer.
   *
   * @throws BadInputException if the file is missing, truncated, encrypted or no Parquet
   */
  public static ParquetFile open(Path path) {
    GitPointer.refuse(path);
    try (FileChannel file = RegularFile.channel(path)) {
      return new ParquetFile(path, footer(file, Spot.of(path)));
    } catch (IOException e) {
      throw BadInputException.io(path, e);
    }
  }

  private static Footer footer(FileChannel file, Spot spot) throws IOException {
    long size = file.size();
    if (size < MARK_BYTES + TAIL_BYTES) {
      throw spot.bad("is no Parquet file: it has " + size + " bytes");
    }
    if (!mark(bytes(file, 0, MARK_BYTES, spot), 0).equals(MARK)) {
      throw spot.bad("is no Parquet file: it does not begin as one");
    }
    byte[] tail = bytes(file, size - TAIL_BYTES, TAIL_BYTES, spot);
    String mark = mark(tail, MARK_BYTES);
    if (mark.equals(ENCRYPTED_MARK)) {
      throw spot.bad("is encrypted");
    }
    if (!mark.equals(MARK)) {
      throw spot.bad("is truncated, or no Parquet file: it does not end as one");
    }
    int length = ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN).getInt();
    if (length <= 0 || length > size - MARK_BYTES - TAIL_BYTES || length > MOST_FOOTER_BYTES) {
      throw spot.bad("states a footer of " + Integer.toUnsignedLong(length) + " bytes");
    }
    return Footer.read(bytes(file, size - TAIL_BYTES - length, length, spot), spot);
  }

  private static String mark(byte[] bytes, int from) {
    return new String(bytes, from, MARK_BYTES, StandardCharsets.ISO_8859_1);
  }

  private static byte[] bytes(FileChannel file, long from, int length, Spot spot)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (file.read(bytes, from + bytes.position()) < 0) {
        throw spot.bad("ends while it is read");
      }
    }
    return bytes.array();
  }

  /** As it states. */
  public long rows() {
    return footer.rows();
  }

  /** The names of a row's fields, in the file's order. */
  public List<String> columns() {
    return footer.columns().stream().map(SchemaNode::name).toList();
  }

  /** Reads all fields of all rows, in their order. */
  public void forEachRow(Consumer<ObjectNode> consumer) {
    read(footer.columns(), consumer);
  }

  /**
   * Reads some fields of all rows, in their order.
   *
   * @param fields names; those that the file does not have are absent in its rows
   * @throws BadInputException if the file is corrupt, or a field is of a type, packed or encoded in
   *     a way that is not read
   */
  public void forEachRow(Set<String> fields, Consumer<ObjectNode> consumer) {
    read(
        footer.columns().stream().filter(column -> fields.contains(column.name())).toList(),
        consumer);
  }

  private void read(List<SchemaNode> wanted, Consumer<ObjectNode> consumer) {
    if (wanted.isEmpty()) {
      throw new BadInputException(path, "has none of the fields that are read");
    }
    try (FileChannel file = RegularFile.channel(path)) {
      Spot spot = Spot.of(path);
      Allowance allowance = new Allowance(path, file.size());
      allowance.rows(footer.rows());
      for (Footer.RowGroup group : footer.groups()) {
        RowReader rows =
            new RowReader(
                group,
                wanted,
                spot,
                (column, kind, nulls, chunk) -> {
                  Spot own = spot.at("column '" + column.path() + "'");
                  Pages pages = pages(file, chunk, own, allowance);
                  return new ColumnReader(column, kind, nulls, chunk, pages, own, allowance);
                });
        for (long i = 0; i < group.rows(); i++) {
          consumer.accept(rows.next());
        }
        rows.requireEnd();
      }
    } catch (IOException e) {
      throw BadInputException.io(path, e);
    }
  }

  private static Pages pages(FileChannel file, Footer.Chunk chunk, Spot spot, Allowance allowance) {
    try {
      return new Pages(file, chunk, file.size(), spot, allowance);
    } catch (IOException e) {
      throw BadInputException.io(spot.file(), e);
    }
  }
}
