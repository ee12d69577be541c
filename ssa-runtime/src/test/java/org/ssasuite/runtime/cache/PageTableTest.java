package org.ssasuite.runtime.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PageTableTest {
  @Test
  void forkSharesItsPages() {
    PageTable table = new PageTable(10);
    PageTable.Sequence first = table.open();
    table.extend(first, 300);
    PageTable.Sequence fork = table.fork(first, 300);
    assertThat(table.pagesInUse()).isEqualTo(3);
    assertThat(fork.page(2)).isEqualTo(first.page(2));
  }

  @Test
  void sharedPageIsCopiedBeforeItIsWritten() {
    PageTable table = new PageTable(10);
    PageTable.Sequence first = table.open();
    table.extend(first, 130);
    int shared = first.page(1);
    PageTable.Sequence fork = table.fork(first, 129);
    Optional<PageTable.Copy> copy = table.extend(fork, 1);
    assertThat(copy).contains(new PageTable.Copy(shared, fork.page(1)));
    assertThat(first.page(1)).isEqualTo(shared);
    assertThat(table.extend(first, 1)).isEmpty();
  }

  @Test
  void fullPageIsSharedWithoutACopy() {
    PageTable table = new PageTable(10);
    PageTable.Sequence first = table.open();
    table.extend(first, 128);
    assertThat(table.extend(table.fork(first, 128), 5)).isEmpty();
  }

  @Test
  void refusedExtensionChangesNothing() {
    PageTable table = new PageTable(2);
    PageTable.Sequence first = table.open();
    table.extend(first, 100);
    assertThatThrownBy(() -> table.extend(first, 200))
        .isInstanceOf(CacheFullException.class)
        .hasMessageContaining("needs 2 pages more, has 1 free and 2 in all");
    assertThat(first.tokens()).isEqualTo(100);
    assertThat(table.pagesInUse()).isEqualTo(1);
  }

  @Test
  void closedSequenceCannotBeUsed() {
    PageTable table = new PageTable(2);
    PageTable.Sequence first = table.open();
    table.close(first);
    assertThatThrownBy(() -> table.extend(first, 1)).isInstanceOf(IllegalStateException.class);
  }

  /** Writes through the table into a model of memory: nobody may see another one's tokens. */
  @Test
  void everySequenceReadsBackWhatItWrote() {
    for (int seed = 0; seed < 100; seed++) {
      new Memory(new Random(seed)).run();
    }
  }

  private static final class Memory {
    private final Random random;
    private final PageTable table = new PageTable(200);
    private final Map<Integer, int[]> pages = new HashMap<>();
    private final List<PageTable.Sequence> open = new ArrayList<>();
    private final List<List<Integer>> expected = new ArrayList<>();

    Memory(Random random) {
      this.random = random;
    }

    void run() {
      for (int step = 0; step < 60; step++) {
        int action = random.nextInt(4);
        if (open.isEmpty() || action == 0) {
          open.add(table.open());
          expected.add(new ArrayList<>());
        } else if (action == 1) {
          int from = random.nextInt(open.size());
          int tokens = random.nextInt(open.get(from).tokens() + 1);
          open.add(table.fork(open.get(from), tokens));
          expected.add(new ArrayList<>(expected.get(from).subList(0, tokens)));
        } else if (action == 2 && open.size() > 3) {
          int gone = random.nextInt(open.size());
          table.close(open.remove(gone));
          expected.remove(gone);
        } else {
          append(random.nextInt(open.size()), 1 + random.nextInt(150));
        }
        check();
      }
      open.forEach(table::close);
      assertThat(table.pagesInUse()).isZero();
    }

    private void append(int which, int tokens) {
      PageTable.Sequence sequence = open.get(which);
      int before = sequence.tokens();
      table
          .extend(sequence, tokens)
          .ifPresent(copy -> pages.put(copy.to(), pages.get(copy.from()).clone()));
      for (int t = before; t < before + tokens; t++) {
        int value = random.nextInt();
        pages
                .computeIfAbsent(
                    sequence.page(t / PageTable.PAGE_TOKENS), p -> new int[PageTable.PAGE_TOKENS])[
                t % PageTable.PAGE_TOKENS] =
            value;
        expected.get(which).add(value);
      }
    }

    private void check() {
      for (int i = 0; i < open.size(); i++) {
        PageTable.Sequence sequence = open.get(i);
        for (int t = 0; t < sequence.tokens(); t++) {
          int value =
              pages.get(sequence.page(t / PageTable.PAGE_TOKENS))[t % PageTable.PAGE_TOKENS];
          assertThat(value).isEqualTo(expected.get(i).get(t));
        }
      }
    }
  }
}
