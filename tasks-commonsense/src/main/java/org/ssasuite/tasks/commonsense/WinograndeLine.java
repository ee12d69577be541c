package org.ssasuite.tasks.commonsense;

import java.util.List;
import org.ssasuite.core.files.JsonLine;
import org.ssasuite.core.python.PythonText;

/**
 * A record of Winogrande: {@code sentence} with a gap {@code _}, {@code option1}, {@code option2},
 * {@code answer} ("1" or "2"). The options fill the first gap; what follows it is rated behind
 * both.
 *
 * <p>Reference: EleutherAI/lm-evaluation-harness 0.4.9, {@code
 * lm_eval/tasks/winogrande/preprocess_winogrande.py}.
 */
final class WinograndeLine {
  private static final char GAP = '_';

  private WinograndeLine() {}

  static Question question(JsonLine line) {
    String sentence = line.text("sentence");
    int gap = sentence.indexOf(GAP);
    if (gap < 0) {
      throw line.bad("field 'sentence' has no gap '_'");
    }
    String before = sentence.substring(0, gap);
    String first = line.text("option1");
    String second = line.text("option2");
    String answer = line.text("answer");
    return Question.withBeginnings(
        List.of(before + first, before + second),
        PythonText.strip(sentence.substring(gap + 1)),
        gold(line, answer),
        List.of(sentence, first, second, answer));
  }

  private static int gold(JsonLine line, String answer) {
    return switch (answer) {
      case "1" -> 0;
      case "2" -> 1;
      default -> throw RightAnswer.of(line, "answer", "is neither \"1\" nor \"2\"");
    };
  }
}
