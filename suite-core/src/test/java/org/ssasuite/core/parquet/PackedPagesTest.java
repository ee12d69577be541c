package org.ssasuite.core.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.ssasuite.core.BadInputException;

/** Streams made by hand after the formats' descriptions, and what lies in them. */
class PackedPagesTest {
  private static final Spot SPOT = Spot.of(Path.of("a.parquet"));

  @Test
  void aSnappyCopyMayReachIntoItself() {
    // 6 bytes; the literal "ab"; a copy of 4 from 2 back.
    assertThat(unpacked(Codec.SNAPPY, 6, 6, 4, 'a', 'b', 1, 2)).isEqualTo("ababab");
  }

  @Test
  void aSnappyCopyFromBeforeTheBeginningIsRefused() {
    refused(Codec.SNAPPY, 5, 5, 0, 'a', 1, 2)
        .hasMessage("a.parquet: a page copies from 2 bytes back, where 1 are");
  }

  @Test
  void snappysOwnLengthHasToBeThePages() {
    refused(Codec.SNAPPY, 2, 1, 0, 'a')
        .hasMessage("a.parquet: a page unpacks to another size than it states");
  }

  @Test
  void anLz4LengthGoesOnFrom15() {
    byte[] literal = "0123456789abcdefgh".getBytes(StandardCharsets.US_ASCII);
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    packed.write(0xF0);
    packed.write(3);
    packed.writeBytes(literal);
    assertThat(Codec.LZ4_RAW.unpacked(packed.toByteArray(), 18, SPOT)).isEqualTo(literal);
  }

  @Test
  void anLz4CopyHasFourBytesMoreThanItStates() {
    assertThat(unpacked(Codec.LZ4_RAW, 6, 0x11, 'x', 1, 0)).isEqualTo("xxxxxx");
  }

  @Test
  void aPageThatStatesMoreThanItsCodecCanPackTakesNoMemory() {
    refused(Codec.SNAPPY, Integer.MAX_VALUE, 0, 'a')
        .hasMessage("a.parquet: a page of 2 bytes states that it unpacks to 2147483647");
  }

  @Test
  void runsAndPackedStretchesFollowOneAnother() {
    // A run of 3 fives, then 8 values of 3 bits, 0 to 7.
    BitRuns runs = new BitRuns(cursor(6, 5, 3, 0x88, 0xC6, 0xFA), 3);
    assertThat(new int[] {runs.next(), runs.next(), runs.next()}).containsOnly(5);
    for (int i = 0; i < 8; i++) {
      assertThat(runs.next()).isEqualTo(i);
    }
  }

  @Test
  void differencesWrapAround() {
    // Blocks of 128 in 4 parts, 2 values: the largest long, and one more.
    int[] head = {0x80, 1, 4, 2};
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int b : head) {
      bytes.write(b);
    }
    for (int i = 0; i < 9; i++) {
      bytes.write(i == 0 ? 0xFE : 0xFF);
    }
    bytes.write(1);
    bytes.writeBytes(new byte[] {2, 0, 0, 0, 0});
    assertThat(DeltaNumbers.read(new Cursor(bytes.toByteArray(), SPOT), 2))
        .containsExactly(Long.MAX_VALUE, Long.MIN_VALUE);
  }

  @Test
  void moreDifferencesThanThePageHasValuesAreRefused() {
    assertThatThrownBy(() -> DeltaNumbers.read(cursor(0x80, 1, 4, 3, 0), 2))
        .hasMessage("a.parquet: a page has 3 numbers where 2 are the most");
  }

  private static Cursor cursor(int... bytes) {
    return new Cursor(bytes(bytes), SPOT);
  }

  private static String unpacked(Codec codec, int size, int... bytes) {
    return new String(codec.unpacked(bytes(bytes), size, SPOT), StandardCharsets.US_ASCII);
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> refused(
      Codec codec, int size, int... bytes) {
    return assertThatThrownBy(() -> codec.unpacked(bytes(bytes), size, SPOT))
        .isInstanceOf(BadInputException.class);
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}
