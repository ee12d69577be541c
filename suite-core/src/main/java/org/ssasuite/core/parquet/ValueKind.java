package org.ssasuite.core.parquet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.FloatNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigInteger;
import org.ssasuite.core.files.StrictUtf8;

/** What a column's values are in JSON, and how many bytes one has where all have as many. */
enum ValueKind {
  BOOLEAN(0),
  INT(Integer.BYTES),
  UNSIGNED_INT(Integer.BYTES),
  LONG(Long.BYTES),
  UNSIGNED_LONG(Long.BYTES),
  FLOAT(Float.BYTES),
  DOUBLE(Double.BYTES),
  TEXT(0);

  private final int bytes;

  ValueKind(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of a number. */
  int bytes() {
    return bytes;
  }

  boolean isWhole() {
    return this == INT || this == UNSIGNED_INT || this == LONG || this == UNSIGNED_LONG;
  }

  /** A value of its bits; of four bytes the lower ones count. */
  JsonNode ofBits(long bits) {
    return switch (this) {
      case BOOLEAN -> BooleanNode.valueOf(bits != 0);
      case INT -> IntNode.valueOf((int) bits);
      case UNSIGNED_INT -> LongNode.valueOf(Integer.toUnsignedLong((int) bits));
      case LONG -> LongNode.valueOf(bits);
      case UNSIGNED_LONG -> BigIntegerNode.valueOf(new BigInteger(Long.toUnsignedString(bits)));
      case FLOAT -> FloatNode.valueOf(Float.intBitsToFloat((int) bits));
      case DOUBLE -> DoubleNode.valueOf(Double.longBitsToDouble(bits));
      case TEXT -> throw new IllegalStateException("a text has no bits");
    };
  }

  /** A text, which has to be UTF-8. */
  static JsonNode text(byte[] utf8, Spot spot) {
    return TextNode.valueOf(
        StrictUtf8.decode(utf8, offset -> spot.bad("a text is not UTF-8 at byte " + offset)));
  }
}
