package org.ssasuite.tasks.ruler.text;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What Punkt learned from English text: NLTK's English model as plain data. Licence (Apache-2.0)
 * and source stand beside the file.
 *
 * @param abbreviations in lower case, without their last period
 * @param collocations pairs of types that a period between them does not divide, as {@code word TAB
 *     next}
 * @param starters words that often start a sentence
 * @param cases how a type was written where: {@link #UPPER_INSIDE} and its like, added up
 */
public record PunktParameters(
    Set<String> abbreviations,
    Set<String> collocations,
    Set<String> starters,
    Map<String, Integer> cases) {
  private static final int UPPER_AT_START = 1 << 1;
  private static final int UPPER_INSIDE = 1 << 2;
  private static final int UPPER_UNKNOWN = 1 << 3;
  private static final int LOWER_AT_START = 1 << 4;
  private static final int LOWER_INSIDE = 1 << 5;
  private static final int LOWER_UNKNOWN = 1 << 6;

  public PunktParameters {
    abbreviations = Set.copyOf(abbreviations);
    collocations = Set.copyOf(collocations);
    starters = Set.copyOf(starters);
    cases = Map.copyOf(cases);
  }

  /** The embedded English ones; read once. */
  public static PunktParameters english() {
    return English.ALL;
  }

  private static final class English {
    static final PunktParameters ALL = read();
  }

  /** Sections of lines, each led by {@code # name count}. */
  private static PunktParameters read() {
    Map<String, List<String>> sections = new HashMap<>();
    List<String> lines = EmbeddedText.read("punkt_english.txt").lines().toList();
    int at = 0;
    while (at < lines.size()) {
      String[] head = lines.get(at).split(" ", -1);
      int end = at + 1 + Integer.parseInt(head[2]);
      sections.put(head[1], lines.subList(at + 1, end));
      at = end;
    }
    Map<String, Integer> cases = new HashMap<>();
    for (String line : sections.get("ortho_context")) {
      int tab = line.indexOf('\t');
      cases.put(line.substring(0, tab), Integer.parseInt(line.substring(tab + 1)));
    }
    return new PunktParameters(
        new HashSet<>(sections.get("abbrev_types")),
        new HashSet<>(sections.get("collocations")),
        new HashSet<>(sections.get("sent_starters")),
        cases);
  }

  boolean collocation(String type, String next) {
    return collocations.contains(type + "\t" + next);
  }

  boolean seenUpper(String type) {
    return seen(type, UPPER_AT_START | UPPER_INSIDE | UPPER_UNKNOWN);
  }

  boolean seenLower(String type) {
    return seen(type, LOWER_AT_START | LOWER_INSIDE | LOWER_UNKNOWN);
  }

  boolean seenUpperInside(String type) {
    return seen(type, UPPER_INSIDE);
  }

  boolean seenLowerAtStart(String type) {
    return seen(type, LOWER_AT_START);
  }

  private boolean seen(String type, int cases) {
    return (this.cases.getOrDefault(type, 0) & cases) != 0;
  }
}
