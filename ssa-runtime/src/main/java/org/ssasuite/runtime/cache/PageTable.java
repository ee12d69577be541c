package org.ssasuite.runtime.cache;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;

/**
 * Which pages of a pool hold which tokens of which sequence. Sequences that were forked share
 * pages; a shared page is never written: who has to write into one gets a copy first. Mutable: one
 * owner, no threads.
 */
public final class PageTable {
  /** Tokens in a page, as in the operators' {@code PageLayout}. */
  public static final int PAGE_TOKENS = 128;

  private final int mostPages;
  private final BitSet used = new BitSet();
  private int[] references = new int[64];

  public PageTable(int mostPages) {
    if (mostPages < 1) {
      throw new IllegalArgumentException("a table of " + mostPages + " pages");
    }
    this.mostPages = mostPages;
  }

  /** The content of page {@code from} has to be in page {@code to} before anything is appended. */
  public record Copy(int from, int to) {}

  /**
   * Tokens of one sequence in pages. Mutable through its table only.
   *
   * <p>Position t lies in page {@code page(t / PAGE_TOKENS)}.
   */
  public static final class Sequence {
    private int[] pages = new int[0];
    private int tokens;
    private int[] opening = new int[0];
    private boolean open = true;

    private Sequence() {}

    /** Tokens that the pages hold, or are about to after {@link PageTable#extend}. */
    public int tokens() {
      return tokens;
    }

    public int pageCount() {
      return pages.length;
    }

    public int page(int index) {
      return pages[index];
    }

    /**
     * The sequence's first ids, as far as they were noted: at most a page's.
     *
     * @see PageTable#note
     */
    public int[] opening() {
      return opening.clone();
    }
  }

  /** A sequence without tokens. */
  public Sequence open() {
    return new Sequence();
  }

  /**
   * Notes which ids a sequence has from a position on; those beyond its first page are forgotten.
   */
  public static void note(Sequence sequence, int position, int[] ids) {
    int count = Math.min(ids.length, PAGE_TOKENS - position);
    if (count <= 0) {
      return;
    }
    if (position > sequence.opening.length) {
      throw new IllegalStateException(
          "ids from " + position + " on, but only the first " + sequence.opening.length + " known");
    }
    sequence.opening = Arrays.copyOf(sequence.opening, position + count);
    System.arraycopy(ids, 0, sequence.opening, position, count);
  }

  /** A sequence that has the first tokens of another one, and shares their pages with it. */
  public Sequence fork(Sequence from, int tokens) {
    requireOpen(from);
    if (tokens < 0 || tokens > from.tokens) {
      throw new IllegalArgumentException("the first " + tokens + " of " + from.tokens + " tokens");
    }
    Sequence fork = new Sequence();
    fork.tokens = tokens;
    fork.pages = Arrays.copyOf(from.pages, pagesFor(tokens));
    fork.opening = Arrays.copyOf(from.opening, Math.min(tokens, from.opening.length));
    for (int page : fork.pages) {
      references[page]++;
    }
    return fork;
  }

  /**
   * Makes room for so many more tokens. The copy, if one is named, has to be made before they are
   * written.
   *
   * @throws CacheFullException if there are not enough pages; nothing has changed then
   */
  public Optional<Copy> extend(Sequence sequence, int tokens) {
    requireOpen(sequence);
    if (tokens < 1) {
      throw new IllegalArgumentException("room for " + tokens + " tokens");
    }
    int before = sequence.pages.length;
    int after = pagesFor(Math.addExact(sequence.tokens, tokens));
    boolean copies =
        sequence.tokens % PAGE_TOKENS != 0 && references[sequence.pages[before - 1]] > 1;
    int needed = after - before + (copies ? 1 : 0);
    if (needed > mostPages - used.cardinality()) {
      throw new CacheFullException(needed, mostPages - used.cardinality(), mostPages);
    }
    Optional<Copy> copy = Optional.empty();
    if (copies) {
      Copy made = new Copy(sequence.pages[before - 1], take());
      references[made.from()]--;
      sequence.pages[before - 1] = made.to();
      copy = Optional.of(made);
    }
    sequence.pages = Arrays.copyOf(sequence.pages, after);
    for (int i = before; i < after; i++) {
      sequence.pages[i] = take();
    }
    sequence.tokens += tokens;
    return copy;
  }

  /** Gives the sequence's pages back, as far as no other sequence uses them. */
  public void close(Sequence sequence) {
    requireOpen(sequence);
    sequence.open = false;
    for (int page : sequence.pages) {
      references[page]--;
      if (references[page] == 0) {
        used.clear(page);
      }
    }
  }

  /** Pages that sequences use. */
  public int pagesInUse() {
    return used.cardinality();
  }

  /** The lowest free page: pages that have memory already come first. */
  private int take() {
    int page = used.nextClearBit(0);
    used.set(page);
    if (page >= references.length) {
      references = Arrays.copyOf(references, Math.max(2 * references.length, page + 1));
    }
    references[page] = 1;
    return page;
  }

  private static void requireOpen(Sequence sequence) {
    if (!sequence.open) {
      throw new IllegalStateException("the sequence was closed");
    }
  }

  /** Pages that hold so many tokens. */
  public static int pagesFor(int tokens) {
    return (tokens + PAGE_TOKENS - 1) / PAGE_TOKENS;
  }
}
