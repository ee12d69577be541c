package org.ssasuite.runtime.gguf;

import java.util.Objects;

/** A value of a file's metadata. */
public sealed interface GgufValue {
  /** As messages have it. */
  String text();

  /**
   * A whole number of any of the eight widths.
   *
   * @param number of unsigned 64 bits too; those from 2^63 on are refused when they are read
   */
  record Whole(long number) implements GgufValue {
    @Override
    public String text() {
      return Long.toString(number);
    }
  }

  /**
   * A number with a fraction.
   *
   * @param number of 32 bits by its shortest decimal form: what was 0.00001 before it was rounded
   *     is that again
   */
  record Real(double number) implements GgufValue {
    static Real ofSingle(float number) {
      return new Real(Float.isFinite(number) ? Double.parseDouble(Float.toString(number)) : number);
    }

    @Override
    public String text() {
      return Double.toString(number);
    }
  }

  /** True or false. */
  record Flag(boolean value) implements GgufValue {
    @Override
    public String text() {
      return Boolean.toString(value);
    }
  }

  /** A text. */
  record Text(String value) implements GgufValue {
    public Text {
      Objects.requireNonNull(value);
    }

    @Override
    public String text() {
      return "'" + value + "'";
    }
  }

  /**
   * A text that is too long to be kept: nothing here reads one.
   *
   * @param bytes of it
   */
  record LongText(long bytes) implements GgufValue {
    @Override
    public String text() {
      return "a text of " + bytes + " bytes";
    }
  }

  /**
   * Several values of one type, which stay in the file.
   *
   * @param offset of the first one in the file
   */
  record Several(GgufType type, long count, long offset) implements GgufValue {
    public Several {
      Objects.requireNonNull(type);
    }

    @Override
    public String text() {
      return count + " values";
    }
  }
}
