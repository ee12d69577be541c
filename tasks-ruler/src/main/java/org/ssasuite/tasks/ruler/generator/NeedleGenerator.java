package org.ssasuite.tasks.ruler.generator;

import java.util.Optional;
import org.ssasuite.tasks.ruler.generator.NeedleDrafts.Asked;
import org.ssasuite.tasks.ruler.text.EssayText;

/**
 * The eight needle tasks.
 *
 * <p>References: NVIDIA/RULER, {@code scripts/data/synthetic/niah.py}; lm-evaluation-harness 0.4.9,
 * {@code lm_eval/tasks/ruler/prepare_niah.py}.
 */
final class NeedleGenerator implements SampleGenerator {
  private static final int ANSWER_TOKENS = 128;
  private static final int ESSAY_INCREMENT = 500;
  private static final int LINE_INCREMENT = 25;
  private static final int SHORT_LINE_INCREMENT = 5;
  private static final int SHORT = 4_096;

  /** What NVIDIA's generator looks for to cut the answer prefix off. */
  private static final String PREFIX_BEGINNING = " The speci";

  private final NeedleDrafts drafts;
  private final NeedleSetup setup;
  private final RulerVersion version;
  private final TokenBudget budget;
  private final int increment;
  private final int size;
  private int made;

  NeedleGenerator(
      NeedleSetup setup,
      NeedleDrafts drafts,
      Optional<EssayText> essay,
      RulerVersion version,
      TokenBudget budget) {
    this.setup = setup;
    this.drafts = drafts;
    this.version = version;
    this.budget = budget;
    boolean isEssay = setup.haystack() == NeedleSetup.Haystack.ESSAY;
    int shortOrLong = budget.length() < SHORT ? SHORT_LINE_INCREMENT : LINE_INCREMENT;
    int step = isEssay ? ESSAY_INCREMENT : shortOrLong;
    switch (version) {
      case NVIDIA_2025 -> {
        this.increment = step;
        this.size = bisected();
      }
      case NVIDIA_2024 -> {
        int first = Math.max(budget.length() / 5, step);
        this.increment = Math.max(step, first / 50);
        this.size = grown(first, " ", Optional.empty());
      }
      default -> {
        this.increment = step;
        Optional<SizeSearch.Cap> cap = essay.map(text -> new SizeSearch.Cap(text.words(), true));
        this.size = grown(step, " ", cap);
      }
    }
  }

  private int bisected() {
    double perUnit;
    try {
      perUnit = (double) budget.count(drafts.make(increment).draft().text()) / increment;
    } catch (Unmakeable e) {
      throw new IllegalStateException("a draft of the increment can be made", e);
    }
    int upper = Math.max((int) (budget.length() / perUnit * 3), increment * 2);
    return SizeSearch.bisect(increment, upper, budget.length(), n -> length(drafts.make(n)));
  }

  private int grown(int first, String between, Optional<SizeSearch.Cap> cap) {
    return SizeSearch.grow(
        first,
        increment,
        budget.length(),
        cap,
        n -> {
          Draft draft = drafts.make(n).draft();
          return budget.countUpToLength(draft.text() + String.join(between, draft.outputs()))
              + ANSWER_TOKENS;
        });
  }

  private int length(Asked asked) {
    return budget.countUpToLength(asked.draft().text()) + ANSWER_TOKENS;
  }

  @Override
  public Generated next() {
    Fitting.Fitted<Asked> fitted =
        Fitting.fit(size, increment, budget.length(), drafts::make, this::length);
    Draft draft = fitted.draft().draft();
    RulerSample sample =
        version == RulerVersion.LMEVAL
            ? harness(fitted.draft(), fitted.length())
            : nvidia(draft, fitted.length());
    made++;
    return new Generated(sample, draft.text(), fitted.length() - ANSWER_TOKENS - budget.special());
  }

  private RulerSample nvidia(Draft draft, int length) {
    int cut = draft.text().lastIndexOf(PREFIX_BEGINNING);
    String input = draft.text().substring(0, cut);
    String before = input.substring(0, Math.max(0, input.indexOf(draft.outputs().get(0))));
    return new RulerSample(
        made,
        input,
        draft.outputs(),
        length,
        draft.text().substring(cut),
        Optional.of(
            new RulerSample.AnswerAt(
                before.codePointCount(0, before.length()), budget.count(before))),
        Optional.empty(),
        draft.needles());
  }

  private RulerSample harness(Asked asked, int length) {
    String prefix =
        "The special magic "
            + drafts.typeText()
            + " for "
            + asked.query()
            + " mentioned in the provided text "
            + (setup.singleAnswer() ? "is" : "are");
    return new RulerSample(
        made,
        asked.draft().text(),
        asked.draft().outputs(),
        length,
        prefix,
        Optional.empty(),
        Optional.empty(),
        asked.draft().needles());
  }
}
