package org.ssasuite.core.described;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ssasuite.core.python.PythonText;

/**
 * What a task's file says; {@code docs/formats.md} explains every key.
 *
 * @param name the task's, on command lines and in tables
 * @param version a change that can move a number raises it
 * @param data the file of rows, from the descriptor's folder
 * @param id field that names a row; absent: its number from 0
 * @param document field that names what a row stems from; absent: each row is a document
 * @param limit the first so many rows; absent: all
 */
record Descriptor(
    String schema,
    String name,
    int version,
    String data,
    Optional<String> id,
    Optional<String> document,
    OptionalInt limit,
    Optional<RateKind> rate,
    Optional<ChooseKind> choose,
    Optional<GenerateKind> generate) {
  static final String SCHEMA = "ssasuite/task/1";

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");

  Descriptor {
    Objects.requireNonNull(schema);
    Objects.requireNonNull(name);
    Objects.requireNonNull(data);
    Objects.requireNonNull(id);
    Objects.requireNonNull(document);
    Objects.requireNonNull(limit);
    Objects.requireNonNull(rate);
    Objects.requireNonNull(choose);
    Objects.requireNonNull(generate);
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "name is '"
              + name
              + "'; up to 64 of a-z, 0-9, _ and - are needed, a letter or digit first");
    }
    if (version < 1) {
      throw new IllegalArgumentException("version is " + version + "; 1 or more is needed");
    }
    if (limit.orElse(1) < 1) {
      throw new IllegalArgumentException("limit is " + limit.getAsInt() + "; 1 or more is needed");
    }
    requireInside("data", data);
    long kinds = kinds(rate, choose, generate).count();
    if (kinds != 1) {
      throw new IllegalArgumentException(
          "rate, choose and generate: one of them is needed, not " + kinds);
    }
  }

  private static Stream<Kind> kinds(
      Optional<RateKind> rate, Optional<ChooseKind> choose, Optional<GenerateKind> generate) {
    return Stream.of(rate, choose, generate).flatMap(Optional::stream);
  }

  /** What is asked about each row. */
  Kind kind() {
    return kinds(rate, choose, generate).findFirst().orElseThrow();
  }

  /** The files that it names: the rows, and where its shots come from if that is another one. */
  List<String> files() {
    return Stream.concat(
            Stream.of(data), kind().shots().flatMap(Shots::data).filter(this::isOther).stream())
        .toList();
  }

  private boolean isOther(String file) {
    return !file.equals(data);
  }

  /** A descriptor that someone else wrote must not reach what lies elsewhere. */
  static void requireInside(String key, String file) {
    boolean inside;
    try {
      Path path = Path.of(file);
      inside = !PythonText.strip(file).isEmpty() && !path.isAbsolute();
      for (Path step : path) {
        inside &= !step.toString().equals("..");
      }
    } catch (InvalidPathException e) {
      inside = false;
    }
    if (!inside) {
      throw new IllegalArgumentException(
          key + " is '" + file + "'; a file in the descriptor's folder or below it is needed");
    }
  }
}
