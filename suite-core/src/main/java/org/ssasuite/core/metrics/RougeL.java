package org.ssasuite.core.metrics;

import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
public record RougeL(int mostCalls) implements AnswerMetric {
  /** Of a prediction that is scored as it is. */
  public static final RougeL DIRECT = new RougeL(991);

  /** Of one that is segmented first, in a function of its own. */
  public static final RougeL ONE_CALL_DEEPER = new RougeL(990);

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
    SentencePairs pairs = new SentencePairs(mostCalls, numbers.size());
    if (!walkLongPairs(truth, hypothesis, pairs, union)) {
      return 0;
    }
    walkPairsOfMissingWords(truth, hypothesis, pairs, union);
    double precision = (double) union.cardinality() / hypothesisWords.cardinality();
    double recall = (double) union.cardinality() / words(truth).cardinality();
    return 2.0 * ((precision * recall) / (precision + recall + EPSILON));
  }

  /** Words as numbers, the same in all sentences; equal sentences once. */
  private static List<int[]> sentences(String text, Map<String, Integer> numbers) {
    Set<IntBuffer> sentences = new LinkedHashSet<>();
    int from = 0;
    while (from <= text.length()) {
      int end = text.indexOf('.', from);
      end = end < 0 ? text.length() : end;
      if (end > from) {
        List<String> words = PythonText.split(text.substring(from, end));
        sentences.add(
            IntBuffer.wrap(
                (words.isEmpty() ? List.of("") : words)
                    .stream()
                        .mapToInt(word -> numbers.computeIfAbsent(word, key -> numbers.size()))
                        .toArray()));
      }
      from = end + 1;
    }
    return sentences.stream().map(IntBuffer::array).toList();
  }

  private static BitSet words(List<int[]> sentences) {
    BitSet words = new BitSet();
    sentences.forEach(sentence -> Arrays.stream(sentence).forEach(words::set));
    return words;
  }

  /** Walks the pairs that may take too many calls; whether none does. */
  private static boolean walkLongPairs(
      List<int[]> truth, List<int[]> hypothesis, SentencePairs pairs, BitSet union) {
    List<int[]> longestFirst =
        truth.stream().sorted((x, y) -> Integer.compare(y.length, x.length)).toList();
    for (int[] ofPrediction : hypothesis) {
      for (int[] ofReference : longestFirst) {
        if (!pairs.mayTakeTooMany(ofReference, ofPrediction)) {
          break;
        }
        if (!pairs.addCommon(ofReference, ofPrediction, union)) {
          return false;
        }
      }
    }
    return true;
  }

  /** The order of pairs does not matter: those whose common words are all found are left out. */
  private static void walkPairsOfMissingWords(
      List<int[]> truth, List<int[]> hypothesis, SentencePairs pairs, BitSet union) {
    Map<Integer, List<int[]>> sentences = new HashMap<>();
    for (int[] ofReference : truth) {
      Arrays.stream(ofReference)
          .distinct()
          .forEach(
              word -> sentences.computeIfAbsent(word, w -> new ArrayList<>()).add(ofReference));
    }
    for (int[] ofPrediction : hypothesis) {
      for (int word : ofPrediction) {
        List<int[]> withIt = sentences.getOrDefault(word, List.of());
        for (int i = 0; i < withIt.size() && !union.get(word); i++) {
          if (!pairs.mayTakeTooMany(withIt.get(i), ofPrediction)) {
            pairs.addCommon(withIt.get(i), ofPrediction, union);
          }
        }
      }
    }
  }
}
