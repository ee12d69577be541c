package org.ssasuite.leaderboards.run.spark;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.run.AnsweredUnit;

/** What the program on an executor says of a unit. */
public sealed interface UnitReply {
  /** The first byte. */
  byte ANSWERED = 0;

  /** The first byte. */
  byte REFUSED = 1;

  /** The first byte. */
  byte FAILED = 2;

  /** As it is sent. */
  byte[] bytes();

  /**
   * The answered unit.
   *
   * @throws BadInputException if there was bad input in the place where it was to be answered
   * @throws IllegalStateException if there was a bug
   */
  Answered answered();

  /**
   * It is answered.
   *
   * @param planning seconds that the place took before its first unit; 0 with all others
   */
  record Answered(AnsweredUnit unit, double planning) implements UnitReply {
    @Override
    public byte[] bytes() {
      byte[] bytes = unit.bytes();
      return ByteBuffer.allocate(1 + Double.BYTES + bytes.length)
          .put(ANSWERED)
          .putDouble(planning)
          .put(bytes)
          .array();
    }

    @Override
    public Answered answered() {
      return this;
    }
  }

  /** It cannot be, and what the user is to be told of it. */
  record Refused(String line) implements UnitReply {
    @Override
    public byte[] bytes() {
      return text(REFUSED, line);
    }

    @Override
    public Answered answered() {
      throw new BadInputException(SparkPlace.OPTION, line);
    }
  }

  /** A bug of ours, with its stack trace. */
  record Failed(String trace) implements UnitReply {
    @Override
    public byte[] bytes() {
      return text(FAILED, trace);
    }

    @Override
    public Answered answered() {
      throw new IllegalStateException("on an executor: " + trace);
    }
  }

  /** What {@link #bytes} made. */
  static UnitReply of(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    byte kind = in.get();
    if (kind == ANSWERED) {
      double planning = in.getDouble();
      return new Answered(AnsweredUnit.read(rest(in), "an executor's answer"), planning);
    }
    String text = new String(rest(in), StandardCharsets.UTF_8);
    return kind == REFUSED ? new Refused(text) : new Failed(text);
  }

  private static byte[] rest(ByteBuffer in) {
    byte[] rest = new byte[in.remaining()];
    in.get(rest);
    return rest;
  }

  private static byte[] text(byte kind, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(1 + bytes.length).put(kind).put(bytes).array();
  }
}
