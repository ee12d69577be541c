package org.ssasuite.runtime.gguf;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.GitPointer;
import org.ssasuite.core.files.RegularFile;

/**
 * The header of a GGUF file, version 2 or 3, little-endian: metadata and what tensors there are.
 * Arrays stay in the file until they are asked for.
 *
 * <p>Source: {@code docs/gguf.md} of the ggml repository.
 *
 * @param metadata in the file's order
 * @param tensors by name, in the file's order
 */
public record GgufFile(
    Path file, Map<String, GgufValue> metadata, Map<String, GgufTensor> tensors) {

  public GgufFile {
    metadata = Collections.unmodifiableMap(metadata);
    tensors = Collections.unmodifiableMap(tensors);
  }

  /** Whether a file is one by its name. */
  public static boolean isNamed(Path file) {
    return String.valueOf(file.getFileName()).endsWith(".gguf");
  }

  /**
   * Reads a header.
   *
   * @throws BadInputException if it lies: counts, lengths, types, places that overlap or lie
   *     outside, another version or order of bytes, formats that are not known
   */
  public static GgufFile read(Path file) {
    try (FileChannel channel = RegularFile.channel(file)) {
      GitPointer.refuse(file);
      return new GgufHeader(file, channel).read();
    } catch (IOException e) {
      throw BadInputException.io(file, e);
    }
  }

  /** What is wrong with a key. */
  public BadInputException bad(String key, String fact) {
    return new BadInputException(file, "'" + key + "' " + fact);
  }

  public Optional<GgufValue> find(String key) {
    return Optional.ofNullable(metadata.get(key));
  }

  private <T extends GgufValue> Optional<T> find(String key, Class<T> kind, String needed) {
    return find(key)
        .map(
            value -> {
              if (!kind.isInstance(value)) {
                throw bad(key, "is " + value.text() + "; " + needed + " is needed");
              }
              return kind.cast(value);
            });
  }

  /**
   * A text.
   *
   * @throws BadInputException if it is something else
   */
  public Optional<String> findText(String key) {
    return find(key, GgufValue.Text.class, "a text").map(GgufValue.Text::value);
  }

  /**
   * A whole number.
   *
   * @throws BadInputException if it is something else
   */
  public Optional<Long> findWhole(String key) {
    return find(key, GgufValue.Whole.class, "a whole number").map(GgufValue.Whole::number);
  }

  /**
   * A number.
   *
   * @throws BadInputException if it is none
   */
  public Optional<Double> findNumber(String key) {
    return find(key)
        .map(
            value -> {
              if (value instanceof GgufValue.Real real) {
                return real.number();
              }
              if (value instanceof GgufValue.Whole whole) {
                return (double) whole.number();
              }
              throw bad(key, "is " + value.text() + "; a number is needed");
            });
  }

  /**
   * True or false.
   *
   * @throws BadInputException if it is something else
   */
  public Optional<Boolean> findFlag(String key) {
    return find(key, GgufValue.Flag.class, "true or false").map(GgufValue.Flag::value);
  }

  /**
   * The texts of an array, empty where there is none.
   *
   * @throws BadInputException if it is something else
   */
  public List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    each(
        key,
        Set.of(GgufType.STRING),
        (cursor, type) -> texts.add(cursor.text("a text in '" + key + "'", GgufHeader.MOST_TEXT)));
    return texts;
  }

  /**
   * The numbers of an array, whole or not, empty where there is none.
   *
   * @throws BadInputException if it is something else
   */
  public List<Double> numbers(String key) {
    List<Double> numbers = new ArrayList<>();
    each(
        key,
        GgufHeader.NUMBERS,
        (cursor, type) -> {
          GgufValue value = cursor.number(type);
          numbers.add(
              value instanceof GgufValue.Whole whole
                  ? (double) whole.number()
                  : ((GgufValue.Real) value).number());
        });
    return numbers;
  }

  private interface Element {
    void read(GgufCursor cursor, GgufType type) throws IOException;
  }

  private void each(String key, Set<GgufType> types, Element element) {
    Optional<GgufValue> found = find(key);
    if (found.isEmpty()) {
      return;
    }
    if (!(found.orElseThrow() instanceof GgufValue.Several several)
        || !types.contains(several.type())) {
      throw bad(key, "is " + found.orElseThrow().text() + " of another type than is needed");
    }
    if (several.count() > GgufHeader.MOST_VALUES) {
      throw bad(
          key,
          "has " + several.count() + " values; at most " + GgufHeader.MOST_VALUES + " are read");
    }
    try (FileChannel channel = RegularFile.channel(file)) {
      GgufCursor cursor = new GgufCursor(file, channel, several.offset());
      for (long i = 0; i < several.count(); i++) {
        element.read(cursor, several.type());
      }
    } catch (IOException e) {
      throw BadInputException.io(file, e);
    }
  }
}
