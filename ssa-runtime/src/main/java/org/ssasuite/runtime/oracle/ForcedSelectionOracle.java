package org.ssasuite.runtime.oracle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.ssasuite.runtime.operator.AttentionInputs;

/**
 * Whether a choice is right that has to take some blocks: of each of the rule's quotas the forced
 * ones first, the most important of them where they are more, then the most important others. The
 * quotas, the importances and the own block are those of {@link BlockSelectionOracle}.
 */
public final class ForcedSelectionOracle {
  private final BlockSelectionOracle free;

  /** For inputs of a call, in a mode that selects blocks. */
  public ForcedSelectionOracle(AttentionInputs inputs) {
    free = new BlockSelectionOracle(inputs);
  }

  /**
   * What is wrong with a choice; empty if it is right.
   *
   * @param chosen the block numbers, without the −1 at the end
   */
  public Optional<String> explain(int token, int kvHead, int[] chosen, Set<Integer> forced) {
    int own = free.ownBlock(token);
    boolean ascends = true;
    for (int i = 1; i < chosen.length; i++) {
      ascends &= chosen[i - 1] < chosen[i];
    }
    if (!ascends || chosen.length == 0 || chosen[chosen.length - 1] != own) {
      return Optional.of(token + ": " + Arrays.toString(chosen) + " with own block " + own);
    }
    double[] importance = free.importances(token, kvHead);
    Set<Integer> taken = Arrays.stream(chosen).boxed().collect(Collectors.toSet());
    for (BlockSelectionOracle.Quota quota : free.quotas(own)) {
      List<Integer> first = among(quota, importance, forced::contains);
      List<Integer> then = among(quota, importance, block -> !forced.contains(block));
      int ofFirst = Math.min(first.size(), quota.count());
      int ofOthers = Math.min(then.size(), quota.count() - ofFirst);
      if (!isBest(first, ofFirst, taken, importance)
          || !isBest(then, ofOthers, taken, importance)) {
        return Optional.of(
            token + ", KV head " + kvHead + ": " + Arrays.toString(chosen) + " forcing " + forced);
      }
    }
    return Optional.empty();
  }

  /** A quota's blocks of one kind, the most important first, equal ones by number. */
  private static List<Integer> among(
      BlockSelectionOracle.Quota quota, double[] importance, Predicate<Integer> kind) {
    List<Integer> blocks = new ArrayList<>();
    for (int b = quota.from(); b < quota.to(); b++) {
      if (kind.test(b)) {
        blocks.add(b);
      }
    }
    blocks.sort(Comparator.comparingDouble(b -> -importance[b]));
    return blocks;
  }

  /** Whether so many are taken, none of them less important than the last that has to be. */
  private static boolean isBest(
      List<Integer> ranked, int count, Set<Integer> taken, double[] importance) {
    List<Integer> own = ranked.stream().filter(taken::contains).toList();
    if (own.size() != count) {
      return false;
    }
    double last = count == 0 ? 0 : importance[ranked.get(count - 1)];
    double least = last * (1 - BlockSelectionOracle.TOLERANCE);
    return own.stream()
        .allMatch(b -> importance[b] >= least || last < BlockSelectionOracle.NEGLIGIBLE);
  }
}
