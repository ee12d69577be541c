package org.ssasuite.tasks.commonsense;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.ssasuite.core.files.JsonLine;

/**
 * A record of ARC with its {@code id}, in one of three forms:
 *
 * <ul>
 *   <li>{@code question}, {@code choices} (2 or more texts), {@code gold} from 0;
 *   <li>{@code question}, {@code choices {text, label}}, {@code answerKey}, as Hugging Face has it;
 *   <li>{@code question {stem, choices [{text, label}, …]}}, {@code answerKey}, as AI2 has it.
 * </ul>
 *
 * <p>Reference: EleutherAI/lm-evaluation-harness 0.4.9, {@code lm_eval/tasks/arc/arc_easy.yaml}.
 */
final class ArcLine {
  private static final String QUESTION = "question";
  private static final String CHOICES = "choices";
  private static final String KEY = "answerKey";
  private static final String LABEL = "label";

  private ArcLine() {}

  /** A question, its choices, and which is right. */
  private record Parts(String question, List<String> choices, int gold) {}

  static Question question(JsonLine line) {
    Parts parts = parts(line);
    List<String> record = new ArrayList<>(parts.choices());
    record.addAll(List.of(line.text("id"), parts.question(), Integer.toString(parts.gold())));
    return Question.withAnswers(
        "Question: " + parts.question() + "\nAnswer:", parts.choices(), parts.gold(), record);
  }

  private static Parts parts(JsonLine line) {
    JsonNode choices = line.object().path(CHOICES);
    if (line.object().path(QUESTION).isObject()) {
      return asAi2Has(line);
    }
    return choices.isObject() ? asHuggingFaceHas(line) : numbered(line);
  }

  private static Parts numbered(JsonLine line) {
    String question = line.text(QUESTION);
    List<String> choices = line.texts(CHOICES);
    requireTwo(line, choices);
    return new Parts(question, choices, line.index("gold", choices.size()));
  }

  private static Parts asHuggingFaceHas(JsonLine line) {
    String question = line.text(QUESTION);
    JsonLine choices = line.within(CHOICES);
    List<String> texts = choices.texts("text");
    List<String> labels = choices.texts(LABEL);
    requireTwo(line, texts);
    if (texts.size() != labels.size()) {
      throw line.bad(
          "field 'choices' has " + texts.size() + " texts and " + labels.size() + " labels");
    }
    return new Parts(question, texts, RightAnswer.labelled(line, KEY, labels));
  }

  private static Parts asAi2Has(JsonLine line) {
    JsonLine question = line.within(QUESTION);
    List<JsonLine> choices = question.eachWithin(CHOICES);
    List<String> texts = choices.stream().map(choice -> choice.text("text")).toList();
    List<String> labels = choices.stream().map(choice -> choice.text(LABEL)).toList();
    requireTwo(line, texts);
    return new Parts(question.text("stem"), texts, RightAnswer.labelled(line, KEY, labels));
  }

  private static void requireTwo(JsonLine line, List<String> choices) {
    if (choices.size() < 2) {
      throw line.bad("field 'choices' has fewer than 2 texts");
    }
  }
}
