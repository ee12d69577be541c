package org.ssasuite.core.files;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.ssasuite.core.BadInputException;

/**
 * A file to be read, plain or packed: names that end in {@code .gz}, {@code .xz} or {@code .zst}
 * are unpacked on the way.
 *
 * @param maxBytes the most bytes that it may unpack to
 * @param source what it may be
 */
public record DataFile(Path path, long maxBytes, Source source) {
  /** What may be read. */
  public enum Source {
    /** A regular file, as models, data, runs and caches are. */
    REGULAR,

    /** Also standard input or a pipe: what was named on the command line to be read once. */
    PASSAGE
  }

  /** 1 GiB: more than any data set of the suite, less than what a small machine can hold. */
  public static final long DEFAULT_MAX_BYTES = 1L << 30;

  /** What a small packed file may unpack to, however well it is packed. */
  private static final long FREE_UNPACKED_BYTES = 4L << 20;

  /**
   * Texts pack to a third, long contexts that come with each of their questions to a hundredth;
   * what packs better is an attack, of which the mildest form (gzip) reaches a thousandth.
   */
  private static final long MAX_RATIO = 512;

  private static final List<String> ENDINGS = List.of("", ".gz", ".xz", ".zst");

  private static final String BYTE_ORDER_MARK = "\uFEFF";
  private static final byte[] MARK = BYTE_ORDER_MARK.getBytes(StandardCharsets.UTF_8);

  private static final int BUFFER_BYTES = 1 << 16;

  /** Eight times the longest book of PG-19; a line becomes a text and a tree of its own. */
  private static final int MAX_LINE_BYTES = 64 << 20;

  /** Arrays end a little below 2 GiB, so texts do. */
  private static final long MAX_ARRAY_BYTES = Integer.MAX_VALUE - 16;

  public DataFile {
    Objects.requireNonNull(path);
    Objects.requireNonNull(source);
    if (maxBytes < 1) {
      throw new IllegalArgumentException(path + ": a limit of " + maxBytes + " bytes");
    }
  }

  /** A regular file. */
  public DataFile(Path path, long maxBytes) {
    this(path, maxBytes, Source.REGULAR);
  }

  public static DataFile of(Path path) {
    return new DataFile(path, DEFAULT_MAX_BYTES);
  }

  /** A text of the command line, which may be a pipe. */
  public static DataFile passage(Path path) {
    return new DataFile(path, DEFAULT_MAX_BYTES, Source.PASSAGE);
  }

  /**
   * A file of a data set: the plain one if it is there, else the first packed one.
   *
   * @param name with folders, as {@code piqa/valid.jsonl}
   */
  public static Optional<DataFile> find(Path folder, String name) {
    return ENDINGS.stream()
        .map(ending -> folder.resolve(name + ending))
        .filter(Files::exists)
        .map(DataFile::of)
        .findFirst();
  }

  /**
   * The same for a file that must be there.
   *
   * @throws BadInputException if there is none, naming the plain file
   */
  public static DataFile in(Path folder, String name) {
    return find(folder, name)
        .orElseThrow(
            () -> new BadInputException(folder.resolve(name), "no such file, packed or not"));
  }

  /**
   * The most that a packed file may unpack to, whatever its limit: more is refused, before memory
   * is taken for it.
   *
   * @param packedBytes its size on the disk
   */
  public static long mostUnpackedBytes(long packedBytes) {
    return Math.max(FREE_UNPACKED_BYTES, MAX_RATIO * packedBytes);
  }

  /**
   * All bytes, unpacked.
   *
   * @throws BadInputException if the file is missing, truncated, corrupt or too large
   */
  public byte[] bytes() {
    try (InputStream in = open(Math.min(maxBytes, MAX_ARRAY_BYTES))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw Unpacking.failure(path, "", e);
    }
  }

  /**
   * The whole text, unpacked.
   *
   * @throws BadInputException as {@link #bytes}, and if it is not UTF-8 or begins with a byte order
   *     mark, which Python would take for the text's first character
   */
  public String text() {
    String text = decoded();
    if (text.startsWith(BYTE_ORDER_MARK)) {
      throw new BadInputException(path, "begins with a byte order mark");
    }
    return text;
  }

  /**
   * The whole text of a JSON document, unpacked; a byte order mark before it is no part of it.
   *
   * @throws BadInputException as {@link #bytes}, and if it is not UTF-8
   */
  public String json() {
    String text = decoded();
    return text.startsWith(BYTE_ORDER_MARK) ? text.substring(BYTE_ORDER_MARK.length()) : text;
  }

  private String decoded() {
    byte[] bytes = bytes();
    return StrictUtf8.decode(
        bytes, offset -> new BadInputException(path, "not UTF-8 at byte " + offset));
  }

