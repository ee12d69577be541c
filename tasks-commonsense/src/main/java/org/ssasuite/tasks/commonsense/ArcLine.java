package org.ssasuite.tasks.commonsense;

import java.util.ArrayList;
import java.util.List;
import org.ssasuite.core.files.JsonLine;

/** A record of ARC: {@code id}, {@code question}, {@code choices} (2 or more), {@code gold}. */
final class ArcLine {
  private ArcLine() {}

  static Question question(JsonLine line) {
    String question = line.text("question");
    List<String> choices = line.texts("choices");
    if (choices.size() < 2) {
      throw line.bad("field 'choices' has fewer than 2 texts");
    }
    int gold = line.index("gold", choices.size());
    List<String> record = new ArrayList<>(choices);
    record.addAll(List.of(line.text("id"), question, Integer.toString(gold)));
    return Question.withAnswers("Question: " + question + "\nAnswer:", choices, gold, record);
  }
}
