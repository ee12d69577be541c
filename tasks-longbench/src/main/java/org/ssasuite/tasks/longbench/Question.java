package org.ssasuite.tasks.longbench;

import java.util.Objects;
import java.util.Optional;
import org.ssasuite.core.request.Chat;
import org.ssasuite.core.request.Generate;
import org.ssasuite.core.request.Observe;

/**
 * How the items of a data set are asked, and how the answers are scored.
 *
 * @param template with {@code {context}} and {@code {input}}
 * @param maxTokens of a prompt, or of prompt and answer, as the protocol has it
 * @param chat what prompts are put into; absent: they are read as they are
 */
record Question(
    DataSet set, Protocol protocol, String template, int maxTokens, Optional<Chat> chat) {
  Question {
    Objects.requireNonNull(set);
    Objects.requireNonNull(protocol);
    Objects.requireNonNull(template);
    Objects.requireNonNull(chat);
  }

  static Question of(DataSet set, Protocol protocol, int maxTokens, Optional<Chat> chat) {
    return new Question(set, protocol, protocol.template(set), maxTokens, chat);
  }

  Generate request(LongBenchItem item) {
    String prompt = PromptTemplates.filled(template, item.context(), item.input());
    Protocol.Put put = protocol.put(prompt, protocol.truncation(set, maxTokens), chat);
    return new Generate(
        put.prompt(),
        set.newTokens(),
        protocol.stops(set),
        Observe.nothing(),
        put.truncation(),
        protocol.ends(set));
  }

  /** The best score over all reference answers, from 0 to 1. */
  double score(LongBenchItem item, String prediction) {
    return set.scoring().best(protocol.scored(set, prediction), item.answers(), item.classes());
  }
}
