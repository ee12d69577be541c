package org.ssasuite.leaderboards.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.ssasuite.core.BadInputException;

/**
 * Which row of one run belongs to which row of another: those of the same model, mode and task; if
 * there is none and either side has one model, those of the same mode and task; if there is none
 * and either side has one model in one mode, those of the same task.
 */
public final class RowPairs {
  private RowPairs() {}

  /** Two rows of one task. */
  public record RowPair<A>(A a, RunRow b) {}

  /** What rows are told apart by. */
  public record Key(String model, String mode, String task) {
    static Key of(RunRow row) {
      return new Key(row.model(), row.mode(), row.task());
    }
  }

  /**
   * The pairs, in the order of the first side.
   *
   * @param keyOfA model, mode and task of what stands on the first side
   * @return empty if nothing belongs together
   */
  public static <A> List<RowPair<A>> of(
      List<A> rowsA, Function<A, Key> keyOfA, List<RunRow> rowsB) {
    List<Key> keysA = rowsA.stream().map(keyOfA).toList();
    List<Key> keysB = rowsB.stream().map(Key::of).toList();
    List<RowPair<A>> pairs = ofSameModes(rowsA, keyOfA, rowsB);
    if (pairs.isEmpty() && one(keysA, RowPairs::variant) && one(keysB, RowPairs::variant)) {
      pairs = pairs(rowsA, keyOfA, rowsB, Key::task);
    }
    return pairs;
  }

  /** The same without the last way: a mode belongs to that mode alone. */
  public static <A> List<RowPair<A>> ofSameModes(
      List<A> rowsA, Function<A, Key> keyOfA, List<RunRow> rowsB) {
    List<RowPair<A>> pairs = pairs(rowsA, keyOfA, rowsB, key -> key);
    boolean oneModel =
        one(rowsA.stream().map(keyOfA).toList(), Key::model)
            && one(rowsB.stream().map(Key::of).toList(), Key::model);
    return pairs.isEmpty() && oneModel
        ? pairs(rowsA, keyOfA, rowsB, key -> List.of(key.mode(), key.task()))
        : pairs;
  }

  private static Object variant(Key key) {
    return List.of(key.model(), key.mode());
  }

  private static boolean one(List<Key> keys, Function<Key, Object> part) {
    return keys.stream().map(part).distinct().count() == 1;
  }

  private static <A> List<RowPair<A>> pairs(
      List<A> rowsA, Function<A, Key> keyOfA, List<RunRow> rowsB, Function<Key, Object> part) {
    List<RowPair<A>> pairs = new ArrayList<>();
    for (A a : rowsA) {
      List<RunRow> same =
          rowsB.stream()
              .filter(b -> part.apply(Key.of(b)).equals(part.apply(keyOfA.apply(a))))
              .toList();
      if (same.size() > 1) {
        throw new BadInputException(
            same.get(0).folder(), "has several rows of " + same.get(0).text());
      }
      same.forEach(b -> pairs.add(new RowPair<>(a, b)));
    }
    return pairs;
  }
}
