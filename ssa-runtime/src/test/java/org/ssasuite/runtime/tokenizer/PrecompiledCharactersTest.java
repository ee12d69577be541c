package org.ssasuite.runtime.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class PrecompiledCharactersTest {
  private static final int UNITS = 1024;
  private static final int ROOT = 256;
  private static final int BEHIND_A = 512;
  private static final int A = ROOT ^ 'A';
  private static final int LEAF = A ^ BEHIND_A;

  /** A table in which "A" becomes "é". */
  private static int[] units() {
    int[] units = new int[UNITS];
    units[0] = ROOT << 10;
    units[A] = BEHIND_A << 10 | 1 << 8 | 'A';
    units[LEAF] = 1 << 31;
    return units;
  }

  private static String table(int[] units) {
    ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * units.length + 3).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(4 * units.length);
    for (int unit : units) {
      bytes.putInt(unit);
    }
    bytes.put(new byte[] {(byte) 0xc3, (byte) 0xa9, 0});
    return Base64.getEncoder().encodeToString(bytes.array());
  }

  @Test
  void aTableThatEndsWithinItselfIsSound() {
    assertThat(PrecompiledCharacters.growth(table(units()))).isPresent();
  }

  @Test
  void aRootThatLeadsOutOfTheArrayIsNot() {
    int[] units = units();
    units[0] = (UNITS + 1) << 10;
    assertThat(PrecompiledCharacters.growth(table(units))).isEmpty();
  }

  @Test
  void aReplacementWithinACharacterIsNot() {
    int[] units = units();
    units[LEAF] = 1 << 31 | 1;
    assertThat(PrecompiledCharacters.growth(table(units))).isEmpty();
  }

  @Test
  void aReplacementBehindTheEndIsNot() {
    int[] units = units();
    units[LEAF] = 1 << 31 | 4;
    assertThat(PrecompiledCharacters.growth(table(units))).isEmpty();
  }

  @Test
  void aTrieLongerThanTheTableIsNot() {
    assertThat(PrecompiledCharacters.growth("/////w==")).isEmpty();
    assertThat(PrecompiledCharacters.growth("BAAAAAAA")).isEmpty();
    assertThat(PrecompiledCharacters.growth("")).isEmpty();
    assertThat(PrecompiledCharacters.growth("*")).isEmpty();
  }
}
