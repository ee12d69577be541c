package org.ssasuite.runtime;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.ssasuite.core.attention.AttentionMode;
import org.ssasuite.core.request.ContextFit;
import org.ssasuite.core.request.Generate;
import org.ssasuite.core.request.Generation;
import org.ssasuite.core.request.Observations;
import org.ssasuite.core.request.SelectedBlocks;

/**
 * Greedy generation by reading the whole sequence again for each token. The cost grows with the
 * square of the length; what it writes is what any cache must write too.
 */
final class GreedyGeneration {
  private final SsaModel model;
  private final AttentionMode mode;
  private final Generate request;

  GreedyGeneration(SsaModel model, AttentionMode mode, Generate request) {
    this.model = model;
    this.mode = mode;
    this.request = request;
  }

  Generation run() {
    int[] prompt = model.encode(request.prompt()).ids();
    if (prompt.length == 0) {
      prompt = new int[] {model.prefixToken()};
    }
    List<Integer> endTokens = model.checkpoint().config().endTokens();
    boolean observed = !request.observe().isEmpty();
    int[] ids = prompt;
    List<SelectedBlocks> selected = List.of();
    String text = "";
    for (int step = 0; step < request.maxTokens(); step++) {
      PassResult result = last(ids, observed);
      selected = result.selected();
      int next = result.rated().argmax()[0];
      ids = Arrays.copyOf(ids, ids.length + 1);
      ids[ids.length - 1] = next;
      if (endTokens.contains(next)) {
        break;
      }
      text = model.decode(Arrays.copyOfRange(ids, prompt.length, ids.length));
      OptionalInt stop = firstStop(text);
      if (stop.isPresent()) {
        text = text.substring(0, stop.getAsInt());
        break;
      }
    }
    return new Generation(
        text,
        ids.length - prompt.length,
        ContextFit.whole(prompt.length),
        observed ? Optional.of(new Observations(selected)) : Optional.empty());
  }

  /** The pass over all tokens so far; its only rated row is the last, whose target is of no use. */
  private PassResult last(int[] ids, boolean observed) {
    Pass pass = Pass.ratingLast(ids, new int[] {0});
    return model.run(List.of(pass), mode, observed).get(0);
  }

  private OptionalInt firstStop(String text) {
    return request.stops().stream()
        .filter(stop -> !stop.isEmpty())
        .mapToInt(text::indexOf)
        .filter(at -> at >= 0)
        .min();
  }
}
