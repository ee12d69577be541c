package org.ssasuite.tasks.ruler.generator;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.python.PythonRandom;
import org.ssasuite.core.python.PythonText;
import org.ssasuite.tasks.ruler.text.WordLists;

/**
 * Common words: ten words of a numbered list stand in it more often than the others. Mutable.
 *
 * <p>References: NVIDIA/RULER, {@code scripts/data/synthetic/common_words_extraction.py};
 * lm-evaluation-harness 0.4.9, {@code lm_eval/tasks/ruler/cwe_utils.py}.
 */
final class CommonWordsGenerator implements SampleGenerator {
  private static final String TEMPLATE =
      "Below is a numbered list of words. In these words, some appear more often than others."
          + " Memorize the ones that appear most often.\n"
          + "{context}\n"
          + "Question: What are the 10 most common words in the above list?";
  private static final String PREFIX =
      " Answer: The top 10 words that appear most often in the list are:";
  private static final PromptFrame FRAME = PromptFrame.of(TEMPLATE + PREFIX, Map.of());
  private static final String PREFIX_BEGINNING = " Answer: T";

  private static final int ANSWER_TOKENS = 120;
  private static final int COMMON = 10;
  private static final int INCREMENT = 10;
  private static final int SHORT = 4_096;

  /** Words of the list that tokens per word are reckoned from. */
  private static final int ESTIMATE_WORDS = 4_096;

  /** Tokens per word that the search of 2024 starts from. */
  private static final int CAUTIOUS_TOKENS = 40;

  private final List<String> words;
  private final Optional<List<String>> moreWords;
  private final PythonRandom random;
  private final long seed;

  /** lm-eval's one generator for all lists; NVIDIA has a fresh one for each. */
  private final Optional<PythonRandom> order;

  private final RulerVersion version;
  private final TokenBudget budget;
  private final int increment;
  private final int size;
  private int made;

  /**
   * Finds the size.
   *
   * @param moreWords RULER's {@code english_words.json}, in the file's order
   */
  CommonWordsGenerator(
      RulerVersion version,
      TokenBudget budget,
      long seed,
      PythonRandom random,
      Optional<List<String>> moreWords) {
    this.version = version;
    this.budget = budget;
    this.seed = seed;
    this.random = random;
    this.moreWords = moreWords;
    PythonRandom shuffling = new PythonRandom(seed);
    List<String> all = new ArrayList<>(WordLists.all());
    shuffling.shuffle(all);
    this.words = List.copyOf(all);
    this.order = isHarness() ? Optional.of(shuffling) : Optional.empty();
    switch (version) {
      case NVIDIA_2025 -> {
        this.increment = INCREMENT;
        this.size = bisected();
      }
      case NVIDIA_2024 -> {
        int first = Math.max(budget.length() / CAUTIOUS_TOKENS, INCREMENT);
        this.increment = Math.max(first / 100, INCREMENT);
        this.size = grown(first, Optional.empty());
      }
      default -> {
        this.increment = INCREMENT;
        this.size = grown(INCREMENT, Optional.of(new SizeSearch.Cap(words.size(), false)));
      }
    }
  }

  private boolean isHarness() {
    return version == RulerVersion.LMEVAL;
  }

  private record WordList(String text, List<String> common) {}

  /**
   * A draft and its example.
   *
   * @param example the solved list; NVIDIA's stands in the draft's text
   */
  private record Lists(Draft draft, String example) {}

  private Lists make(int size) {
    boolean isShort = budget.length() < SHORT;
    WordList solved = isShort ? draw(20, 3, 1) : draw(40, 10, 3);
    WordList asked = isShort ? draw(size, 6, 1) : draw(size, 30, 3);
    String example =
        FRAME.around(solved.text()) + (isHarness() ? "" : " ") + numbered(solved.common());
    String question = FRAME.around(asked.text());
    String text = isHarness() ? question : example + "\n" + question;
    return new Lists(new Draft(text, asked.common(), List.of()), example);
  }

  private WordList draw(int size, int commonTimes, int otherTimes) {
    List<String> drawn = sample(size);
    List<String> common = drawn.subList(0, Math.min(COMMON, size));
    List<String> others = drawn.subList(common.size(), size);
    List<String> list = new ArrayList<>();
    Collections.nCopies(commonTimes, common).forEach(list::addAll);
    Collections.nCopies(otherTimes, others).forEach(list::addAll);
    order.orElseGet(() -> new PythonRandom(seed)).shuffle(list);
    return new WordList(numbered(list), common);
  }

  private List<String> sample(int size) {
    if (size <= words.size()) {
      return random.sample(words, size);
    }
    List<String> more =
        moreWords.orElseThrow(
            () ->
                new BadInputException(
                    size + " words",
                    "are needed at this length, the list has "
                        + words.size()
                        + ": RULER takes them from its english_words.json, which does not come with"
                        + " the suite; put it into ruler_words/ of the folder that --data names"));
    if (size > more.size()) {
      throw new BadInputException(
          "english_words.json",
          "has " + more.size() + " words, fewer than the " + size + " needed");
    }
    return random.sample(more, size);
  }

  private static String numbered(List<String> words) {
    StringBuilder numbered = new StringBuilder();
    for (int i = 0; i < words.size(); i++) {
      numbered.append(i == 0 ? "" : " ").append(i + 1).append(". ").append(words.get(i));
    }
    return numbered.toString();
  }

  private int bisected() {
    double perWord = (double) budget.count(make(ESTIMATE_WORDS).draft().text()) / ESTIMATE_WORDS;
    int fitting = (int) PythonText.floorDivide(budget.length(), perWord);
    int upper = Math.max(fitting * 2, INCREMENT * 2);
    return SizeSearch.bisect(increment, upper, budget.length(), n -> length(make(n)));
  }

  private int grown(int first, Optional<SizeSearch.Cap> cap) {
    return SizeSearch.grow(
        first,
        increment,
        budget.length(),
        cap,
        n -> {
          Lists lists = make(n);
          String before = isHarness() ? lists.example() + "\n" : "";
          String text = before + lists.draft().text() + " " + numbered(lists.draft().outputs());
          return budget.countUpToLength(text) + ANSWER_TOKENS;
        });
  }

  private int length(Lists lists) {
    return budget.countUpToLength(lists.draft().text()) + ANSWER_TOKENS;
  }

  @Override
  public Generated next() {
    Fitting.Fitted<Lists> fitted =
        Fitting.fit(size, increment, budget.length(), this::checkedMake, this::length);
    Draft draft = fitted.draft().draft();
    int cut = draft.text().lastIndexOf(isHarness() ? PREFIX : PREFIX_BEGINNING);
    String input = draft.text().substring(0, cut);
    String prefix = draft.text().substring(cut);
    RulerSample sample =
        new RulerSample(
            made++,
            isHarness() ? PythonText.strip(input) : input,
            draft.outputs(),
            fitted.length(),
            isHarness() ? PythonText.strip(prefix) : prefix,
            Optional.empty(),
            isHarness() ? Optional.of(fitted.draft().example()) : Optional.empty(),
            List.of());
    return new Generated(sample, draft.text(), fitted.length() - ANSWER_TOKENS - budget.special());
  }

  private Lists checkedMake(int size) throws Unmakeable {
    if (size < 1) {
      throw new Unmakeable("a list of " + size + " words");
    }
    return make(size);
  }
}
