package org.ssasuite.tasks.longbench.chinese;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ssasuite.tasks.longbench.text.PackedText;

/** Reads jieba's own dictionary and model, whose licence lies beside them. */
final class JiebaData {
  /** First line is a description, then the number of words and the total of their counts. */
  private static final int HEAD_LINES = 3;

  private JiebaData() {}

  static PrefixDictionary dictionary() {
    List<String> lines = PackedText.lines("jieba/dictionary.txt.xz");
    int n = Integer.parseInt(lines.get(1));
    List<String> words = new ArrayList<>(n);
    String word = "";
    for (String line : lines.subList(HEAD_LINES, HEAD_LINES + n)) {
      // A word is what it shares with the one before it, counted by one character, and the rest.
      word = word.substring(0, line.charAt(0) - '0') + line.substring(1);
      words.add(word);
    }
    int[] counts =
        lines.subList(HEAD_LINES + n, HEAD_LINES + 2 * n).stream()
            .mapToInt(Integer::parseInt)
            .toArray();
    return PrefixDictionary.of(words, counts, Long.parseLong(lines.get(2)));
  }

  static WordShapes shapes() {
    int states = WordShapes.STATES.length();
    double[] start = new double[states];
    double[] transitions = new double[states * states];
    Arrays.fill(transitions, WordShapes.IMPOSSIBLE);
    double[] emissions = WordShapes.noEmissions();
    List<String> lines = PackedText.lines("jieba/shapes.txt.xz");
    for (String line : lines.subList(1, lines.size())) {
      String[] fields = line.split(" ", -1);
      int state = state(fields[1]);
      switch (fields[0]) {
        case "start" -> start[state] = Double.parseDouble(fields[2]);
        case "transition" ->
            transitions[state * states + state(fields[2])] = Double.parseDouble(fields[3]);
        default -> {
          double value = Double.parseDouble(fields[2]);
          int row = state * WordShapes.CHARACTERS;
          fields[3].chars().forEach(character -> emissions[row + character] = value);
        }
      }
    }
    return new WordShapes(start, transitions, emissions);
  }

  private static int state(String letter) {
    return WordShapes.STATES.indexOf(letter);
  }
}
