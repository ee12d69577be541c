package org.ssasuite.tasks.commonsense;

import java.util.List;
import java.util.regex.Pattern;
import org.ssasuite.core.files.JsonLine;
import org.ssasuite.core.python.PythonText;

/**
 * A record of HellaSwag, in one of two forms, with four {@code endings} and {@code label}: as
 * published, with {@code activity_label}, {@code ctx_a} and {@code ctx_b}; or cleaned of its markup
 * as below already, with {@code query}.
 *
 * <p>Reference of the cleaning: EleutherAI/lm-evaluation-harness 0.4.9, {@code
 * lm_eval/tasks/hellaswag/utils.py}.
 */
final class HellaSwagLine {
  private static final int ENDINGS = 4;

  /** A mark may not span lines, and ends at the first bracket that closes. */
  private static final Pattern MARK = Pattern.compile("\\[[^\\n]*?\\]");

  private HellaSwagLine() {}

  static Question question(JsonLine line) {
    List<String> endings = line.texts("endings");
    if (endings.size() != ENDINGS) {
      throw line.bad("field 'endings' has " + endings.size() + " texts, not " + ENDINGS);
    }
    int gold = RightAnswer.numbered(line, "label", ENDINGS);
    List<String> record = List.of(line.object().toString());
    if (line.object().has("query")) {
      return Question.withAnswers(line.text("query"), endings, gold, record);
    }
    String query =
        line.text("activity_label")
            + ": "
            + line.text("ctx_a")
            + " "
            + PythonText.capitalize(line.text("ctx_b"));
    return Question.withAnswers(
        clean(query), endings.stream().map(HellaSwagLine::clean).toList(), gold, record);
  }

  /** Strips, and takes out the markup of wikiHow; of three spaces two remain. */
  static String clean(String text) {
    String unmarked = PythonText.strip(text).replace(" [title]", ". ");
    return MARK.matcher(unmarked).replaceAll("").replace("  ", " ");
  }
}
