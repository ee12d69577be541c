package org.ssasuite.tasks.ruler.generator;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.python.PythonRandom;
import org.ssasuite.core.python.PythonText;
import org.ssasuite.tasks.ruler.text.CodePointOrder;

/**
 * Frequent words: coded words whose counts fall with the square of their rank. Mutable.
 *
 * <p>References: NVIDIA/RULER, {@code scripts/data/synthetic/freq_words_extraction.py};
 * lm-evaluation-harness 0.4.9, {@code lm_eval/tasks/ruler/fwe_utils.py}. Only NVIDIA's version of
 * 2025 takes the answer's tokens off the length; the others' prompts fill it alone.
 */
final class FrequentWordsGenerator implements SampleGenerator {
  private static final String TEMPLATE =
      "Read the following coded text and track the frequency of each coded word. Find the three"
          + " most frequently appeared coded words. {context}\n"
          + "Question: Do not provide any explanation. Please ignore the dots '....'. What are the"
          + " three most frequently appeared words in the above coded text?";
  private static final String PREFIX =
      " Answer: According to the coded text above, the three most frequently appeared words are:";
  private static final PromptFrame FRAME = PromptFrame.of(TEMPLATE + PREFIX, Map.of());
  private static final String PREFIX_BEGINNING = " Answer: A";

  private static final int ANSWER_TOKENS = 50;
  private static final int TOKENS_PER_CODED_WORD = 50;
  private static final int LETTERS = 6;
  private static final int STEPS = 32;
  private static final int ANSWERS = 3;

  /** ζ(2): the sum of all 1/k². */
  private static final double ZETA = 1.6449340668482264;

  private static final List<String> SMALL_LETTERS =
      IntStream.rangeClosed('a', 'z').mapToObj(Character::toString).toList();

  private final RulerVersion version;
  private final TokenBudget budget;
  private final long seed;
  private final PythonRandom random;
  private final int increment;
  private final int words;
  private int made;

  FrequentWordsGenerator(RulerVersion version, TokenBudget budget, long seed, PythonRandom random) {
    this.version = version;
    int answer = version == RulerVersion.NVIDIA_2025 ? ANSWER_TOKENS : 0;
    this.budget = budget.upTo(budget.length() - answer);
    this.seed = seed;
    this.random = random;
    this.increment = this.budget.length() / STEPS;
    if (increment < 1) {
      throw new BadInputException("length " + budget.length(), "is too short for task fwe");
    }
    this.words = grown();
  }

  private int grown() {
    List<String> vocabulary = vocabulary();
    int number = budget.length() / LETTERS;
    while (budget.countUpToLength(text(vocabulary, number)) < budget.length()) {
      number += increment;
    }
    return number - increment;
  }

  /** Coded words by rank; the first is noise. */
  private List<String> vocabulary() {
    int size = budget.length() / TOKENS_PER_CODED_WORD;
    Set<String> different = new LinkedHashSet<>();
    int drawn = 0;
    while (drawn < size || different.size() < size) {
      different.add(String.join("", random.choices(SMALL_LETTERS, LETTERS)));
      drawn++;
    }
    List<String> vocabulary =
        new ArrayList<>(different.stream().sorted(CodePointOrder.STRINGS).toList());
    new PythonRandom(seed).shuffle(vocabulary);
    if (vocabulary.size() <= ANSWERS) {
      throw new BadInputException(
          "length " + budget.length(), "is too short for task fwe: " + size + " coded words");
    }
    vocabulary.set(0, "...");
    return vocabulary;
  }

  private String text(List<String> vocabulary, int number) {
    List<String> text = new ArrayList<>();
    for (int rank = 1; rank <= vocabulary.size(); rank++) {
      int times = (int) (number * Math.pow(rank, -2.0) / ZETA);
      for (int i = 0; i < times; i++) {
        text.add(vocabulary.get(rank - 1));
      }
    }
    new PythonRandom(seed).shuffle(text);
    return FRAME.around(String.join(" ", text));
  }

  @Override
  public Generated next() {
    List<String> vocabulary = vocabulary();
    int number = words;
    String text = text(vocabulary, number);
    int tokens = budget.countUpToLength(text);
    while (tokens > budget.length()) {
      if (number <= 0) {
        throw new BadInputException(
            "length " + budget.length(), "is too short for task fwe: the question alone is longer");
      }
      number -= increment;
      text = text(vocabulary, number);
      tokens = budget.countUpToLength(text);
    }
    boolean harness = version == RulerVersion.LMEVAL;
    int cut = text.lastIndexOf(harness ? PREFIX : PREFIX_BEGINNING);
    String input = text.substring(0, cut);
    String prefix = text.substring(cut);
    RulerSample sample =
        new RulerSample(
            made++,
            harness ? PythonText.strip(input) : input,
            vocabulary.subList(1, 1 + ANSWERS),
            tokens + ANSWER_TOKENS,
            harness ? PythonText.strip(prefix) : prefix,
            Optional.empty(),
            Optional.empty(),
            List.of());
    return new Generated(sample, text, tokens - budget.special());
  }
}
