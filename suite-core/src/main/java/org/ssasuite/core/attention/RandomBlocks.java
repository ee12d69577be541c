package org.ssasuite.core.attention;

/**
 * The generator behind {@link SelectionRule#RANDOM}: a number for each candidate block that depends
 * on nothing but what it is asked for, so that no batch, chunk, thread or order can change a draw.
 *
 * <p>All arithmetic is modulo 2^64, {@code >>>} shifts in zeros:
 *
 * <pre>
 * mix(x):     x = x + 9E3779B97F4A7C15
 *             x = (x xor x >>> 30) · BF58476D1CE4E5B9
 *             x = (x xor x >>> 27) · 94D049BB133111EB
 *             x xor x >>> 31
 * document:   d = 0; for each id of the sequence's first S tokens: d = mix(d xor id)
 * key(b):     mix(mix(mix(mix(mix(d) xor layer) xor KV head) xor token) xor b) >>> 32
 * </pre>
 *
 * The K − 1 candidate blocks with the largest keys are chosen, equal keys by the lower index. A
 * token in block 0 has no choice, so that a document's seed is known whenever it is needed.
 *
 * <p>Source of mix: SplitMix64, Steele, Lea and Flood, OOPSLA 2014.
 */
public final class RandomBlocks {
  /** Its name and version, a fact of every model that draws. */
  public static final String GENERATOR = "splitmix64/1";

  private final long token;

  private RandomBlocks(long token) {
    this.token = token;
  }

  /**
   * A document's seed.
   *
   * @param ids the sequence's first ids; what is behind the first block counts for nothing
   * @param blockSize S
   */
  public static long documentSeed(int[] ids, int blockSize) {
    long seed = 0;
    for (int i = 0; i < Math.min(ids.length, blockSize); i++) {
      seed = mix(seed ^ ids[i]);
    }
    return seed;
  }

  /**
   * The draws of one query token.
   *
   * @param documentSeed of its sequence
   * @param layer counted from 0
   * @param kvHead counted from 0
   * @param token its position within the sequence
   */
  public static RandomBlocks of(long documentSeed, int layer, int kvHead, int token) {
    return new RandomBlocks(mix(mix(mix(mix(documentSeed) ^ layer) ^ kvHead) ^ token));
  }

  /** A block's key, 0 … 2^32 − 1. */
  public long key(int block) {
    return mix(token ^ block) >>> 32;
  }

  private static long mix(long value) {
    long x = value + 0x9E3779B97F4A7C15L;
    x = (x ^ (x >>> 30)) * 0xBF58476D1CE4E5B9L;
    x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
    return x ^ (x >>> 31);
  }
}
