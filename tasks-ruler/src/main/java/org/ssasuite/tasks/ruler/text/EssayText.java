package org.ssasuite.tasks.ruler.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ssasuite.core.python.PythonText;

/**
 * A text that needles are hidden in, and the sentences that it begins with. Mutable (remembers).
 */
public final class EssayText {
  /** A set of samples has one size, sometimes a few; a search looks at each size once. */
  private static final int REMEMBERED = 4;

  private final Punkt punkt;
  private final String text;

  /** [words] index in the text behind each word. */
  private final int[] ends;

  private final Map<Integer, List<String>> sentences =
      new LinkedHashMap<>(REMEMBERED, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, List<String>> eldest) {
          return size() > REMEMBERED;
        }
      };

  public EssayText(String source, Punkt punkt) {
    this.punkt = punkt;
    this.text = spaced(source);
    this.ends = ends(text);
  }

  /** Every stretch of white space is one space: {@code re.sub(r'\s+', " ", source)}. */
  private static String spaced(String source) {
    StringBuilder spaced = new StringBuilder(source.length());
    boolean inside = false;
    for (int i = 0; i < source.length(); i++) {
      boolean space = PythonText.isSpace(source.charAt(i));
      if (!space) {
        spaced.append(source.charAt(i));
      } else if (!inside) {
        spaced.append(' ');
      }
      inside = space;
    }
    return spaced.toString();
  }

  private static int[] ends(String text) {
    int[] ends = new int[text.length() + 1];
    int n = 0;
    for (int at = text.indexOf(' '); at >= 0; at = text.indexOf(' ', at + 1)) {
      ends[n++] = at;
    }
    ends[n++] = text.length();
    return Arrays.copyOf(ends, n);
  }

  /** Words of the text, an empty one before a space at the beginning and behind one at the end. */
  public int words() {
    return ends.length;
  }

  /** Sentences of the first words; if there are more than the text has, it begins again. */
  public List<String> sentences(int words, boolean repeated) {
    int most = repeated ? words : Math.min(words, words());
    List<String> known = sentences.get(most);
    if (known == null) {
      known = split(PythonText.strip(first(most)));
      sentences.put(most, known);
    }
    return known;
  }

  private String first(int words) {
    if (words <= 0) {
      return "";
    }
    StringBuilder first = new StringBuilder();
    int rest = words;
    while (rest > words()) {
      first.append(text).append(' ');
      rest -= words();
    }
    return first.append(text, 0, ends[rest - 1]).toString();
  }

  private List<String> split(String stripped) {
    List<String> split = new ArrayList<>();
    for (Span sentence : punkt.split(stripped)) {
      split.add(stripped.substring(sentence.from(), sentence.to()));
    }
    return split;
  }
}
