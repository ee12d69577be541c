package org.ssasuite.runtime;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.request.ContextFit;
import org.ssasuite.core.request.Generation;
import org.ssasuite.runtime.endpoint.Completion;
import org.ssasuite.runtime.endpoint.Endpoint;
import org.ssasuite.runtime.endpoint.TokenLog;
import org.ssasuite.runtime.tokenizer.TextTokenizer;

/**
 * What a server wrote, ended where the request has it. A server ends at the model's own end tokens
 * and at stop strings; what further tokens end is found among those that it says it wrote.
 *
 * @param tokens that were written, by the server's count
 * @param failure why it is no answer
 */
record EndpointWriting(String text, int tokens, Optional<String> failure) {
  /**
   * Asks for it.
   *
   * @throws BadInputException for a request that cannot be put to an endpoint, and answers that are
   *     none to it
   */
  static EndpointWriting of(Endpoint endpoint, TextTokenizer tokenizer, GreedyDecoder.Job job) {
    if (job.leastTokens() > 1) {
      throw new BadInputException(
          "generation of at least " + job.leastTokens() + " tokens",
          "an endpoint cannot be told to go on");
    }
    boolean ownEnds = job.leastTokens() > 0 || !job.ends().isEmpty();
    Completion completion =
        endpoint.write(endpoint.prompt(job.prompt()), job.maxTokens(), job.stops(), ownEnds);
    if (!ownEnds) {
      return new EndpointWriting(completion.text(), completion.writtenTokens(), Optional.empty());
    }
    Set<String> ends =
        job.ends().stream()
            .map(id -> tokenizer.decode(new int[] {id}))
            .collect(Collectors.toUnmodifiableSet());
    return ended(completion, ends, job.leastTokens());
  }

  /**
   * Ends an answer where its own tokens do.
   *
   * @param ends texts of those tokens
   * @param leastTokens so many may end nothing: none, or one
   */
  static EndpointWriting ended(Completion completion, Set<String> ends, int leastTokens) {
    if (completion.ended() && completion.text().isEmpty() && leastTokens > 0) {
      return failed("the server ended it before a token was written that may end nothing");
    }
    TokenLog log = completion.log().orElseThrow();
    StringBuilder before = new StringBuilder();
    List<String> tokens = log.tokens();
    for (int i = 0; i < tokens.size(); i++) {
      before.append(tokens.get(i));
      if (!ends.contains(tokens.get(i))) {
        continue;
      }
      if (i < leastTokens) {
        return failed("the most probable first token ends it, and an endpoint takes no other");
      }
      return completion.text().startsWith(before.toString())
          ? new EndpointWriting(before.toString(), i + 1, Optional.empty())
          : failed("where its last token lies in the text cannot be told");
    }
    return new EndpointWriting(completion.text(), completion.writtenTokens(), Optional.empty());
  }

  private static EndpointWriting failed(String why) {
    return new EndpointWriting("", 0, Optional.of(why));
  }

  Generation generation(ContextFit fit) {
    return new Generation(text, tokens, fit, Optional.empty(), failure);
  }
}
