package org.ssasuite.runtime.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PrefixTreeTest {
  private static int[] ids(int... ids) {
    return ids;
  }

  @Test
  void commonBeginningStandsOnce() {
    PrefixTree tree = PrefixTree.of(List.of(ids(1, 2, 3, 4), ids(1, 2, 3, 5)), 2);
    assertThat(tree.roots()).hasSize(1);
    PrefixTree.Node root = tree.roots().get(0);
    assertThat(root.to()).isEqualTo(3);
    assertThat(root.children()).extracting(PrefixTree.Node::from).containsExactly(3, 3);
  }

  @Test
  void shortCommonBeginningIsRepeated() {
    PrefixTree tree = PrefixTree.of(List.of(ids(1, 2, 3, 4), ids(1, 2, 3, 5)), 4);
    assertThat(tree.roots()).extracting(PrefixTree.Node::from).containsExactly(0, 0);
  }

  @Test
  void equalSequencesEndTogether() {
    PrefixTree tree = PrefixTree.of(List.of(ids(1, 2), ids(1, 2)), 1);
    assertThat(tree.roots()).hasSize(1);
    assertThat(tree.roots().get(0).ending()).containsExactlyInAnyOrder(0, 1);
  }

  @Test
  void sequenceThatAnotherOneContinuesEndsInside() {
    PrefixTree tree = PrefixTree.of(List.of(ids(1, 2, 3, 9), ids(1, 2, 3)), 2);
    PrefixTree.Node root = tree.roots().get(0);
    assertThat(root.ending()).containsExactly(1);
    assertThat(root.children()).extracting(PrefixTree.Node::ending).containsExactly(List.of(0));
  }

  @Test
  void sizeCountsEverySharedBeginningOnceHoweverManyGoOnFromIt() {
    List<int[]> sequences =
        List.of(ids(1, 2, 3, 4, 5), ids(1, 2, 3, 4, 6), ids(1, 2, 7), ids(1, 2, 7), ids(8, 9));

    assertThat(PrefixTree.of(sequences, 2).size()).isEqualTo(2 + 2 + 1 + 1 + 1 + 2);
    assertThat(PrefixTree.withoutSharing(sequences).size()).isEqualTo(5 + 5 + 3 + 3 + 2);
  }

  @Test
  void everySequenceIsSpelledByThePathToItsEnd() {
    Random random = new Random(5);
    for (int round = 0; round < 200; round++) {
      List<int[]> sequences = new ArrayList<>();
      int count = 1 + random.nextInt(12);
      for (int i = 0; i < count; i++) {
        sequences.add(random.ints(1 + random.nextInt(9), 0, 2).toArray());
      }
      int[][] spelled = new int[count][];
      PrefixTree tree = PrefixTree.of(sequences, random.nextInt(4));
      tree.roots().forEach(root -> spell(root, ids(), sequences, spelled));
      for (int i = 0; i < count; i++) {
        assertThat(spelled[i]).as("round %s", round).isEqualTo(sequences.get(i));
      }
    }
  }

  private static void spell(
      PrefixTree.Node node, int[] before, List<int[]> sequences, int[][] spelled) {
    assertThat(node.from()).isEqualTo(before.length);
    int[] own = Arrays.copyOfRange(sequences.get(node.example()), node.from(), node.to());
    int[] all = IntStream.concat(Arrays.stream(before), Arrays.stream(own)).toArray();
    node.ending().forEach(i -> spelled[i] = all);
    node.children().forEach(child -> spell(child, all, sequences, spelled));
  }
}
