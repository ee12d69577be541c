package org.ssasuite.tasks.ruler.text;

import java.util.List;
import java.util.stream.Stream;

/**
 * The English words of wonderwords 3.0, from which RULER draws. Source and licence (MIT) stand
 * beside the lists.
 */
public final class WordLists {
  private WordLists() {}

  public static List<String> nouns() {
    return lines("nounlist.txt");
  }

  public static List<String> adjectives() {
    return lines("adjectivelist.txt");
  }

  static List<String> verbs() {
    return lines("verblist.txt");
  }

  /** All three, each word once, in order of code points. */
  public static List<String> all() {
    return Stream.of(nouns(), adjectives(), verbs())
        .flatMap(List::stream)
        .distinct()
        .sorted(CodePointOrder.STRINGS)
        .toList();
  }

  /** wonderwords strips white space at the end of a line. */
  private static List<String> lines(String name) {
    return EmbeddedText.read(name).lines().map(String::stripTrailing).toList();
  }
}
