package org.ssasuite.tasks.longbench;

import java.util.Objects;
import org.ssasuite.core.request.Generate;
import org.ssasuite.core.request.Observe;

/**
 * How the items of a data set are asked, and how the answers are scored.
 *
 * @param template with {@code {context}} and {@code {input}}
 * @param maxTokens of a prompt, or of prompt and answer, as the protocol has it
 */
record Question(DataSet set, Protocol protocol, String template, int maxTokens) {
  Question {
    Objects.requireNonNull(set);
    Objects.requireNonNull(protocol);
    Objects.requireNonNull(template);
  }

  static Question of(DataSet set, Protocol protocol, int maxTokens) {
    return new Question(set, protocol, protocol.template(set), maxTokens);
  }

  Generate request(LongBenchItem item) {
    return new Generate(
        PromptTemplates.filled(template, item.context(), item.input()),
        set.newTokens(),
        protocol.stops(set),
        Observe.nothing(),
        protocol.truncation(set, maxTokens),
        protocol.ends(set));
  }

  /** The best score over all reference answers, from 0 to 1. */
  double score(LongBenchItem item, String prediction) {
    return set.scoring().best(protocol.scored(set, prediction), item.answers(), item.classes());
  }
}
