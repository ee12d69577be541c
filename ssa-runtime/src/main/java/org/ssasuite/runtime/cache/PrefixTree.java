package org.ssasuite.runtime.cache;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Sequences of ids, cut where they part: what several begin with alike stands once. Immutable.
 *
 * <p>A node holds ids {@code [from, to)} of one of its sequences; its parent holds those before. A
 * stretch shorter than {@code leastShared} is not worth a fork and is repeated in each branch.
 */
public final class PrefixTree {
  private final List<Node> roots;

  private PrefixTree(List<Node> roots) {
    this.roots = List.copyOf(roots);
  }

  /**
   * A stretch of ids that all sequences below have in common.
   *
   * @param example one of the sequences, by index
   * @param from first position
   * @param to behind the last position
   * @param ending the sequences, by index, that end with this node
   */
  public record Node(int example, int from, int to, List<Integer> ending, List<Node> children) {
    public Node {
      ending = List.copyOf(ending);
      children = List.copyOf(children);
    }
  }

  /** The tree of these sequences. */
  public static PrefixTree of(List<int[]> sequences, int leastShared) {
    Integer[] order = IntStream.range(0, sequences.size()).boxed().toArray(Integer[]::new);
    Arrays.sort(order, Comparator.comparing(sequences::get, Arrays::compare));
    Builder builder = new Builder(sequences, order, leastShared);
    List<Node> roots = new ArrayList<>();
    builder.split(0, order.length, 0, 0, roots);
    return new PrefixTree(roots);
  }

  /** A tree in which nothing is shared. */
  public static PrefixTree withoutSharing(List<int[]> sequences) {
    List<Node> roots = new ArrayList<>();
    for (int i = 0; i < sequences.size(); i++) {
      roots.add(new Node(i, 0, sequences.get(i).length, List.of(i), List.of()));
    }
    return new PrefixTree(roots);
  }

  public List<Node> roots() {
    return roots;
  }

  /** How many ids stand in it: what several sequences share counts once. */
  public long size() {
    return size(roots);
  }

  private static long size(List<Node> nodes) {
    return nodes.stream().mapToLong(node -> node.to() - node.from() + size(node.children())).sum();
  }

  @SuppressWarnings("ArrayRecordComponent") // lives as long as one call
  private record Builder(List<int[]> sequences, Integer[] order, int leastShared) {
    /**
     * Nodes for the sorted sequences {@code [low, high)}, which have their first {@code common} ids
     * in common and whose first {@code from} ids stand in their parent.
     */
    void split(int low, int high, int from, int common, List<Node> nodes) {
      int at = low;
      while (at < high) {
        int end = sameBranch(at, high, common);
        nodes.addAll(branch(at, end, from));
        at = end;
      }
    }

    /** Behind the last sequence that goes on as the first one does. */
    private int sameBranch(int low, int high, int common) {
      int[] first = sequences.get(order[low]);
      int end = low + 1;
      while (end < high && continuesAlike(first, sequences.get(order[end]), common)) {
        end++;
      }
      return end;
    }

    private static boolean continuesAlike(int[] a, int[] b, int at) {
      boolean ended = a.length == at || b.length == at;
      return ended ? a.length == b.length : a[at] == b[at];
    }

    private List<Node> branch(int low, int high, int from) {
      int[] first = sequences.get(order[low]);
      int[] last = sequences.get(order[high - 1]);
      int common = Arrays.mismatch(first, last);
      boolean equal = common < 0;
      if (equal) {
        List<Integer> ending = Arrays.asList(order).subList(low, high);
        return List.of(new Node(order[low], from, first.length, ending, List.of()));
      }
      List<Node> nodes = new ArrayList<>();
      if (common - from < leastShared) {
        split(low, high, from, common, nodes);
        return nodes;
      }
      int next = low;
      while (next < high && sequences.get(order[next]).length == common) {
        next++;
      }
      split(next, high, common, common, nodes);
      List<Integer> ending = Arrays.asList(order).subList(low, next);
      return List.of(new Node(order[low], from, common, ending, nodes));
    }
  }
}