  /**
   * Reads JSON objects, one a line, lines ended by line feeds only; the last line feed may be
   * missing. A byte order mark before the first line is skipped, and so are lines of nothing but
   * white space, as {@code datasets} and pandas do. Holds one line at a time.
   *
   * @throws BadInputException as {@link #bytes}, and for a line that is no JSON object, has a key
   *     twice, is not UTF-8 or longer than 64 MiB; the message has the line's number
   */
  public void forEachJsonLine(Consumer<JsonLine> consumer) {
    forEachLine(
        (number, line, ended) -> {
          record(number, line, ended).ifPresent(consumer);
          return true;
        });
  }

  /**
   * The first JSON object, without a look at what follows it; none in a file of nothing but white
   * space.
   *
   * @throws BadInputException as {@link #forEachJsonLine}, of what comes up to its end
   */
  public Optional<JsonLine> firstJsonLine() {
    List<JsonLine> found = new ArrayList<>();
    forEachLine(
        (number, line, ended) -> {
          record(number, line, ended).ifPresent(found::add);
          return found.isEmpty();
        });
    return found.stream().findFirst();
  }

  private Optional<JsonLine> record(long number, byte[] line, boolean ended) {
    byte[] object = number == 1 ? withoutMark(line) : line;
    return isBlank(object)
        ? Optional.empty()
        : Optional.of(JsonLine.parse(path, number, object, ended));
  }

  /**
   * The same for a file of the suite's own, in which nothing stands that it did not write: empty
   * lines and a byte order mark are bad input.
   */
  public void forEachOwnJsonLine(Consumer<JsonLine> consumer) {
    forEachLine(
        (number, line, ended) -> {
          if (isBlank(line)) {
            throw new BadInputException(path, "line " + number + " is empty");
          }
          consumer.accept(JsonLine.parse(path, number, line, ended));
          return true;
        });
  }

  private static byte[] withoutMark(byte[] line) {
    boolean marked =
        line.length >= MARK.length && Arrays.equals(line, 0, MARK.length, MARK, 0, MARK.length);
    return marked ? Arrays.copyOfRange(line, MARK.length, line.length) : line;
  }

  /** JSON's white space. */
  private static boolean isBlank(byte[] line) {
    for (byte b : line) {
      if (b != ' ' && b != '\t' && b != '\r') {
        return false;
      }
    }
    return true;
  }

  private interface LineSink {
    /** Takes a line, and says whether another one is wanted. */
    boolean line(long number, byte[] line, boolean ended);
  }

  private void forEachLine(LineSink sink) {
    long number = 1;
    try (InputStream in = open(maxBytes)) {
      byte[] buffer = new byte[BUFFER_BYTES];
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        int from = 0;
        for (int i = 0; i < n; i++) {
          if (buffer[i] == '\n') {
            append(line, buffer, from, i, number);
            if (!sink.line(number, line.toByteArray(), true)) {
              return;
            }
            line.reset();
            number++;
            from = i + 1;
          }
        }
        append(line, buffer, from, n, number);
      }
      if (line.size() > 0) {
        sink.line(number, line.toByteArray(), false);
      }
    } catch (IOException e) {
      throw Unpacking.failure(path, " in line " + number, e);
    }
  }

  private void append(ByteArrayOutputStream line, byte[] buffer, int from, int to, long number) {
    if (line.size() + (to - from) > MAX_LINE_BYTES) {
      throw new BadInputException(
          path, "line " + number + " has more than the limit of " + MAX_LINE_BYTES + " bytes");
    }
    line.write(buffer, from, to - from);
  }

  /** Its content, unpacked and bounded. */
  InputStream open() throws IOException {
    return open(maxBytes);
  }

  private InputStream open(long limit) throws IOException {
    if (source == Source.REGULAR) {
      GitPointer.refuse(path);
    }
    InputStream stored =
        source == Source.REGULAR ? RegularFile.stream(path) : RegularFile.passage(path);
    InputStream content = Unpacking.open(path, stored);
    if (!Unpacking.isPacked(path)) {
      return Unpacking.bounded(content, limit, () -> tooLarge(limit));
    }
    long packed = Files.size(path);
    long most = mostUnpackedBytes(packed);
    return most < limit
        ? Unpacking.bounded(content, most, () -> tooWellPacked(packed, most))
        : Unpacking.bounded(content, limit, () -> tooLarge(limit));
  }

  private BadInputException tooLarge(long limit) {
    return new BadInputException(path, "more than the limit of " + limit + " bytes, unpacked");
  }

  private BadInputException tooWellPacked(long packed, long most) {
    return new BadInputException(
        path, "more than " + most + " bytes in a packed file of " + packed + ": no data set does");
  }
}
