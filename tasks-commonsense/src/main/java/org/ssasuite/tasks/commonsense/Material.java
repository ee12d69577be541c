package org.ssasuite.tasks.commonsense;

import java.util.List;
import java.util.stream.Stream;
import org.ssasuite.core.files.Digests;

/**
 * What a task is made from.
 *
 * @param scored the questions that are put to a model
 * @param pool the records that shots are drawn from; empty if they were not read
 * @param digests of everything that was read
 */
record Material(List<Question> scored, List<Question> pool, List<String> digests) {
  private static final int MOST_SHOT_RECORDS = 1000;

  Material {
    scored = List.copyOf(scored);
    pool = List.copyOf(pool);
    digests = List.copyOf(digests);
  }

  static Material scoredOnly(QuestionFile file) {
    return new Material(file.questions(), List.of(), file.digests());
  }

  static Material of(QuestionFile scored, QuestionFile pool) {
    return new Material(
        scored.questions(),
        pool.questions(),
        Stream.concat(scored.digests().stream(), pool.digests().stream()).toList());
  }

  /**
   * One split in two: the last 1,000 records, but two fifths of them at most, are the pool, and
   * only the records before them are scored.
   */
  static Material divided(QuestionFile file) {
    List<Question> all = file.questions();
    int scored = all.size() - Math.min(MOST_SHOT_RECORDS, all.size() * 2 / 5);
    return new Material(all.subList(0, scored), all.subList(scored, all.size()), file.digests());
  }

  String digest() {
    return digests.size() == 1 ? digests.get(0) : Digests.sha256(String.join("\n", digests));
  }
}
