package org.ssasuite.tasks.ruler;

import org.ssasuite.core.python.PythonJson;
import org.ssasuite.tasks.ruler.generator.RulerSample;
import org.ssasuite.tasks.ruler.generator.RulerVersion;

/** Samples as their references write them: a JSON object a line, in Python's form. */
final class SampleLine {
  private SampleLine() {}

  /**
   * A line, without its end. What lm-eval calls {@code gen_prefix} is there a second time as {@code
   * answer_prefix}, so that all versions have that field.
   *
   * @param length that the samples were made for
   */
  static String of(RulerSample sample, RulerVersion version, int length) {
    StringBuilder line = new StringBuilder(sample.input().length() + 512);
    line.append("{\"index\": ").append(index(sample));
    text("input", sample.input(), line);
    sample.inputExample().ifPresent(example -> text("input_example", example, line));
    line.append(", \"outputs\": ").append(PythonJson.dumps(sample.outputs()));
    number("length", sample.length(), line);
    if (version == RulerVersion.LMEVAL) {
      number("max_length", length, line);
      text("gen_prefix", sample.answerPrefix(), line);
      text("answer_prefix", sample.answerPrefix(), line);
    } else {
      number("length_w_model_temp", sample.length(), line);
      text("answer_prefix", sample.answerPrefix(), line);
      sample.answerAt().ifPresent(at -> number("token_position_answer", at.token(), line));
    }
    return line.append('}').toString();
  }

  /** NVIDIA's needle tasks say where the answer stands instead of which sample it is. */
  private static int index(RulerSample sample) {
    return sample.answerAt().map(RulerSample.AnswerAt::character).orElse(sample.number());
  }

  private static void text(String name, String value, StringBuilder line) {
    line.append(", \"").append(name).append("\": ").append(PythonJson.dumps(value));
  }

  private static void number(String name, int value, StringBuilder line) {
    line.append(", \"").append(name).append("\": ").append(value);
  }
}
