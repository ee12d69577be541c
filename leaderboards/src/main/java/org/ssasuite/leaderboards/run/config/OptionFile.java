package org.ssasuite.leaderboards.run.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.files.DataFile;
import org.ssasuite.core.files.HalfSurrogates;
import org.ssasuite.core.files.JsonDocument;
import org.ssasuite.core.python.PythonText;

/**
 * Options with their values, as a file has them: one mapping of names to a value or to a list of
 * values, in YAML or JSON. What it means is for others to say.
 *
 * @param entries in the file's order, no name twice
 */
public record OptionFile(List<Entry> entries) {
  static final long MAX_BYTES = 1L << 20;

  public OptionFile {
    entries = List.copyOf(entries);
  }

  /**
   * An option.
   *
   * @param values at least one
   * @param list whether the file has a list there, also of one
   */
  public record Entry(String name, List<String> values, boolean list) {
    public Entry {
      Objects.requireNonNull(name);
      values = List.copyOf(values);
    }
  }

  /** Whether a file's name says that it is JSON. */
  public static boolean isJson(Path file) {
    return PythonText.lower(file.toString()).endsWith(".json");
  }

  /**
   * Reads a file, by its name YAML or JSON.
   *
   * @throws BadInputException if it is missing, corrupt, or no such mapping; the message names what
   */
  public static OptionFile read(Path file) {
    String name = PythonText.lower(file.toString());
    if (Files.isDirectory(file)) {
      throw new BadInputException(file, "is a folder; of a run its manifest.json is the file");
    }
    if (!isJson(file) && !name.endsWith(".yaml") && !name.endsWith(".yml")) {
      throw new BadInputException(file, "is neither .yaml, .yml nor .json by its name");
    }
    DataFile data = new DataFile(file, MAX_BYTES);
    List<Entry> entries =
        isJson(file)
            ? ofJson(file, JsonDocument.read(data, JsonDocument.Keys.ONCE))
            : YamlOptions.of(file, data.text());
    if (entries.isEmpty()) {
      throw new BadInputException(file, "holds no options, as 'suite: ruler'");
    }
    Set<String> seen = new HashSet<>();
    for (Entry entry : entries) {
      if (!seen.add(entry.name())) {
        throw new BadInputException(file, "has '" + entry.name() + "' twice");
      }
      requireWhole(file, entry);
    }
    return new OptionFile(entries);
  }

  private static void requireWhole(Path file, Entry entry) {
    if (entry.values().isEmpty()) {
      throw new BadInputException(file, "'" + entry.name() + "' is an empty list");
    }
    boolean half =
        entry.values().stream().anyMatch(value -> HalfSurrogates.firstIn(value).isPresent());
    if (half || HalfSurrogates.firstIn(entry.name()).isPresent()) {
      throw new BadInputException(file, "a text has half of a surrogate pair");
    }
  }

  private static List<Entry> ofJson(Path file, JsonNode tree) {
    if (!tree.isObject()) {
      throw new BadInputException(file, "is no object of options, as {\"suite\": \"ruler\"}");
    }
    List<Entry> entries = new ArrayList<>();
    tree.properties()
        .forEach(
            field -> {
              List<String> values = new ArrayList<>();
              if (field.getValue().isArray()) {
                field.getValue().forEach(value -> values.add(scalar(file, field.getKey(), value)));
              } else {
                values.add(scalar(file, field.getKey(), field.getValue()));
              }
              entries.add(new Entry(field.getKey(), values, field.getValue().isArray()));
            });
    return entries;
  }

  private static String scalar(Path file, String name, JsonNode value) {
    boolean number = value.isNumber() && !(value.isDouble() && !Double.isFinite(value.asDouble()));
    if (value.isTextual() || value.isBoolean() || number) {
      return value.asText();
    }
    throw noScalar(file, name, value.isNull() ? "nothing" : "neither a text, a number nor a yes");
  }

  static BadInputException noScalar(Path file, String name, String what) {
    return new BadInputException(
        file, "'" + name + "' is " + what + "; a value or a list of values is needed");
  }
}
