package org.ssasuite.core.files;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;

/** UTF-8 without replacement characters: what cannot be decoded is an error with its place. */
public final class StrictUtf8 {
  private StrictUtf8() {}

  /**
   * Decodes all bytes.
   *
   * @param failure makes the exception from the offset of the first wrong byte
   */
  public static String decode(byte[] bytes, IntFunction<? extends RuntimeException> failure) {
    if (isAscii(bytes)) {
      return new String(bytes, StandardCharsets.US_ASCII);
    }
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    if (decoder.decode(in, out, true).isError()) {
      throw failure.apply(in.position());
    }
    return out.flip().toString();
  }

  /** Most lines are, and a decoder is slow to set up. */
  private static boolean isAscii(byte[] bytes) {
    for (byte each : bytes) {
      if (each < 0) {
        return false;
      }
    }
    return true;
  }
}
