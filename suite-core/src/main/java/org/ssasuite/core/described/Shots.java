package org.ssasuite.core.described;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.python.PythonRandom;

/**
 * Solved rows before each question.
 *
 * @param data where they come from; absent: the rows that are asked
 * @param count how many
 * @param seed of the draws
 * @param separator behind each
 */
record Shots(Optional<String> data, int count, long seed, String separator) {
  Shots {
    Objects.requireNonNull(data);
    Objects.requireNonNull(separator);
    data.ifPresent(file -> Descriptor.requireInside("data", file));
    if (count < 0 || seed < 0) {
      throw new IllegalArgumentException(
          "count " + count + " and seed " + seed + ": 0 or more is needed");
    }
  }

  /**
   * What stands before each row, drawn by one generator that is asked in the rows' order; a drawn
   * row that is the asked one itself is dropped, and one more is drawn where that can happen.
   *
   * <p>Reference: EleutherAI/lm-evaluation-harness 0.4.9, {@code lm_eval/api/samplers.py}, {@code
   * ContextSampler.get_context}.
   *
   * @param example of a row that may be drawn, without the separator
   * @return a text for each row
   * @throws BadInputException if there are fewer rows than one question draws
   */
  List<String> before(Material material, Function<Row, String> example) {
    int shots = material.shots();
    List<Row> pool = material.pool();
    long draws = shots == 0 ? 0 : (long) shots + (material.poolIsAsked() ? 1 : 0);
    if (draws > pool.size()) {
      throw new BadInputException(
          pool.get(0).file(),
          "has "
              + pool.size()
              + " rows; "
              + draws
              + " are drawn for "
              + shots
              + " shots of task "
              + material.task());
    }
    List<String> examples =
        draws == 0 ? List.of() : pool.stream().map(row -> example.apply(row) + separator).toList();
    PythonRandom random = new PythonRandom(material.seed());
    List<String> before = new ArrayList<>();
    for (Row row : material.rows()) {
      before.add(
          random.sample(pool.size(), (int) draws).stream()
              .filter(drawn -> !pool.get(drawn).fields().equals(row.fields()))
              .limit(shots)
              .map(examples::get)
              .collect(Collectors.joining()));
    }
    return before;
  }
}
