package org.ssasuite.runtime;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.HashSet;
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

  /** Whether every text can be led through the table. */
  static boolean isSound(String base64) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      return false;
    }
    if (bytes.length < 8) {
      return false;
    }
    ByteBuffer table = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int trieBytes = table.getInt();
    if (trieBytes < 4 || trieBytes % 4 != 0 || trieBytes > table.remaining()) {
      return false;
    }
    int[] units = new int[trieBytes / 4];
    for (int i = 0; i < units.length; i++) {
      units[i] = table.getInt();
    }
    byte[] replacements = new byte[table.remaining()];
    table.get(replacements);
    return new PrecompiledCharacters(units, replacements).isSound();
  }

  private boolean isSound() {
    if (!isUtf8(replacements)) {
      return false;
    }
    Set<Integer> seen = new HashSet<>();
    Deque<Integer> states = new ArrayDeque<>();
    states.push(offset(units[0]));
    while (!states.isEmpty()) {
      int state = states.pop();
      if (!seen.add(state)) {
        continue;
      }
      for (int c = 1; c < 256; c++) {
        int at = state ^ c;
        if (at < 0 || at >= units.length) {
          return false;
        }
        if ((units[at] & (1 << 31 | 0xff)) != c) {
          continue;
        }
        int next = at ^ offset(units[at]);
        boolean leaf = (units[at] >>> 8 & 1) == 1;
        if (leaf && (next < 0 || next >= units.length || !isStart(units[next] & ~(1 << 31)))) {
          return false;
        }
        states.push(next);
      }
    }
    return true;
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
