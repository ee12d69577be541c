package org.ssasuite.tasks.commonsense;

import java.util.ArrayList;
import java.util.List;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.python.PythonRandom;

/**
 * Shots for each question, from one generator that is asked in the questions' order: what a
 * question gets depends on the questions before it only.
 *
 * <p>Reference: EleutherAI/lm-evaluation-harness 0.4.9, {@code lm_eval/api/samplers.py}, {@code
 * ContextSampler.get_context}.
 */
final class ShotDraws {
  private ShotDraws() {}

  /**
   * All questions with their shots. A drawn record that is the question itself is dropped, so a
   * question may get fewer shots where no spare record is drawn.
   *
   * @throws BadInputException if there are fewer records than one question draws
   */
  static List<ChoiceItem> items(Benchmark benchmark, Material material, int shots, long seed) {
    long draws = shots == 0 ? 0 : (long) shots + benchmark.spareDraws();
    if (draws > material.pool().size()) {
      throw new BadInputException(
          "task " + benchmark.label(),
          "draws "
              + draws
              + " records for "
              + shots
              + " shots, and there are "
              + material.pool().size());
    }
    PythonRandom random = new PythonRandom(seed);
    List<ChoiceItem> items = new ArrayList<>();
    for (Question question : material.scored()) {
      List<Question> drawn =
          random.sample(material.pool(), (int) draws).stream()
              .filter(candidate -> !candidate.record().equals(question.record()))
              .limit(shots)
              .toList();
      items.add(new ChoiceItem(items.size(), question, drawn));
    }
    return items;
  }
}
