package org.ssasuite.tasks.commonsense;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.python.PythonJson;
import org.ssasuite.core.python.PythonRandom;
import org.ssasuite.core.request.RateContinuation;

/** Digests of all requests of a task, to compare with those of other programs. */
final class RequestDigests {
  private static final int FEWSHOT_HEX_DIGITS = 32;

  /** With which the reference's old versions shuffled the documents before they took the first. */
  private static final long HARNESS_SEED = 42;

  private RequestDigests() {}

  /** Of one JSON list a line, context and continuation, in the order of the documents. */
  static String fewshot(List<ChoiceItem> items) {
    return Digests.sha256(items.stream().flatMap(RequestDigests::pairs).map(pair -> pair + "\n"))
        .substring(0, FEWSHOT_HEX_DIGITS);
  }

  /**
   * Of one JSON list of the same lists, documents shuffled: what EleutherAI/lm-evaluation-harness
   * 0.3.0 keeps in {@code tests/testdata} of its tasks' requests.
   */
  static String harness(List<ChoiceItem> items) {
    List<ChoiceItem> shuffled = new ArrayList<>(items);
    new PythonRandom(HARNESS_SEED).shuffle(shuffled);
    return Digests.sha256(
        shuffled.stream()
            .flatMap(RequestDigests::pairs)
            .collect(Collectors.joining(", ", "[", "]")));
  }

  private static Stream<String> pairs(ChoiceItem item) {
    return item.requests().stream().map(RequestDigests::pair);
  }

  private static String pair(RateContinuation request) {
    return PythonJson.dumps(List.of(request.context(), request.continuation()));
  }
}
