package org.ssasuite.tasks.ruler.generator;

import java.util.List;
import java.util.Optional;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.python.PythonRepr;
import org.ssasuite.core.python.PythonText;

/**
 * Variable tracking behind one solved example.
 *
 * <p>References: NVIDIA/RULER, {@code scripts/data/synthetic/variable_tracking.py};
 * lm-evaluation-harness 0.4.9, {@code lm_eval/tasks/ruler/vt_utils.py}.
 */
final class ChainGenerator implements SampleGenerator {
  private static final int ANSWER_TOKENS = 30;
  private static final int EXAMPLE_LENGTH = 500;
  private static final int EXAMPLE_INCREMENT = 5;
  private static final int INCREMENT = 10;
  private static final int SHORT_INCREMENT = 5;
  private static final int SHORT = 4_096;
  private static final String EXAMPLE_VALUE = "12345";
  private static final String NVIDIA_PREFIX_BEGINNING = " Answer: A";
  private static final String HARNESS_PREFIX_BEGINNING =
      " Answer: According to the chain(s) of variable assignment";
  private static final String HARNESS_PREFIX_END = "they are: ";

  private final ChainDrafts drafts;
  private final RulerVersion version;
  private final TokenBudget budget;
  private final String example;
  private final int exampleTokens;
  private final int increment;
  private final int size;
  private int made;

  ChainGenerator(ChainDrafts drafts, RulerVersion version, TokenBudget budget) {
    this.drafts = drafts;
    this.version = version;
    this.budget = budget;
    boolean harness = version == RulerVersion.LMEVAL;
    TokenBudget ofExample = budget.upTo(EXAMPLE_LENGTH);
    int exampleAnswer = harness ? ANSWER_TOKENS : 0;
    int exampleSize = size(ofExample, true, EXAMPLE_INCREMENT, exampleAnswer);
    Draft solved =
        Fitting.fit(
                exampleSize,
                EXAMPLE_INCREMENT,
                EXAMPLE_LENGTH,
                n -> drafts.make(n, true),
                draft -> ofExample.countUpToLength(draft.text()) + exampleAnswer)
            .draft();
    this.example =
        solved.text() + " " + String.join(" ", solved.outputs()) + (harness ? "\n\n" : "\n");
    this.exampleTokens = budget.count(example);
    this.increment = !harness && budget.length() < SHORT ? SHORT_INCREMENT : INCREMENT;
    this.size = size(budget, false, increment, ANSWER_TOKENS + exampleTokens);
  }

  private int size(TokenBudget within, boolean isExample, int step, int reserved) {
    if (version != RulerVersion.NVIDIA_2025) {
      return SizeSearch.grow(
          step,
          step,
          within.length(),
          Optional.empty(),
          n -> {
            Draft draft = drafts.make(n, isExample);
            // The reference appends the answers as Python shows a list.
            String answers = PythonRepr.repr(draft.outputs());
            return within.countUpToLength(draft.text() + " " + answers) + reserved;
          });
    }
    double perUnit;
    try {
      perUnit = (double) within.count(drafts.make(step, isExample).text()) / step;
    } catch (Unmakeable e) {
      throw new BadInputException("search", "the reference's search fails: " + e.getMessage(), e);
    }
    int upper = Math.max((int) (within.length() / perUnit * 3), step * 2);
    return SizeSearch.bisect(
        step,
        upper,
        within.length(),
        n -> within.countUpToLength(drafts.make(n, isExample).text()) + reserved);
  }

  @Override
  public Generated next() {
    Generated generated =
        version == RulerVersion.NVIDIA_2025 ? countedWithExample() : countedBesideExample();
    made++;
    return generated;
  }

  /** The example, its names drawn anew, is part of what has to fit. */
  private Generated countedWithExample() {
    Fitting.Fitted<Draft> fitted =
        Fitting.fit(
            size,
            increment,
            budget.length(),
            n -> {
              Draft draft = drafts.make(n, false);
              return behind(randomised(), draft);
            },
            draft -> budget.countUpToLength(draft.text()) + ANSWER_TOKENS);
    return generated(
        fitted.draft(),
        fitted.length(),
        fitted.draft().text(),
        fitted.length() - ANSWER_TOKENS - budget.special());
  }

  /** The example's tokens were counted once, before its names are drawn anew. */
  private Generated countedBesideExample() {
    int reserved = ANSWER_TOKENS + exampleTokens;
    Fitting.Fitted<Draft> fitted =
        Fitting.fit(
            size,
            increment,
            budget.length(),
            n -> drafts.make(n, false),
            draft -> budget.countUpToLength(draft.text()) + reserved);
    return generated(
        behind(randomised(), fitted.draft()),
        fitted.length(),
        fitted.draft().text(),
        fitted.length() - reserved - budget.special());
  }

  private Generated generated(Draft draft, int length, String counted, int tokens) {
    boolean harness = version == RulerVersion.LMEVAL;
    String beginning = harness ? HARNESS_PREFIX_BEGINNING : NVIDIA_PREFIX_BEGINNING;
    int cut = draft.text().lastIndexOf(beginning);
    String prefix = draft.text().substring(cut);
    RulerSample sample =
        new RulerSample(
            made,
            draft.text().substring(0, cut),
            draft.outputs(),
            length,
            harness ? PythonText.strip(prefix) : prefix,
            Optional.empty(),
            Optional.empty(),
            draft.needles());
    return new Generated(sample, counted, tokens);
  }

  private Draft behind(String solved, Draft draft) {
    String before = solved + (version == RulerVersion.LMEVAL ? "\n\n" : "\n");
    return new Draft(
        before + draft.text(),
        draft.outputs(),
        draft.needles().stream().map(needle -> needle.shifted(before.length())).toList());
  }

  /** The example with other names, replaced one after the other wherever they stand. */
  private String randomised() {
    String randomised = example;
    for (String name : exampleNames()) {
      randomised = randomised.replace(name, drafts.drawName(name.length()));
    }
    return version == RulerVersion.LMEVAL
        ? randomised
        : randomised.replace(EXAMPLE_VALUE, drafts.drawValue());
  }

  private List<String> exampleNames() {
    if (version == RulerVersion.LMEVAL) {
      int from = example.indexOf(HARNESS_PREFIX_END) + HARNESS_PREFIX_END.length();
      return PythonText.split(example.substring(from));
    }
    List<String> words = PythonText.split(example);
    return words.subList(words.size() - ChainDrafts.NAMES, words.size());
  }
}
