package org.ssasuite.tasks.longbench.chinese;

import java.util.Arrays;
import java.util.List;

/**
 * The words of jieba's dictionary as a tree of their beginnings, each with the logarithm of its
 * frequency. A node is a number; the root is 0. Immutable, for any number of threads.
 *
 * <p>Children are found in one open-addressing table by parent and character: the dictionary has
 * half a million nodes, and a step must cost next to nothing.
 */
final class PrefixDictionary {
  static final int ROOT = 0;
  static final int NONE = -1;

  private final long[] keys;
  private final int[] children;

  /** [nodes] ln(count) − ln(total) of the word that ends here, 0 where none does. */
  private final double[] logFrequencies;

  private final double unknown;

  private PrefixDictionary(long[] keys, int[] children, double[] logFrequencies, double unknown) {
    this.keys = keys;
    this.children = children;
    this.logFrequencies = logFrequencies;
    this.unknown = unknown;
  }

  /**
   * Builds the tree.
   *
   * @param words each once
   * @param counts [words] above 0
   * @param total what a count is divided by
   */
  static PrefixDictionary of(List<String> words, int[] counts, long total) {
    Builder builder = new Builder(words.stream().mapToInt(String::length).sum());
    double logTotal = Math.log((double) total);
    for (int i = 0; i < counts.length; i++) {
      builder.add(words.get(i), Math.log(counts[i]) - logTotal);
    }
    return builder.built(Math.log(1) - logTotal);
  }

  /** The node behind another one; {@link #NONE} if no word begins like that. */
  int child(int node, char character) {
    long key = key(node, character);
    int slot = slot(key, keys.length);
    while (keys[slot] != 0) {
      if (keys[slot] == key) {
        return children[slot];
      }
      slot = (slot + 1) & (keys.length - 1);
    }
    return NONE;
  }

  boolean isWord(int node) {
    return logFrequencies[node] != 0;
  }

  /** Whether a text is a word. */
  boolean hasWord(CharSequence text) {
    int node = ROOT;
    for (int i = 0; i < text.length() && node != NONE; i++) {
      node = child(node, text.charAt(i));
    }
    return node != NONE && isWord(node);
  }

  /** ln of the frequency of the word at a node that is one. */
  double logFrequency(int node) {
    return logFrequencies[node];
  }

  /** ln of the frequency of a character that is no word: as if it had been counted once. */
  double logFrequencyOfUnknown() {
    return unknown;
  }

  /** Never 0: that is an empty slot. */
  private static long key(int node, char character) {
    return ((long) node << 16 | character) + 1;
  }

  private static int slot(long key, int slots) {
    long mixed = key * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> 32) & (slots - 1);
  }

  /** Mutable, lives as long as the building. */
  private static final class Builder {
    private final long[] keys;
    private final int[] children;
    private double[] logFrequencies = new double[1 << 16];
    private int nodes = 1;

    Builder(int mostNodes) {
      int slots = Integer.highestOneBit(Math.max(16, mostNodes)) << 1;
      this.keys = new long[slots];
      this.children = new int[slots];
    }

    void add(String word, double logFrequency) {
      int node = ROOT;
      for (int i = 0; i < word.length(); i++) {
        node = childOrNew(node, word.charAt(i));
      }
      logFrequencies[node] = logFrequency;
    }

    private int childOrNew(int node, char character) {
      long key = key(node, character);
      int slot = slot(key, keys.length);
      while (keys[slot] != 0) {
        if (keys[slot] == key) {
          return children[slot];
        }
        slot = (slot + 1) & (keys.length - 1);
      }
      if (nodes == logFrequencies.length) {
        logFrequencies = Arrays.copyOf(logFrequencies, 2 * nodes);
      }
      keys[slot] = key;
      children[slot] = nodes;
      return nodes++;
    }

    PrefixDictionary built(double unknown) {
      return new PrefixDictionary(keys, children, Arrays.copyOf(logFrequencies, nodes), unknown);
    }
  }
}
