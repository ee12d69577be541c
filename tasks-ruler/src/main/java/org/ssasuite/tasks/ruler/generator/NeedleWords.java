package org.ssasuite.tasks.ruler.generator;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.ssasuite.core.python.PythonRandom;
import org.ssasuite.tasks.ruler.text.CodePointOrder;
import org.ssasuite.tasks.ruler.text.WordLists;

/**
 * All pairs {@code adjective-noun}, each once, in order of code points: 6,171,620 of them, which
 * are not kept but made when drawn.
 *
 * <p>Pairs of one adjective stand together, but where an adjective goes on another one behind a
 * hyphen ({@code blue}, {@code blue-eyed}): the pairs of such a group are sorted and kept.
 */
public final class NeedleWords {
  private final List<String> nouns;
  private final List<Group> groups = new ArrayList<>();
  private final int size;

  /**
   * Adjectives whose pairs stand together.
   *
   * @param from number of the first pair
   * @param pairs sorted; empty for a single adjective
   */
  private record Group(int from, String adjective, List<String> pairs) {}

  NeedleWords(List<String> adjectives, List<String> nouns) {
    this.nouns = sorted(nouns.stream());
    List<String> heads = sorted(adjectives.stream().map(adjective -> adjective + "-"));
    int from = 0;
    int i = 0;
    while (i < heads.size()) {
      int to = i + 1;
      while (to < heads.size() && heads.get(to).startsWith(heads.get(i))) {
        to++;
      }
      List<String> pairs = to == i + 1 ? List.of() : pairs(heads.subList(i, to));
      groups.add(new Group(from, heads.get(i), pairs));
      from += (to - i) * this.nouns.size();
      i = to;
    }
    this.size = from;
  }

  /** Those of wonderwords; put together once. */
  public static NeedleWords wonderwords() {
    return Wonderwords.ALL;
  }

  private static final class Wonderwords {
    static final NeedleWords ALL = new NeedleWords(WordLists.adjectives(), WordLists.nouns());
  }

  private static List<String> sorted(Stream<String> words) {
    return words.distinct().sorted(CodePointOrder.STRINGS).toList();
  }

  private List<String> pairs(List<String> heads) {
    return sorted(heads.stream().flatMap(head -> nouns.stream().map(noun -> head + noun)));
  }

  public int size() {
    return size;
  }

  public String get(int number) {
    int low = 0;
    int high = groups.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) / 2;
      if (groups.get(middle).from() <= number) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    Group group = groups.get(low);
    int within = number - group.from();
    return group.pairs().isEmpty()
        ? group.adjective() + nouns.get(within)
        : group.pairs().get(within);
  }

  /** {@code random.choice} of all. */
  String draw(PythonRandom random) {
    return get(random.below(size));
  }
}
