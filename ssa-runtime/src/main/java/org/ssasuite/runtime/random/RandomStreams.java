package org.ssasuite.runtime.random;

import java.nio.charset.StandardCharsets;

/**
 * Named streams of random numbers that anybody can rebuild: value i of a stream depends on the
 * seed, the name and i alone, so tensors can be made in any order, anywhere.
 *
 * <ul>
 *   <li>mix64(x) is splitmix64's finalizer: x ^= x >>> 30; x *= 0xBF58476D1CE4E5B9; x ^= x >>> 27;
 *       x *= 0x94D049BB133111EB; x ^= x >>> 31.
 *   <li>The origin of stream (seed, name) is mix64(seed) XOR fnv1a64(the name's UTF-8 bytes).
 *   <li>Its value i = 0, 1, … has the bits u_i = mix64(origin + (i + 1) · 0x9E3779B97F4A7C15), all
 *       modulo 2^64: splitmix64, started at the origin.
 *   <li>Normal value i is z_i = (sum of u_i's four unsigned 16-bit fields − 131070) / √((65536² −
 *       1) / 3): mean 0, variance 1, at most 3.4641 in size, the shape of four dice.
 *   <li>Unit value i is the float (u_i >>> 40) / 2^24, in [0, 1).
 * </ul>
 *
 * <p>A tensor's element i in row-major order takes value i of the stream that its name names.
 */
public record RandomStreams(long seed) {
  /** The stream of this seed that has this name. */
  public Stream named(String name) {
    return new Stream(mix64(seed) ^ fnv1a64(name.getBytes(StandardCharsets.UTF_8)));
  }

  static long mix64(long bits) {
    long x = bits;
    x = (x ^ (x >>> 30)) * 0xBF58476D1CE4E5B9L;
    x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
    return x ^ (x >>> 31);
  }

  static long fnv1a64(byte[] bytes) {
    long hash = 0xCBF29CE484222325L;
    for (byte b : bytes) {
      hash = (hash ^ (b & 0xFF)) * 0x100000001B3L;
    }
    return hash;
  }

  /** One stream; immutable, any value at any time. */
  public static final class Stream {
    private static final long GAMMA = 0x9E3779B97F4A7C15L;
    private static final double MEAN = 131070;
    private static final double DEVIATION = Math.sqrt((65536.0 * 65536.0 - 1) / 3);

    private final long origin;

    Stream(long origin) {
      this.origin = origin;
    }

    /** The 64 bits of value i. */
    public long bits(long i) {
      return mix64(origin + (i + 1) * GAMMA);
    }

    /** Value i of mean 0 and variance 1. */
    public double normal(long i) {
      long bits = bits(i);
      long sum =
          (bits & 0xFFFF) + ((bits >>> 16) & 0xFFFF) + ((bits >>> 32) & 0xFFFF) + (bits >>> 48);
      return (sum - MEAN) / DEVIATION;
    }

    /** Value i in [0, 1). */
    public float unit(long i) {
      return (bits(i) >>> 40) * 0x1p-24f;
    }

    /** The first {@code count} normal values times {@code scale}, rounded to float. */
    public float[] normals(int count, double scale) {
      float[] values = new float[count];
      for (int i = 0; i < count; i++) {
        values[i] = (float) (scale * normal(i));
      }
      return values;
    }

    /** The first {@code count} unit values. */
    public float[] units(int count) {
      float[] values = new float[count];
      for (int i = 0; i < count; i++) {
        values[i] = unit(i);
      }
      return values;
    }
  }
}
