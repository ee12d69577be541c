package org.ssasuite.runtime.tokenizer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.HashSet;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * SentencePiece's table of character replacements in a tokenizer: the size of a trie in bytes, the
 * trie as a double array of 32-bit units, replacements in UTF-8 that end with a zero. The tokenizer
 * library follows it without looking where it leads, out of the array too; this looks first.
 *
 * <p>Source of the layout: google/sentencepiece, {@code normalizer.cc} and darts-clone.
 */
final class PrecompiledCharacters {
  private final int[] units;
  private final byte[] replacements;

  private PrecompiledCharacters(int[] units, byte[] replacements) {
    this.units = units;
    this.replacements = replacements;
  }

  /**
   * How many times its bytes a text can have behind the table.
   *
   * @return absent if not every text can be led through the table
   */
  static OptionalDouble growth(String base64) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      return OptionalDouble.empty();
    }
    if (bytes.length < 8) {
      return OptionalDouble.empty();
    }
    ByteBuffer table = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int trieBytes = table.getInt();
    if (trieBytes < 4 || trieBytes % 4 != 0 || trieBytes > table.remaining()) {
      return OptionalDouble.empty();
    }
    int[] units = new int[trieBytes / 4];
    for (int i = 0; i < units.length; i++) {
      units[i] = table.getInt();
    }
    byte[] replacements = new byte[table.remaining()];
    table.get(replacements);
    return new PrecompiledCharacters(units, replacements).growth();
  }

  /** A place in the trie, and the fewest bytes that lead there. */
  private record State(int at, int bytes) {}

  private OptionalDouble growth() {
    if (!isUtf8(replacements)) {
      return OptionalDouble.empty();
    }
    double growth = 1;
    Set<Integer> seen = new HashSet<>();
    // In the order of their bytes: where two ways lead to a place, the shorter one comes first.
    Deque<State> states = new ArrayDeque<>();
    states.add(new State(offset(units[0]), 0));
    while (!states.isEmpty()) {
      State from = states.remove();
      int state = from.at();
      if (!seen.add(state)) {
        continue;
      }
      for (int c = 1; c < 256; c++) {
        int at = state ^ c;
        if (at < 0 || at >= units.length) {
          return OptionalDouble.empty();
        }
        if ((units[at] & (1 << 31 | 0xff)) != c) {
          continue;
        }
        int next = at ^ offset(units[at]);
        boolean leaf = (units[at] >>> 8 & 1) == 1;
        if (leaf) {
          if (next < 0 || next >= units.length || !isStart(units[next] & ~(1 << 31))) {
            return OptionalDouble.empty();
          }
          int start = units[next] & ~(1 << 31);
          boolean visible = from.bytes() == 0 && c > ' ' && c <= '~';
          if (visible && replacementBytes(start) == 0) {
            // No published table makes nothing of a visible character; added tokens rely on it.
            return OptionalDouble.empty();
          }
          growth = Math.max(growth, (double) replacementBytes(start) / (from.bytes() + 1));
        }
        states.add(new State(next, from.bytes() + 1));
      }
    }
    return OptionalDouble.of(growth);
  }

  private int replacementBytes(int start) {
    int end = start;
    while (end < replacements.length && replacements[end] != 0) {
      end++;
    }
    return end - start;
  }

  private static int offset(int unit) {
    return unit >>> 10 << ((unit & 1 << 9) >>> 6);
  }

  /** Whether a replacement can begin here: not within a character, nor behind the end. */
  private boolean isStart(int index) {
    return index == replacements.length
        || (index < replacements.length && (replacements[index] & 0xc0) != 0x80);
  }

  private static boolean isUtf8(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
