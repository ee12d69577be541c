package org.ssasuite.tasks.longbench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ssasuite.core.python.PythonText;

/**
 * ROUGE-L as LongBench uses it: F of the words that the longest common subsequences of all pairs of
 * sentences hold.
 *
 * <pre>
 * sentences = pieces between full stops that are not empty; words = pieces between white space
 * H, R      = the sets of words of prediction and reference
 * U         = the set of words on a longest common subsequence of any sentence of the reference
 *             with any of the prediction
 * p = |U| / |H|,  r = |U| / |R|,  F = 2 (p r / (p + r + 1e-8))
 * </pre>
 *
 * <p>Reference: THUDM/LongBench 2e00731f, {@code LongBench/metrics.py}, {@code rouge_score}, with
 * pltrdy/rouge 1.0.1, {@code rouge_score.py}, {@code rouge_l_summary_level} in exclusive mode.
 *
 * <p>Quirks kept:
 *
 * <ul>
 *   <li>Words count once, case is kept, and only a full stop ends a sentence, one within a number
 *       too. A perfect match is 0.999999995.
 *   <li>A sentence of nothing but white space has one word, the empty one.
 *   <li>Of several longest common subsequences the one that the reference's backtracking finds
 *       counts: from the ends, to the left in the prediction unless only the other way is longer.
 *   <li>LongBench scores every exception as 0. There are two: no sentence at all, and Python's
 *       recursion limit, as the backtracking calls itself once a step. With the standard limit of
 *       1,000 frames and those that LongBench has used before, 991 calls are left (990 for Chinese,
 *       scored one call deeper): a pair of sentences that takes more scores 0 as a whole, an
 *       identical one of 991 words for instance.
 * </ul>
 *
 * @param mostCalls of the backtracking that the recursion limit leaves
 */
record RougeL(int mostCalls) implements AnswerMetric {
  /** Of a prediction that is scored as it is. */
  static final RougeL DIRECT = new RougeL(991);

  /** Of one that is segmented first, in a function of its own. */
  static final RougeL ONE_CALL_DEEPER = new RougeL(990);

  private static final double EPSILON = 1e-8;

  @Override
  public double score(String prediction, String reference, List<String> classes) {
    Map<String, Integer> numbers = new HashMap<>();
    List<int[]> hypothesis = sentences(prediction, numbers);
    BitSet hypothesisWords = words(hypothesis);
    List<int[]> truth = sentences(reference, numbers);
    if (hypothesis.isEmpty() || truth.isEmpty()) {
      return 0;
    }
    BitSet union = new BitSet();
    for (int[] ofReference : truth) {
      for (int[] ofPrediction : hypothesis) {
        if (!addCommon(ofReference, ofPrediction, union)) {
          return 0;
        }
      }
    }
    double precision = (double) union.cardinality() / hypothesisWords.cardinality();
    double recall = (double) union.cardinality() / words(truth).cardinality();
    return 2.0 * ((precision * recall) / (precision + recall + EPSILON));
  }

  /** Words as numbers, the same in all sentences. */
  private static List<int[]> sentences(String text, Map<String, Integer> numbers) {
    List<int[]> sentences = new ArrayList<>();
    int from = 0;
    while (from <= text.length()) {
      int end = text.indexOf('.', from);
      end = end < 0 ? text.length() : end;
      if (end > from) {
        List<String> words = PythonText.split(text.substring(from, end));
        sentences.add(
            (words.isEmpty() ? List.of("") : words)
                .stream()
                    .mapToInt(word -> numbers.computeIfAbsent(word, key -> numbers.size()))
                    .toArray());
      }
      from = end + 1;
    }
    return sentences;
  }

  private static BitSet words(List<int[]> sentences) {
    BitSet words = new BitSet();
    sentences.forEach(sentence -> Arrays.stream(sentence).forEach(words::set));
    return words;
  }

  /**
   * Adds the words of one longest common subsequence.
   *
   * @return whether the backtracking stayed within its calls
   */
  private boolean addCommon(int[] x, int[] y, BitSet union) {
    int width = y.length + 1;
    int[] table = lengths(x, y);
    int i = x.length;
    int j = y.length;
    int calls = 1;
    while (i > 0 && j > 0) {
      if (x[i - 1] == y[j - 1]) {
        union.set(x[i - 1]);
        i--;
        j--;
      } else if (table[(i - 1) * width + j] > table[i * width + j - 1]) {
        i--;
      } else {
        j--;
      }
      calls++;
    }
    return calls <= mostCalls;
  }

  /** [(|x| + 1) (|y| + 1)] the length of the longest common subsequence of each two beginnings. */
  private static int[] lengths(int[] x, int[] y) {
    int width = y.length + 1;
    int[] table = new int[(x.length + 1) * width];
    for (int i = 1; i <= x.length; i++) {
      int row = i * width;
      int above = row - width;
      for (int j = 1; j <= y.length; j++) {
        table[row + j] =
            x[i - 1] == y[j - 1]
                ? table[above + j - 1] + 1
                : Math.max(table[above + j], table[row + j - 1]);
      }
    }
    return table;
  }
}
