package org.ssasuite.tasks.commonsense;

import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * One record of a data set as it is put to a model.
 *
 * @param contexts what stands before each choice; the same text for all of them but in Winogrande
 * @param continuations each choice, without the space that leads it; the same text for all of them
 *     in Winogrande
 * @param gold the right choice, from 0
 * @param example the record with its answer, as a shot
 * @param record the fields by which two records are the same
 */
record Question(
    List<String> contexts,
    List<String> continuations,
    int gold,
    String example,
    List<String> record) {
  private static final String DELIMITER = " ";
  private static final String BEHIND_EXAMPLE = "\n\n";

  Question {
    contexts = List.copyOf(contexts);
    continuations = List.copyOf(continuations);
    Objects.requireNonNull(example);
    record = List.copyOf(record);
    if (contexts.size() < 2 || contexts.size() != continuations.size()) {
      throw new IllegalArgumentException(
          contexts.size() + " contexts, " + continuations.size() + " continuations");
    }
    Objects.checkIndex(gold, contexts.size());
  }

  /** A prompt and the choices behind it. */
  static Question withAnswers(String prompt, List<String> answers, int gold, List<String> record) {
    return new Question(
        Collections.nCopies(answers.size(), prompt),
        answers,
        gold,
        prompt + DELIMITER + answers.get(gold) + BEHIND_EXAMPLE,
        record);
  }

  /**
   * Beginnings of which one is right, and the rest that is rated behind each. An example without a
   * rest is followed by nothing, no line end either, as in the reference.
   */
  static Question withBeginnings(
      List<String> beginnings, String rest, int gold, List<String> record) {
    String right = beginnings.get(gold);
    return new Question(
        beginnings,
        Collections.nCopies(beginnings.size(), rest),
        gold,
        rest.isEmpty() ? right : right + DELIMITER + rest + BEHIND_EXAMPLE,
        record);
  }

  int choices() {
    return contexts.size();
  }

  /** The right choice in words: its beginning where all go on alike. */
  String right() {
    return (continuations.stream().distinct().count() > 1 ? continuations : contexts).get(gold);
  }

  /** What a choice's log-likelihood is of: the choice with the space that leads it. */
  String rated(int choice) {
    return DELIMITER + continuations.get(choice);
  }
}
