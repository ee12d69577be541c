package org.ssasuite.tasks.longbench;

import java.util.List;
import java.util.Objects;
import org.ssasuite.core.attribution.Needle;
import org.ssasuite.core.attribution.Needles;
import org.ssasuite.core.request.Generation;
import org.ssasuite.core.request.TextSpan;

/**
 * The passage that an excerpt comes from, with its heading, as what the answer is found by. The
 * answer was found if it has the full score: each number in it is the passage's.
 */
record PassageNeedle(Question question, LongBenchItem item) implements Needles {
  private static final String BETWEEN = "\n\n";

  PassageNeedle {
    Objects.requireNonNull(question);
    Objects.requireNonNull(item);
  }

  @Override
  public List<Needle> all() {
    String context = item.context();
    String heading = item.answers().get(0) + ": ";
    int from = context.startsWith(heading) ? 0 : context.indexOf(BETWEEN + heading);
    if (from < 0) {
      throw new IllegalStateException("item " + item.number() + " has no passage " + heading);
    }
    from += from == 0 ? 0 : BETWEEN.length();
    int end = context.indexOf(BETWEEN, from);
    int before = question.template().indexOf("{context}");
    int to = end < 0 ? context.length() : end;
    int tenth = (int) ((long) Needle.TENTHS * from / context.length());
    return List.of(new Needle(new TextSpan(before + from, before + to), tenth));
  }

  @Override
  public List<Boolean> found(Generation answer) {
    return List.of(question.score(item, answer.text()) == 1);
  }
}
