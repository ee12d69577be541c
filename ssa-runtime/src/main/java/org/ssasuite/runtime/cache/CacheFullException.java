package org.ssasuite.runtime.cache;

/** A sequence needs more pages than are free. */
public final class CacheFullException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CacheFullException(int needed, int free, int all) {
    super(
        "the cache needs " + needed + " pages more, has " + free + " free and " + all + " in all");
  }
}
