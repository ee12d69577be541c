package org.ssasuite.runtime.npy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.ssasuite.core.BadInputException;

/**
 * The header of a {@code .npy} file: a Python dictionary with the three entries descr,
 * fortran_order and shape, in any order.
 *
 * @param descr the element type as NumPy writes it
 * @param elements product of the shape
 */
record NpyHeader(String descr, List<Integer> shape, long elements) {
  /** Their bytes can be counted. */
  private static final long MOST_ELEMENTS = 1L << 58;

  private static final int ALIGNMENT = 64;
  private static final Pattern ENTRY =
      Pattern.compile(
          "\\s*(['\"])(descr|fortran_order|shape)\\1\\s*:\\s*"
              + "(?:(['\"])([^'\"\\\\]*)\\3|(True|False)|\\(([0-9,\\s]*)\\))\\s*");
  private static final Pattern AXIS = Pattern.compile("\\s*([0-9]{1,18})\\s*");

  NpyHeader {
    shape = List.copyOf(shape);
  }

  /** Reads the dictionary; whatever cannot be used is bad input that names the file. */
  static NpyHeader parse(Path file, String text) {
    String dictionary = text.strip();
    if (!dictionary.startsWith("{") || !dictionary.endsWith("}")) {
      throw unreadable(file);
    }
    String inner = dictionary.substring(1, dictionary.length() - 1);
    List<String> descr = new ArrayList<>();
    List<String> order = new ArrayList<>();
    List<String> shape = new ArrayList<>();
    Matcher entry = ENTRY.matcher(inner);
    int at = 0;
    while (at < inner.length() && !inner.substring(at).isBlank()) {
      if (!entry.find(at) || entry.start() != at) {
        throw unreadable(file);
      }
      switch (entry.group(2)) {
        case "descr" -> descr.add(required(file, entry.group(4)));
        case "fortran_order" -> order.add(required(file, entry.group(5)));
        default -> shape.add(required(file, entry.group(6)));
      }
      at = entry.end();
      if (at < inner.length()) {
        if (inner.charAt(at) != ',') {
          throw unreadable(file);
        }
        at++;
      }
    }
    if (descr.size() != 1 || order.size() != 1 || shape.size() != 1) {
      throw unreadable(file);
    }
    if (order.get(0).equals("True")) {
      throw new BadInputException(file, "is in Fortran order; only C order is read");
    }
    List<Integer> axes = axes(file, shape.get(0));
    return new NpyHeader(descr.get(0), axes, elements(file, axes));
  }

  /** The bytes before the data, version 1.0, padded as NumPy pads them. */
  static byte[] write(NpyArray array) {
    String axes = array.shape().stream().map(String::valueOf).collect(Collectors.joining(", "));
    String tuple = "(" + axes + (array.shape().size() == 1 ? ",)" : ")");
    String text =
        "{'descr': '" + array.descr() + "', 'fortran_order': False, 'shape': " + tuple + ", }";
    int unpadded = 10 + text.length() + 1;
    int padding = (ALIGNMENT - unpadded % ALIGNMENT) % ALIGNMENT;
    int length = text.length() + padding + 1;
    byte[] bytes = new byte[10 + length];
    bytes[0] = (byte) 0x93;
    System.arraycopy("NUMPY".getBytes(StandardCharsets.US_ASCII), 0, bytes, 1, 5);
    bytes[6] = 1;
    bytes[8] = (byte) length;
    bytes[9] = (byte) (length >>> 8);
    byte[] body = (text + " ".repeat(padding) + "\n").getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(body, 0, bytes, 10, length);
    return bytes;
  }

  private static List<Integer> axes(Path file, String tuple) {
    if (tuple.isBlank()) {
      return List.of();
    }
    String[] parts = tuple.split(",", -1);
    int count = parts[parts.length - 1].isBlank() ? parts.length - 1 : parts.length;
    if (count == parts.length && count == 1) {
      throw unreadable(file); // (3) is a number in Python, not a tuple
    }
    List<Integer> axes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Matcher axis = AXIS.matcher(parts[i]);
      if (!axis.matches()) {
        throw unreadable(file);
      }
      long length = Long.parseLong(axis.group(1));
      if (length > Integer.MAX_VALUE) {
        throw tooLarge(file, tuple);
      }
      axes.add((int) length);
    }
    return axes;
  }

  private static long elements(Path file, List<Integer> axes) {
    if (axes.contains(0)) {
      return 0;
    }
    long product = 1;
    for (int axis : axes) {
      if (product > MOST_ELEMENTS / axis) {
        throw tooLarge(file, axes.toString());
      }
      product *= axis;
    }
    return product;
  }

  /** The header of an array that is to be held in memory. */
  NpyHeader requireHeld(Path file) {
    if (elements > Integer.MAX_VALUE) {
      throw tooLarge(file, shape.toString());
    }
    return this;
  }

  private static String required(Path file, String group) {
    if (group == null) {
      throw unreadable(file);
    }
    return group;
  }

  private static BadInputException tooLarge(Path file, String shape) {
    return new BadInputException(
        file, "its shape (" + shape + ") holds more than 2147483647 elements");
  }

  private static BadInputException unreadable(Path file) {
    return new BadInputException(file, "its .npy header cannot be read");
  }
}
