package org.ssasuite.tasks.ruler.generator;

import java.util.List;
import java.util.Optional;
import org.ssasuite.core.python.NumpyRandom;
import org.ssasuite.core.python.PythonRandom;
import org.ssasuite.tasks.ruler.text.EssayText;
import org.ssasuite.tasks.ruler.text.QuestionFile;

/** The generator of a task in a version, with what it reads. */
public final class Generators {
  /** lm-eval seeds Python's generator with this and NumPy's with the next, for all tasks alike. */
  private static final long HARNESS_PYTHON_SEED = 0;

  private static final long HARNESS_NUMPY_SEED = 1234;

  private Generators() {}

  /**
   * What a task reads besides its word lists; each is there if the task needs it.
   *
   * @param moreWords for cwe at great lengths only; may be absent
   */
  public record Sources(
      Optional<EssayText> essay,
      Optional<QuestionFile> questions,
      Optional<List<String>> moreWords) {}

  /** Draws until the size is found. */
  public static SampleGenerator of(
      RulerTaskName.Base task,
      RulerVersion version,
      long seed,
      TokenBudget budget,
      Sources sources) {
    boolean harness = version == RulerVersion.LMEVAL;
    PythonRandom random = new PythonRandom(harness ? HARNESS_PYTHON_SEED : seed);
    if (task.needles().isPresent()) {
      NeedleSetup setup = task.needles().orElseThrow();
      NeedleDrafts drafts =
          new NeedleDrafts(
              setup, NeedleWords.wonderwords(), sources.essay(), version, seed, random);
      return new NeedleGenerator(setup, drafts, sources.essay(), version, budget);
    }
    return switch (task) {
      case VT -> {
        NumpyRandom values = new NumpyRandom(harness ? HARNESS_NUMPY_SEED : seed);
        yield new ChainGenerator(new ChainDrafts(version, random, values), version, budget);
      }
      case CWE -> new CommonWordsGenerator(version, budget, seed, random, sources.moreWords());
      case FWE -> new FrequentWordsGenerator(version, budget, seed, random);
      default ->
          new QuestionGenerator(sources.questions().orElseThrow(), version, budget, seed, random);
    };
  }
}
